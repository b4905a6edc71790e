"""How every class of a dataset fares: what was measured in this lab beside what others report."""

from typing import Any

import streamlit as st

from aecore.anomaly import SCORES, default_score
from aecore.anomaly.published import PROTOCOLS, Protocol, measured
from aecore.datasets import DATASETS, Dataset
from pages.ui.anomalies_normal import PAGE, normal_of
from pages.ui.frame import plain

TITLES = {"pca_neighbours": "neighbours, 50 principal components"}
NOTHING = "–"
PLAIN = "squared_error"
BEGUN = f"{PAGE}.table.begun"  # where the session keeps which table belongs to the data on screen


def every_class(dataset: Dataset, score: str = PLAIN) -> None:
    """Draws the table of a protocol: at first the one that the network on screen belongs to.

    Args:
        dataset: What that network knows.
        score: The score on screen, which has a row beside that of the default one.
    """
    st.subheader("Every class in turn", anchor=False)
    titles = {name: protocol.title for name, protocol in PROTOCOLS.items()}
    first = fitting(dataset)
    if st.session_state.setdefault(BEGUN, first) != first:
        st.session_state.update({BEGUN: first, f"{PAGE}.table": first})
    if PROTOCOLS[first].dataset != dataset.kind:
        st.caption(f"There are no published figures of {dataset.title} to stand beside; these are of other data.")
    name = st.selectbox(
        "Data and protocol",
        list(titles),
        index=list(titles).index(first) if f"{PAGE}.table" not in st.session_state else 0,
        format_func=titles.get,
        label_visibility="collapsed",
        key=f"{PAGE}.table",
        bind="query-params",
    )
    found = measured() or {}
    made = found.get("tables", {}).get(name)
    header, rows = table(PROTOCOLS[name], made, score)
    lines = [header, ["---", *["---:"] * (len(header) - 1)], *rows]
    with st.container(key="anomalies-table"):
        st.markdown("\n".join(f"| {' | '.join(line)} |" for line in lines))
    st.caption(told(PROTOCOLS[name], made, found))


def fitting(dataset: Dataset) -> str:
    """Name of the protocol that a dataset belongs to, or else of the first one."""
    held_out = len(normal_of(dataset)) > 1
    ranked = sorted(
        PROTOCOLS, key=lambda name: (PROTOCOLS[name].dataset != dataset.kind, PROTOCOLS[name].held_out != held_out)
    )
    return ranked[0]


def table(protocol: Protocol, made: dict[str, Any] | None, score: str) -> tuple[list[str], list[list[str]]]:
    """The table's first line, and the others.

    Args:
        protocol: Which classes are normal in each column.
        made: What was measured of it, or None.
        score: See `every_class`.
    """
    classes = DATASETS[protocol.dataset].classes
    header = ["AUROC", *classes, "mean"]
    default, rows = default_score(SCORES, one_kind=not protocol.held_out), []
    for name in dict.fromkeys((default, score, PLAIN, *TITLES)):
        if made and name in made["scores"]:
            row = made["scores"][name]
            title = SCORES[name].title if name in SCORES else TITLES[name]
            values = dict(zip(made["labels"], row["classes"], strict=True))
            spread = f" ± {row['spread']:.3f}" if row["spread"] is not None else ""
            some = f" of {len(values)}" if len(values) < len(classes) else ""
            cells = [f"{values[label]:.3f}" if label in values else NOTHING for label in range(len(classes))]
            cells.append(f"{row['mean']:.3f}{spread}{some}")
            bold = "**" if name == default else ""
            rows.append([f"{bold}{title}, here{bold}", *(f"{bold}{cell}{bold}" for cell in cells)])
    for reported in protocol.reported:
        told = [f"{value:.3f}" for value in reported.classes] or [NOTHING] * len(classes)
        rows.append([f"{reported.method}, reported", *told, f"{reported.mean:.3f}"])
    return header, rows


def told(protocol: Protocol, made: dict[str, Any] | None, found: dict[str, Any]) -> str:
    """What the table's figures are, and where they are from."""
    column = "held out, all others normal" if protocol.held_out else "normal, all others abnormal"
    sources = "; ".join(dict.fromkeys(plain(reported.source) for reported in protocol.reported))
    said = [f"Each column: that class {column}. Chance is 0.5.", f"Reported by: {sources}."]
    if made:
        seeds, classes = max(made["seeds"]), len(DATASETS[protocol.dataset].classes)
        said.append(f"Measured here on test images with the settings of `{found['preset']}`.")
        if seeds > 1:
            said.append(f"{seeds} trainings of each class; ± is the standard deviation over them.")
        if len(made["labels"]) < classes:
            some = len(made["labels"])
            said.append(
                f"A mean “of {some}” is over the {some} classes measured; what others report is over all {classes}."
            )
        said.append(f"`{found['command']}` makes it again.")
    else:
        said.append("Nothing of this has been measured in this lab yet: `python -m benchmarks.anomaly` does it.")
    if protocol.dataset == "cifar10":
        said.append(
            "Near chance, here and elsewhere: how well pixels come back depends on the background, sky or leaves, more "
            "than on what stands before it."
        )
    return " ".join(said)
