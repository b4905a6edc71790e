"""What a page's content stands in."""

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from pages.ui import jobs, lab
from pages.ui.frame import STYLE, boundary


@contextmanager
def page(trains: bool = False) -> Iterator[None]:
    """The stylesheet, the device in the top right corner, and the error boundary around what the page draws.

    Args:
        trains: Whether the page needs the worker soon: it is then started, and says what it trains on.
    """
    st.html(STYLE)
    with boundary():
        _device(trains)
    with boundary():
        yield


def _device(trains: bool) -> None:
    status = lab.ask("device", lab.since()) if trains else lab.standing("device", lab.since())
    if status is None:
        return
    with st.container(key="device"):
        jobs.short("device", lab.since(), lambda done: st.caption(lab.answer(done).value["device"]), lambda: None)
