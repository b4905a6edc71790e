"""The five published systems at a glance."""

import numpy as np
import streamlit as st

from aecore.figures.pictures import montage
from aecore.images import thumbnail, to_float, to_uint8
from aecore.metrics import format_psnr
from aecore.published import SYSTEMS, measured, spelled
from pages.ui import lab
from pages.ui.published import TABLE, Found, found, go_to
from pages.ui.published_pictures import shown_by

SHOWN, SIDE, LONGEST = 3, 64, 96  # pictures in a line of a card; px to which small ones grow, and large ones shrink


def overview() -> None:
    """A card for each system, and all of their figures in one table."""
    st.markdown(
        "Five autoencoders that others published, rebuilt to the parameter and trained as they say. Each stands beside "
        "its own baseline, doing nothing or PCA, and beside a recipe of ours on the same data."
    )
    everything = [found(system) for system in SYSTEMS.values()]
    with st.grid("auto", min_column_width=215, gap="medium"):
        for item in everything:
            _card(item)
    st.subheader("Reported and measured", anchor=False)
    st.table([_row(item) for item in everything], **TABLE)
    st.caption(
        "PSNR of the test images. The baseline is what the network is given, left as it is, or else PCA with as many "
        "numbers as the code has. Why a system may lie below it is said on its page."
    )


def _card(item: Found) -> None:
    with st.container(border=True, height="stretch"):
        if item.run:
            rows = f"What {item.system.title.lower()} is given above its answer"
            better = ", and that of the better recipe below" if item.better else ""
            st.image(_pictures(item.run.key, item.better.key if item.better else ""), alt=f"{rows}{better}")
        else:
            st.caption("Not trained yet.")
        slug = item.system.slug
        st.button(item.system.title, key=f"published.open.{slug}", icon=":material/arrow_forward:", type="tertiary",
                  on_click=go_to, args=(slug,))  # fmt: skip
        st.caption(item.system.purpose)


@st.cache_data(max_entries=24, ttl=3600, show_spinner=False)
def _pictures(key: str, better: str) -> np.ndarray:
    seen = shown_by(lab.run(key))
    rows = [seen.inputs[:SHOWN], seen.outputs[:SHOWN]]
    if better and np.array_equal((other := shown_by(lab.run(better))).clean, seen.clean):
        rows.append(other.outputs[:SHOWN])
    rows = [to_uint8(thumbnail(to_float(row), LONGEST)) for row in rows]
    return montage(rows, SIDE)


def _row(item: Found) -> dict[str, str]:
    first = item.system.reported[0]
    said = ", ".join(word for word in (first.what, first.where, "plain Keras" if first.reference else "") if word)
    row = {"System": item.system.title, "Reported": f"{first.words} ({said})"}
    blank = dict.fromkeys(("Measured here", "PSNR: baseline", "published", "better"), "–")
    if item.run is None:
        return {**row, **blank, "Measured here": "not trained yet"}
    report = item.run.report
    mine = measured(report, item.run.history, item.run.recipe.fit.best_weights).get(first.figure)
    baseline = report["input_psnr"] if report["input_psnr"] is not None else report["pca_psnr"]
    kind = "input" if report["input_psnr"] is not None else "PCA"
    return {
        **row,
        "Measured here": f"{spelled(mine.value, first.unit)} ({mine.where})" if mine else "–",
        "PSNR: baseline": "–" if baseline is None else f"{format_psnr(baseline)} ({kind})",
        "published": format_psnr(report["psnr"]),
        "better": format_psnr(item.better.report["psnr"]) if item.better else "not trained yet",
    }
