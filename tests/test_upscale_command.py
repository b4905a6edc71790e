"""`python -m aecore upscale` and `evaluate-sr`: files in, files out, and what is said of them."""

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from aecore.commands.batch import plan
from aecore.commands.made import Made, digest
from aecore.datasets.photos import public_domain_photographs
from aecore.images import png, resize, to_float, to_uint8
from aecore.metrics import psnr_of_brightness, ssim_of_brightness

ROOT = Path(__file__).parent.parent
CAT = public_domain_photographs()[0]
SET5 = Path(os.environ.get("AECORE_DATA", "nowhere")) / "bench" / "Set5"
PUBLISHED = {2: 33.68, 3: 30.41, 4: 28.43}  # dB of bicubic on Set5


@pytest.fixture(scope="module")
def environment(tmp_path_factory):
    return {**os.environ, "AECORE_HOME": str(tmp_path_factory.mktemp("home"))}


@pytest.fixture
def lab(environment):
    def run(*arguments):
        command = [sys.executable, "-m", "aecore", *map(str, arguments)]
        return subprocess.run(
            command, capture_output=True, text=True, cwd=ROOT, env=environment, timeout=600, check=False
        )

    return run


def jpeg(pixels, **options):
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "JPEG", quality=95, **options)
    return buffer.getvalue()


def turned_exif():
    turned = Image.Exif()
    turned[274] = 6
    return turned


def bicubic(pixels, height, width):
    return to_uint8(resize(to_float(pixels)[None], (height, width)))[0]


@pytest.fixture
def album(tmp_path):
    """A folder with photographs, one of them on its side, one damaged, one deeper down."""
    folder = tmp_path / "album"
    (folder / "deeper").mkdir(parents=True)
    (folder / "a.png").write_bytes(png(CAT[:60, :80]))
    (folder / "b.jpg").write_bytes(jpeg(CAT[:60, :80], exif=turned_exif()))
    (folder / "broken.png").write_bytes(png(CAT)[:300])
    (folder / "deeper" / "a.webp").write_bytes(b"RIFF")
    Image.fromarray(CAT[:30, :40]).save(folder / "deeper" / "a.webp", lossless=True)
    (folder / "notes.txt").write_text("no picture")
    return folder


def test_a_folder_is_enlarged_and_one_bad_file_does_not_stop_the_rest(lab, album, tmp_path):
    out = tmp_path / "out"
    first = lab("upscale", album, tmp_path / "nowhere.jpg", "-o", out, "--model", "bicubic", "--json")
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
    assert "[5/5]" in first.stderr

    with Image.open(out / "a.png") as made:
        np.testing.assert_array_equal(np.array(made), bicubic(CAT[:60, :80], 120, 160))
    with Image.open(out / "b.jpg") as made:
        assert made.format == "JPEG" and made.size == (120, 160) and made.getexif().get(274, 1) == 1
    with Image.open(out / "deeper" / "a.webp") as made:
        assert made.format == "WEBP" and made.size == (80, 60)
    assert [path.name for path in out.rglob(".*")] == [".aecore.jsonl"]

    (out / "a.png").unlink()
    (album / "b.jpg").write_bytes(jpeg(CAT[:60, 20:100], exif=turned_exif()))
    again = lab("upscale", album, "-o", out, "--model", "bicubic", "--json")
    status = {Path(row["input"]).name: row["status"] for row in json.loads(again.stdout)["files"]}
    assert status == {"a.png": "done", "b.jpg": "done", "broken.png": "failed", "a.webp": "skipped"}
    larger = lab("upscale", album / "a.png", "-o", out, "--model", "bicubic", "--scale", 3, "--format", "jpeg")
    assert larger.returncode == 0 and "1 enlarged 3× by Bicubic" in larger.stdout
    with Image.open(out / "a.jpg") as made:
        assert made.size == (240, 180)


