"""The Anomalies page in a real browser: a run that ships, and a folder of one's own from upload to verdict."""

import io
import re
import zipfile
from urllib.parse import parse_qs, urlsplit

import numpy as np
from playwright.sync_api import Page, expect

from aecore.images import png

TRAIN = re.compile(r"^(play_arrow)?\s*Train")
OWN = (
    "anomalies.dataset=Your+own+images&anomalies.collection.size=32&anomalies.collection.colour=false"
    "&anomalies.fit.epochs=5&anomalies.fit.batch_size=8"
)


def threshold(page: Page):
    return page.get_by_role("slider", name=re.compile("^Threshold"))


def metric(page: Page, label: str):
    return page.get_by_test_id("stMetric").filter(has_text=label)


def is_shown(page: Page) -> None:
    expect(threshold(page)).to_be_visible()
    expect(metric(page, "AUROC")).to_be_visible()


def folder() -> bytes:
    """Forty pictures of a bright spot and ten of stripes, in a zip of two folders."""
    rng = np.random.default_rng(0)
    rows, columns = np.mgrid[:32, :32]
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for number in range(50):
            centre = rng.uniform(10, 22, 2)
            spot = np.exp(-((rows - centre[0]) ** 2 + (columns - centre[1]) ** 2) / 30)
            stripes = 0.5 + 0.5 * np.sin((rows + number * columns / 10) / 2)
            picture = spot if number < 40 else stripes
            image = np.round(255 * np.clip(picture + rng.normal(0, 0.02, picture.shape), 0, 1)).astype(np.uint8)
            archive.writestr(f"mine/{'normal' if number < 40 else 'abnormal'}/{number}.png", png(image[..., None]))
    return buffer.getvalue()


def test_on_a_run_that_ships_scores_and_threshold_change_what_is_shown(server, new_page):
    page = new_page(f"{server.url}/anomalies")
    is_shown(page)
    area, first = metric(page, "AUROC").inner_text(), threshold(page).get_attribute("aria-valuetext")
    page.get_by_text("Squared error", exact=True).first.click()
    expect(metric(page, "AUROC")).not_to_have_text(area)
    expect(threshold(page)).not_to_have_attribute("aria-valuetext", first)  # the histogram is of the new score
    assert "anomalies.score=Squared+error" in page.url

    alarms = metric(page, "False alarms").inner_text()
    before = threshold(page).get_attribute("aria-valuetext")
    threshold(page).focus()
    for _ in range(12):
        page.keyboard.press("ArrowLeft")
    assert threshold(page).get_attribute("aria-valuetext") != before
    expect(metric(page, "False alarms")).not_to_have_text(alarms)
    said = threshold(page).get_attribute("aria-valuetext")
    value = float(said.split(",")[0])

    def holds_it(address):
        found = parse_qs(urlsplit(address).query).get("anomalies.threshold.squared_error", ["nan"])
        return abs(float(found[0]) - value) < 1e-5

    page.wait_for_url(holds_it, timeout=120_000)  # not that of an earlier press
    linked = new_page(page.url)
    is_shown(linked)
    expect(threshold(linked)).to_have_attribute("aria-valuetext", said)


def test_the_threshold_can_be_dragged_over_the_histogram(server, new_page):
    page = new_page(f"{server.url}/anomalies")
    is_shown(page)
    box = page.locator("svg.plot").bounding_box()
    middle = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(*middle)
    page.mouse.down()
    page.mouse.move(middle[0] - 60, middle[1])
    told = threshold(page).get_attribute("aria-valuetext")
    page.mouse.up()
    alarms = re.search(r"([\d,]+) of [\d,]+ false alarms", told)[1]
    expect(metric(page, "False alarms")).to_contain_text(f"{alarms} of")


def test_a_folder_of_ones_own_from_upload_to_verdict(server, new_page):
    page = new_page(f"{server.url}/anomalies?{OWN}")
    page.locator("input[type=file]").first.set_input_files(
        {"name": "mine.zip", "mimeType": "application/zip", "buffer": folder()}
    )
    use = page.get_by_role("button", name="Use these images")
    expect(use).to_be_enabled()
    use.click()
    train = page.get_by_role("button", name=TRAIN)
    expect(train).to_be_enabled()
    expect(page.get_by_text("32 images to learn from, 8 to test")).to_be_visible()
    train.click()
    is_shown(page)
    expect(page.get_by_role("heading", level=1)).to_contain_text("only “normal” is normal")
    expect(page.locator(".threshold .legend")).to_contain_text("abnormal, 10")
    assert float(re.search(r"0\.\d+|1\.0+", metric(page, "AUROC").inner_text())[0]) > 0.9

    stripes = zipfile.ZipFile(io.BytesIO(folder())).read("mine/abnormal/45.png")
    page.locator("input[type=file]").last.set_input_files(
        {"name": "stripes.png", "mimeType": "image/png", "buffer": stripes}
    )
    expect(page.get_by_text(re.compile("is (above|below) the threshold"))).to_be_visible()
    expect(page.locator(".threshold .legend")).to_contain_text("your picture")
