"""Writes small sets of idx files."""

import gzip
import struct

import numpy as np


def idx_bytes(values):
    """An array of bytes as the content of an .idx.gz file."""
    header = bytes((0, 0, 8, values.ndim)) + struct.pack(f">{values.ndim}I", *values.shape)
    return gzip.compress(header + values.astype(np.uint8).tobytes())


def write_set(folder, num_train, num_test, seed=0):
    """Four idx files of random images in a folder; returns the arrays in the files' usual order."""
    rng = np.random.default_rng(seed)
    folder.mkdir(parents=True)
    arrays = []
    for part, count in (("train", num_train), ("t10k", num_test)):
        images, labels = rng.integers(0, 256, (count, 28, 28)), np.arange(count) % 10
        (folder / f"{part}-images-idx3-ubyte.gz").write_bytes(idx_bytes(images))
        (folder / f"{part}-labels-idx1-ubyte.gz").write_bytes(idx_bytes(labels))
        arrays += [images.astype(np.uint8), labels]
    return arrays
