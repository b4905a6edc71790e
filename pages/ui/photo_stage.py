"""The stage of the page Upscale: the example, one enlargement, or a table of several."""

import streamlit as st

from aecore.engine import Status
from aecore.errors import LabError
from pages.ui import jobs, lab, photo_file, photo_form, photo_jobs, photo_models, photo_pictures, photo_progress
from pages.ui import photo_words as words
from pages.ui.frame import guarded, plain
from pages.ui.photo_bring import credit, let_go
from pages.ui.photo_jobs import Asked
from pages.ui.photo_result import result
from pages.ui.photo_size import KEY

STYLE = """<style>
@media (min-width: 641px) {
  [data-testid="stColumn"]:has(> div .st-key-upscale-controls) {
    position: sticky; top: 4.25rem; align-self: flex-start; max-height: calc(100vh - 5rem); overflow-y: auto;
  }
}
</style>"""
STATES = {"queued": "waiting", "running": "at work", "done": "done", "failed": "failed", "cancelled": "cancelled"}


def stage() -> None:
    """Draws what the address names, else the example."""
    if said := st.session_state.pop(f"{KEY}.said", ""):
        st.info(plain(said))
    found = []
    for job in photo_jobs.opened():
        asked, status = photo_jobs.asked(job), photo_jobs.standing(job)
        if asked and status:
            found.append((asked, status))
        else:
            st.info(words.GONE)
    if not found:
        _example()
    elif len(found) == 1:
        _one(*found[0])
    else:
        _several(found)


def _example() -> None:
    wanted = photo_form.example()
    job = photo_jobs.of_sample(wanted.arguments, wanted.brought.content)
    status, asked, name = photo_jobs.standing(job), photo_jobs.asked(job), wanted.brought.name
    model = photo_models.title(wanted.arguments["model"])
    st.caption(
        f"An example: {name.lower()}, {words.done(wanted.arguments['scale'], model)}. Photograph: {credit(name)}."
    )
    if status and asked and status.state == "done":
        result(asked, status, name, example=True)
    elif status and asked:
        _meanwhile(asked, status, own=False)


def _one(asked: Asked, status: Status) -> None:
    name = photo_jobs.name_of(asked)
    made = words.done(asked.arguments["scale"], photo_models.title(asked.arguments["model"]))
    _head(plain(f"{name}, {made}"), [asked])
    if status.state == "done":
        result(asked, status, name)
    elif status.active:
        _meanwhile(asked, status)
    else:
        _ended(asked, status)


