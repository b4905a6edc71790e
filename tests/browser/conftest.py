"""The app as a person meets it: a server of its own, and Chromium."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest
from playwright.sync_api import expect, sync_playwright

ROOT = Path(__file__).parent.parent.parent
FLAGS = [
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
]
PATIENCE = 120_000  # ms; a deadline for a busy machine, not a measurement
expect.set_options(timeout=PATIENCE)


def pytest_collection_modifyitems(items):
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(autouse=True)
def no_network():
    """Playwright talks to its browser in its own ways; the browser itself reaches only this machine."""


@pytest.fixture(scope="session")
def chromium():
    """A running Chromium; its absence fails in continuous integration and skips elsewhere."""
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if path is None:
        message = "Chromium is not installed: `apt-get install chromium`, or put a Chrome on the PATH."
        (pytest.fail if os.environ.get("CI") else pytest.skip)(message)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


class Server:
    """One `streamlit run app.py` on a free port, with a home of its own.

    Args:
        home: Its `AECORE_HOME`.
        root: The checkout it runs from.
    """

    def __init__(self, home: Path, root: Path = ROOT, **environment: str) -> None:
        self.home, self.root, self.environment = home, root, environment
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.process = None
        self.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        environment = {name: value for name, value in os.environ.items() if name != "AECORE_DATA"}
        environment |= {"AECORE_HOME": str(self.home), **self.environment}
        options = ["--server.headless=true", f"--server.port={self.port}", "--server.address=127.0.0.1"]
        command = [sys.executable, "-m", "streamlit", "run", "app.py", *options]
        log = (self.home.parent / "server.log").open("ab")
        self.process = subprocess.Popen(command, cwd=self.root, env=environment, stdout=log, stderr=log)
        log.close()
        deadline = time.monotonic() + PATIENCE / 1000
        while not self._answers():
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError((self.home.parent / "server.log").read_text())
            time.sleep(0.2)

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/_stcore/health", timeout=2) as answer:
                return answer.status == 200
        except OSError:
            return False

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def stop(self) -> None:
        self.process.terminate()
        try:
            self.process.wait(15)
        except subprocess.TimeoutExpired:
            self.kill()


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """A server shared by the tests of a module."""
    running = Server(tmp_path_factory.mktemp("app") / "home")
    yield running
    running.stop()


@pytest.fixture
def fresh_server(tmp_path):
    """A server that nobody has used."""
    running = Server(tmp_path / "home")
    yield running
    running.stop()


@pytest.fixture
def new_page(chromium):
    """Opens pages, each in a browser context of its own, and fails on errors in their console."""
    contexts, errors = [], []

    def open_page(url: str, width: int = 1440, height: int = 900, dark: bool = False):
        scheme = "dark" if dark else "light"
        context = chromium.new_context(viewport={"width": width, "height": height}, color_scheme=scheme)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(url)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert not errors
