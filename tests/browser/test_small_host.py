"""A small host: a checkout that is only read, 2.7 GB for everything, no network, no local data."""

import re
import shutil
import subprocess
import threading
import time
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import ROOT, Server
from tests.browser.test_journeys import TRAIN, is_finished

LIMIT = 2_700_000_000  # bytes
PAGES = [path for path in sorted((ROOT / "pages").glob("*/*.py")) if path.parent.name != "ui"]
NOWHERE = "http://127.0.0.1:9"  # a proxy that refuses every connection


def memory_of(root: int) -> int:
    """Bytes that a process and all below it hold; an upper bound, as what two of them share is counted twice."""
    parents, total = {}, 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            parents[int(stat.parent.name)] = int(stat.read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue
    family = {root}
    while more := {pid for pid, parent in parents.items() if parent in family} - family:
        family |= more
    for pid in family:
        try:
            status = Path(f"/proc/{pid}/status").read_text()
        except OSError:
            continue
        resident = re.search(r"^VmRSS:\s+(\d+)", status, re.MULTILINE)
        total += 1024 * int(resident.group(1)) if resident else 0
    return total


class Memory:
    """Watches the memory of a server and everything below it."""

    def __init__(self, pid: int) -> None:
        self.pid, self.most, self.over = pid, 0, threading.Event()
        self.thread = threading.Thread(target=self._watch, daemon=True)
        self.thread.start()

    def _watch(self) -> None:
        while not self.over.is_set():
            self.most = max(self.most, memory_of(self.pid))
            time.sleep(0.25)

    def stop(self) -> int:
        self.over.set()
        self.thread.join()
        return self.most


@pytest.fixture
def checkout(tmp_path):
    """A copy of what a host is given, which nobody may write to."""
    copy = tmp_path / "checkout"
    given = ("app.py", "pages", "aecore", "weights", "requirements.txt", ".streamlit")
    copy.mkdir()
    for name in given:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, copy / name)
    subprocess.run(["chmod", "-R", "a-w", copy], check=True)
    before = listing(copy)
    yield copy
    subprocess.run(["chmod", "-R", "u+w", copy], check=True)
    assert listing(copy) == before, "the checkout was written to"


def listing(folder: Path) -> dict[str, int]:
    """Every file below a folder and when it was changed."""
    files = (path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): path.stat().st_mtime_ns for path in files}


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="measures memory through /proc")
def test_every_page_opens_and_the_default_recipe_trains(checkout, tmp_path, new_page):
    proxies = {name: NOWHERE for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY")}
    server = Server(tmp_path / "home", checkout, **proxies, PYTHONDONTWRITEBYTECODE="1")
    memory = Memory(server.process.pid)
    try:
        reached = []
        page = new_page("about:blank")
        page.on("request", lambda request: reached.append(request.url))
        for path in PAGES:
            address = "" if path.stem == "home" else path.stem
            page.goto(f"{server.url}/{address}")
            expect(page.get_by_role("heading", level=1).first).to_be_visible()
            expect(page.get_by_text("Something went wrong")).to_have_count(0)
        page.goto(f"{server.url}/train")
        button = page.get_by_role("button", name=TRAIN)
        expect(button).to_be_enabled()
        expect(page.get_by_text("5,000-image sample").first).to_be_visible()
        button.click()
        is_finished(page)
        expect(page.get_by_role("img", name=re.compile("Output, .*dB")).first).to_be_visible()
        loaded = Path(f"/proc/{server.process.pid}/maps").read_text()
        assert not re.search("tensorflow|libtorch|jaxlib", loaded), "the app process has loaded what the worker is for"
        foreign = [url for url in reached if not url.startswith((server.url, "data:", "blob:", "about:"))]
        assert not foreign, f"the page asked other machines: {foreign[:3]}"
    finally:
        most = memory.stop()
        server.stop()
    assert most < LIMIT, f"{most / 1e9:.2f} GB"
    print(f"most memory of all processes: {most / 1e9:.2f} GB")
