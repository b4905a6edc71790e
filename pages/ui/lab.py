"""What pages know of the lab: its engine, its store, who is visiting, and every cache there is.

Cached functions take texts only: a key, or a job's id.
"""

import secrets
import time
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import streamlit as st

from aecore.engine import Engine, LocalEngine, Result, Status
from aecore.errors import LabError, RequestError
from aecore.home import home
from aecore.params import digest
from aecore.recipe import Recipe, ResolvedRecipe
from aecore.store import Run, Store

COOKIE = "_streamlit_xsrf"  # set by Streamlit for every browser; nothing is stored in it by the lab


@dataclass
class Lab:
    """What all visitors of this server share."""

    engine: Engine
    store: Store
    born: float = field(default_factory=time.time)
    trainings: dict[str, None] = field(default_factory=dict)


@st.cache_resource(max_entries=2, show_spinner=False)
def _lab(place: str) -> Lab:
    return Lab(LocalEngine(), Store())


def lab() -> Lab:
    """The lab of this server."""
    return _lab(str(home()))


def visitor() -> str:
    """A token of this browser, the same after a reload; of this session, where the browser takes no cookies."""
    parts = str(st.context.cookies.get(COOKIE, "")).split("|")
    try:
        mask, masked = bytes.fromhex(parts[1]), bytes.fromhex(parts[2])
        return digest([byte ^ mask[place % len(mask)] for place, byte in enumerate(masked)])
    except (IndexError, ValueError, ZeroDivisionError):
        return st.session_state.setdefault("visitor", secrets.token_hex(8))


def secret() -> str:
    """What makes this session's collections impossible to guess."""
    return st.session_state.setdefault("secret", secrets.token_hex(16))


def job_id(function: str, arguments: dict[str, Any]) -> str:
    """The id that the engine gives to a job without files."""
    return digest({"function": function, "arguments": arguments, "files": {}})


def standing(function: str, arguments: dict[str, Any]) -> Status | None:
    """How a job stands, or None when nobody has asked for it yet."""
    try:
        return lab().engine.status(job_id(function, arguments))
    except RequestError:
        return None


def ask(function: str, arguments: dict[str, Any], private: bool = False) -> Status:
    """How a short job stands, which is begun when it must be; what failed stays so until `again`."""
    status = standing(function, arguments)
    if private:
        st.session_state.setdefault("private", set()).add(job_id(function, arguments))
    if status is None or status.state in ("cancelled", "interrupted"):
        status = lab().engine.status(lab().engine.submit(function, arguments, who=visitor(), private=private))
    return status


def again(function: str, arguments: dict[str, Any], private: bool = False) -> None:
    """Has a job done, whatever became of it before."""
    engine, status = lab().engine, standing(function, arguments)
    if status and not status.active:
        engine.forget(status.id)
    engine.submit(function, arguments, who=visitor(), private=private)


def answer(status: Status) -> Result:
    """What a short job gave.

    Raises:
        LabError: It failed; the sentence says why.
    """
    return lab().engine.result(status.id)


@st.cache_data(max_entries=64, ttl=3600, show_spinner=False)
def arrays(job: str, name: str) -> dict[str, np.ndarray]:
    """The arrays that a finished job wrote."""
    return read_arrays(lab().engine.result(job).folder / name)


def read_arrays(path: Any) -> dict[str, np.ndarray]:
    """The arrays of an npz file."""
    with np.load(path, allow_pickle=False) as found:
        return dict(found)


def partial(status: Status, name: str) -> dict[str, np.ndarray] | None:
    """The arrays that a job has written so far, or None when it has not."""
    try:
        return read_arrays(home() / "jobs" / status.id / "out" / name)
    except FileNotFoundError:
        return None


def forget_pictures() -> None:
    """Empties all caches of pictures, as some may hold a person's own; the others fill again by themselves."""
    st.cache_data.clear()


@st.cache_data(max_entries=64, ttl=3600, show_spinner=False)
def snapshots(key: str) -> dict[str, np.ndarray]:
    """The snapshots of a run."""
    run = lab().store.get(key)
    if run is None:
        raise LabError(f"The run {key} is gone meanwhile; train it again.")
    return run.snapshots()


def run(key: str) -> Run | None:
    """A finished run."""
    return lab().store.get(key)


def begin(resolved: ResolvedRecipe) -> None:
    """Asks for a training in this browser's name."""
    here, arguments = lab(), {"recipe": resolved.to_json()}
    if here.store.get(resolved.key) is not None:  # somebody else was faster: it is theirs, too
        return
    status = standing("train", arguments)
    if status and status.state == "done":  # its run was deleted meanwhile
        here.engine.forget(status.id)
    job = here.engine.submit("train", arguments, who=visitor(), private=resolved.recipe.dataset.private)
    here.trainings[job] = None
    st.session_state.pop("left", None)


def ahead() -> int:
    """How many trainings of this server wait or run."""
    here = lab()
    for job in list(here.trainings):
        try:
            over = not here.engine.status(job).active
        except RequestError:
            over = True
        if over:
            here.trainings.pop(job, None)
    return len(here.trainings)


def is_own(run: Run) -> bool:
    """Whether this visitor may delete a run: only they have asked for it, or it is reached by a link only they have."""
    if run.shipped:
        return False
    wanted = home() / "jobs" / job_id("train", {"recipe": run.resolved.to_json()}) / "wanted"
    asked = {path.name for path in wanted.iterdir()} if wanted.is_dir() else set()
    return bool(run.info.get("private")) or asked == {visitor()}


def forget(run: Run) -> None:
    """Deletes a run, its job, and what caches hold of it."""
    here, job = lab(), job_id("train", {"recipe": run.resolved.to_json()})
    here.store.delete(run.key)
    here.engine.forget(job)
    forget_pictures()


def since() -> dict[str, Any]:
    """Arguments of the job that says what trains here: the machine may be another one after a restart."""
    return {"since": lab().born}


def description_of(recipe: Recipe) -> dict[str, Any]:
    """Arguments of the job that describes a recipe's network; the same for all that does not change the network."""
    same = Recipe(recipe.dataset, recipe.corruption, recipe.model)
    return {"recipe": same.to_json()}
