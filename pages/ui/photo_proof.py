"""All models on a detail of a photograph, and which of them suits it best where the truth is known."""

from functools import partial
from typing import Any

import numpy as np
import streamlit as st

from aecore.engine import Status
from aecore.errors import LabError
from aecore.images import enlarge
from aecore.metrics import format_psnr
from pages.ui import jobs, lab, photo_jobs, photo_models
from pages.ui.compare import Box, Wanted
from pages.ui.frame import guarded, plain, say
from pages.ui.latent_jobs import PATIENCE, awaited
from pages.ui.photo_jobs import Asked
from pages.ui.photo_models import PLAIN
from pages.ui.photo_pictures import disagreement, square
from pages.ui.photo_size import KEY
from pages.ui.photo_words import figure

DETAIL = 140  # px of the photograph; the side of the squares that are compared
TILE, WIDE_TILE = 240, 2 * DETAIL  # px of the screen, least; a detail that is twice as large has all its pixels
APART = "apart"  # a tile that is no model's
CLEAN, WORN = "clean", "worn"
WAYS = {CLEAN: "cleanly", WORN: "as photographs often arrive"}
ENDED = ("cancelled", "interrupted")


def _job(asked: Asked, function: str, arguments: dict[str, Any], draw: Any, words: str) -> None:
    """Draws what another job on a photograph gave, and how far it is until then."""

    def body() -> bool:
        status = photo_jobs.on(asked, function, arguments)
        if status.active:
            said = status.progress
            st.progress(min(1.0, max(0.0, said.get("fraction") or 0.0)), words)
        elif status.state == "failed":
            try:
                lab.answer(status)
            except LabError as error:
                say(error)
                again = (asked, function, arguments)
                st.button("Try again", key=f"{KEY}.again.{status.id}", on_click=guarded(photo_jobs.again), args=again)
        else:
            draw(status)
        return status.active

    jobs.live(body, awaited(photo_jobs.on(asked, function, arguments), PATIENCE).active, jobs.POLL_SHORT)


@st.cache_data(max_entries=12, ttl=3600, show_spinner=False)
def _crops(job: str, file: str) -> dict[str, np.ndarray]:
    """The pictures that a finished job wrote, up to some MB each time."""
    return lab.read_arrays(lab.lab().engine.result(job).folder / file)


