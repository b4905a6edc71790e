"""Jobs on photographs: asked for, found again by their id in the address, and deleted with all that belongs to them."""

import hashlib
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import streamlit as st

from aecore.engine import Status
from aecore.engine.folder import JobFolder, read_json
from aecore.errors import RequestError
from aecore.home import home
from aecore.params import digest
from pages.ui import deleting, lab
from pages.ui.photo_bring import Brought, checked, sample_of

FUNCTION = "enlarge"
PICTURE = "picture"  # the input file of every job on a photograph
PARAMETER = "job"
LONGEST_NAME = 200  # characters of a photograph's name that are kept with its jobs


@dataclass(frozen=True)
class Asked:
    """What a job was asked to do.

    Args:
        id: The job's id.
        function: What was asked for.
        arguments: Its arguments.
        sha: Digest of its photograph.
        private: Whether the photograph is a visitor's own.
    """

    id: str
    function: str
    arguments: dict[str, Any]
    sha: str
    private: bool

    @property
    def picture(self) -> Path:
        """The photograph's file."""
        return JobFolder(home() / "jobs", self.id).files / PICTURE

    def job(self, function: str, arguments: dict[str, Any]) -> str:
        """The id of another job on the same photograph."""
        return digest({"function": function, "arguments": arguments, "files": {PICTURE: self.sha}})


def asked(job: str, function: str = FUNCTION) -> Asked | None:
    """What a job on a photograph was asked to do; None when it is gone, or another kind of job."""
    try:
        request = read_json(JobFolder(home() / "jobs", job).request)
        if request["function"] != function:
            return None
        return Asked(job, function, request["arguments"], request["files"][PICTURE], bool(request["private"]))
    except (OSError, ValueError, KeyError, RequestError):
        return None


def link(brought: Brought) -> dict[str, str]:
    """What makes the jobs on a visitor's own photograph impossible to guess, and its name; nothing for the lab's."""
    if not brought.own:
        return {}
    name = brought.name[:LONGEST_NAME]
    if brought.token:
        return {"token": brought.token, "name": name}
    content = brought.content.read_bytes() if isinstance(brought.content, Path) else brought.content
    return {"token": digest([lab.secret(), hashlib.sha256(content).hexdigest()]), "name": name}


def once_more(order: Asked, name: str) -> Brought:
    """The photograph of a job, to do something else with: all that becomes of it is deleted together.

    Raises:
        RequestError: It cannot be used, as the job itself says.
        OSError: It is gone.
    """
    token = order.arguments.get("token", "")
    return replace(checked(order.picture, name, order.private), token=token if isinstance(token, str) else "")


def begin(function: str, arguments: dict[str, Any], picture: bytes | Path, private: bool) -> str:
    """Asks for a job on a photograph, and returns its id.

    Raises:
        RequestError: The photograph is gone.
    """
    if isinstance(picture, Path) and not picture.is_file():
        raise RequestError("The photograph is gone: bring it again.")
    here = lab.lab().engine
    return here.submit(function, arguments, files={PICTURE: picture}, who=lab.visitor(), private=private)


def on(order: Asked, function: str, arguments: dict[str, Any]) -> Status:
    """How another job on the same photograph stands, which is begun when it must be."""
    status = standing(order.job(function, arguments))
    if status is None or status.state in ("cancelled", "interrupted"):
        status = lab.lab().engine.status(begin(function, arguments, order.picture, order.private))
    return status


def of_sample(arguments: dict[str, Any], picture: bytes) -> str:
    """The id of the enlargement of one of the lab's photographs, which is begun when it must be."""
    sha = hashlib.sha256(picture).hexdigest()
    job = digest({"function": FUNCTION, "arguments": arguments, "files": {PICTURE: sha}})
    status = standing(job)
    if status is None or status.state in ("cancelled", "interrupted"):
        return begin(FUNCTION, arguments, picture, private=False)
    return job


def again(order: Asked, function: str, arguments: dict[str, Any]) -> None:
    """Has another job on the same photograph done, whatever became of it before."""
    status = standing(order.job(function, arguments))
    if status is not None and not status.active:
        lab.lab().engine.forget(status.id)
    begin(function, arguments, order.picture, order.private)


def anew(order: Asked) -> None:
    """Has a finished job done again, with the files that it was given.

    Raises:
        RequestError: The photograph is gone.
    """
    status, folder = standing(order.id), JobFolder(home() / "jobs", order.id).files
    if status is None:
        raise RequestError("The photograph is gone: bring it again.")
    if status.active:
        return
    files = {path.name: path.read_bytes() for path in folder.iterdir()}
    engine = lab.lab().engine
    engine.forget(order.id)
    engine.submit(order.function, order.arguments, files=files, who=lab.visitor(), private=order.private)


def standing(job: str) -> Status | None:
    """How a job stands; None when it is gone."""
    try:
        return lab.lab().engine.status(job)
    except RequestError:
        return None


def opened(parameter: str = PARAMETER) -> list[str]:
    """The jobs that the address names."""
    return list(dict.fromkeys(st.query_params.get_all(parameter)))


def open_jobs(jobs: list[str], parameter: str = PARAMETER) -> None:
    """Puts jobs into the address."""
    st.query_params[parameter] = jobs


def name_of(order: Asked, otherwise: str = "Your photograph") -> str:
    """What a job's photograph is called."""
    return (str(order.arguments.get("name", "")) if order.private else sample_of(order.sha)) or otherwise


def leave(parameter: str = PARAMETER) -> None:
    """Takes all jobs out of the address."""
    st.query_params.pop(parameter, None)


def cancel(job: str, private: bool = False) -> bool:
    """Withdraws this visitor's interest in a job; in a private one everybody's, as whoever has its link may.

    Returns:
        Whether it goes on, because somebody else wants it.
    """
    wanted = home() / "jobs" / job / "wanted"
    others = [path.name for path in wanted.iterdir()] if wanted.is_dir() else []
    for who in {*(others if private else ()), lab.visitor()}:
        lab.lab().engine.cancel(job, who)
    return not private and any(who != lab.visitor() for who in others)


def delete(jobs: list[str], function: str = FUNCTION, parameter: str = PARAMETER) -> str:
    """Deletes jobs on a visitor's own photographs, the photographs, and everything made of them.

    Returns:
        What there is to say of it.
    """
    orders = [order for job in jobs if (order := asked(job, function)) and order.private]
    tokens, first = {order.arguments.get("token") for order in orders} - {None}, [order.id for order in orders]
    known = deleting.requests()
    own = {*first, *(job for job, arguments in known.items() if arguments.get("token") in tokens)}
    other = [job for job, arguments in known.items() if job in own or arguments.get("job") in own]
    left = deleting.left_of([job for job in other if job not in first])
    left = left or deleting.left_of(first)  # by which the rest is found
    lab.forget_pictures()
    if left:
        return deleting.STILL_AT_WORK
    leave(parameter)
    return "Deleted: the photographs, the results, and everything made of them."
