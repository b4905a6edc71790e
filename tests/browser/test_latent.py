"""The map of codes as people use it: in a real browser, on a run that was trained a minute ago."""

import math
import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_journeys import is_finished, start_training

RECIPE = (
    "train.model=Variational&train.vae.latent_dim=2&train.vae.widths=64&train.fit.epochs=3&train.mnist.limit=1500"
    "&train.fit.loss=Binary+cross-entropy"
)
DECODED = re.compile(r"Decoded at")


@pytest.fixture(scope="module")
def trained(server, chromium):
    """Address of the page with a small run with a code of two numbers."""
    context = chromium.new_context()
    page = context.new_page()
    page.goto(f"{server.url}/train?{RECIPE}")
    start_training(page)
    is_finished(page)
    context.close()
    (run,) = (server.home / "runs").glob("[0-9a-f]*")
    return f"{server.url}/latent_space?run={run.name}"


@pytest.fixture
def page(trained, new_page):
    opened = new_page(trained)
    expect(opened.get_by_role("img", name=DECODED)).to_be_visible()
    drawn(opened)
    return opened


def drawn(page: Page):
    """The map, once its points are drawn."""
    expect(page.locator(".map").first).to_have_attribute("data-drawn", re.compile(r"^\d+ in"))
    return page.locator("canvas.over").first


def address(page: Page, pattern: str) -> None:
    expect(page).to_have_url(re.compile(pattern))


def click(page: Page, across: float, down: float) -> None:
    box = drawn(page).bounding_box()
    page.mouse.click(box["x"] + across * box["width"], box["y"] + down * box["height"])


def point(page: Page) -> tuple[float, float]:
    """Where on the screen the chosen point lies, found by zooming in on what is there: the middle of the map."""
    box = drawn(page).bounding_box()
    for down in range(30, 71, 4):
        for across in range(30, 71, 4):
            page.mouse.move(box["x"] + across / 100 * box["width"], box["y"] + down / 100 * box["height"])
            if page.locator(".tip").is_visible():
                return across / 100, down / 100
    raise AssertionError("There is no point in the middle of the map.")


def test_pointing_at_a_dot_says_which_image_it_is(page):
    point(page)
    expect(page.locator(".tip")).to_have_text(re.compile(r"“\d”, image \d+, [\d.]+ dB"))
    expect(page.locator(".tip canvas")).to_be_visible()


def test_a_click_on_a_dot_shows_the_image_and_its_neighbours(page):
    click(page, *point(page))
    address(page, r"latent\.image=\d+")
    expect(page.get_by_role("img", name=re.compile(r"^Reconstruction of “\d”, image \d+: [\d.]+ dB"))).to_be_visible()
    expect(page.get_by_text(re.compile("Nearest by pixels: \\d of 6"))).to_be_visible()
    expect(page.get_by_role("img", name=re.compile("Nearest by code"))).to_have_count(6)


def test_a_click_between_the_dots_decodes_that_place_and_the_link_shows_it_again(page, new_page):
    before = page.get_by_role("img", name=DECODED).get_attribute("src")
    click(page, 0.02, 0.9)
    expect(page.get_by_text("No test image lies here")).to_be_visible()
    expect(page.get_by_role("img", name=DECODED)).not_to_have_attribute("src", before)
    address(page, r"latent\.place=-?[\d.]+%2C-?[\d.]+")
    now = page.get_by_role("img", name=DECODED).get_attribute("src")
    again = new_page(page.url)
    expect(again.get_by_role("img", name=DECODED)).to_have_attribute("src", now)


def test_the_choice_and_the_zoom_hold_while_other_parts_change(page):
    click(page, *point(page))
    expect(drawn(page)).not_to_have_attribute("aria-label", re.compile(r"Chosen: “\d”, image 0,"))
    chosen = re.search(r"Chosen: “\d”, image (\d+)", drawn(page).get_attribute("aria-label"))[1]
    address(page, rf"latent\.image={chosen}")
    page.get_by_role("button", name="Zoom in").click()
    expect(page.locator("canvas.over")).to_have_class(re.compile("zoomed"))
    page.get_by_text("Images", exact=True).click()
    address(page, "latent.points=Images")
    expect(page.locator("canvas.over")).to_have_class(re.compile("zoomed"))
    expect(drawn(page)).to_have_attribute("aria-label", re.compile(rf"Chosen: “\d”, image {chosen},"))
    address(page, rf"latent\.image={chosen}")


def test_a_lasso_gives_a_group_and_its_link_shows_it_again(page, new_page):
    box = drawn(page).bounding_box()
    page.get_by_role("button", name="Draw round the images").click()
    corners = [(0.25, 0.25), (0.75, 0.25), (0.75, 0.75), (0.25, 0.75)]
    places = [(box["x"] + across * box["width"], box["y"] + down * box["height"]) for across, down in corners]
    page.mouse.move(*places[0])
    page.mouse.down()
    for place in places[1:]:
        page.mouse.move(*place, steps=5)
    page.mouse.up()
    expect(page.get_by_text(re.compile(r"\d+ images in the lasso"))).to_be_visible()
    expect(page.get_by_role("img", name="The mean of their codes, decoded")).to_be_visible()
    said = page.get_by_text(re.compile(r"\d+ images in the lasso")).inner_text()
    address(page, "latent\\.lasso=")
    expect(new_page(page.url).get_by_text(said)).to_be_visible()
    page.get_by_role("button", name="Let go").click()
    expect(page.get_by_text(re.compile(r"images in the lasso"))).to_have_count(0)


