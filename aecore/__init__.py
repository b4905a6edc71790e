"""The library of Autoencoder Lab: parts, recipes, training, runs and jobs, without any user interface.

Imports go down only: errors → params, images, metrics, figures → corruptions, datasets, models → recipe, presets →
training, report → store → engine, worker → the command line. Importing this package, or anything but `training`,
`models.layers` and the worker, never imports Keras.
"""

__version__ = "0.1.0"
