"""A photographer enlarges pictures: one of the lab's, one of their own that lies on its side, and a damaged one."""

import io
import re

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.browser.photographs import HEIGHT, WIDTH, downloaded, phone_photograph, turned_photograph

PATH = "upscale"


@pytest.fixture
def turned():
    return turned_photograph()


def bring(page: Page, *files) -> None:
    page.locator(".st-key-upscale-bring input[type=file]").set_input_files(list(files))


def enlarge(page: Page) -> None:
    go = page.get_by_role("button", name=re.compile("Enlarge, about"))
    expect(go).to_be_enabled()
    go.click()
    expect(page).to_have_url(re.compile(r"job=[0-9a-f]{16}"))
    expect(page.get_by_role("button", name=re.compile("Download PNG"))).to_be_visible()


def colour(picture: Image.Image, x: float, y: float) -> str:
    """The strongest channel at a place, given as shares of the sides."""
    values = picture.convert("RGB").getpixel((round(x * picture.width), round(y * picture.height)))
    return "RGB"[int(np.argmax(values))]


def test_the_example_is_there_and_the_divider_obeys_pointer_and_keys(server, new_page):
    page = new_page(f"{server.url}/{PATH}")
    divider = page.get_by_role("slider", name=re.compile("Divider"))
    expect(divider).to_have_attribute("aria-valuenow", "50")
    divider.focus()
    for key in ("ArrowLeft", "ArrowLeft", "Shift+ArrowRight"):
        page.keyboard.press(key)
    expect(divider).to_have_attribute("aria-valuenow", "56")
    page.keyboard.press("End")
    expect(divider).to_have_attribute("aria-valuenow", "100")
    box = page.locator(".compare canvas").bounding_box()
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 3)
    expect(divider).to_have_attribute("aria-valuenow", re.compile("49|50|51"))


def test_zoom_goes_to_eight_hundred_percent_in_every_way_to_compare(server, new_page):
    page = new_page(f"{server.url}/{PATH}")
    into = page.get_by_role("button", name="Zoom in")
    into.wait_for()
    for _ in range(6):
        if into.is_enabled():
            into.click()
            page.wait_for_timeout(150)
    for way in ("Side by side", "Lens", "Slider"):
        page.get_by_role("button", name=way, exact=True).click()
        expect(page.get_by_text("800 %")).to_be_visible()
    page.get_by_role("button", name="Whole").click()
    expect(into).to_be_enabled()


def test_what_is_whole_stays_whole_and_as_sharp_as_the_screen(server, new_page):
    page = new_page(f"{server.url}/{PATH}")
    whole = page.get_by_role("button", name="Whole")
    expect(whole).to_be_disabled()
    for way in ("Side by side", "Slider"):
        page.get_by_role("button", name=way, exact=True).click()
        expect(page.get_by_role("button", name=way, exact=True)).to_have_attribute("aria-pressed", "true")
        expect(whole).to_be_disabled()
    page.set_viewport_size({"width": 1021, "height": 768})
    page.wait_for_timeout(500)
    expect(whole).to_be_disabled()
    stretched = page.locator(".compare canvas").evaluate(
        "canvas => canvas.width / (canvas.getBoundingClientRect().width * devicePixelRatio)"
    )
    assert stretched == pytest.approx(1, abs=1e-4)


def test_one_of_the_labs_photographs_is_enlarged_and_found_again(server, new_page):
    page = new_page(f"{server.url}/{PATH}")
    page.get_by_text("Rocket", exact=True).click()
    enlarge(page)
    expect(page.get_by_text(re.compile("Rocket, 2× by"))).to_be_visible()
    assert downloaded(page).size == (2 * 640, 2 * 427)
    page.reload()
    expect(page.get_by_text(re.compile("Rocket, 2× by"))).to_be_visible()
    expect(page.get_by_role("button", name="Delete")).to_have_count(0)


def test_ones_own_photograph_comes_back_upright_and_goes_when_told(server, new_page, turned):
    page = new_page(f"{server.url}/{PATH}")
    bring(page, turned)
    expect(page.get_by_text("48 × 72 → 96 × 144 px")).to_be_visible()
    enlarge(page)
    result = downloaded(page)
    assert result.size == (2 * HEIGHT, 2 * WIDTH)
    assert [colour(result, x, y) for x, y in ((0.5, 0.2), (0.2, 0.8), (0.8, 0.8))] == ["R", "B", "G"]
    assert result.getexif().get(0x0112, 1) == 1 and not result.getexif().get_ifd(0x8825)

    address = page.url
    other = new_page(address)
    expect(other.get_by_role("button", name=re.compile("Download PNG"))).to_be_visible()
    page.get_by_role("button", name="Delete").click()
    expect(page.get_by_text("Deleted: the photographs")).to_be_visible()
    other.reload()
    expect(other.get_by_text("This picture is gone")).to_be_visible()


@pytest.mark.slow
def test_a_phone_s_photograph_comes_back_four_times_as_large_with_progress_on_the_way(server, new_page):
    page = new_page(f"{server.url}/{PATH}")
    given = phone_photograph()
    bring(page, given)
    expect(page.get_by_text("3,000 × 4,000 → 6,000 × 8,000 px")).to_be_visible(timeout=60_000)
    page.get_by_role("button", name=re.compile("Enlarge, about")).click()
    expect(page.get_by_text(re.compile(r"Tile \d+ of \d+"))).to_be_visible(timeout=120_000)
    expect(page.get_by_role("button", name=re.compile("Download PNG"))).to_be_visible(timeout=400_000)
    result = downloaded(page)
    assert result.size == (6000, 8000) and not result.getexif().get_ifd(0x8825)
    small = np.asarray(result.reduce(20)).astype(float)
    upright = Image.open(io.BytesIO(given["buffer"])).transpose(Image.Transpose.ROTATE_270).reduce(10)
    assert np.abs(small - np.asarray(upright)).mean() < 2


def test_a_pasted_picture_is_taken(server, new_page, turned):
    page = new_page(f"{server.url}/{PATH}")
    page.get_by_role("slider", name=re.compile("Divider")).wait_for()
    page.evaluate(
        """bytes => {
          const given = new DataTransfer();
          given.items.add(new File([new Uint8Array(bytes)], "pasted.jpg", { type: "image/jpeg" }));
          document.dispatchEvent(new ClipboardEvent("paste", { clipboardData: given, bubbles: true }));
        }""",
        list(turned["buffer"]),
    )
    expect(page.get_by_text("48 × 72 → 96 × 144 px")).to_be_visible()


def test_a_damaged_file_gets_its_sentence_and_the_others_are_enlarged(server, new_page, turned):
    page = new_page(f"{server.url}/{PATH}")
    broken = {**turned, "name": "broken.jpg", "buffer": turned["buffer"][:200]}
    nothing = {**turned, "name": "nothing.jpg", "buffer": b"not a picture"}
    bring(page, nothing, broken, turned, {**turned, "name": "again.jpg", "buffer": turned["buffer"] + b"\0"})
    expect(page.get_by_text(re.compile("nothing.jpg is damaged, or not a picture"))).to_be_visible()
    go = page.get_by_role("button", name=re.compile("Enlarge, about"))
    go.click()
    expect(page.get_by_role("button", name=re.compile("Download all"))).to_be_visible()
    expect(page.get_by_text("Traceback")).to_have_count(0)
