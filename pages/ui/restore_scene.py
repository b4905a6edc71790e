"""What the page on restoring looks at: pictures, a damage and its strength, and what undoes it."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import streamlit as st

from aecore.classical import Method, methods
from aecore.errors import NotAtHand, RequestError
from aecore.presets import PRESETS
from aecore.restorers import SUBJECTS, TASKS, Restorer, offered
from aecore.restoring import by_run, networks, strengths, title
from pages.ui import lab
from pages.ui.frame import link

PAGE = "restore"
SECTIONS = {"lab": "The lab’s pictures", "draw": "Draw", "own": "Your photograph"}
DRAWN = ("mnist",)  # kinds of picture that can be drawn
BROUGHT = ("photos", "faces")  # and brought
ANYWHERE = {"photos": ("fill",)}  # what is done without a network to a person's own picture only
OWN_STRENGTHS = ("denoise", "deblur")  # damages that a person's own picture can be given, to see them undone
STRENGTH_LABELS = {"denoise": "Noise", "deblur": "Blur", "fill": "Side of the hole"}
MOST_SEEDS = 1000
HELP = {
    "strength": "Networks were trained up to some strength, or on one; beyond it they show what they never learned.",
    "beside": "Other networks, and methods that learn nothing, on the same pictures.",
    "seed": "Another number takes other pictures, and other noise or another place for the hole.",
    "difference": "What is wrong with each answer: blue where it is too dark, brown where it is too bright.",
    "misfit": "The answer damaged again, less what was given. Where this is not nothing, the answer does not fit what "
    "was given: there it was invented.",
}


@dataclass(frozen=True)
class Scene:
    """What is looked at.

    Args:
        task: A key of `TASKS`.
        subject: A key of `SUBJECTS`.
        strength: Of the damage; None where it has none.
        seed: Which pictures, and which noise.
        networks: All networks for it, trained or not; the lab's own first.
        beside: Names of the networks and methods that are shown beside the first one.
        difference: Whether differences are shown.
        misfit: Whether it is shown where answers do not fit what was given.
    """

    task: str
    subject: str
    strength: float | None
    seed: int
    networks: tuple[Restorer, ...]
    beside: tuple[str, ...] = ()
    difference: bool = False
    misfit: bool = False

    @property
    def lab(self) -> Restorer:
        """The lab's own network for this, trained or not."""
        return self.networks[0]

    @property
    def trained(self) -> list[Restorer]:
        """The networks that are trained."""
        return [item for item in self.networks if item.run]

    @property
    def keys(self) -> list[str]:
        """The keys of their runs."""
        return [item.run.key for item in self.trained]

    @cached_property
    def methods(self) -> list[Method]:
        """The classical methods."""
        return methods(self.task)

    @property
    def stop(self) -> float | None:
        """The strength as people say it."""
        known = strengths(self.task, self.subject)
        return None if known is None else known.stop(self.strength)

    @property
    def said(self) -> str:
        """The strength for people; empty where there is none."""
        known = strengths(self.task, self.subject)
        return "" if known is None else known.said(self.strength)

    @property
    def damage(self) -> dict[str, Any]:
        """What is done to which pictures, among a job's arguments."""
        return {"task": self.task, "subject": self.subject, "strength": self.strength, "seed": self.seed}

    @cached_property
    def data(self) -> dict[str, Any] | None:
        """Which data is at hand, likewise; None for none."""
        try:
            return self.lab.recipe.dataset.resolve().to_json()
        except NotAtHand:
            return None

    def title_of(self, name: str) -> str:
        """What a network, by its run's key, or a method is called."""
        for item in self.trained:
            if item.run.key == name:
                return title(item) if item.name in PRESETS else f"{title(item)} · {name[:6]}"
        return next((method.title for method in self.methods if method.name == name), name)


def opened() -> None:
    """Sets the controls to the run that the address asks for, once."""
    key = st.query_params.get("run")
    if not key or st.session_state.get(f"{PAGE}.opened") == key:
        return
    run = lab.run(key)
    if run is None:  # said for as long as the address asks for it
        raise RequestError(f"There is no run {key}; it may have been deleted. Train it again, or open another.")
    restorer = by_run(run)
    if restorer is None:
        link("explore/train", "Open it on the page where it was trained", icon=":material/arrow_forward:", run=key)
        raise RequestError("This network undoes a damage that is not offered here, or on pictures that are not.")
    place = f"{PAGE}.{restorer.subject}"
    st.session_state[f"{PAGE}.opened"] = key
    st.session_state[f"{PAGE}.subject"] = restorer.subject
    st.session_state[f"{place}.task"] = restorer.task
    known, trained = strengths(restorer.task, restorer.subject), restorer.trained_strength
    if known and trained is not None and not restorer.blind:
        st.session_state[f"{place}.{restorer.task}"] = known.stop(trained)
    st.session_state[f"{place}.{restorer.task}.opened"] = key


