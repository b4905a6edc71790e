"""A visitor compares the published systems with ours, and trains one."""

import re

from playwright.sync_api import expect

PATH = "published_systems"


def test_from_the_overview_to_a_system_that_is_worse_than_doing_nothing(server, new_page):
    page = new_page(f"{server.url}/{PATH}")
    expect(page.get_by_role("heading", name="Published systems", exact=True)).to_be_visible()
    expect(page.get_by_role("table").get_by_role("row")).to_have_count(6)
    page.get_by_test_id("stMainBlockContainer").get_by_role("button", name="Convolutional deblurrer").last.click()
    expect(page.get_by_role("img", name=re.compile(r"^Published, image 1: .* dB$"))).to_be_visible()
    expect(page.get_by_text("Worse than doing nothing")).to_be_visible()
    expect(page).to_have_url(re.compile(r"published\.system=Convolutional"))
    expect(page.get_by_text("6,467 parameters; the source lists 6,467")).to_be_visible()
    page.reload()
    expect(page.get_by_text("Worse than doing nothing")).to_be_visible()


def test_the_sweep_shows_pictures_for_every_setting(server, new_page):
    page = new_page(f"{server.url}/{PATH}?published.system=Face+inpainter")
    expect(page.get_by_text("the best")).to_have_count(1)
    expect(page.locator(".matrix img[alt='answer, a face']")).to_have_count(18)


def test_training_one_here_and_opening_its_run(fresh_server, new_page):
    page = new_page(f"{fresh_server.url}/{PATH}?published.system=Dense+autoencoder")
    begin = page.get_by_role("button", name=re.compile("Train it here, about")).first
    expect(begin).to_be_enabled()
    begin.click()
    expect(page.get_by_text("Trained here, too")).to_be_visible()
    page.get_by_role("link", name="Open the run made here").click()
    expect(page.get_by_text("PSNR, test images")).to_be_visible()
    expect(page.get_by_text("5,000-image sample").first).to_be_visible()
