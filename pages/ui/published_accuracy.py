"""Why Keras' accuracy of pictures misleads: what answers without any network reach."""

from typing import Any

import streamlit as st

from aecore.engine import Status
from aecore.errors import NotAtHand
from aecore.figures.palette import BASELINE, OTHER, OURS
from aecore.figures.reported import accuracy_chart
from pages.ui import jobs, lab
from pages.ui.published import Found, finding
from pages.ui.results import CHART

GREY = (
    "Keras counts a pixel as right when its target equals the answer rounded to black or white. A grey target never "
    "does, so that even a perfect answer stays below 100 %, and a picture that is all {colour} comes close."
)
COLOUR = (
    "Keras counts a pixel as right when the strongest of its three channels agrees, however far off its colour and "
    "brightness are. Damage may change that little, and a picture of one colour can be right for most pixels."
)


def accuracy(found: Found) -> None:
    """Why Keras' accuracy says little: what pictures without any network reach."""
    run = found.run
    if not run or run.report["accuracy"] is None:
        return
    st.subheader("Why “accuracy” misleads", anchor=False)
    kept = finding(run)
    if kept:
        _accuracies(found, kept[0])
        return
    try:
        here = run.recipe.dataset.resolve() == run.resolved.data
    except NotAtHand:
        here = False
    if not here:
        st.caption("The test images that this is shown on are not on this machine.")
        return

    def draw(status: Status) -> None:
        _accuracies(found, lab.answer(status).value)

    jobs.short("baselines", {"key": run.key}, draw, lambda: st.skeleton(height=220), bool(run.info.get("private")))


def _accuracies(found: Found, value: dict[str, Any]) -> None:
    shares, colour = value["accuracy"], value["colour"]
    bars = [("the published network", found.run.report["accuracy"], OURS)]
    if found.better:
        bars.append(("the better recipe", found.better.report["accuracy"], OTHER))
    bars += [
        (found.system.given, shares["input"], BASELINE),
        (f"a picture that is all {colour}", shares["plain"], BASELINE),
        ("a perfect answer", shares["perfect"], BASELINE),
    ]
    bars = [bar for bar in bars if bar[1] is not None]
    alt = "; ".join(f"{name} {100 * share:.1f} %" for name, share, _ in bars)
    st.plotly_chart(accuracy_chart(bars), key="published.accuracy", alt=alt, **CHART)
    grey = found.run.recipe.target_shape[-1] == 1
    st.caption((GREY if grey else COLOUR).format(colour=colour) + f" Measured on {value['images']:,} test images.")
