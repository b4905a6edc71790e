"""Engines: how the app and the command line get work done in another process.

`Engine` is the narrow interface, `LocalEngine` its implementation on this machine. Nothing here imports Keras.
"""

from aecore.engine.interface import Engine, Result, Status, follow, run, wait
from aecore.engine.local import LocalEngine

__all__ = ["Engine", "LocalEngine", "Result", "Status", "follow", "run", "wait"]
