"""What the worker can do: every module here offers tasks, functions of JSON arguments and a job.

Keras is imported inside a task, so that the worker answers at once.

train        {"recipe": resolved recipe}             trains it and puts the run in the store
describe     {"recipe": recipe}                      parameters, layers, operations per image
sample       {"dataset": dataset, "data": pin}       sixteen pictures, as out/sample.npz
download     {"dataset": dataset}                    gets its public files
reconstruct  {"key": key, "order": order}            a grid of test pictures, as out/grid.npz
device       {}                                      what trains here
"""

import importlib
import pkgutil

for _module in pkgutil.iter_modules(__path__):
    importlib.import_module(f"{__name__}.{_module.name}")


def warm() -> None:
    """Imports what training needs, so that the first one starts at once."""
    importlib.import_module("aecore.report")
    importlib.import_module("aecore.training.backend").prepare()