def _tiles(crops: dict[str, np.ndarray], notes: dict[str, str]) -> None:
    """Draws details of the same place beside each other."""
    size = max(len(crop) for crop in crops.values())
    with st.grid("auto", min_column_width=min(max(TILE, size), WIDE_TILE), gap="small"):
        for name, note in notes.items():
            crop = enlarge(crops[name], max(1, size // len(crops[name])))  # square pixels stay square
            st.image(crop, alt=f"Detail: {note}", caption=plain(note), width="content")


def names(crops: dict[str, np.ndarray], scale: int) -> dict[str, str]:
    """What the pictures of a job are called."""
    given = {"input": "Given", "truth": "The truth"}
    return {name: given[name] if name in given else photo_models.title(name, scale) for name in crops}


def sheet(asked: Asked, value: dict[str, Any], wanted: Wanted) -> None:
    """Draws every model on the detail that a visitor chose; nothing before."""
    if wanted.detail is None:
        return
    scale, real = asked.arguments["scale"], value["width"] / value["input_width"]
    seen = wanted.detail
    part = Box(*(round(length / real) for length in (seen.left, seen.top, seen.width, seen.height)))
    box = square(part, DETAIL, (value["input_width"], value["input_height"]))
    arguments = {
        "scale": scale, "models": photo_models.models(scale), "left": box.left, "top": box.top, "size": box.width,
        **token(asked),
    }  # fmt: skip

    def draw(status: Status) -> None:
        crops = _crops(status.id, "compare.npz")
        called = names(crops, scale)
        faithful = [crop for name, crop in crops.items() if name in photo_models.FAITHFUL]
        if len(faithful) > 1:
            crops[APART], high = disagreement(faithful)
            brightest = f"; the brightest by {figure(high)} % of full brightness" if high else ": nowhere here"
            called[APART] = f"Where the lab's networks disagree{brightest}"
        _tiles(crops, called)
        st.caption(f"Every model on the middle of what you look at: {box.width} × {box.height} px of the photograph.")

    _job(asked, "enlarge_compare", arguments, draw, "Enlarging this detail with every model")


def token(asked: Asked) -> dict[str, str]:
    """What makes a job on this photograph impossible to guess."""
    return {"token": asked.arguments["token"]} if "token" in asked.arguments else {}


def prove(asked: Asked, value: dict[str, Any]) -> None:
    """Draws the proof: the photograph made smaller and enlarged back, by every model."""
    scale = asked.arguments["scale"]
    proofs = {way: _proof(asked, scale, way) for way in WAYS if scale > 1 or way == WORN}
    stands = {way: photo_jobs.standing(asked.job("enlarge_prove", arguments)) for way, arguments in proofs.items()}
    begun = {way: status is not None and status.state not in ENDED for way, status in stands.items()}
    with st.expander("Prove it on this photograph", icon=":material/fact_check:", expanded=any(begun.values())):
        way = WORN
        if scale > 1:
            way = st.segmented_control(
                "Made smaller", list(WAYS), format_func=WAYS.get, default=CLEAN, key=f"{KEY}.worn", required=True
            )
        st.caption(_what_is_done(scale, way))
        if not begun[way]:
            st.button("Prove it", key=f"{KEY}.prove", on_click=_begin_proof, args=(asked, proofs[way]))
            return
        words = "Making it smaller, and enlarging it back" if scale > 1 else "Damaging it, and cleaning it"
        _job(asked, "enlarge_prove", proofs[way], partial(_table, scale=scale), f"{words} with every model")


def _proof(asked: Asked, scale: int, way: str) -> dict[str, Any]:
    """Arguments of a proof."""
    models = list(dict.fromkeys([*photo_models.models(scale), PLAIN]))
    return {"scale": scale, "models": models, **token(asked), **({"worn": True} if way == WORN else {})}


def _what_is_done(scale: int, way: str) -> str:
    damage = "blurs the photograph a little, adds noise and saves it as JPEG"
    if scale == 1:
        return f"First {damage}; then cleans it, and measures how close that comes to the photograph itself."
    first = f"First {damage}, {scale}× smaller" if way == WORN else f"Makes the photograph {scale}× smaller"
    return f"{first}; enlarges it back with every model, and measures which comes closest to the photograph itself."


@guarded
def _begin_proof(asked: Asked, arguments: dict[str, Any]) -> None:
    photo_jobs.begin("enlarge_prove", arguments, asked.picture, asked.private)


def _table(status: Status, scale: int) -> None:
    value = lab.answer(status).value
    ranked = sorted(value["models"].items(), key=lambda entry: -_finite(entry[1]["psnr"]))
    best, bicubic = (value["models"].get(name, {}).get("psnr") for name in (value["winner"], PLAIN))
    ahead = ""
    if value["winner"] != PLAIN and best is not None and bicubic is not None:
        ahead = f", {best - bicubic:.2f} dB closer than {photo_models.title(PLAIN, scale).lower()}"
    winner = plain(photo_models.title(value["winner"], scale))
    st.markdown(f"For this photograph **{winner}** comes closest to the truth{ahead}.")
    columns = {
        "Model": [photo_models.title(name, scale) for name, _ in ranked],
        "PSNR": [format_psnr(found["psnr"]) for _, found in ranked],
        "SSIM": [f"{found['ssim']:.4f}" for _, found in ranked],
        "Time": [_time(found["seconds"]) for _, found in ranked],
    }
    st.table(columns, alt="PSNR, SSIM and time of every model on this photograph, the best first")
    crops = _crops(status.id, "prove.npz")
    called, notes = names(crops, scale), {name: f", {format_psnr(found['psnr'])}" for name, found in ranked}
    order = [name for name in ("truth", "input", *notes) if name in crops]
    _tiles(crops, {name: called[name] + notes.get(name, "") for name in order})
    for note in value.get("notes", ()):
        st.caption(plain(note))


def _time(seconds: float) -> str:
    return f"{figure(seconds)} s" if seconds >= 0.1 else f"{1000 * seconds:.0f} ms"


def _finite(value: float | None) -> float:
    """A PSNR to compare by; identical pictures come first."""
    return 1e3 if value is None else value
