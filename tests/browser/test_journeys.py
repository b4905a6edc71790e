"""What people do with the lab, in a real browser, with real trainings."""

import json
import os
import re
import signal
import time
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from aecore.store import Store

TRAIN = re.compile(r"^(play_arrow)?\s*Train")
QUICK = "train.fit.epochs=4&train.dataset=MNIST+digits&train.mnist.limit=800"
LONG = "train.fit.epochs=400&train.fit.batch_size=32"


def start_training(page: Page) -> None:
    button = page.get_by_role("button", name=TRAIN)
    expect(button).to_be_enabled()
    button.click()


def is_finished(page: Page) -> None:
    expect(page.get_by_text("PSNR, test images")).to_be_visible()
    expect(page.get_by_text("Trained in").first).to_be_visible()


def is_at_work(page: Page, epoch: int = 1) -> None:
    expect(page.get_by_text(re.compile(rf"Epoch ([{epoch}-9]|\d\d+) of"))).to_be_visible()


def records(home: Path) -> list[dict]:
    """The records of all trainings that a home knows."""
    found = []
    for folder in (home / "jobs").glob("*"):
        request = folder / "request.json"
        if request.exists() and json.loads(request.read_text())["function"] == "train":
            record = folder / "record.json"
            found.append(json.loads(record.read_text()) if record.exists() else {})
    return found


def worker_of(server) -> int:
    """Process id of the worker below a server."""
    parents = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            words = stat.read_text().rpartition(")")[2].split()
            parents[int(stat.parent.name)] = int(words[1])
        except OSError:
            continue
    children = [pid for pid, parent in parents.items() if parent == server.process.pid]
    running = [pid for pid in children if b"aecore.worker" in Path(f"/proc/{pid}/cmdline").read_bytes()]
    assert len(running) == 1
    return running[0]


def test_from_the_first_click_to_a_finished_run_and_the_second_time_at_once(server, new_page):
    page = new_page(server.url)
    expect(page.get_by_role("heading", name="Autoencoder Lab")).to_be_visible()
    page.goto(f"{server.url}/train?{QUICK}")
    start_training(page)
    expect(page.get_by_role("button", name="Cancel")).to_be_visible()
    is_finished(page)
    expect(page.get_by_text(re.compile(r"PCA \d\d\.\d dB"))).to_be_visible()
    expect(page.get_by_text("5,000-image sample").first).to_be_visible()
    expect(page.get_by_role("img", name=re.compile("Output, .*dB")).first).to_be_visible()

    again = new_page(f"{server.url}/train?{QUICK}")
    is_finished(again)
    assert len(records(server.home)) == 1

    (run,) = (server.home / "runs").glob("[0-9a-f]*")
    report = json.loads((run / "report.json").read_text())
    expect(again.get_by_text(f"{report['psnr']:.1f} dB", exact=True).first).to_be_visible()


def test_a_link_opens_a_run_on_a_server_that_has_just_started(server, new_page):
    page = new_page(f"{server.url}/train?{QUICK}")
    if page.get_by_role("button", name=TRAIN).is_visible():
        start_training(page)
    is_finished(page)
    (run,) = (server.home / "runs").glob("[0-9a-f]*")
    server.stop()
    server.start()
    linked = new_page(f"{server.url}/train?run={run.name}")
    is_finished(linked)


def test_a_key_that_leads_nowhere_gets_a_sentence(server, new_page):
    for key in ("0" * 16, "../../etc/passwd"):
        page = new_page(f"{server.url}/train?run={key}")
        expect(page.get_by_text(re.compile("no finished run|16 hex digits|is gone|no run"))).to_be_visible()
        expect(page.get_by_text("Traceback")).to_have_count(0)


def test_a_reload_in_the_middle_and_a_second_browser_see_the_same_training(fresh_server, new_page):
    address = f"{fresh_server.url}/train?{LONG}"
    page, other = new_page(address), new_page(address)
    start_training(page)
    is_at_work(page)
    page.reload()
    is_at_work(page)
    other.reload()
    is_at_work(other)
    assert len(records(fresh_server.home)) == 1
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_text("was cancelled")).to_be_visible()
    expect(page.get_by_role("button", name=re.compile("Go on"))).to_be_visible()


def test_two_who_press_the_same_button_share_one_job_and_one_may_leave(fresh_server, new_page):
    address = f"{fresh_server.url}/train?{LONG}"
    first, second = new_page(address), new_page(address)
    for page in (first, second):
        expect(page.get_by_role("button", name=TRAIN)).to_be_enabled()
    first.get_by_role("button", name=TRAIN).click()
    second.get_by_role("button", name=TRAIN).click()
    for page in (first, second):
        is_at_work(page)
    assert len(records(fresh_server.home)) == 1
    first.get_by_role("button", name="Cancel").click()
    is_at_work(second, epoch=2)
    assert [record["state"] for record in records(fresh_server.home)] == ["running"]


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="finds the worker through /proc")
def test_a_killed_worker_is_said_and_the_next_training_is_unharmed(fresh_server, new_page):
    page = new_page(f"{fresh_server.url}/train?{LONG}")
    start_training(page)
    is_at_work(page)
    os.kill(worker_of(fresh_server), signal.SIGKILL)
    expect(page.get_by_text("ended unexpectedly")).to_be_visible()
    page.goto(f"{fresh_server.url}/train?{QUICK}")
    start_training(page)
    is_finished(page)


def test_an_app_killed_in_the_middle_says_so_afterwards_and_goes_on(fresh_server, new_page):
    address = f"{fresh_server.url}/train?train.fit.epochs=40&train.mnist.limit=2000"
    page = new_page(address)
    start_training(page)
    is_at_work(page, epoch=3)
    (job,) = [path.parent for path in fresh_server.home.glob("jobs/*/live.npz")] or [
        path.parent.parent for path in fresh_server.home.glob("jobs/*/out/live.npz")
    ]
    deadline = time.monotonic() + 60
    while not (job / "checkpoint.npz").exists() and time.monotonic() < deadline:
        time.sleep(0.2)
    fresh_server.kill()
    fresh_server.start()
    page = new_page(address)
    expect(page.get_by_text("was interrupted")).to_be_visible()
    page.get_by_role("button", name=re.compile("Resume")).click()
    is_finished(page)


def test_the_form_says_what_an_opened_run_was_trained_with(server, new_page):
    for run in Store(server.home / "runs").runs()[-4:]:  # shipped ones
        page = new_page(f"{server.url}/train?run={run.key}")
        is_finished(page)
        expect(page.locator('input[aria-label="Epochs"]')).to_have_value(str(run.recipe.fit.epochs))
        expect(page.locator('input[aria-label="Batch size, images"]')).to_have_value(str(run.recipe.fit.batch_size))


def test_a_dead_link_leaves_the_page_usable(server, new_page):
    page = new_page(f"{server.url}/train?run={'0' * 16}")
    expect(page.get_by_text("There is no run")).to_be_visible()
    expect(page.get_by_role("button", name=TRAIN)).to_be_enabled()
