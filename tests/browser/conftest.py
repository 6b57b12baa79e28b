"""A real Chromium against the real service: `vipu demo` as a process, with a port and a folder of its own.

Each begins where a newcomer's second start does: with what the first one, in an empty folder, has left.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from backend.demo.people import ORGANISER, PASSWORD
from tests.browser.week import Lived, Week, live_through
from tests.once import made_once

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--use-fake-device-for-media-stream",  # a camera that sees a test picture, and asks nobody
    "--use-fake-ui-for-media-stream",
]
START_SECONDS = 60
PATIENCE = 10_000  # milliseconds: the machine of the tests may be busy
PHONE, DESKTOP, NARROW = (390, 844), (1280, 800), (320, 640)


@dataclass(frozen=True, slots=True)
class Service:
    """A running Vipu with demonstration data."""

    url: str
    data_dir: Path

    @property
    def mailbox(self) -> Path:
        return self.data_dir / "mailbox"

    @property
    def letters(self) -> list[Path]:
        """List every mail, oldest first."""
        return sorted(self.mailbox.glob("*.eml"))

    def database(self) -> sqlite3.Connection:
        """Open what the service keeps, to be read only."""
        return sqlite3.connect(f"file:{self.data_dir / 'vipu.sqlite3'}?mode=ro", uri=True)

    def mails_to(self, address: str, *, at_least: int = 1, seconds: float = 20) -> list[Path]:
        """Wait until that many mails to the address stand in the mailbox, oldest first."""
        deadline = time.monotonic() + seconds
        while True:
            found = [p for p in self.letters if f"{address}".encode() in p.read_bytes()]
            if len(found) >= at_least or time.monotonic() > deadline:
                assert len(found) >= at_least, f"{len(found)} of {at_least} mails to {address}"
                return found
            time.sleep(0.2)


def chromium() -> str | None:
    return next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


@pytest.fixture(scope="session")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    with served(tmp_path_factory.mktemp("vipu"), VIPU_RATE_LIMITS="off") as running:
        yield running


@contextmanager
def served(data_dir: Path, **told: str) -> Iterator[Service]:
    """Run a service of its own until the block ends."""
    shutil.copytree(
        made_once("demonstration", _demonstrated_for_the_first_time), data_dir, dirs_exist_ok=True
    )
    with _running(data_dir, **told) as service:
        yield service


def _demonstrated_for_the_first_time(folder: Path) -> None:
    with _running(folder):
        pass  # it answers


@contextmanager
def _running(data_dir: Path, **told: str) -> Iterator[Service]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    kept = {k: v for k, v in os.environ.items() if k not in {"DATABASE_URL", "REDIS_URL", "VIPU_PUBLIC_URL"}}
    environment = {**kept, "PORT": str(port), "VIPU_DATA_DIR": str(data_dir), **told}
    log = (data_dir / "service.log").open("wb")
    process = subprocess.Popen(
        [sys.executable, "-m", "backend.cli", "demo"], env=environment, stdout=log, stderr=log
    )
    url = f"http://127.0.0.1:{port}"
    try:
        _wait_until_up(url, process, data_dir / "service.log")
        yield Service(url=url, data_dir=data_dir)
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(timeout=15)
        log.close()


def _wait_until_up(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        assert process.poll() is None, f"the service stopped: {log.read_text()[-2000:]}"
        try:
            with opener.open(f"{url}/healthz", timeout=2):
                return
        except OSError:
            time.sleep(0.2)
    raise AssertionError(f"no answer in {START_SECONDS} s: {log.read_text()[-2000:]}")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = chromium()
    if path is None:
        pytest.skip("no Chromium on this machine: browser tests not run")
    expect.set_options(timeout=PATIENCE)
    # Playwright's event loop sleeps in this thread until the end, and a parallel process that has done its
    # pages takes over tests of the database: Django would refuse them, though nothing runs within the loop
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield started
        started.close()


@pytest.fixture(scope="session")
def lived(service: Service) -> Lived:
    """A week in which everything has happened; only to be looked at."""
    return live_through(service)


type NewWeek = Callable[[str], Week]


@pytest.fixture(scope="session")
def new_week(service: Service) -> NewWeek:
    """Make four mornings that no other test uses: ``new_week("Mornings of this test")``."""
    return lambda title: Week(service, title).set_up()


def sit_down(page: Page, address: str = ORGANISER, *, language: str = "fi") -> None:
    """Sign in at the desk and read it in this language."""
    page.goto("/accounts/login/?next=/desk/")
    page.fill("input[name=login]", address)
    page.fill("input[name=password]", PASSWORD)
    page.press("input[name=password]", "Enter")
    page.wait_for_url(lambda url: urlsplit(url).path == "/desk/")
    page.click(f".tongues button[value={language}]")
    page.wait_for_selector(f"html[lang={language}]", state="attached")


type Tab = Callable[..., Page]


@pytest.fixture
def tab(browser: Browser, service: Service) -> Iterator[Tab]:
    """Open a clean browser window: ``tab(width=PHONE, javascript=False, scheme="dark")``."""
    contexts: list[BrowserContext] = []

    def _open(*, size: tuple[int, int] = DESKTOP, javascript: bool = True, dark: bool = False) -> Page:
        context = browser.new_context(
            base_url=service.url,
            viewport={"width": size[0], "height": size[1]},
            java_script_enabled=javascript,
            color_scheme="dark" if dark else "light",
            locale="fi-FI",
        )
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        return context.new_page()

    yield _open
    for context in contexts:
        context.close()
