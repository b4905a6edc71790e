"""What the Anomalies page says, and the three ways to see it fail."""

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from aecore.models.dense import Dense
from aecore.presets import PRESETS
from aecore.recipe import Recipe
from pages.ui.anomalies_found import Found
from pages.ui.anomalies_normal import PAGE
from pages.ui.anomalies_setup import set_up
from pages.ui.frame import plain

PLAIN = PRESETS["dense-mnist-no9"].recipe  # the published network: what goes wrong shows best on it
LEAK = 0.1
EXPLANATION = """
The network has learned to give back **normal** images only. What it has never seen it gives back badly, or its code
lies where no normal image's code lies: both can be measured, and make a **score**; higher is more abnormal. A
**threshold** turns the score into a decision. It is set on normal images that were held out from training, so that a
chosen share of them passes. No abnormal image has any part in training, in the choice of the score, or in the default
threshold.

**AUROC** is the chance that an abnormal image scores higher than a normal one: 1 is perfect, 0.5 is guessing. The
interval beside it is where 95 % of the areas lie when the test images are drawn again (bootstrap). **Average
precision** is the mean precision over all recalls; guessing gives the share of abnormal images. **ROC** and
**precision–recall** show every threshold at once; the dot is the one that you have set.
"""


@dataclass(frozen=True)
class Failure:
    """A way to make a detector fail.

    Args:
        title: What is done.
        why: What happens, in a sentence.
        recipe: Makes the recipe that shows it.
    """

    title: str
    why: str
    recipe: Callable[[], Recipe]


FAILURES = {
    "copies": Failure(
        "A code as large as the image",
        "With 784 numbers for 784 pixels there is nothing to leave out: the network copies what it has never seen too, "
        "and the error no longer tells a 9 from the rest.",
        lambda: Recipe(
            PLAIN.dataset,
            model=Dense(widths=(784,), latent_dim=784, linear_code=True),
            fit=PLAIN.fit.replace(epochs=10),
        ),
    ),
    "leak": Failure(
        "Anomalies among the training images",
        f"Let {LEAK:.0%} of the training images be nines that nobody noticed: the network learns them as well, and "
        "their scores move in among the normal ones.",
        lambda: PLAIN.setting("dataset.leak", LEAK),
    ),
    "simple": Failure(
        "Digit 1 held out",
        "A 1 is simpler than everything that was learned: it is reconstructed better than most normal digits, and the "
        "squared error calls it the most normal of all.",
        lambda: PLAIN.setting("dataset.normal_classes", (0, 2, 3, 4, 5, 6, 7, 8, 9)),
    ),
}


def failures() -> None:
    """Three recipes that go wrong, each with a sentence and a button that sets it up."""
    st.subheader("See it fail", anchor=False)
    with st.grid("auto", min_column_width=250, gap="medium"):
        for name, failure in FAILURES.items():
            with st.container(border=True, height="stretch"):
                st.markdown(f"**{failure.title}**")
                st.caption(failure.why)
                st.button(
                    "Set it up", key=f"{PAGE}.fail.{name}", icon=":material/science:", on_click=_fail, args=(name,)
                )


def _fail(name: str) -> None:
    set_up(FAILURES[name].recipe())


def explanation(found: Found) -> None:
    """What the page shows, and every score in a sentence."""
    st.markdown(EXPLANATION)
    titles, sentences = found.value["titles"], found.value["explanations"]
    st.markdown("\n".join(f"- **{plain(titles[name])}.** {plain(sentences[name])}" for name in found.names))
