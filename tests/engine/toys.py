"""Tasks for the tests of engines: they need no Keras, and misbehave on request."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np

from aecore.errors import NotAtHand, RequestError
from aecore.worker.job import Job, task


def warm() -> None:
    """As slow as the file named by TOY_WARM: it lasts until that file is there."""
    name = os.environ.get("TOY_WARM")
    while name and not Path(name).exists():
        time.sleep(0.01)


def _trace(job: Job, line: str) -> None:
    """Counts the rounds of a job in a file that no new round clears."""
    with (job.folder / "checkpoint.trace").open("a") as file:
        file.write(line + "\n")


def _until_stopped(job: Job) -> None:
    step = 0
    while True:
        step += 1
        job.progress(step=step)
        job.check()
        time.sleep(0.01)


@task("echo")
@task("long echo", lane="long")
def echo(arguments: dict[str, Any], job: Job) -> dict[str, Any]:
    _trace(job, "echo")
    for path in job.files.iterdir():
        (job.out / path.name).write_bytes(path.read_bytes()[::-1])
    job.progress(said=arguments)
    return {"arguments": arguments, "pid": os.getpid()}


@task("warm echo", warm=True)
def warm_echo(arguments: dict[str, Any], job: Job) -> dict[str, Any]:
    return arguments


@task("arrays")
def arrays(arguments: dict[str, Any], job: Job) -> dict[str, Any]:
    job.write_arrays("arrays.npz", ramp=np.arange(arguments["length"]))
    return {"mean": np.float32(0.5)}


@task("outside")
def outside(arguments: dict[str, Any], job: Job) -> dict[str, Any]:
    """Its result is a file elsewhere."""
    path = job.folder.parent.parent / "elsewhere"
    path.write_text("result")
    job.keep(path)
    _trace(job, "made")
    return {}


@task("endless", lane="long")
@task("medium endless", lane="medium")
@task("short endless")
def endless(arguments: dict[str, Any], job: Job) -> dict[str, Any]:
    _trace(job, "begun")
    _until_stopped(job)


@task("deaf", lane="long")
@task("short deaf")
def deaf(arguments: dict[str, Any], job: Job) -> dict[str, Any]:
    """Never looks whether it is wanted."""
    _trace(job, "begun")
    job.progress(step=1)
    time.sleep(600)


@task("resumable", lane="long")
def resumable(arguments: dict[str, Any], job: Job) -> dict[str, Any]:
    """Is at work for ever in its first round, and finishes in the second."""
    checkpoint = job.folder / "checkpoint"
    if checkpoint.exists():
        return {"resumed from": int(checkpoint.read_text())}
    checkpoint.write_text("7")
    (job.out / "half").write_text("of a result")
    _until_stopped(job)


@task("fail")
def fail(arguments: dict[str, Any], job: Job) -> dict[str, Any]:
    errors = {
        "request": RequestError("Ask otherwise."),
        "data": NotAtHand("Get it first."),
        "bug": ValueError("secret"),
    }
    errors |= {"disk": OSError(28, "No space left on device"), "memory": MemoryError(), "exit": SystemExit(3)}
    raise errors[arguments["how"]]


@task("no json")
def no_json(arguments: dict[str, Any], job: Job) -> dict[str, Any]:
    return {"value": {1, 2, 3}}


@task("noisy")
def noisy(arguments: dict[str, Any], job: Job) -> dict[str, Any]:
    """Prints where the messages go, from Python, from below Python and from a child; reads where commands come from."""
    print("print")
    os.write(1, b"descriptor\n")
    subprocess.run([sys.executable, "-c", "print('child')"], check=True)
    return {"read": sys.stdin.read()}


@task("die", lane="long")
@task("short die")
def die(arguments: dict[str, Any], job: Job) -> dict[str, Any]:
    _trace(job, "begun")
    if arguments.get("times", 99) < len((job.folder / "checkpoint.trace").read_text().split()):
        return {}
    if arguments.get("kill"):
        os.kill(os.getpid(), signal.SIGKILL)
    os._exit(3)


@task("unwritable progress", lane="long")
def unwritable_progress(arguments: dict[str, Any], job: Job) -> dict[str, Any]:
    (job.folder / "progress.json").mkdir()
    job.progress(step=1)
    return {}
