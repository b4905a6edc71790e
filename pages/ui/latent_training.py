"""A training played back: the scrubber moves the map, the reconstructions and the loss together."""

import numpy as np
import streamlit as st

from aecore.latent import place_of, principal_plane
from pages.ui import film, lab
from pages.ui.latent_map import Layers, latent_map, packed, put
from pages.ui.latent_scene import Scene
from pages.ui.replay import film_of

FILM = "latent.training"


def section(scene: Scene) -> None:
    """Draws the film and the map that follows it."""
    run = scene.run
    name = f"{run.key}.training"
    content, box, count = _moving(run.key, name)
    if not count:
        st.info("This run kept no codes while it trained. Train it again, and they are kept.")
        return
    rows, size, reel = film_of(run.key)
    left, right = st.columns([3, 2], gap="medium")
    with left:
        film.show(rows, size, key=FILM, identity=f"{run.key} {FILM}", reel=reel)
    with right:
        layers = Layers("class", film=f"{run.key} {FILM}")
        label = f"Map of the codes of {count} test images in the epoch that the film shows."
        latent_map(
            "latent.moving", name, box, count, label, scene.classes, layers, decodes=False, lasso=False, ratio=1.0,
            tallest=460, answers=False,
        )  # fmt: skip
        how = "as they are" if scene.size <= 2 else "in the plane of most variance at the end of training"
        st.caption(f"Codes of the first {count} test images, {how}. Press Play, or drag the marker.")
    put(content, "latent.training.points")


@st.cache_data(max_entries=8, ttl=3600, show_spinner=False)
def _moving(key: str, name: str) -> tuple[bytes, list[float], int]:
    """Places of the followed test images in every frame for the shelf, their box, and how many they are."""
    kept = lab.snapshots(key)
    if "codes" not in kept:
        return b"", [], 0
    frames = places(kept["codes"].astype(np.float32))
    count = frames.shape[1]
    low, high = frames.reshape(-1, 2).min(axis=0), frames.reshape(-1, 2).max(axis=0)
    box = [*low.tolist(), *high.tolist()]
    labels = kept["code_labels"].astype(np.int16)
    index, errors = np.arange(count, dtype=np.int32), kept["scores"][-1].astype(np.float32)
    arrays = {"points": frames[-1], "moving": frames, "labels": labels, "index": index, "errors": errors}
    return packed(name, arrays, box=box), box, count


def places(codes: np.ndarray) -> np.ndarray:
    """Places (K, M, 2) float32 of codes (K, M, d) in K frames: as they are, or in the plane of the last frame."""
    if codes.shape[2] == 1:
        return np.concatenate([codes, np.zeros_like(codes)], axis=2)
    if codes.shape[2] == 2:
        return codes
    plane = principal_plane(codes[-1])
    return np.stack([place_of(frame, plane.mean, plane.components) for frame in codes]).astype(np.float32)
