"""The Restore page in a real browser: a strength that is moved, and a digit that is drawn with the keyboard."""

import re

from playwright.sync_api import Page, expect

from tests.browser.test_journeys import LONG, is_at_work, records, start_training


def pictures(page: Page, what: str):
    """The pictures of a row, by the beginning of their alt texts."""
    return page.locator(f'.film img[alt^="{what},"]')


def opened(new_page, address: str, **options) -> Page:
    page = new_page(address, **options)
    expect(pictures(page, "Damaged").first).to_be_visible()
    return page


def test_a_stronger_damage_is_seen_at_once_and_stays_in_the_link(server, new_page):
    page = opened(new_page, f"{server.url}/restore")
    expect(page.get_by_role("heading", level=1)).to_have_text("Noise taken from digits")
    expect(pictures(page, "Restored")).to_have_count(8)
    clean, damaged = (pictures(page, what).first.get_attribute("src") for what in ("Clean", "Damaged"))
    slider = page.get_by_role("slider", name=re.compile("^Noise"))
    slider.focus()
    for _ in range(4):
        page.keyboard.press("ArrowRight")
    expect(page).to_have_url(re.compile(r"restore\.mnist\.denoise=0\.6"))
    expect(pictures(page, "Damaged").first).not_to_have_attribute("src", damaged)
    expect(pictures(page, "Clean").first).to_have_attribute("src", clean)

    page.get_by_text("Differences", exact=True).click()
    expect(pictures(page, "Difference").first).to_be_visible()
    page.get_by_text("What was invented", exact=True).first.click()
    expect(pictures(page, "Does not fit").first).to_be_visible()
    linked = opened(new_page, page.url)
    expect(linked.get_by_role("slider", name=re.compile("^Noise"))).to_have_value("0.6")
    expect(pictures(linked, "Does not fit").first).to_be_visible()


def test_a_digit_drawn_with_the_keyboard_is_damaged_and_restored(server, new_page):
    page = opened(new_page, f"{server.url}/restore")
    page.get_by_role("radio", name="Draw").or_(page.get_by_role("button", name="Draw")).first.click()
    expect(page.get_by_alt_text(re.compile("^An example, restored by")).first).to_be_visible()
    board = page.locator("canvas").first
    board.focus()
    page.keyboard.press(" ")
    for _ in range(14):
        page.keyboard.press("ArrowDown")
    page.keyboard.press(" ")
    expect(page.get_by_alt_text("Your drawing, damaged, σ 0.4")).to_be_visible()
    expect(page.get_by_alt_text(re.compile("^Your drawing, restored by")).first).to_be_visible()


def test_on_a_phone_the_pictures_come_first_and_nothing_is_wider_than_the_screen(server, new_page):
    page = opened(new_page, f"{server.url}/restore", width=390, height=844)
    assert pictures(page, "Damaged").first.bounding_box()["y"] < 844
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_the_page_answers_while_something_trains(fresh_server, new_page):
    training = new_page(f"{fresh_server.url}/train?{LONG}")
    start_training(training)
    is_at_work(training)
    page = opened(new_page, f"{fresh_server.url}/restore")
    expect(pictures(page, "Restored")).to_have_count(8)
    restored = pictures(page, "Restored").first.get_attribute("src")
    page.get_by_role("slider", name=re.compile("^Noise")).focus()
    page.keyboard.press("ArrowRight")
    expect(pictures(page, "Restored").first).not_to_have_attribute("src", restored)
    assert [record["state"] for record in records(fresh_server.home)] == ["running"]
