"""Data on a page: what it looks like, where it comes from, how to get more of it, and how to bring one's own."""

import tempfile
from pathlib import Path
from typing import Any

import streamlit as st

from aecore.datasets import Dataset, Pin
from aecore.datasets.collection import Collection, Imported, import_collection
from aecore.engine import Status
from aecore.errors import NotAtHand, RequestError
from aecore.images import FORMATS, thumbnail, to_float, to_uint8
from aecore.recipe import Recipe, ResolvedRecipe
from pages.ui import deleting, film, jobs, lab
from pages.ui.form import later
from pages.ui.frame import plain, say
from pages.ui.gallery import hero
from pages.ui.uploads import release
from pages.ui.words import headline

MOST_MEGABYTES = 200
THUMBNAIL, THUMBNAILS, ACROSS = 32, 12, 6  # px, pictures, pictures in a line
PROMISE = (
    "Your images and every run made from them live under a link that only you have. They are never listed, and are "
    "deleted when you say so or an hour after they were last used."
)


def sample_of(dataset: Dataset, pin: Pin) -> dict[str, Any]:
    """Arguments of the job that gives some pictures of a dataset."""
    return {"dataset": dataset.to_json(), "data": pin.to_json()}


def note(dataset: Dataset, key: str) -> None:
    """Pictures of a dataset, how many there are and where they are from, and the offer to get more."""
    try:
        pin = dataset.resolve()
    except (NotAtHand, RequestError):
        return  # the page says so in the middle, and what to do
    st.caption(f"{pin.train:,} images to learn from, {pin.test:,} to test")

    def draw(status: Status) -> None:
        found = lab.arrays(status.id, "sample.npz")
        small = to_uint8(thumbnail(to_float(found["images"][:THUMBNAILS]), THUMBNAIL))
        names = film.told(found["labels"][:THUMBNAILS], dataset.classes)
        rows = [film.row("Training image", small, names, label="")]
        film.show(rows, small.shape[1:3], key=f"{key}.thumbnails", columns=ACROSS, largest=THUMBNAIL)
        st.caption(plain(lab.answer(status).value["source"]))

    jobs.short("sample", sample_of(dataset, pin), draw, lambda: st.skeleton(height=76), dataset.private)
    if pin.source == "sample":
        offer(dataset, key)


def offer(dataset: Dataset, key: str, type: str = "secondary") -> None:
    """A button that gets the public files of a dataset, with their size, and how far that is."""
    if dataset.download is None:
        return
    arguments = {"dataset": dataset.__class__().to_json()}
    first = lab.standing("download", arguments)
    active = bool(first and first.active)

    def body() -> bool:
        status = lab.standing("download", arguments)
        if status and status.active:
            share = status.progress.get("fraction", 0.0)
            st.progress(share, f"{dataset.download.megabytes * share:.0f} of {dataset.download.megabytes:.0f} MB")
            jobs.cancel_button(status, f"{key}.stop", "Cancel the download")
            return True
        if status and status.state == "failed":
            st.error(plain(status.message))
        label = f"Get {dataset.download.title} ({dataset.download.megabytes:.0f} MB)"
        if st.button(label, key=f"{key}.get", icon=":material/download:", type=type):
            lab.again("download", arguments)
            st.rerun()
        return False

    jobs.live(body, active)


def at_hand(recipe: Recipe, page: str) -> ResolvedRecipe | None:
    """Pins a recipe to the data here; where there is none, draws how to get it, and something to look at meanwhile."""
    try:
        if not isinstance(recipe.dataset, Collection) or recipe.dataset.digest:
            return recipe.resolve()
    except NotAtHand as error:
        missing = error
    else:
        missing = None
    st.title(headline(recipe), anchor=False)
    if missing:
        say(missing)
    bring(recipe.dataset, page)
    offer(recipe.dataset, f"{page}.offer", type="primary")
    runs = lab.lab().store.runs()
    if runs:
        st.subheader("Meanwhile, a finished run", anchor=False)
        hero(runs)
    return None


def bring(dataset: Dataset, page: str) -> None:
    """Where a person brings images of their own; nothing for other datasets."""
    if not isinstance(dataset, Collection):
        return
    key = f"{page}.bring"
    brought = st.file_uploader(
        "Your images, or a zip of them",
        type=[*(name.lower() for name in FORMATS), "jpg", "tif", "zip"],
        accept_multiple_files=True,
        max_upload_size=MOST_MEGABYTES,
        key=_files(page),
        help=f"At least ten; at most {MOST_MEGABYTES} MB a file. Sub-folders of a zip become classes.",
    )
    st.caption(PROMISE)
    if st.button("Use these images", key=f"{key}.use", disabled=not brought, type="primary"):
        with st.spinner("Reading the images"):
            made = _imported(brought)
        release(_files(page))
        st.session_state[f"{key}.turn"] = st.session_state.get(f"{key}.turn", 0) + 1
        later(page, {f"{page}.collection.digest": made.digest})
        st.session_state[f"{key}.skipped"] = [(row["name"], row["why"]) for row in made.skipped]
        st.rerun()


def _files(page: str) -> str:
    """Key of the uploader; another one each time when what it held was taken."""
    return f"{page}.bring.files.{st.session_state.get(f'{page}.bring.turn', 0)}"


def own(dataset: Dataset, page: str) -> None:
    """What was brought: what was left out of it, and how to be rid of it; nothing for other datasets."""
    if not isinstance(dataset, Collection) or not dataset.digest:
        return
    left_out = st.session_state.get(f"{page}.bring.skipped", [])
    if left_out:
        with st.expander(f"{len(left_out)} files were left out"):
            for name, why in left_out:
                st.caption(plain(f"{name}: {why}"))
    st.caption(PROMISE)
    if st.button("Delete these images", key=f"{page}.bring.delete", icon=":material/delete:"):
        if not deleting.forget_collection(dataset.digest):
            st.warning(deleting.STILL_AT_WORK)
            return
        later(page, {f"{page}.collection.digest": ""})
        st.query_params.pop("run", None)
        st.rerun()


def _imported(files: list[Any]) -> Imported:
    with tempfile.TemporaryDirectory() as place:
        source: Path | list[tuple[str, bytes]] = [(file.name, file.getvalue()) for file in files]
        if len(files) == 1 and files[0].name.lower().endswith(".zip"):
            source = Path(place) / "images.zip"
            source.write_bytes(files[0].getvalue())
        return import_collection(source, salt=lab.secret())
