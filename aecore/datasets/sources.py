"""Where the files of a dataset are: the cache, the local data folder, other folders; and how public ones get there."""

from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pooch

from aecore.errors import LabError, NotAtHand
from aecore.home import data_folder, home

CONNECT_SECONDS, READ_SECONDS = 10, 30
CHUNK_BYTES = 65_536
Progress = Callable[[float], None]


@dataclass(frozen=True)
class RemoteFile:
    """A public file.

    Args:
        url: Where it is.
        sha256: Of its content, in hex.
        size: Its length in bytes; decides its share of the progress.
    """

    url: str
    sha256: str
    size: int

    @property
    def name(self) -> str:
        """The file's own name."""
        return self.url.rpartition("/")[2]


def cache() -> Path:
    """The folder for downloaded and decoded data. Not created by asking for it."""
    return home() / "data"


def roots() -> list[Path]:
    """The folders that hold data, in the order in which they are searched."""
    local = data_folder()
    return [cache()] if local is None else [cache(), local]


def find(name: str, *folders: Path) -> Path | None:
    """The first file of a name that is there and not empty.

    Args:
        name: Its path below the cache or the local data folder, such as "mnist/train-images-idx3-ubyte.gz".
        *folders: Folders that hold the file itself, searched last.
    """
    candidates = [root / name for root in roots()] + [folder / Path(name).name for folder in folders]
    return next((path for path in candidates if path.is_file() and path.stat().st_size), None)


def bundled(package: str, path: str) -> Path:
    """A file that an installed package brings along, found without importing the package.

    Raises:
        NotAtHand: The package is not installed, or of a version without this file.
    """
    spec = find_spec(package)
    file = Path(spec.submodule_search_locations[0]) / path if spec and spec.submodule_search_locations else None
    if file is None or not file.is_file():
        raise NotAtHand(f"{path} of the package {package} is not installed; run `pip install -r requirements.txt`.")
    return file


def stamp(path: Path) -> tuple[str, int, int]:
    """What tells a file from an altered one without reading it: path, time of change, size."""
    status = path.stat()
    return str(path), status.st_mtime_ns, status.st_size


def download(files: Sequence[RemoteFile], folder: str, progress: Progress) -> None:
    """Downloads files into the cache: verified, and each there whole or not at all.

    Args:
        files: What to get; those that are there already are only verified.
        folder: Name of their folder in the cache.
        progress: Called with the share done, 0 to 1; may raise `Cancelled` to stop.

    Raises:
        LabError: The network or the disk failed, or what arrived is not the file that was expected.
    """
    from requests import RequestException

    pooch.get_logger().setLevel("ERROR")
    target, total, done = cache() / folder, sum(file.size for file in files), 0
    for file in files:
        progress(done / total)
        fetcher = _Fetcher(lambda received, before=done: progress(min(1.0, (before + received) / total)))
        try:
            pooch.retrieve(file.url, f"sha256:{file.sha256}", fname=file.name, path=target, downloader=fetcher)
        except RequestException as error:
            raise LabError(
                f"{file.name} could not be downloaded from {file.url} ({_reason(error)}). Check the network and try "
                f"again, or put the file into {target}."
            ) from error
        except OSError as error:
            raise LabError(f"{file.name} could not be written to {target} ({error.strerror or error}).") from error
        except ValueError as error:
            raise LabError(
                f"{file.name} from {file.url} is not the file that was expected: its SHA-256 does not begin with "
                f"{file.sha256[:8]}. Nothing was kept; try again later."
            ) from error
        done += file.size
    progress(1.0)


@dataclass(frozen=True)
class _Fetcher:
    """A downloader for pooch that tells how many bytes have come, and can be stopped from there."""

    tell: Callable[[int], None]

    def __call__(self, url: str, output_file: str, pooch: Any) -> None:
        import requests

        plain = {"Accept-Encoding": "identity"}
        timeout = (CONNECT_SECONDS, READ_SECONDS)
        with closing(requests.get(url, timeout=timeout, stream=True, headers=plain)) as response:
            response.raise_for_status()
            received = 0
            with Path(output_file).open("wb") as output:
                for chunk in response.iter_content(CHUNK_BYTES):
                    output.write(chunk)
                    received += len(chunk)
                    self.tell(received)


def _reason(error: Exception) -> str:
    """The kind of a network failure, in words."""
    from requests import exceptions

    if isinstance(error, exceptions.HTTPError):
        return f"the server answered {error.response.status_code}"
    if isinstance(error, exceptions.Timeout):
        return "no answer in time"
    if isinstance(error, exceptions.ChunkedEncodingError):
        return "the connection broke off"
    return "no connection"
