"""Architectures. A new one is one file here, with its class registered in `MODELS`."""

import importlib
import pkgutil

from aecore.models.model import MODELS, Model

for _module in pkgutil.iter_modules(__path__):
    if not _module.name.endswith("layers"):  # Keras lives there
        importlib.import_module(f"{__name__}.{_module.name}")

__all__ = ["MODELS", "Model"]
