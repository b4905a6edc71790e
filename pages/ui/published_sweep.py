"""The sweep that belongs to a system: its published table of trials, and ours as pictures."""

from typing import Any

import numpy as np
import streamlit as st

from aecore.figures.matrix import Entry, matrix
from aecore.figures.pictures import data_uri
from aecore.fit import LOSSES
from aecore.metrics import format_psnr
from aecore.presets import PRESETS
from aecore.published import spelled
from aecore.recipe import Recipe
from aecore.sweeps import SWEEPS, Swept, swept
from pages.ui.published import TABLE, Found

SEEN = 3.0  # levels of 256 that one can see, on average over a picture
OF = ("a face", "the same face mirrored, with another hole", "a cat's face")


def sweep(found: Found) -> None:
    """Learning rate, optimiser and loss: what came of each combination."""
    system = found.system
    if not system.trials:
        return
    st.subheader("Learning rate, optimiser and loss", anchor=False)
    result = swept(system.slug) if system.slug in SWEEPS and system.slug in PRESETS else None
    if result:
        _ours(result)
    st.markdown("**As published.** Losses and accuracies of training images.")
    st.table([_trial(trial) for trial in system.trials], **TABLE)


def _trial(trial: Any) -> dict[str, str]:
    return {
        "Optimiser": trial.optimizer,
        "Learning rate": f"{trial.learning_rate:g}",
        "Loss": LOSSES[trial.kind],
        "Epochs": str(trial.epochs),
        "Batch": str(trial.batch),
        "Training loss": f"{trial.loss:.4f}",
        "Training accuracy": spelled(trial.accuracy, "share"),
    }


def _ours(result: Swept) -> None:
    told, kept, sweep = result.told, result.pictures(), SWEEPS[result.told["name"]]
    made = [cell for cell in result.cells if "failed" not in cell]
    best = min(made, key=lambda cell: cell["mse"])
    given = [_entry({}, kept[name], False, said) for name, said in (("clean", "original"), ("inputs", "with the hole"))]
    st.html(matrix("", ["", ""], [("Asked about", "", given)]))
    columns = [f"{rate:g}" for rate in dict(sweep.grid)["fit.learning_rate"]]
    st.html(matrix("Learning rate", columns, _rows(result.cells, kept["outputs"], len(columns), best)))
    _remarks(made)
    fit, seconds = sweep.base.fit, sum(cell["seconds"] for cell in made)
    st.caption(
        f"PSNR of the whole picture and of the hole, on {told['test']} test faces; the input has "
        f"{format_psnr(best['input_psnr'])}. Each of the {len(result.cells)} was trained on {told['train']:,} faces "
        f"for {fit.epochs} epochs in batches of {fit.batch_size}, {told['num_steps']} steps: enough to tell settings "
        f"apart, far from the published budget. All took {seconds / 60:.0f} min on {told['device']}. The pictures are "
        "public-domain photographs; the faces may not be passed on."
    )
    with st.expander("All figures of the sweep", icon=":material/table_rows:"):
        st.table([_figures(cell) for cell in result.cells], **TABLE)
        st.caption("Losses of training, of validation and of test images apart; cross-entropy and squared error cannot "
                   "be compared, so the squared error of the test images stands beside them.")  # fmt: skip


def _rows(cells: list[dict], outputs: np.ndarray, across: int, best: dict) -> list[tuple[str, str, list[Entry]]]:
    """A row for each loss and optimiser, with a cell for each of `across` learning rates."""
    rows = []
    for start in range(0, len(cells), across):
        fit = Recipe.from_json(cells[start]["recipe"]).fit
        numbers = range(start, start + across)
        entries = [_entry(cells[number], outputs[number], cells[number] is best) for number in numbers]
        rows.append((fit.params()["optimizer"].choices[fit.optimizer], LOSSES[fit.loss], entries))
    return rows


def _remarks(made: list[dict[str, Any]]) -> None:
    """What accuracy says of all of them, and what PSNR does."""
    (low, high), (worst, finest) = (
        [pick(cell[name] for cell in made) for pick in (min, max)] for name in ("accuracy", "psnr")
    )
    st.markdown(
        f"Accuracy lies between {spelled(low, 'share')} and {spelled(high, 'share')} for all of them, whether they "
        f"answer with a face or with one colour; PSNR lies between {format_psnr(worst)} and {format_psnr(finest)}."
    )


def _entry(cell: dict[str, Any], pictures: Any, best: bool, said: str = "") -> Entry:
    if "failed" in cell:
        return Entry((), "failed", [cell["failed"]])
    shown = [(data_uri(picture), f"{said or 'answer'}, {what}") for picture, what in zip(pictures, OF, strict=True)]
    if said:
        return Entry(shown, said)
    notes = [
        f"hole {format_psnr(cell['hole_psnr'])}, SSIM {cell['ssim']:.2f}",
        f"loss {cell['train_loss']:.3g}, held out {cell['val_loss']:.3g}",
        f"accuracy {spelled(cell['accuracy'], 'share')}",
    ]
    if says_the_same(pictures):
        notes.append("one answer to every picture")
    return Entry(shown, format_psnr(cell["psnr"]), notes, best)


def says_the_same(pictures: np.ndarray) -> bool:
    """Whether a network answers every picture (N, H, W, C) uint8 alike, as far as one can see."""
    return bool(np.ptp(pictures.astype(np.int16), axis=0).mean() < SEEN)


def _figures(cell: dict[str, Any]) -> dict[str, str]:
    fit = Recipe.from_json(cell["recipe"]).fit
    named = {
        "Loss": LOSSES[fit.loss],
        "Optimiser": fit.params()["optimizer"].choices[fit.optimizer],
        "Rate": f"{fit.learning_rate:g}",
    }
    if "failed" in cell:
        return {**named, **dict.fromkeys(("Training", "Held out", "Test", "Squared error", "PSNR", "Hole"), "–"),
                "Accuracy": cell["failed"], "Seconds": "–"}  # fmt: skip
    losses = {"Training": cell["train_loss"], "Held out": cell["val_loss"], "Test": cell["loss"],
              "Squared error": cell["mse"]}  # fmt: skip
    return {
        **named,
        **{name: f"{value:.4f}" for name, value in losses.items()},
        "PSNR": format_psnr(cell["psnr"]),
        "Hole": format_psnr(cell["hole_psnr"]),
        "Accuracy": spelled(cell["accuracy"], "share"),
        "Seconds": f"{cell['seconds']:.0f}",
    }
