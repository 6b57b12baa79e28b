"""Web processes killed while they answer: the same key gives the same registration afterwards, once (T11)."""

from __future__ import annotations

import json
import os
import signal
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from http import HTTPStatus
from pathlib import Path

import psycopg
import pytest

from tests.journeys import beginnings
from tests.journeys.processes import House

SOON = 60  # seconds within which the key is good again
MOST = 40


@pytest.fixture
def production(tmp_path: Path) -> Iterator[House]:
    with beginnings.production(tmp_path) as (started, _servers):
        yield started


def _press(home: House, series: str, event: str, *, number: int) -> dict[str, object]:
    """Register somebody; the second time with the same key, as a page does after a lost answer."""
    request = urllib.request.Request(
        f"http://127.0.0.1:{home.port}/api/v1/series/{series}/registrations/",
        data=json.dumps(
            {"name": "Aino Esimerkki", "email": f"aino{number}@example.org", "events": [event]}
        ).encode(),
        headers={"Content-Type": "application/json", "Idempotency-Key": f"kill {number}"},
    )
    with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310 - our own address
        assert answer.status in {HTTPStatus.OK, HTTPStatus.CREATED}
        return json.load(answer)  # type: ignore[no-any-return]  # what our own service answered


def _workers(home: House) -> list[int]:
    """List the processes that answer: the children of the one we started."""
    parent = home.running["web"].pid
    children = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
    return [int(pid) for pid in children]


def _killed_after(home: House, series: str, event: str, *, number: int, seconds: float) -> bool:
    """Press, and kill every web process so many seconds later; tell whether the answer had come by then."""
    came: list[dict[str, object]] = []

    def press() -> None:
        with suppress(OSError):  # the answer is lost: just what is tried here
            came.append(_press(home, series, event, number=number))

    pressing = threading.Thread(target=press)
    pressing.start()
    time.sleep(seconds)
    for pid in _workers(home):
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    pressing.join()
    return bool(came)


def _answered(home: House, series: str, event: str, *, number: int) -> dict[str, object]:
    """Press until an answer comes, as somebody does who sees none."""
    answers: list[dict[str, object]] = []

    def press() -> bool:
        answers.append(_press(home, series, event, number=number))
        return True

    home.wait_until("an answer", press)
    return answers[0]


def test_a_web_process_killed_at_any_point_registers_once(production: House, *, full: bool) -> None:
    series = production.run("tests.journeys.four_mornings").stdout
    production.start("web")
    production.wait_until("the pages", lambda: production.ask(f"/api/v1/series/{series}/"))
    event = production.ask(f"/api/v1/series/{series}/")["events"][0]["slug"]
    _press(production, series, event, number=1000)  # the first answer of a process is slow

    points = 20 if full else 2
    lost = tried = 0
    while tried < points or (lost == 0 and tried < MOST):  # on a busy machine an answer may outrun the killer
        seconds = 0.12 * (tried % points) / points
        lost += not _killed_after(production, series, event, number=tried, seconds=seconds)
        killed = time.monotonic()
        again = _answered(production, series, event, number=tried)
        assert time.monotonic() - killed < SOON
        assert _press(production, series, event, number=tried) == again
        tried += 1

    with psycopg.connect(production.environment["DATABASE_URL"]) as database:
        counted = database.execute(
            "select count(*), count(distinct attendee_id) from registrations_registration"
        ).fetchone()
        kept = database.execute(
            "select count(*) from notifications_message where kind = 'confirmation'"
        ).fetchone()
    assert counted == (tried + 1, tried + 1)
    assert kept == (tried + 1,)
    assert lost > 0, "no answer was lost: nothing was tried"
