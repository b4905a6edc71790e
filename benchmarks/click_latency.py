"""How long a click on the map takes until its decoded image is there: `python -m benchmarks.click_latency`.

Starts the app with a home of its own, trains a small network with a code of two numbers, then clicks on its map, first
while nothing else is to do, then while a training runs. Time is taken in the browser, from the release of the button to
the new picture. Prints one JSON value: medians and 90th percentiles in ms.
"""

import json
import random
import re
import shutil
import statistics
import tempfile
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from tests.browser.conftest import FLAGS, Server
from tests.browser.test_journeys import LONG, is_at_work, is_finished, start_training

RECIPE = "train.model=Variational&train.vae.latent_dim=2&train.fit.epochs=3&train.mnist.limit=3000"
CLICKS = 40
PAUSE = 400  # ms between two clicks
ARM = """() => {
  const picture = () => document.querySelector('img[alt^="Decoded at"]')?.src, before = picture();
  window.took = 0;
  window.addEventListener("pointerup", () => {
    const start = performance.now();
    const look = () => picture() && picture() !== before
      ? (window.took = performance.now() - start) : requestAnimationFrame(look);
    look();
  }, { once: true, capture: true });
}"""


def measure(page: Page, rng: random.Random) -> dict[str, float]:
    """Clicks at random places of the map, never twice at one."""
    page.locator(".map[data-drawn]").wait_for()
    box = page.locator("canvas.over").bounding_box()
    took = []
    for _ in range(CLICKS):
        page.evaluate(ARM)
        across, down = rng.uniform(0.15, 0.85), rng.uniform(0.2, 0.9)
        page.mouse.click(box["x"] + across * box["width"], box["y"] + down * box["height"])
        page.wait_for_function("window.took > 0")
        took.append(page.evaluate("window.took"))
        page.wait_for_timeout(PAUSE)
    return {"median_ms": round(statistics.median(took)), "p90_ms": round(statistics.quantiles(took, n=10)[-1])}


def main() -> None:
    path = shutil.which("chromium") or shutil.which("google-chrome")
    with tempfile.TemporaryDirectory() as home, sync_playwright() as playwright:
        server = Server(Path(home) / "home")
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        try:
            page = browser.new_page(viewport={"width": 1440, "height": 900})
            page.goto(f"{server.url}/train?{RECIPE}")
            start_training(page)
            is_finished(page)
            (run,) = (server.home / "runs").glob("[0-9a-f]*")
            page.goto(f"{server.url}/latent_space?run={run.name}")
            page.get_by_role("img", name=re.compile("Decoded at")).wait_for(timeout=120_000)
            found = {"clicks": CLICKS, "idle": measure(page, random.Random(0))}
            other = browser.new_page()
            other.goto(f"{server.url}/train?{LONG}")
            start_training(other)
            is_at_work(other)
            found["while_training"] = measure(page, random.Random(1))
            print(json.dumps(found))
        finally:
            browser.close()
            server.stop()


if __name__ == "__main__":
    main()
