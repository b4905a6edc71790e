"""Training: batches, compiled steps, the epoch loop. Keras lives here, and only the worker imports it.

Keras imports whatever it finds installed of the packages below, 250 MB that training has no use for. On a host of
2.7 GB that is the difference between a network and an error, so it does not find them.
"""

import os
import sys
import threading

UNUSED = {"matplotlib", "pandas", "pyarrow", "sklearn", "jax"} - {os.environ.get("KERAS_BACKEND")}


class _OutOfSight:
    """An import finder that hides packages from the thread that made it; others import what they like."""

    def __init__(self) -> None:
        self.thread = threading.get_ident()

    def find_spec(self, name: str, path: object = None, target: object = None) -> None:
        if name.partition(".")[0] in UNUSED and threading.get_ident() == self.thread:
            raise ModuleNotFoundError(f"{name} is out of sight while Keras is imported.", name=name)


_finder = _OutOfSight()
sys.meta_path.insert(0, _finder)
try:
    import keras as keras
finally:
    sys.meta_path.remove(_finder)
