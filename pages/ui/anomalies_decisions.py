"""What a threshold decides: right and wrong answers, and what they cost."""

import streamlit as st

from aecore.anomaly import best_threshold, confusion
from pages.ui.anomalies_found import Found
from pages.ui.anomalies_normal import PAGE
from pages.ui.anomalies_stage import Setting, counted_at, put
from pages.ui.frame import plain

COSTS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100)


def decisions(found: Found, setting: Setting) -> None:
    """The confusion matrix, precision, recall and F1, and the threshold that a cost would choose."""
    counted = counted_at(found, setting)
    if not found.has_abnormal:
        st.caption("There are no abnormal images here, so nobody can say how many would be found.")
        return
    right = counted.normal - counted.false_alarms
    with st.container(key="anomalies-decide"):
        left, beside = st.columns([1.15, 1], gap="large")
    with left.container(key="anomalies-confusion"):
        st.markdown(
            f"| | called normal | called abnormal |\n|---|---:|---:|\n"
            f"| **is normal** | {right:,} right | {counted.false_alarms:,} false alarms |\n"
            f"| **is abnormal** | {counted.missed:,} missed | {counted.found:,} found |"
        )
        with st.container(horizontal=True, gap="large"):
            for name, value, why in (
                ("Precision", counted.precision, "Of the images called abnormal, so many are."),
                ("Recall", counted.recall, "Of the abnormal images, so many are found."),
                ("F1", counted.f1, "The harmonic mean of precision and recall."),
            ):
                st.metric(name, "–" if value is None else f"{value:.3f}", help=why, width="content")
    with beside:
        cost(found, setting)


def cost(found: Found, setting: Setting) -> None:
    """What a miss costs against a false alarm, and which threshold that asks for."""
    normal, abnormal = found.of("normal", setting.score), found.of("abnormal", setting.score)
    weight = st.select_slider(
        "A miss costs as much as so many false alarms",
        COSTS,
        value=1,
        format_func=lambda value: f"{value:g}",
        key=f"{PAGE}.cost",
        bind="query-params",
    )
    best, usual = best_threshold(normal, abnormal, weight), found.value["threshold_from"]
    now, least = (confusion(normal, abnormal, value) for value in (setting.threshold, best))
    how = f"at {best:.4g}" if least.found else "by calling nothing abnormal"
    how = "by calling everything abnormal" if least.false_alarms == least.normal else how
    costs = [f"**{made.cost(weight):,.6g}**" for made in (now, least)]
    st.markdown(f"At this threshold that makes {costs[0]} in all; at best {costs[1]}, {how}.")
    st.button(
        "Best threshold for this cost",
        key=f"{PAGE}.best",
        icon=":material/balance:",
        on_click=put,
        args=(setting, best),
    )
    st.caption(
        f"Computed on the {len(normal) + len(abnormal):,} test images, so it looks at the abnormal ones. The default "
        f"never does: {plain(usual[:1].lower() + usual[1:])}"
    )
