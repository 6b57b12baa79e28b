"""The whole life of a theme day over HTTP, on both databases, with exactly the processes of each profile."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from tests.journeys import beginnings
from tests.journeys.line import ORGANISER, PASSWORD, REVIEWER, Line
from tests.journeys.postbox import Postbox
from tests.journeys.processes import House

TUESDAY = 1


@pytest.fixture
def embedded(tmp_path: Path) -> Iterator[House]:
    with beginnings.embedded(tmp_path) as started:
        yield started


@pytest.fixture
def production(tmp_path: Path) -> Iterator[House]:
    with beginnings.production(tmp_path) as (started, _servers):
        yield started


def _walk(home: House, *parts: str) -> None:
    for address, role in ((ORGANISER, "organiser"), (REVIEWER, "reviewer")):
        asked = ("backend.cli", "user", address, "--organisation", "esimerkki", "--role", role)
        made = home.run(*asked, "--organisation-name", "Esimerkkijärjestäjä", given=f"{PASSWORD}\n")
        assert made.returncode == 0, made.stderr
    for part in parts:
        home.start(part)
    home.wait_until("the pages", lambda: home.ask("/readyz")["database"])
    Line(f"http://127.0.0.1:{home.port}", Postbox(home.folder / "mailbox"), first_day=_a_tuesday()).walk()
    home.wait_until("all parts", lambda: home.ask("/readyz")["state"] == "ready")
    assert "Traceback" not in home.logs(), home.logs()


def _a_tuesday() -> date:
    ahead = timezone.localdate() + timedelta(days=60)
    return ahead + timedelta(days=(TUESDAY - ahead.weekday()) % 7)


def test_from_an_empty_service_to_a_published_practice_in_one_process_on_sqlite(embedded: House) -> None:
    _walk(embedded, "up")


def test_from_an_empty_service_to_a_published_practice_on_postgresql_and_valkey(production: House) -> None:
    _walk(production, "web", "worker", "beat")
