"""Restorations of photographs as jobs: asked for, found again by their id in the address, and deleted."""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import streamlit as st

from aecore.engine import Status
from aecore.engine.folder import JobFolder
from aecore.home import home
from aecore.params import digest
from aecore.restorers import SUBJECTS, TASKS, restorers
from pages.ui import lab, photo_jobs
from pages.ui.photo_bring import Brought
from pages.ui.photo_jobs import PICTURE, Asked
from pages.ui.restore_scene import PAGE, SECTIONS

FUNCTION = "restore_photo"
PARAMETER = "restored"  # in the address
MASK = "mask"


@dataclass(frozen=True)
class Order:
    """One restoration as it would be asked for.

    Args:
        brought: The photograph.
        arguments: What to do with it.
        mask: The file that says where it is missing; empty for none.
    """

    brought: Brought
    arguments: dict[str, Any]
    mask: bytes = b""


def submit(order: Order) -> str:
    """Asks for a restoration, and returns the job's id."""
    arguments = {**order.arguments, **photo_jobs.link(order.brought)}
    files: dict[str, bytes | Path] = {PICTURE: order.brought.content}
    if order.mask:
        files[MASK] = order.mask
    own = order.brought.own
    return lab.lab().engine.submit(FUNCTION, arguments, files=files, who=lab.visitor(), private=own)


def of_sample(order: Order) -> str:
    """The id of the restoration of one of the lab's photographs, which is begun when it must be."""
    sums = {PICTURE: hashlib.sha256(order.brought.content).hexdigest()}
    job = digest({"function": FUNCTION, "arguments": order.arguments, "files": sums})
    status = photo_jobs.standing(job)
    return submit(order) if status is None or status.state in ("cancelled", "interrupted") else job


def opened() -> tuple[Asked, Status] | None:
    """The restoration that the address names, and how it stands; None when there is none, or it is gone."""
    for job in photo_jobs.opened(PARAMETER):
        asked, status = photo_jobs.asked(job, FUNCTION), photo_jobs.standing(job)
        if asked and status:
            return asked, status
    return None


def again(asked: Asked) -> None:
    """Has a restoration done again."""
    mask = JobFolder(home() / "jobs", asked.id).files / MASK
    files = {PICTURE: asked.picture} | ({MASK: mask} if mask.is_file() else {})
    lab.lab().engine.submit(FUNCTION, asked.arguments, files=files, who=lab.visitor(), private=asked.private)


def address(asked: Asked) -> str:
    """The link that leads to a restoration."""
    subject, task = asked.arguments["subject"], asked.arguments["task"]
    place = {
        f"{PAGE}.subject": SUBJECTS[subject], f"{PAGE}.{subject}.section": SECTIONS["own"],
        f"{PAGE}.{subject}.own": TASKS[task],
    }  # fmt: skip
    return f"{st.context.url}?{urlencode({**place, PARAMETER: asked.id})}"


def network(task: str, subject: str) -> Any:
    """The network that restores such photographs, a `Restorer`; None where the classical method fills holes."""
    return None if (task, subject) == ("fill", "photos") else restorers(task, subject)[0]
