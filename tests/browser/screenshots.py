"""Makes the README's pictures: `python -m tests.browser.screenshots [FOLDER]`, from the project's root.

Starts the app with a home of its own, trains the default recipe, and photographs pages at three widths, light and dark.
Without a folder only `tests/screenshots/train.png` is made.
"""

import re
import shutil
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import expect, sync_playwright

from tests.browser.conftest import FLAGS, ROOT, Server

README_PICTURE = ROOT / "tests" / "screenshots" / "train.png"
SIZES = {"wide": (1440, 900), "tablet": (1024, 768), "phone": (390, 844)}
FILES = sorted((ROOT / "pages").glob("*/*.py"))
ADDRESSES = ["", *(file.stem for file in FILES if file.parent.name not in ("home", "ui"))]
SETTLED = 1500  # ms for pictures and charts to be drawn


def main(folder: Path | None) -> None:
    path = shutil.which("chromium") or shutil.which("google-chrome")
    with tempfile.TemporaryDirectory() as home, sync_playwright() as playwright:
        server = Server(Path(home) / "home")
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        try:
            page = browser.new_page(viewport={"width": 1440, "height": 900})
            page.goto(f"{server.url}/train")
            page.get_by_role("button", name=re.compile("Train, about")).click(timeout=120_000)
            expect(page.get_by_text("PSNR, test images")).to_be_visible()
            page.wait_for_timeout(SETTLED)
            README_PICTURE.parent.mkdir(exist_ok=True)
            page.screenshot(path=README_PICTURE)
            for name, (width, height) in SIZES.items() if folder else ():
                for scheme in ("light", "dark"):
                    options = {"viewport": {"width": width, "height": height}, "color_scheme": scheme}
                    view = browser.new_context(**options).new_page()
                    for address in ADDRESSES:
                        view.goto(f"{server.url}/{address}")
                        view.get_by_role("heading", level=1).first.wait_for(timeout=120_000)
                        view.wait_for_timeout(3 * SETTLED)
                        shot = folder / f"{address or 'home'}-{name}-{scheme}.png"
                        view.screenshot(path=shot)
                        view.screenshot(path=shot.with_stem(f"{shot.stem}-full"), full_page=True)
                    view.context.close()
        finally:
            browser.close()
            server.stop()


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
