"""Deleting jobs, and what a person brought, with everything made of it, whoever asked for that and however long ago."""

import contextlib
import json
import time
from pathlib import Path
from typing import Any

import streamlit as st

from aecore.datasets.collection import delete_collection
from aecore.engine.folder import read_json
from aecore.errors import LabError, RequestError
from aecore.home import home
from pages.ui import lab

STOPPING = 8.0  # seconds in which a job that nobody wants any more has stopped
LOOK = 0.1  # seconds between two looks meanwhile
STILL_AT_WORK = "One of the jobs is still at work and stops now. Press Delete again in a few seconds."


def requests() -> dict[str, dict[str, Any]]:
    """The arguments of all jobs there are, by their id."""
    found = {}
    for folder in (home() / "jobs").glob("?" * 16):
        with contextlib.suppress(OSError, ValueError, KeyError):
            found[folder.name] = dict(read_json(folder / "request.json")["arguments"])
    return found


def left_of(jobs: list[str]) -> list[str]:
    """Deletes jobs, as soon as those at work have stopped; those that have not in time are left."""
    deadline = time.monotonic() + STOPPING
    while (jobs := [job for job in jobs if not _forget(job)]) and time.monotonic() < deadline:
        time.sleep(LOOK)
    return jobs


def forget_collection(digest: str) -> bool:
    """Deletes what a person brought, and every run and every picture made from it.

    Returns:
        Whether nothing is left; else something is still at work, and it is to be called again.
    """
    names = {digest, *(folder.name for folder in _runs_of(digest))}  # long and random: no other job has them in it
    jobs = [job for job, arguments in requests().items() if any(name in json.dumps(arguments) for name in names)]
    left = left_of([*jobs, *st.session_state.get("private", ())])
    if not left:
        for folder in _runs_of(digest):
            lab.lab().store.delete(folder.name)
        delete_collection(digest)
        st.session_state.pop("private", None)
    lab.forget_pictures()
    return not left


def _runs_of(digest: str) -> list[Path]:
    """The folders of the runs made from a collection, also of those that this version of the lab cannot read."""
    found = []
    for folder in lab.lab().store.folder.glob("?" * 16):
        with contextlib.suppress(OSError):
            if digest in (folder / "recipe.json").read_text(encoding="utf-8", errors="replace"):
                found.append(folder)
    return found


def _forget(job: str) -> bool:
    """Deletes one job, whoever wants it."""
    engine, wanted = lab.lab().engine, home() / "jobs" / job / "wanted"
    try:
        for who in [path.name for path in wanted.iterdir()] if wanted.is_dir() else []:
            engine.cancel(job, who)
        engine.forget(job)
    except RequestError:  # it is gone already
        return True
    except LabError:  # still at work
        return False
    return True
