"""The settings of an enlargement, what it will cost, and the button that begins it."""

import contextlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

from aecore.errors import RequestError
from aecore.photo import check_size
from pages.ui import jobs, photo_jobs, photo_models, photo_size, photo_words
from pages.ui.frame import guarded, plain
from pages.ui.photo_bring import Brought, bring, is_given, let_go, sample
from pages.ui.photo_file import FORMATS, LOSSLESS
from pages.ui.photo_size import KEY, Size
from pages.ui.photo_words import LARGEST_MEGAPIXELS

QUALITY = 92
EXAMPLE = "Cat"
START = 2  # the factor to begin with


@dataclass(frozen=True)
class Order:
    """One enlargement as it would be asked for.

    Args:
        brought: The photograph.
        arguments: What to do with it.
        width: Of the result, in px.
        seconds: How long it will take, about.
        megabytes: Of memory that it needs meanwhile.
        problem: Why it cannot be done, else empty.
    """

    brought: Brought
    arguments: dict[str, Any]
    width: int
    seconds: float
    megabytes: float
    problem: str = ""


@dataclass(frozen=True)
class Choice:
    """How photographs are to be enlarged, but for their size.

    Args:
        model: Its name; where it does not enlarge by the factor that is needed, the one to begin with is taken.
        ensemble: Whether the mean over eight turned and mirrored pictures is taken.
        keep_location: Whether location data stays in the file.
        format: Of the file, a key of `photo_file.FORMATS`.
        quality: Of a JPEG or WebP.
    """

    model: str = ""
    ensemble: bool = False
    keep_location: bool = False
    format: str = "png"
    quality: int = QUALITY


def order(brought: Brought, size: Size, choice: Choice) -> Order:
    """An enlargement."""
    known = photo_models.scales()
    scale, target = size.scale(brought.width, known), size.target(brought.width, known)
    offered = photo_models.models(scale)
    model = choice.model if choice.model in offered else offered[0]
    width = target or scale * brought.width
    height = max(1, round(brought.height * width / brought.width))
    problem = ""
    if width * height > LARGEST_MEGAPIXELS * 1_000_000:
        problem = (
            f"{brought.name} would become {photo_words.size(width, height)} px; at most {LARGEST_MEGAPIXELS} "
            "megapixels are made. Choose a smaller size."
        )
    else:
        try:
            check_size(choice.format, height, width)
        except RequestError as error:
            problem = f"{brought.name}: {error}"
    cost = photo_models.cost(model, scale, brought.width * brought.height / 1e6, choice.ensemble)
    arguments = {
        "scale": scale, "model": model, "strength": 1.0, "format": choice.format, "quality": choice.quality,
        "keep_location": choice.keep_location, "ensemble": choice.ensemble, "width": target, "views": True,
    } | ({"dpi": round(width / size.inches)} if size.inches else {})  # fmt: skip
    return Order(brought, arguments, width, cost.seconds, cost.megabytes, problem)


def example() -> Order:
    """What a visitor sees before anything was brought."""
    return order(sample(EXAMPLE), Size(START), Choice())


def submit(wanted: Order) -> str:
    """Asks for an enlargement, and returns the job's id."""
    brought = wanted.brought
    arguments = {**wanted.arguments, **photo_jobs.link(brought)}
    return photo_jobs.begin(photo_jobs.FUNCTION, arguments, brought.content, brought.own)


@guarded
def _begin(orders: Sequence[Order]) -> None:
    """Begins before anything is drawn: a click counts even while the page changes under it."""
    photo_jobs.open_jobs(list(dict.fromkeys(submit(wanted) for wanted in orders)))
    let_go()


def controls() -> None:
    """Draws where photographs are brought, the settings, and the button."""
    pictures = bring()
    if not pictures and not is_given():
        pictures = _opened()
    size = photo_size.choose(pictures)
    choice = _choice(size, pictures)
    orders = [order(picture, size, choice) for picture in pictures]
    for wanted in orders:
        if warning := size.warning(wanted.brought.width, photo_models.scales()):
            st.warning(plain(warning if len(orders) == 1 else f"{wanted.brought.name}: {warning}"))
        if wanted.problem:
            st.warning(plain(wanted.problem))
    _button([wanted for wanted in orders if not wanted.problem])
    if not pictures:
        st.caption("Bring a photograph, or choose one of the lab's.")


def _opened() -> list[Brought]:
    """The photographs of the enlargements that are open: they can be enlarged again in another way."""
    found = []
    for place, job in enumerate(photo_jobs.opened(), 1):
        asked = photo_jobs.asked(job)
        with contextlib.suppress(RequestError, OSError):  # its job says so, or it is gone
            if asked:
                found.append(photo_jobs.once_more(asked, photo_jobs.name_of(asked, f"Photograph {place}")))
    return found


def _choice(size: Size, pictures: Sequence[Brought]) -> Choice:
    known = photo_models.scales()
    scale = size.scale(pictures[0].width, known) if pictures else size.factor or START
    offered = photo_models.models(scale)
    model = st.selectbox("Model", offered, format_func=photo_models.title, key=f"{KEY}.model.{scale}")
    st.caption(plain(photo_models.about(model, scale)))
    with st.expander("More"):
        ensemble = st.toggle(
            "Average over eight views", key=f"{KEY}.ensemble", disabled=model == photo_models.PLAIN,
            help="Enlarges the picture eight times, turned and mirrored, and takes the mean: a little better, eight "
            "times as long.",
        )  # fmt: skip
        keep_location = st.toggle(
            "Keep location data", key=f"{KEY}.location", help="Where the photograph was taken, if its file says so."
        )
        made_as = st.segmented_control(
            "File", list(FORMATS), default="png", format_func=FORMATS.get, key=f"{KEY}.made_as", required=True
        )
        quality = QUALITY if made_as in LOSSLESS else st.slider("Quality", 60, 100, QUALITY, key=f"{KEY}.made_quality")
    return Choice(model, ensemble and model != photo_models.PLAIN, keep_location, made_as, quality)


def _button(orders: Sequence[Order]) -> None:
    """Draws what it will cost, whether there is memory for it, and the one button."""
    most = max((wanted.megabytes for wanted in orders), default=0.0)
    if len(orders) == 1:
        wanted = orders[0]
        outcome = photo_size.outcome(wanted.brought, wanted.width)
        st.caption(f"{outcome}; about {photo_words.weight(most * 1e6)} of memory.")
    elif orders:
        st.caption(
            f"{len(orders)} photographs, one after the other; at most {photo_words.weight(most * 1e6)} of memory."
        )
    if (free := photo_models.lacking(most)) is not None:
        st.warning(
            f"Only about {photo_words.weight(free)} of memory are free here for {photo_words.weight(most * 1e6)}: this "
            "may fail. Choose a smaller size, or close other programs."
        )
    seconds = sum(wanted.seconds for wanted in orders)
    word = photo_words.verb(orders[0].arguments["scale"] if orders else START)
    label = f"{word}, about {jobs.time_left(seconds)}" if orders else word
    st.button(
        label, type="primary", key=f"{KEY}.go", icon=":material/zoom_out_map:", disabled=not orders, on_click=_begin,
        args=(orders,), width="stretch",
    )  # fmt: skip
