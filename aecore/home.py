"""The folders that the lab writes to and reads from."""

import os
from pathlib import Path

import pooch

from aecore.errors import RequestError


def home() -> Path:
    """The writable cache: `AECORE_HOME`, else the platform's user cache folder. Not created by asking for it."""
    return Path(os.environ.get("AECORE_HOME") or pooch.os_cache("autoencoder-lab"))


def data_folder() -> Path | None:
    """The local data folder named by `AECORE_DATA`, or None.

    Raises:
        RequestError: The variable names something that is not a folder.
    """
    named = os.environ.get("AECORE_DATA")
    if not named:
        return None
    if not Path(named).is_dir():
        raise RequestError(f"AECORE_DATA names {named!r}, which is not a folder; set it to a folder or unset it.")
    return Path(named)
