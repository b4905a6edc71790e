"""Old jobs go, so that the folder of jobs stays small and nobody's pictures stay."""

import contextlib
import secrets
import shutil
import time
from pathlib import Path

from aecore.engine.folder import JobFolder, read_json
from aecore.engine.lock import Lock, is_live
from aecore.errors import RequestError

SECONDS_KEPT = {"done": 86_400, "cancelled": 86_400, "failed": 86_400}  # after last use
SECONDS_INTERRUPTED = 7 * 86_400  # whatever else has no owner: it may hold a checkpoint
SECONDS_PRIVATE = 3_600
MOST_JOBS = 500


def sweep_all(home: Path) -> None:
    """Sweeps jobs, and what people's own images left: collections and runs that nobody has used for an hour."""
    from aecore.datasets.collection import sweep_collections  # NumPy comes with these; asking for jobs needs none
    from aecore.store import Store

    sweep(home / "jobs")
    Store(home / "runs").sweep(time.time())
    sweep_collections(time.time())


def sweep(jobs: Path) -> None:
    """Deletes jobs that nobody has used for long, and the longest unused where there are too many; never live ones."""
    now = time.time()
    unused: list[tuple[float, JobFolder]] = []
    for path in _entries(jobs):
        try:
            folder = JobFolder(jobs, path.name)
        except RequestError:  # a folder in the making, or one on its way out
            if now - _last_use(path) > SECONDS_PRIVATE:
                shutil.rmtree(path, ignore_errors=True)
            continue
        if not is_live(folder.lock):
            unused.append((now - last_use(folder), folder))
    unused.sort(key=lambda entry: entry[0])
    for place, (age, folder) in enumerate(unused):
        if age > _seconds_kept(folder) or place >= MOST_JOBS:
            remove(folder, unless_used_since=now)


def last_use(folder: JobFolder) -> float:
    """When a job was last used, in unix seconds: the time stamp of its record, which using it renews."""
    return _last_use(folder.record if folder.record.exists() else folder.path)


def remove(folder: JobFolder, unless_used_since: float = float("inf")) -> bool:
    """Deletes a job's folder at once, as others see it; False when it is live, or was used lately."""
    lock = Lock(folder.lock)
    with contextlib.suppress(OSError):
        if not lock.acquire():
            return not folder.path.exists()
        if last_use(folder) < unless_used_since:
            aside = folder.path.with_name(f".old-{secrets.token_hex(8)}")
            folder.path.replace(aside)  # with the lock in it
            shutil.rmtree(aside, ignore_errors=True)
            return True
    lock.release()
    return False


def _entries(jobs: Path) -> list[Path]:
    try:
        return list(jobs.iterdir())
    except OSError:
        return []


def _last_use(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0


def _seconds_kept(folder: JobFolder) -> float:
    try:
        record = read_json(folder.record)
    except (OSError, ValueError):
        return SECONDS_INTERRUPTED
    kept = SECONDS_KEPT.get(str(record.get("state")), SECONDS_INTERRUPTED)
    return min(kept, SECONDS_PRIVATE) if record.get("private") else kept
