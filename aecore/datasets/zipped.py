"""Pictures in a zip file of the local data folder."""

import zipfile
import zlib
from functools import lru_cache
from pathlib import Path

import numpy as np

from aecore.errors import LabError, RequestError
from aecore.images import read_image

PICTURES = (".jpg", ".jpeg", ".png", ".webp")


@lru_cache(maxsize=16)
def picture_names(path: str, changed: int, size: int) -> tuple[str, ...]:
    """Names of the pictures in a zip, sorted; read again when the file's time of change or size is another.

    Raises:
        LabError: It is no zip, or damaged.
    """
    with open_zip(Path(path)) as archive:
        return tuple(sorted(name for name in archive.namelist() if name.lower().endswith(PICTURES)))


def open_zip(path: Path) -> zipfile.ZipFile:
    """Opens a zip.

    Raises:
        LabError: It is no zip, or damaged.
    """
    try:
        return zipfile.ZipFile(path)
    except (OSError, zipfile.BadZipFile) as error:
        raise LabError(f"{path.name} cannot be opened as a zip file ({error}). Get it again.") from error


def zip_image(archive: zipfile.ZipFile, name: str) -> np.ndarray:
    """Decodes one picture of a zip, (H, W, C) uint8.

    Raises:
        LabError: It is damaged.
    """
    try:
        return read_image(archive.read(name), name)
    except (RequestError, OSError, zipfile.BadZipFile, zlib.error) as error:
        container = Path(archive.filename).name
        raise LabError(f"{name} in {container} is damaged ({error}). Get {container} again.") from error
