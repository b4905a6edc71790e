"""`python -m aecore restore`: files in, files out, and what is said of them."""

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from aecore.datasets.photos import public_domain_photographs
from aecore.images import png
from aecore.presets import PRESETS
from tests.enlarging import finished_run

ROOT = Path(__file__).parent.parent
CAT = public_domain_photographs()[0]
CROP = np.ascontiguousarray(CAT[60:120, 120:200])  # 60 × 80
HOLE = (slice(20, 30), slice(40, 60))


@pytest.fixture
def lab(home):
    environment = {**os.environ, "AECORE_HOME": str(home)}

    def run(*arguments):
        command = [sys.executable, "-m", "aecore", *map(str, arguments)]
        return subprocess.run(
            command, capture_output=True, text=True, cwd=ROOT, env=environment, timeout=600, check=False
        )

    return run


@pytest.fixture
def mask(tmp_path):
    white = np.zeros((*CROP.shape[:2], 1), np.uint8)
    white[HOLE] = 255
    path = tmp_path / "mask.png"
    path.write_bytes(png(white))
    return path


@pytest.fixture
def album(tmp_path):
    """A folder with photographs, one of them damaged, one deeper down."""
    folder = tmp_path / "album"
    (folder / "deeper").mkdir(parents=True)
    (folder / "a.png").write_bytes(png(CROP))
    buffer = io.BytesIO()
    Image.fromarray(CROP).save(buffer, "JPEG", quality=95)
    (folder / "b.jpg").write_bytes(buffer.getvalue())
    (folder / "broken.png").write_bytes(png(CAT)[:300])
    Image.fromarray(CROP).save(folder / "deeper" / "a.webp", lossless=True)
    (folder / "notes.txt").write_text("no picture")
    return folder


def test_a_folder_is_restored_and_one_bad_file_does_not_stop_the_rest(lab, album, mask, tmp_path):
    out, how = tmp_path / "out", ("--task", "fill", "--mask", mask)
    first = lab("restore", album, tmp_path / "nowhere.jpg", "-o", out, *how, "--json")
    assert first.returncode == 1 and "Traceback" not in first.stderr
    rows = json.loads(first.stdout)["files"]
    assert all(set(row) == {"input", "output", "status", "message", "seconds"} for row in rows)
    status = {Path(row["input"]).name: row["status"] for row in rows}
    assert status == {
        "a.png": "done",
        "b.jpg": "done",
        "broken.png": "failed",
        "a.webp": "done",
        "nowhere.jpg": "failed",
    }
    assert "damaged" in rows[2]["message"] and rows[2]["output"] is None and "no file" in rows[4]["message"]
    with Image.open(out / "a.png") as made:
        result = np.array(made)
    outside = np.ones(CROP.shape[:2], bool)
    outside[HOLE] = False
    np.testing.assert_array_equal(result[outside], CROP[outside])
    assert np.abs(result[HOLE].astype(int) - CROP[HOLE]).mean() > 0
    with Image.open(out / "b.jpg") as made:
        assert made.format == "JPEG" and made.size == (80, 60)

    (out / "a.png").unlink()
    Image.fromarray(CROP[::-1]).save(album / "b.jpg")
    again = lab("restore", album, "-o", out, *how, "--json")
    status = {Path(row["input"]).name: row["status"] for row in json.loads(again.stdout)["files"]}
    assert status == {"a.png": "done", "b.jpg": "done", "broken.png": "failed", "a.webp": "skipped"}


def test_a_network_restores_and_strength_blends(lab, album, tmp_path):
    finished_run(PRESETS["denoise-photos"].recipe, tmp_path)
    picture, made = album / "a.png", {}
    for strength in ("0", "0.5", "1"):
        out = tmp_path / strength
        answer = lab("restore", picture, "-o", out, "--task", "denoise", "--strength", strength, "--format", "png")
        assert answer.returncode == 0 and f"1 cleaned to {out}" in answer.stdout, answer.stderr
        with Image.open(out / "a.png") as result:
            made[strength] = np.array(result).astype(float)
    np.testing.assert_array_equal(made["0"], CROP)
    assert np.abs(made["1"] - CROP).max() > 0
    assert np.abs(made["0.5"] - (made["0"] + made["1"]) / 2).max() <= 0.51


@pytest.mark.parametrize(
    "arguments, words",
    [
        (["a.jpg", "-o", "out"], "--task"),
        (["a.jpg", "--task", "denoise"], "-o"),
        (["a.jpg", "-o", "out", "--task", "sharpen"], "invalid choice"),
        (["a.jpg", "-o", "out", "--task", "denoise", "--strength", "2"], "from 0 to 1; received 2"),
        (["a.jpg", "-o", "out", "--task", "denoise", "--strength", "nan"], "from 0 to 1"),
        (["a.jpg", "-o", "out", "--task", "colour", "--quality", "200"], "from 1 to 100"),
        (["a.jpg", "-o", "out", "--task", "fill"], "received none"),
        (["a.jpg", "-o", "out", "--task", "colour", "--mask", "README.md"], "one for --task colour"),
        (["a.jpg", "-o", "out", "--task", "fill", "--mask", "nowhere.png"], "no file 'nowhere.png'"),
        (["a.jpg", "-o", "out", "--task", "denoise", "--faces"], "fill or colour; received denoise"),
        (["tests/worker", "-o", "out", "--task", "fill", "--mask", "README.md"], "no pictures"),
    ],
    ids=" ".join,
)
def test_a_wrong_request_gets_a_sentence_and_status_2(lab, arguments, words):
    finished = lab("restore", *arguments)
    assert finished.returncode == 2 and finished.stdout == "" and "Traceback" not in finished.stderr
    assert words in finished.stderr


def test_a_photograph_is_never_replaced_by_its_result(lab, album, mask):
    before = (album / "a.png").read_bytes()
    finished = lab("restore", album / "a.png", "-o", album, "--task", "fill", "--mask", mask, "--json")
    (row,) = json.loads(finished.stdout)["files"]
    assert finished.returncode == 1 and row["status"] == "failed" and "itself" in row["message"]
    assert (album / "a.png").read_bytes() == before