def test_measuring_follows_the_protocol(lab, tmp_path):
    folder = tmp_path / "bench"
    folder.mkdir()
    truths = {"one.png": CAT[:101, :90], "two.png": CAT[100:180, 200:300]}
    for name, pixels in truths.items():
        (folder / name).write_bytes(png(np.ascontiguousarray(pixels)))
    answer = lab("evaluate-sr", folder, "--scale", 3, "--model", "bicubic", "--json")
    assert answer.returncode == 0, answer.stderr
    found = json.loads(answer.stdout)
    for row, pixels in zip(found["images"], truths.values(), strict=True):
        height, width = (length // 3 * 3 for length in pixels.shape[:2])
        truth = pixels[:height, :width]
        made = bicubic(bicubic(truth, height // 3, width // 3), height, width)
        assert row["psnr"] == row["bicubic_psnr"] == pytest.approx(psnr_of_brightness(truth, made, 3), abs=0.01)
        assert row["ssim"] == row["bicubic_ssim"] == pytest.approx(ssim_of_brightness(truth, made, 3), abs=1e-4)
    assert [row["name"] for row in found["images"]] == list(truths) and found["megapixels_per_second"] > 0
    for figure in ("psnr", "ssim", "bicubic_psnr", "bicubic_ssim"):
        assert found["mean"][figure] == pytest.approx(np.mean([row[figure] for row in found["images"]]))
    table = lab("evaluate-sr", folder, "--scale", 3, "--model", "bicubic", "--way", "sampled")
    assert table.returncode == 0 and "mean" in table.stdout and "Bicubic, 3×" in table.stdout


@pytest.mark.skipif(not SET5.is_dir(), reason="AECORE_DATA has no folder bench/Set5")
@pytest.mark.parametrize("scale", PUBLISHED)
def test_bicubic_has_its_published_figures_on_set5(lab, scale):
    answer = lab("evaluate-sr", SET5, "--scale", scale, "--model", "bicubic", "--json")
    assert json.loads(answer.stdout)["mean"]["psnr"] == pytest.approx(PUBLISHED[scale], abs=0.02)


@pytest.mark.parametrize(
    "arguments, words",
    [
        (["upscale", "a.jpg", "-o", "out", "--model", "slow"], "no model 'slow'"),
        (["upscale", "a.jpg", "-o", "out", "--scale", "7"], "1, 2, 3, 4"),
        (["upscale", "a.jpg", "-o", "out", "--photo", "--model", "slow"], "no model 'slow'"),
        (["upscale", "a.jpg", "-o", "out", "--strength", "2"], "from 0 to 1"),
        (["upscale", "a.jpg", "-o", "out", "--quality", "200"], "from 1 to 100"),
        (["upscale", "a.jpg"], "-o"),
        (["upscale", "tests/worker", "-o", "out"], "no pictures"),
        (["upscale", "a.jpg", "-o", "README.md"], "Nothing can be written to 'README.md'"),
        (["upscale", "a.jpg", "-o", "out", "--width", "0"], "from 1"),
        (["upscale", "", "-o", "out"], "empty name"),
        (["evaluate-sr", "nowhere"], "no folder"),
        (["evaluate-sr", "tests/worker"], "no pictures"),
        (["evaluate-sr", "tests/worker", "--scale", "1"], "2, 3 or 4"),
        (["evaluate-sr", "tests/worker", "--way", "nearest"], "invalid choice"),
    ],
    ids=" ".join,
)
def test_a_wrong_request_gets_a_sentence_and_status_2(lab, arguments, words):
    finished = lab(*arguments)
    assert finished.returncode == 2 and finished.stdout == "" and "Traceback" not in finished.stderr
    assert words in finished.stderr


class TestThePlan:
    def test_no_two_results_have_one_name(self, tmp_path):
        items = list(plan([Path("x/a.jpg"), Path("y/a.jpg"), Path("a.jpeg")], tmp_path, "same"))
        assert [item.target.name for item in items] == ["a.jpg", "a-2.jpg", "a-3.jpg"]

    def test_the_format_follows_the_photograph_unless_another_is_asked_for(self, tmp_path):
        names = [Path(name) for name in ("a.jpg", "b.PNG", "c.webp", "d.tif", "e.gif")]
        made_as = [item.format for item in plan(names, tmp_path, "same")]
        assert made_as == ["jpeg", "png", "webp", "png", "png"]
        assert {item.target.suffix for item in plan(names, tmp_path, "webp")} == {".webp"}

    def test_results_that_lie_among_the_photographs_are_not_enlarged_again(self, album):
        (album / "out").mkdir()
        (album / "out" / "a.png").write_bytes(png(CAT[:8, :8]))
        names = [item.source.relative_to(album).as_posix() for item in plan([album], album / "out", "same")]
        assert names == ["a.png", "b.jpg", "broken.png", "deeper/a.webp"]

    def test_nor_those_of_an_earlier_call(self, lab, album):
        assert lab("upscale", album / "a.png", "-o", album / "larger", "--model", "bicubic").returncode == 0
        names = {item.source.relative_to(album).as_posix() for item in plan([album], album / "larger4", "same")}
        assert names == {"a.png", "b.jpg", "broken.png", "deeper/a.webp"}

    def test_what_is_no_photograph_is_left_out_and_a_link_stands_back(self, album, capsys):
        for name in ("._a.png", "c.heic"):
            (album / name).write_bytes(b"x")
        (album / "0.png").symlink_to(album / "a.png")
        names = [item.source.name for item in plan([album], album / "out", "same")]
        assert names == ["a.png", "b.jpg", "broken.png", "a.webp"]
        assert "1 file left out (.heic)" in capsys.readouterr().err

    def test_names_that_lead_nowhere_do_not_stop_it(self, tmp_path):
        (tmp_path / "loop.jpg").symlink_to(tmp_path / "loop.jpg")
        names = [tmp_path / "loop.jpg", Path("n" * 300 + ".jpg"), tmp_path / "a.jfif"]
        assert [item.format for item in plan(names, tmp_path / "out", "same")] == ["jpeg"] * 3


class TestTwoAtOnce:
    def both(self, environment, *calls):
        command = [sys.executable, "-m", "aecore", "upscale", "--model", "bicubic", "--json"]
        at_work = [
            subprocess.Popen(
                [*command, *map(str, call)],
                stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT, env=environment,
            )
            for call in calls
        ]  # fmt: skip
        said = [process.communicate(timeout=300) for process in at_work]
        assert [process.returncode for process in at_work] == [0, 0], said
        return [json.loads(out)["files"] for out, _ in said]

    def test_pictures_of_one_name_from_two_cards_all_stay(self, environment, tmp_path):
        for card, shade in (("one", 50), ("two", 200)):
            (tmp_path / card).mkdir()
            for number in range(3):
                (tmp_path / card / f"{number}.png").write_bytes(png(np.full((20, 20, 3), shade + number, np.uint8)))
        out = tmp_path / "out"
        made = self.both(environment, *((tmp_path / card, "-o", out) for card in ("one", "two")))
        for rows, shade in zip(made, (50, 200), strict=True):
            for number, row in enumerate(rows):
                assert (np.array(Image.open(row["output"])) == shade + number).all()
        assert len(list(out.glob("*.png"))) == 6

    def test_the_same_pictures_to_two_places(self, environment, album, tmp_path):
        (album / "broken.png").unlink()
        made = self.both(environment, *((album, "-o", tmp_path / place) for place in ("one", "two")))
        assert [[row["status"] for row in rows] for rows in made] == [["done"] * 3] * 2


def test_a_picture_that_changed_while_it_was_enlarged_is_made_again(tmp_path):
    (tmp_path / "a.png").write_bytes(b"before")
    before = digest(tmp_path / "a.png")
    (tmp_path / "a.png").write_bytes(b"after")
    (tmp_path / "out.png").write_bytes(b"made of before")
    Made(tmp_path).note(tmp_path / "out.png", tmp_path / "a.png", before, {})
    assert Made(tmp_path).has(tmp_path / "out.png", before, {})
    assert not Made(tmp_path).has(tmp_path / "out.png", digest(tmp_path / "a.png"), {})
    assert Made(tmp_path).is_free(tmp_path / "out.png", tmp_path / "a.png")


def test_measuring_goes_on_after_a_bad_file(lab, tmp_path):
    (tmp_path / "good.png").write_bytes(png(CAT[:60, :60]))
    (tmp_path / "bad.png").write_bytes(b"nothing")
    answer = lab("evaluate-sr", tmp_path, "--model", "bicubic", "--json")
    found = json.loads(answer.stdout)
    assert answer.returncode == 1 and [row["name"] for row in found["images"]] == ["good.png"]
    assert found["failed"][0]["name"] == "bad.png" and "damaged" in found["failed"][0]["message"]


def test_nothing_of_a_refused_picture_stays(lab, environment, tmp_path):
    jobs = Path(environment["AECORE_HOME"]) / "jobs"
    before = set(jobs.glob("*"))
    (tmp_path / "bad.png").write_bytes(b"nothing")
    assert lab("upscale", tmp_path / "bad.png", "-o", tmp_path / "out").returncode == 1
    assert {path for path in set(jobs.glob("*")) - before if path.is_dir()} == set()


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no such names")
def test_a_name_that_is_no_text_is_told(environment, tmp_path):
    folder = os.fsencode(tmp_path) + b"/caf\xe9"
    Path(os.fsdecode(folder)).mkdir()
    (Path(os.fsdecode(folder)) / "a.png").write_bytes(png(CAT[:20, :20]))
    command = [sys.executable, "-m", "aecore", "upscale", folder, "-o", folder + b"/larger", "--model", "bicubic"]
    strict = {**environment, "PYTHONIOENCODING": "utf-8"}
    finished = subprocess.run(command, capture_output=True, cwd=ROOT, env=strict, timeout=300, check=False)
    assert finished.returncode == 0 and b"1 enlarged" in finished.stdout, finished.stderr


def test_fifty_files_with_bad_ones_among_them(lab, tmp_path):
    album, out = tmp_path / "album", tmp_path / "out"
    album.mkdir()
    for number in range(50):
        content = jpeg(CAT[number : number + 30, number : number + 40])
        (album / f"{number:02}.jpg").write_bytes(content[: 100 if number in (7, 31) else None])
    finished = lab("upscale", album, "-o", out, "--model", "bicubic", "--json")
    rows = json.loads(finished.stdout)["files"]
    assert finished.returncode == 1 and "[50/50]" in finished.stderr
    assert [number for number, row in enumerate(rows) if row["status"] != "done"] == [7, 31]
    for row in rows[:7] + rows[8:31] + rows[32:]:
        with Image.open(row["output"]) as made:
            assert made.size == (80, 60)


def rows_of(answer):
    return [
        (Path(row["input"]).name, row["status"], row["output"] and Path(row["output"]).name)
        for row in json.loads(answer.stdout)["files"]
    ]


class TestNothingIsLost:
    def test_a_photograph_is_never_replaced_by_its_result(self, lab, album):
        before = (album / "a.png").read_bytes()
        finished = lab("upscale", album / "a.png", "-o", album, "--model", "bicubic", "--json")
        (row,) = json.loads(finished.stdout)["files"]
        assert finished.returncode == 1 and row["status"] == "failed" and "itself" in row["message"]
        assert (album / "a.png").read_bytes() == before

    def test_nor_by_the_result_of_another(self, tmp_path):
        for name in ("a.jpeg", "a.jpg", "b.bmp", "b.png"):
            Image.fromarray(CAT[:8, :8]).save(tmp_path / name)
        paths = [tmp_path / name for name in ("a.jpeg", "b.bmp", "a.jpg")]
        assert [item.target.name for item in plan(paths, tmp_path, "same")] == ["a-2.jpg", "b-2.png", "a.jpg"]

    def test_nor_is_any_file_that_is_there_already(self, tmp_path):
        (tmp_path / "out").mkdir()
        (tmp_path / "out" / "a.jpg").write_text("somebody's")
        (item,) = plan([tmp_path / "a.jpg"], tmp_path / "out", "same")
        assert item.target.name == "a-2.jpg"

    def test_results_do_not_go_among_the_photographs_of_a_folder(self, lab, album):
        finished = lab("upscale", album, "-o", album, "--model", "bicubic")
        assert finished.returncode == 2 and "Choose another folder" in finished.stderr
        assert not (album / "a-2.png").exists()


def test_going_on_makes_what_is_asked_for_and_nothing_twice(lab, album, tmp_path):
    out, first = tmp_path / "out", album / "a.png"
    again = ("upscale", first, "-o", out, "--model", "bicubic", "--format", "jpeg", "--json")
    assert rows_of(lab(*again)) == [("a.png", "done", "a.jpg")]
    assert rows_of(lab(*again)) == [("a.png", "skipped", "a.jpg")]
    assert rows_of(lab(*again, "--quality", 50)) == [("a.png", "done", "a.jpg")]  # another file is wanted in its place
    same_name = tmp_path / "card" / "a.png"
    same_name.parent.mkdir()
    same_name.write_bytes(png(CAT[100:160, :80]))
    second = ("upscale", same_name, *again[2:])
    assert rows_of(lab(*second)) == [("a.png", "done", "a-2.jpg")]  # the other card's picture stays
    assert rows_of(lab(*second)) == [("a.png", "skipped", "a-2.jpg")]
    (out / "a.jpg").write_bytes(b"retouched")
    assert rows_of(lab(*again)) == [("a.png", "done", "a-3.jpg")]
    assert (out / "a.jpg").read_bytes() == b"retouched"
    with (out / ".aecore.jsonl").open("a") as file:
        file.write('{"file": "cut o')
    assert rows_of(lab(*second)) == [("a.png", "skipped", "a-2.jpg")]
