"""A person restores a photograph of their own: cleans one that lies on its side, and paints over what is to go."""

import io
import re
from urllib.parse import urlencode

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from aecore.datasets.photos import public_domain_photographs
from aecore.presets import PRESETS
from tests.browser.conftest import Server
from tests.browser.photographs import HEIGHT, WIDTH, downloaded, turned_photograph
from tests.enlarging import finished_run


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """A server with a network that cleans photographs, its weights drawn at random."""
    folder = tmp_path_factory.mktemp("app")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AECORE_HOME", str(folder / "home"))
        patch.delenv("AECORE_DATA", raising=False)
        finished_run(PRESETS["denoise-photos"].recipe, folder)
    running = Server(folder / "home")
    yield running
    running.stop()


@pytest.fixture
def turned():
    return turned_photograph()


def place(server: Server, task: str) -> str:
    query = {"subject": "Photographs", "photos.section": "Your photograph", "photos.own": task}
    return f"{server.url}/restore?{urlencode({f'restore.{name}': value for name, value in query.items()})}"


def bring(page: Page, *files) -> None:
    page.locator(".st-key-restore-photo-bring input[type=file]").set_input_files(list(files))


def press(page: Page, name: str) -> None:
    go = page.get_by_role("button", name=re.compile(f"^{name}, about|{name}, about"))
    expect(go).to_be_enabled()
    go.click()
    expect(page).to_have_url(re.compile(r"restored=[0-9a-f]{16}"))
    expect(page.get_by_role("button", name=re.compile("Download PNG"))).to_be_visible()


def test_ones_own_photograph_is_cleaned_and_goes_when_told(server, new_page, turned):
    page = new_page(place(server, "Denoise"))
    page.get_by_role("slider", name=re.compile("Divider")).wait_for()  # the example
    bring(page, turned)
    expect(page.get_by_text("48 × 72 px, at its own size")).to_be_visible()
    press(page, "Clean")
    result = downloaded(page)
    assert result.size == (HEIGHT, WIDTH) and not result.getexif().get_ifd(0x8825)
    assert int(np.argmax(result.getpixel((HEIGHT // 2, 10)))) == 0  # upright: red is above

    strength = page.get_by_role("slider", name="Strength, percent")
    strength.focus()
    for _ in range(10):
        page.keyboard.press("ArrowLeft")
    page.get_by_role("button", name="Write the PNG at 50% strength").click()
    expect(page.get_by_role("button", name=re.compile("Download PNG at 50% strength"))).to_be_visible()
    half = np.asarray(downloaded(page), dtype=float)
    with Image.open(io.BytesIO(turned["buffer"])) as given:
        before = np.rot90(np.asarray(given, dtype=float), -1)
    assert np.abs(half - (before + np.asarray(result)) / 2).max() <= 1.01

    page.get_by_role("button", name="What was taken away").click()
    expect(page.get_by_text(re.compile("what was taken away around there"))).to_be_visible()

    address = page.url
    other = new_page(address)
    expect(other.get_by_role("button", name=re.compile("Download PNG"))).to_be_visible()
    page.get_by_role("button", name="Delete").click()
    expect(page.get_by_text("Deleted: the photographs")).to_be_visible()
    other.reload()
    expect(other.get_by_text("This picture is gone")).to_be_visible()


@pytest.mark.parametrize("hand", ["mouse", "keyboard"])
def test_what_is_painted_over_is_filled_and_nothing_else(server, new_page, hand):
    page = new_page(place(server, "Fill a hole"))
    page.get_by_text("Rocket", exact=True).click()
    canvas = page.get_by_role("application", name=re.compile("Paint over what is missing"))
    canvas.wait_for()
    box = canvas.bounding_box()
    if hand == "mouse":
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        page.mouse.move(x, y)
        page.mouse.down()
        page.mouse.move(x + 30, y + 10, steps=5)
        page.mouse.up()
    else:
        canvas.focus()
        for key in (" ", "ArrowRight", "ArrowRight", " "):
            page.keyboard.press(key)
    expect(page.get_by_text(re.compile("[0-9,]+ px are missing"))).to_be_visible()
    press(page, "Fill the hole")
    result = np.asarray(downloaded(page).convert("RGB"), dtype=int)
    assert result.shape == (427, 640, 3)
    changed = np.abs(result - public_domain_photographs()[4]).max(axis=-1) > 0
    assert 0 < changed.mean() < 0.05
    rows, columns = np.nonzero(changed)
    assert abs(rows.mean() - 213) < 40 and abs(columns.mean() - 320) < 60
    page.reload()
    expect(page.get_by_text(re.compile("Rocket, filled"))).to_be_visible()
    expect(page.get_by_role("button", name="Delete")).to_have_count(0)


def test_a_damaged_file_gets_its_sentence(server, new_page, turned):
    page = new_page(place(server, "Denoise"))
    bring(page, {**turned, "name": "nothing.jpg", "buffer": b"not a picture"})
    expect(page.get_by_text(re.compile("nothing.jpg is damaged, or not a picture"))).to_be_visible()
    expect(page.get_by_text("Traceback")).to_have_count(0)