def _head(text: str, orders: list[Asked]) -> None:
    """Draws what this is, and how to be rid of it."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(text)
        st.button("Close", key=f"{KEY}.close", icon=":material/close:", on_click=photo_jobs.leave)
        if any(asked.private for asked in orders):
            ids = [asked.id for asked in orders]
            label = "Delete" if len(ids) == 1 else "Delete all"
            st.button(label, key=f"{KEY}.delete", icon=":material/delete:", on_click=_delete, args=(ids,))


@guarded
def _delete(ids: list[str]) -> None:
    st.session_state[f"{KEY}.said"] = photo_jobs.delete(ids)
    let_go()


def _meanwhile(asked: Asked, status: Status, own: bool = True) -> None:
    """Draws a photograph that is being enlarged, and how far that is."""

    def body() -> bool:
        now = photo_jobs.standing(asked.id)
        if now is None:
            return False
        if now.active:
            photo_progress.progress(now)
            if own:
                st.button("Cancel", key=f"{KEY}.cancel", icon=":material/close:", on_click=_cancel, args=(asked,))
            _look(asked)
        return now.active

    jobs.live(body, status.active, jobs.POLL_SHORT)
    if not status.active:
        _ended(asked, status)


@guarded
def _cancel(asked: Asked) -> None:
    if photo_jobs.cancel(asked.id, asked.private):
        st.session_state[f"{KEY}.said"] = "It goes on, because somebody else is waiting for it."


def _look(asked: Asked) -> None:
    seen = photo_pictures.preview(asked)
    if seen is None:
        st.skeleton(height=420)
    else:
        st.image(seen, alt="The photograph that is being enlarged")


def _ended(asked: Asked, status: Status) -> None:
    if word := photo_progress.ended(status):
        st.button(word, key=f"{KEY}.restart", icon=":material/replay:", on_click=_restart, args=(asked,))
    _look(asked)


@guarded
def _restart(asked: Asked) -> None:
    photo_jobs.begin(photo_jobs.FUNCTION, asked.arguments, asked.picture, asked.private)


def _several(found: list[tuple[Asked, Status]]) -> None:
    orders, called = [asked for asked, _ in found], _called([asked for asked, _ in found])
    done = [(asked, status) for asked, status in found if status.state == "done"]
    _head(f"{len(orders)} photographs", orders)

    def body() -> bool:
        now = [(asked, photo_jobs.standing(asked.id)) for asked in orders]
        _table([(called[asked.id], status) for asked, status in now if status])
        for asked, status in now:
            if status and status.state == "failed":
                st.warning(plain(f"{called[asked.id]}: {_why(status)}"))
        if sum(status is not None and status.state == "done" for _, status in now) > len(done):
            st.rerun()  # one more can be looked at
        active = [asked for asked, status in now if status and status.active]
        if active:
            label = "Cancel the rest" if len(active) < len(orders) else "Cancel"
            st.button(label, key=f"{KEY}.cancel", icon=":material/close:", on_click=_cancel_all, args=(active,))
        return bool(active)

    jobs.live(body, any(status.active for _, status in found))
    if done:
        _chosen(done, called)


@guarded
def _cancel_all(orders: list[Asked]) -> None:
    for asked in orders:
        _cancel(asked)


def _table(now: list[tuple[str, Status]]) -> None:
    rows = [_row(name, status) for name, status in now]
    columns = {name: [row[name] for row in rows] for name in rows[0]} if rows else {}
    st.dataframe(columns, hide_index=True, alt="How each photograph stands")


def _row(name: str, status: Status) -> dict[str, str]:
    said, result_ = STATES.get(status.state, status.state), ""
    if status.state == "running":
        said = photo_progress.words(status)
    elif status.state == "queued" and status.place:
        said = f"waiting, place {status.place}"
    elif status.state == "done":
        value = lab.answer(status).value
        result_ = f"{words.size(value['width'], value['height'])} px, {words.weight(value['bytes'])}"
    return {"Photograph": name, "State": said, "Result": result_}


def _why(status: Status) -> str:
    try:
        lab.answer(status)
    except LabError as error:
        return str(error)
    return "failed"


def _called(orders: list[Asked]) -> dict[str, str]:
    """What photographs are called, by their jobs, no two alike."""
    called: dict[str, str] = {}
    for place, asked in enumerate(orders, 1):
        name, count = photo_jobs.name_of(asked, f"Photograph {place}"), 1
        while (told := name if count == 1 else f"{name} ({count})") in called.values():
            count += 1
        called[asked.id] = told
    return called


def _chosen(done: list[tuple[Asked, Status]], called: dict[str, str]) -> None:
    names = {asked.id: called[asked.id] for asked, _ in done}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        shown = st.selectbox("Look at", list(names), format_func=names.get, key=f"{KEY}.shown", width=320)
        options = {"key": f"{KEY}.zip", "on_click": "ignore", "icon": ":material/folder_zip:"}
        label, too_large = f"Download all {len(done)} as a zip", photo_file.too_large_to_zip(list(names))
        options["disabled"] = bool(too_large)
        st.download_button(label, lambda: photo_file.zipped(list(names.items())), "enlarged.zip", **options)
    if too_large:
        st.caption(plain(too_large))
    asked, status = next(entry for entry in done if entry[0].id == shown)
    result(asked, status, names[shown])
