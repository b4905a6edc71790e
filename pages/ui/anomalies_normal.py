"""What counts as normal: in words, as simple choices, and refused where nothing would be left to be abnormal."""

import contextlib
from collections import Counter
from typing import Any

import streamlit as st

from aecore.datasets import DATASETS, Dataset
from aecore.datasets.collection import Collection
from aecore.datasets.collection.disk import read_index
from aecore.errors import RequestError

PAGE = "anomalies"
OUT, ONLY = "Hold one class out", "One class is normal"
FOLDERS = (
    "Put your normal pictures into a folder “normal”, others into a folder “abnormal”, and bring both in one zip. "
    "Nothing is learned from the others."
)


def normal_of(dataset: Dataset) -> tuple[str, ...]:
    """Names of the classes that count as normal; empty where all do, or there are no classes."""
    if isinstance(dataset, Collection):
        return tuple(dataset.normal.split(", ")) if dataset.normal else ()
    return tuple(dataset.classes[number] for number in getattr(dataset, "normal_classes", ()))


def classes_of(dataset: Dataset) -> tuple[str, ...]:
    """Names of all classes; those of a person's own images are their folders."""
    if isinstance(dataset, Collection):
        return tuple((read_index(dataset.digest) or {}).get("classes", ())) if dataset.digest else ()
    return dataset.classes


def said(dataset: Dataset) -> str:
    """Which classes are normal, in words: "9 held out", "only 3 is normal"."""
    normal = normal_of(dataset)
    out = [name for name in classes_of(dataset) if name not in normal]
    leaked = f", {dataset.leak:.0%} leaked in" if getattr(dataset, "leak", 0) else ""
    if not normal:
        return "every class is normal"
    if len(normal) == 1:
        return f"only “{normal[0]}” is normal{leaked}"
    if len(out) == 1:
        return f"“{out[0]}” held out{leaked}"
    return f"{', '.join(normal)} are normal{leaked}"


def refusal(dataset: Dataset) -> str:
    """Why nothing could be abnormal in a dataset: it has no classes, or all of them are normal. Else empty."""
    own, classes, normal = isinstance(dataset, Collection), classes_of(dataset), normal_of(dataset)
    if not classes and not own:
        return (
            f"{dataset.title} has no classes of which one could be held out. Choose other data (“Faces and "
            "non-faces” has some), or bring your own images in two folders, “normal” and “abnormal”."
        )
    if classes and (not normal or set(classes) <= set(normal)):
        return (
            f"The normal set holds every class ({', '.join(classes)}), so nothing is left to be abnormal. Take at "
            "least one class out of it."
        )
    return ""


def at_first() -> None:
    """Holds a class out of data that the form shows for the first time: else everything would be normal."""
    kind = st.session_state.get(f"{PAGE}.dataset") or _linked()
    if kind == Collection.kind:
        _folders_at_first()
    elif kind in DATASETS and "normal_classes" in DATASETS[kind].params():
        key = f"{PAGE}.{kind}.normal_classes"
        if key not in st.session_state and key not in st.query_params:
            st.session_state[key] = list(range(len(DATASETS[kind].classes) - 1))


def _linked() -> str | None:
    """Kind of the data that the address names, which calls it by its title; the form has not read it yet."""
    title = st.query_params.get(f"{PAGE}.dataset")
    return next((kind for kind, part in DATASETS.items() if part.title == title), None)


def _folders_at_first() -> None:
    """Takes the folder “normal” of images that were just brought to be it, or else the one with most images."""
    keys = {name: f"{PAGE}.{Collection.kind}.{name}" for name in ("digest", "normal")}
    coming = st.session_state.get(f"{PAGE}.later", {})
    digest = coming.get(keys["digest"], st.session_state.get(keys["digest"]))
    if not digest or st.session_state.get(f"{PAGE}.begun") == digest:
        return
    st.session_state[f"{PAGE}.begun"] = digest
    with contextlib.suppress(RequestError):  # the form says what is wrong with it
        index = read_index(digest) or {"classes": []}
        if index["classes"] and not st.session_state.get(keys["normal"], st.query_params.get(keys["normal"])):
            sizes = Counter(index["classes"][row["label"]] for row in index["images"])
            most = max(sizes, key=lambda name: (name.lower() == "normal", sizes[name]))
            st.session_state[keys["normal"]] = most


def choices(dataset: Dataset) -> None:
    """Simple ways to say which classes are normal; they set the form's own settings."""
    if isinstance(dataset, Collection):
        _folders(dataset)
    elif "normal_classes" in dataset.params():
        _classes(dataset)


def _folders(dataset: Collection) -> None:
    classes, key = classes_of(dataset), f"{PAGE}.folders"
    if not classes:
        st.caption(FOLDERS)
        return
    st.session_state[key] = [name for name in normal_of(dataset) if name in classes]
    st.pills("Normal folders", classes, selection_mode="multi", key=key, on_change=_set_folders)


def _set_folders() -> None:
    chosen = sorted(st.session_state[f"{PAGE}.folders"])
    st.session_state[f"{PAGE}.{Collection.kind}.normal"] = ", ".join(chosen)


def _classes(dataset: Dataset) -> None:
    normal = normal_of(dataset)
    out = [name for name in dataset.classes if name not in normal]
    kind = ONLY if len(normal) == 1 else OUT if len(out) == 1 else None
    none = None if len(dataset.classes) == 2 else dataset.classes[-1]
    one = normal[0] if kind == ONLY else out[0] if kind == OUT else none
    st.session_state.update({f"{PAGE}.protocol": kind, f"{PAGE}.class": one, f"{PAGE}.leak": dataset.leak})
    options: dict[str, Any] = {"on_change": _set_classes, "args": (dataset.kind,)}
    if len(dataset.classes) == 2:  # to hold one out is to learn the other
        st.radio("What is normal", dataset.classes, index=None, key=f"{PAGE}.class", horizontal=True, **options)
    else:
        st.radio("What is normal", [OUT, ONLY], index=None, key=f"{PAGE}.protocol", **options)
        st.selectbox("Which class", dataset.classes, key=f"{PAGE}.class", disabled=kind is None, **options)
    leak = dataset.params()["leak"]
    st.slider(
        leak.label,
        float(leak.low),
        float(leak.high),
        step=leak.step,
        format="percent",
        help=leak.help,
        key=f"{PAGE}.leak",
        on_change=_set_leak,
        args=(dataset.kind,),
    )


def _set_classes(kind: str) -> None:
    classes = DATASETS[kind].classes
    chosen = classes.index(st.session_state[f"{PAGE}.class"])
    only = len(classes) == 2 or st.session_state[f"{PAGE}.protocol"] == ONLY
    others = [number for number in range(len(classes)) if number != chosen]
    st.session_state[f"{PAGE}.{kind}.normal_classes"] = [chosen] if only else others


def _set_leak(kind: str) -> None:
    st.session_state[f"{PAGE}.{kind}.leak"] = st.session_state[f"{PAGE}.leak"]
