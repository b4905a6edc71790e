"""The idx format of MNIST: a header that says type and sizes, then the values, all gzipped."""

import gzip
import math
import struct
import zlib
from pathlib import Path

import numpy as np

from aecore.errors import LabError

UNSIGNED_BYTE = 0x08


def read_idx(path: Path, shape: tuple[int, ...]) -> np.ndarray:
    """Reads an .idx.gz file of bytes.

    Args:
        path: The file.
        shape: The shape that it must have.

    Returns:
        A uint8 array of that shape.

    Raises:
        LabError: The file is damaged, or holds something else.
    """
    remedy = f"Delete {path} and get it again."
    try:
        with gzip.open(path) as file:
            header = file.read(4)
            if len(header) != 4 or header[:3] != bytes((0, 0, UNSIGNED_BYTE)):
                raise LabError(f"{path.name} is no idx file of bytes: it begins with {header.hex()!r}. {remedy}")
            found = struct.unpack(f">{header[3]}I", file.read(4 * header[3]))
            if found != shape:
                raise LabError(f"{path.name} holds {_sides(found)} values; {_sides(shape)} were expected. {remedy}")
            content = file.read(math.prod(shape) + 1)
    except (OSError, EOFError, zlib.error, struct.error) as error:
        raise LabError(f"{path.name} is damaged and cannot be unpacked ({error}). {remedy}") from error
    values = np.frombuffer(content, np.uint8)
    if values.size != math.prod(shape):
        raise LabError(f"{path.name} has more or fewer values than the {_sides(shape)} that its header says. {remedy}")
    return values.reshape(shape)


def _sides(shape: tuple[int, ...]) -> str:
    return " × ".join(str(side) for side in shape)
