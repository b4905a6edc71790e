"""The command line: `python -m aecore COMMAND`.

With `--json` one JSON value goes to stdout and nothing else; progress goes to stderr. Exit status: 0 done, 1 it failed,
2 the request was wrong.
"""

import argparse
import io
import json
import os
import sys
from collections.abc import Callable

from aecore.commands import anomaly, batch, lab, latent, photos, restore
from aecore.commands import upscale as enlarging
from aecore.commands.answer import Answer
from aecore.corruptions import WAYS
from aecore.errors import LabError, RequestError


class _Parser(argparse.ArgumentParser):
    """Says in one sentence what is wrong, as the rest of the lab does."""

    def error(self, message: str) -> None:
        raise RequestError(f"{message[:1].upper()}{message[1:]}. `{self.prog} --help` shows how it is used.")


def _name(text: str) -> str:
    """The name of a file or folder; an empty one, as of a variable that is not set, would be the folder one is in."""
    if not text:
        raise argparse.ArgumentTypeError("received an empty name; a file or a folder is expected, '.' for this one")
    return text


def parser() -> argparse.ArgumentParser:
    """The commands and their options."""
    root = _Parser(prog="python -m aecore", description="Autoencoder Lab on the command line.")
    verbs = root.add_subparsers(dest="command", required=True, parser_class=_Parser, metavar="COMMAND")

    def verb(name: str, run: Callable[[argparse.Namespace], Answer], help: str) -> argparse.ArgumentParser:
        added = verbs.add_parser(name, help=help, description=help)
        added.add_argument("--json", action="store_true", help="print one JSON value on stdout")
        added.set_defaults(run=run)
        return added

    verb("presets", lab.presets, "List the recipes that ship with the lab.")
    train = verb("train", lab.train, "Train a recipe, or show the run that is there already.")
    params = verb("params", lab.params, "Count the parameters of a recipe's network, layer by layer.")
    verb("runs", lab.runs, "List the finished runs.")
    show = verb("show", lab.show, "Show a finished run.")
    unseen = verb("anomaly", anomaly.anomaly, "Say how well a finished run tells what it has never seen.")
    code = verb("latent", latent.latent, "Say what the code of a finished run is worth.")
    mend = verb("restore", restore.restore, "Restore photographs; those that are there already are left out.")
    upscale = verb("upscale", enlarging.upscale, "Enlarge photographs; those that are there already are left out.")
    measure = verb("evaluate-sr", photos.evaluate_sr, "Measure an enlarger on a folder of photographs.")
    collect = verb("collect", lab.collect, "Import images of one's own as a collection.")
    verb("doctor", lab.doctor, "Show versions, device, memory, and where each dataset would come from.")
    for taking in (train, params):
        taking.add_argument("recipe", help="a preset's name, the path of a recipe.json, or a run's key")
        taking.add_argument("--set", action="append", default=[], metavar="part.field=value", help="change one setting")
    train.add_argument("--fetch", action="store_true", help="download the dataset's public files first, if needed")
    for reading in (show, unseen, code):
        reading.add_argument("run_name", metavar="KEY|PRESET", help="a run's key, or a preset's name")
    mend.add_argument("--task", required=True, choices=restore.TASKS, help="what is wrong with them")
    mend.add_argument("--mask", metavar="FILE", help="for fill: a picture of the same size, white where it is missing")
    mend.add_argument("--faces", action="store_true", help=f"for {restore.FOR_FACES}: each picture is one aligned face")
    for taking in (mend, upscale):
        taking.add_argument("images", nargs="+", type=_name, metavar="IMAGE", help="photographs, or folders of them")
        taking.add_argument("-o", "--output", required=True, type=_name, metavar="FOLDER", help="where the results go")
        taking.add_argument("--format", choices=batch.FORMATS, default=batch.SAME, help="of the results")
        taking.add_argument("--quality", type=int, default=92, help="1 to 100, for JPEG and WebP (92)")
        taking.add_argument("--strength", type=float, default=1.0, help="share of the result, 0 to 1 (1)")
        taking.add_argument("--keep-location", action="store_true", help="keep where a photograph was taken")
    upscale.add_argument("--scale", type=int, default=2, help="1, 2 (the default), 3 or 4 times as wide")
    upscale.add_argument("--width", type=int, metavar="PX", help="shrink the result to this width")
    upscale.add_argument("--photo", action="store_true", help="for photographs with noise or traces of JPEG")
    upscale.add_argument("--ensemble", action="store_true", help="the mean over eight views, eight times as long")
    measure.add_argument("folder", type=_name, metavar="FOLDER", help="the folder with the photographs")
    measure.add_argument("--scale", type=int, default=2, help="2 (the default), 3 or 4")
    measure.add_argument("--way", choices=WAYS, default="bicubic", help="how the photographs are shrunk")
    for choosing in (upscale, measure):
        choosing.add_argument("--model", help="balanced (the default), fast, best, photo, bicubic…")
    collect.add_argument("source", type=_name, metavar="FOLDER|ZIP", help="a folder of images, or a zip of them")
    collect.add_argument("--pairs", action="store_true", help="pairs named in image_data.csv (low_res, high_res)")
    return root


def main(arguments: list[str] | None = None) -> int:
    """Runs one command; returns the exit status."""
    if isinstance(sys.stdout, io.TextIOWrapper):  # names of files may be anything
        sys.stdout.reconfigure(errors="backslashreplace")
    wants_json = "--json" in (sys.argv[1:] if arguments is None else arguments)
    try:
        chosen = parser().parse_args(arguments)
        answer = chosen.run(chosen)
    except RequestError as error:
        print(error, file=sys.stderr)
        return 2
    except LabError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Stopped.", file=sys.stderr)
        return 1
    try:
        print(json.dumps(answer.value, allow_nan=False) if wants_json else answer.text, flush=True)
    except BrokenPipeError:  # whoever read it has seen enough, as in `| head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return answer.status


if __name__ == "__main__":
    sys.exit(main())
