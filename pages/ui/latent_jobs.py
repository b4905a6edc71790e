"""Jobs that answer a click: asked for, waited for a moment, and only then looked at now and then."""

import hashlib
import time
from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

from aecore.engine import Status
from aecore.errors import RequestError
from aecore.params import digest
from pages.ui import jobs, lab

PATIENCE = 1.0  # seconds in which most such jobs are done
LOOK = 0.015  # seconds between two looks meanwhile


def begun(
    function: str, arguments: dict[str, Any], files: Mapping[str, bytes] | None = None, private: bool = False
) -> Status:
    """How a short job stands, which is begun when it must be, as `lab.ask` does for jobs without files."""
    if not files:
        return lab.ask(function, arguments, private)
    engine = lab.lab().engine
    sums = {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
    job = digest({"function": function, "arguments": arguments, "files": sums})
    if private:
        st.session_state.setdefault("private", set()).add(job)
    try:
        status = engine.status(job)
    except RequestError:  # nobody has asked for it yet
        status = None
    if status is None or status.state in ("cancelled", "interrupted"):
        status = engine.status(engine.submit(function, arguments, files, lab.visitor(), private))
    return status


def awaited(status: Status, patience: float) -> Status:
    """A job as it stands when it has ended, or when patience has."""
    deadline = time.monotonic() + patience
    while status.active and time.monotonic() < deadline:
        time.sleep(LOOK)
        status = lab.lab().engine.status(status.id)
    return status


def at_once(function: str, arguments: dict[str, Any], draw: Callable[[Status], None], wait: Callable[[], None],
            files: Mapping[str, bytes] | None = None, private: bool = False,
            patience: float | None = None) -> None:  # fmt: skip
    """Draws what a job gave, for one that answers a click: within a second, it replaces what was there without a blink.

    Args:
        function: The job.
        arguments: Its arguments.
        draw: Is called with the status once the job is done.
        wait: Is called while it takes longer.
        files: Input files by name.
        private: See `Engine.submit`.
        patience: Seconds to wait for it; what is not done by then is followed by a new run of the page.
    """
    first = awaited(begun(function, arguments, files, private), PATIENCE if patience is None else patience)

    def body() -> bool:
        status = begun(function, arguments, files, private)
        if status.active:
            wait()
        elif status.state == "failed":
            jobs.failed(status, function, arguments, private)
        else:
            draw(status)
        return status.active

    if first.active:
        jobs.live(body, True, jobs.POLL_SHORT)
    else:
        body()
