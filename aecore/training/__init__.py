"""Training: batches, compiled steps, the epoch loop. Keras lives here, and only the worker imports it.

Keras imports whatever it finds installed of the packages below, 250 MB that training has no use for. On a host of
2.7 GB that is the difference between a network and an error, so they are out of sight while it is imported.
"""

import os
import sys

_UNUSED = {"matplotlib", "pandas", "pyarrow", "sklearn", "jax"} - {os.environ.get("KERAS_BACKEND")}
_hidden = _UNUSED - set(sys.modules)
sys.modules.update(dict.fromkeys(_hidden))
try:
    import keras as keras
finally:
    for _name in _hidden:
        del sys.modules[_name]