def test_the_keyboard_moves_a_cross_hair_and_chooses(page):
    drawn(page).focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Shift+Tab")
    for _ in range(40):
        page.keyboard.press("ArrowLeft")
    page.keyboard.press("Enter")
    expect(page.get_by_text("No test image lies here")).to_be_visible()


def test_the_legend_isolates_a_class_and_the_link_shows_it_again(page, new_page):
    seven = page.get_by_role("button", name="7", exact=True)
    seven.click()
    expect(seven).to_have_attribute("aria-pressed", "true")
    address(page, r"latent\.only=7")
    again = new_page(page.url)
    expect(again.get_by_role("button", name="7", exact=True)).to_have_attribute("aria-pressed", "true")
    expect(again.get_by_role("button", name="3", exact=True)).to_have_class("off")
    expect(page.get_by_role("button", name="3", exact=True)).to_have_class("off")
    seven.click()
    expect(seven).to_have_attribute("aria-pressed", "false")
    expect(page).not_to_have_url(re.compile("only="))


def test_the_link_shows_the_part_that_was_looked_at(page, new_page):
    canvas = drawn(page)
    page.get_by_role("button", name="Zoom in").click()
    address(page, r"latent\.seen=1\.5")
    again = new_page(page.url)
    drawn(again)
    expect(again.locator("canvas.over.zoomed")).to_be_visible()
    page.get_by_role("button", name="Show the whole map").click()
    expect(page).not_to_have_url(re.compile("seen="))
    expect(canvas).not_to_have_class(re.compile("zoomed"))


class TestDrawing:
    ZERO = [(0.5 + 0.2 * math.cos(turn / 4), 0.5 + 0.35 * math.sin(turn / 4)) for turn in range(26)]

    def canvas(self, page):
        page.get_by_text("Your own", exact=True).click()
        place = page.get_by_role("application", name=re.compile("Draw a digit"))
        expect(place).to_be_visible()
        return place

    def appears(self, page):
        expect(page.get_by_role("img", name="Your picture, as the network is given it")).to_be_visible()
        expect(drawn(page)).to_have_attribute("aria-label", re.compile("Marked: yours at"))

    def test_with_the_mouse(self, page):
        place = self.canvas(page)
        place.scroll_into_view_if_needed()
        box = place.bounding_box()
        at = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in self.ZERO]
        page.mouse.move(*at[0])
        page.mouse.down()
        for x, y in at:
            page.mouse.move(x, y)
        page.mouse.up()
        self.appears(page)
        page.get_by_role("button", name="Clear").click()
        expect(page.get_by_text("Its dot appears on the map")).to_be_visible()
        expect(drawn(page)).not_to_have_attribute("aria-label", re.compile("Marked"))

    def test_with_a_finger_on_a_phone(self, trained, chromium):
        context = chromium.new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
        page = context.new_page()
        page.goto(f"{trained}&latent.beside=Your+own")
        place = page.get_by_role("application", name=re.compile("Draw a digit"))
        place.scroll_into_view_if_needed()
        drawn(page)
        box, touch = place.bounding_box(), context.new_cdp_session(page)
        for number, (x, y) in enumerate(self.ZERO):
            points = [{"x": box["x"] + x * box["width"], "y": box["y"] + y * box["height"]}]
            kind = "touchMove" if number else "touchStart"
            touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
        touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
        self.appears(page)
        context.close()

    def test_with_the_keyboard(self, page):
        self.canvas(page).focus()
        for key in ["Space", *["ArrowDown"] * 12, "Space"]:
            page.keyboard.press(key)
        self.appears(page)


def test_a_slider_changes_what_is_decoded(trained, new_page):
    page = new_page(f"{trained}&latent.section=Sliders")
    picture = page.get_by_role("img", name="The code of the sliders, decoded")
    expect(picture).to_be_visible()
    before = picture.get_attribute("src")
    slider = page.get_by_role("slider", name="Number 1")
    slider.focus()
    for _ in range(150):  # beyond its end
        slider.press("ArrowRight")
    expect(picture).not_to_have_attribute("src", before)
    address(page, r"latent\.z1=")


def test_the_film_of_a_training_moves_the_map(trained, new_page):
    page = new_page(f"{trained}&latent.section=Training")
    drawn(page)
    scrubber = page.get_by_role("slider", name="Epoch")
    scrubber.focus()
    scrubber.press("Home")
    expect(page.get_by_text("Before training")).to_be_visible()
    expect(page.locator(".map")).to_have_attribute("data-frame", "0")
    scrubber.press("End")
    expect(page.locator(".map")).to_have_attribute("data-frame", "3")


def test_every_section_shows_something(trained, new_page):
    seen = {
        "Walk": page_has("img", re.compile("Straight line, step 0")),
        "Add and subtract": page_has("img", "The sum, decoded"),
        "Samples": page_has("img", re.compile("Sample, sample 1")),
        "What it is worth": page_has("heading", "Quality against size"),
    }
    page = new_page(trained)
    for name, there in seen.items():
        page.get_by_text(name, exact=True).click()
        there(page)
        expect(page.get_by_text("Something went wrong")).to_have_count(0)


def page_has(role, name):
    return lambda page: expect(page.get_by_role(role, name=name).first).to_be_visible()
