"""Restoring: the lab's networks beside classical methods, on the same test pictures with the same damage, in one run.

    python -m benchmarks.restoring [TASK-SUBJECT …] [--count 16]      (from the project's root)

AECORE_DATA names the folder with the data. Prints, for every strength, the mean PSNR of what was given and of every
answer (of the hole alone, where there is one), and how many megapixels a second each method gives on this machine.
Classical methods are told the strength of the damage or where the hole is; the networks are not. What `denoise-photos`
is measured on are crops of photographs that it did not learn from, of the same collections as those it learned from;
their figures are no figures of CBSD68.
"""

import argparse
import os
from functools import partial

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

from aecore.classical import methods
from aecore.metrics import finite_mean
from aecore.restorers import SUBJECTS, TASKS, offered, restorers
from aecore.restoring import strengths
from aecore.training.backend import device, prepare
from aecore.worker.restoring import by_methods, by_network, damaged, pool_of, quality, some

REPORTED = {  # strengths for which others give figures; otherwise every third stop
    ("denoise", "mnist"): (0.25, 0.4, 0.5),
    ("denoise", "fashion"): (0.25, 0.4, 0.5),
    ("denoise", "photos"): (15 / 255, 25 / 255, 50 / 255),
    ("fill", "faces"): (16, 28, 40),
}
SEED = 0


def measured(task: str, subject: str, count: int) -> None:
    """Prints one table."""
    ours = [item for item in restorers(task, subject) if item.run is not None]
    known = strengths(task, subject)
    usual = [known.strength(stop) for stop in known.stops[1::3]] if known else [None]
    pool = pool_of(restorers(task, subject)[0].recipe.dataset)
    images = pool.images[some(pool, count, SEED)]
    rows: dict[str, list[float | None]] = {"given": []}
    pace: dict[str, float] = {}
    chosen = REPORTED.get((task, subject), usual)
    for strength in chosen:
        pictures = damaged(images, task, subject, strength, SEED)
        kind = "psnr" if pictures.hole is None else "hole_psnr"
        rows["given"].append(finite_mean(quality(pictures, pictures.as_clean)[kind]))
        found = [(item.name, *by_network(item.run, pictures)) for item in ours]
        for name, answers, seconds in found + by_methods(task, pictures, lambda: None):
            rows.setdefault(name, []).append(finite_mean(quality(pictures, answers)[kind]))
            pace[name] = images.shape[1] * images.shape[2] / 1e6 / max(seconds, 1e-9)
    size = f"{images.shape[2]} × {images.shape[1]} px"
    print(f"\n{TASKS[task]}, {SUBJECTS[subject].lower()}: {len(images)} pictures of {size}; {pool.source}")
    said = [known.said(strength) if known else "–" for strength in chosen]
    print(f"  {'PSNR in dB':<26}" + "".join(f"{text:>16}" for text in said) + f"{'MP/s':>10}")
    show = partial("{:.2f}".format)
    for name, values in rows.items():
        cells = "".join(f"{'–' if value is None else show(value):>16}" for value in values)
        print(f"  {name:<26}{cells}{show(pace[name]) if name in pace else '':>10}", flush=True)
    if not methods(task):
        print("  There is no classical method for this.")


def main() -> None:
    pairs = {f"{task}-{subject}": (task, subject) for subject in SUBJECTS for task in offered(subject)}
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("names", nargs="*", metavar="TASK-SUBJECT", help=f"of {', '.join(pairs)}; all by default")
    options.add_argument("--count", type=int, default=16, help="pictures of each kind")
    chosen = options.parse_args()
    if unknown := set(chosen.names) - set(pairs):
        options.error(f"there are {', '.join(pairs)}; received {', '.join(sorted(unknown))}")
    prepare()
    print(device())
    for name in chosen.names or pairs:
        measured(*pairs[name], chosen.count)


if __name__ == "__main__":
    main()
