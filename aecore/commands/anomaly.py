"""The command about anomalies."""

import argparse
from contextlib import closing

from aecore.commands.answer import Answer, run_named, work
from aecore.engine import LocalEngine


def anomaly(options: argparse.Namespace) -> Answer:
    """Says how well each score of a finished run tells abnormal images from normal ones."""
    run = run_named(options.run_name)
    with closing(LocalEngine()) as engine:
        value = work(engine, "anomaly", {"key": run.key})
    value = {**value, "stored": bool(value.get("stored"))}
    data = value["data"]
    origin = f"{run.key}  {run.name}, {data['description']}{', stored with the run' if value['stored'] else ''}"
    sides = (("normal", value["n_normal"]), ("abnormal", value["n_anomalous"]))
    counts = [f"{count:,} {side} ({', '.join(data[f'{side}_classes']) or 'no classes'})" for side, count in sides]
    rows = [
        f"{value['titles'][name]:<32} {row['auroc']:.3f} ({row['auroc_low']:.3f}–{row['auroc_high']:.3f})"
        f" {row['average_precision']:>10.3f} {row['threshold']:>12.4g}{'  default' if name == value['default'] else ''}"
        for name, row in value["scores"].items()
    ]
    head = f"{'score':<32} {'AUROC (95 % interval)':<21} {'average precision':>5} {'threshold':>7}"
    return Answer(value, "\n".join([origin, " against ".join(counts), "", head, *rows, "", value["threshold_from"]]))
