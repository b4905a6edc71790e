"""Datasets. A new one is one file here, with its class registered in `DATASETS`."""

import importlib
import pkgutil

from aecore.datasets.dataset import DATASETS, Data, Dataset, Download, Images, Pin, Split, WithClass

for _module in pkgutil.iter_modules(__path__):
    importlib.import_module(f"{__name__}.{_module.name}")

__all__ = ["DATASETS", "Data", "Dataset", "Download", "Images", "Pin", "Split", "WithClass"]