def subject_and_section(body: Any) -> tuple[str, str]:
    """Draws the choice of pictures where it is called, and that of a section in `body`."""
    subject = st.pills(
        "Pictures", list(SUBJECTS), default=next(iter(SUBJECTS)), format_func=SUBJECTS.get, key=f"{PAGE}.subject",
        required=True, bind="query-params",
    )  # fmt: skip
    able = [name for name in SECTIONS if _able(name, subject)]
    with body:
        if len(able) == 1:
            return subject, able[0]
        section = st.segmented_control(
            "Section", able, default=able[0], format_func=SECTIONS.get, key=f"{PAGE}.{subject}.section", required=True,
            label_visibility="collapsed", bind="query-params",
        )  # fmt: skip
    return subject, section


def _able(section: str, subject: str) -> bool:
    if section == "own":
        return subject in BROUGHT
    return section == "lab" or subject in DRAWN


def controls(subject: str, section: str) -> Scene:
    """Draws the choice of a damage, of its strength and of what is shown."""
    tasks = [*offered(subject), *(ANYWHERE.get(subject, ()) if section == "own" else ())]
    tasks = [task for task in TASKS if task in tasks]
    key = f"{PAGE}.{subject}.task" if section != "own" else f"{PAGE}.{subject}.own"
    task = st.selectbox("What to undo", tasks, format_func=TASKS.get, key=key, bind="query-params")
    if section == "own":
        known = task in OWN_STRENGTHS and task in offered(subject)
        return Scene(task, subject, strength(task, subject) if known else None, 0, ())
    made = Scene(task, subject, strength(task, subject), _seed(section), tuple(networks(task, subject)))
    return _beside(made)


def strength(task: str, subject: str) -> float | None:
    """Draws the slider of a damage's strength; None where it has none."""
    known = strengths(task, subject)
    if known is None:
        return None
    unit = f" {known.label}" if known.label else ""
    label = f"{STRENGTH_LABELS[task]}{unit}{f', {known.unit}' if known.unit else ''}"
    kind = int if all(float(value).is_integer() for value in (known.first, known.last, known.step)) else float
    stop = st.slider(
        label, kind(known.first), kind(known.last), kind(known.usual), kind(known.step), key=f"{PAGE}.{subject}.{task}",
        help=HELP["strength"], bind="query-params",
    )  # fmt: skip
    return known.strength(stop)


def _seed(section: str) -> int:
    """Draws the number of the choice of pictures, or only of the noise."""
    label = "Choice of pictures" if section == "lab" else "Throw of the dice"
    return int(
        st.number_input(label, 0, MOST_SEEDS - 1, 0, 1, key=f"{PAGE}.seed", help=HELP["seed"], bind="query-params")
    )


def _beside(scene: Scene) -> Scene:
    """Draws what is shown beside the first network, and with which maps."""
    names = [*scene.keys[1:], *(method.name for method in scene.methods)]
    place = f"{PAGE}.{scene.subject}.{scene.task}"
    others = [*scene.keys[1:2], *(method.name for method in scene.methods[:1])]
    asked = st.session_state.pop(f"{place}.opened", None)
    if asked in names:
        st.session_state[f"{place}.beside"] = [asked, *(name for name in others if name != asked)]
    beside: list[str] = []
    if names:
        beside = st.pills(
            "Beside it", names, selection_mode="multi", default=others, format_func=scene.title_of,
            key=f"{place}.beside", help=HELP["beside"], bind="query-params",
        )  # fmt: skip
    if scene.task == "colour":
        st.caption("No classical method gives a grey picture its colours: there is nothing to set beside the network.")
    difference = st.toggle("Differences", key=f"{PAGE}.difference", help=HELP["difference"], bind="query-params")
    misfit = st.toggle("What was invented", key=f"{PAGE}.misfit", help=HELP["misfit"], bind="query-params")
    return Scene(
        scene.task, scene.subject, scene.strength, scene.seed, scene.networks, tuple(beside or ()), difference, misfit
    )
