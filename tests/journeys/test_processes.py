"""The very processes of an installation: a person registers, a worker sends the mail, all end in time."""

import email
import signal
from collections.abc import Iterator
from email import policy
from email.message import EmailMessage
from pathlib import Path

import pytest

from tests.journeys import beginnings
from tests.journeys.processes import House, house, left_over

AINO = {
    "name": "Aino Esimerkki",
    "email": "aino.esimerkki@example.org",
    "organisation": "Esimerkkikunta",
    "language": "fi",
    "answers": {},
    "consents": [],
}


@pytest.fixture
def embedded(tmp_path: Path) -> Iterator[House]:
    with beginnings.embedded(tmp_path) as started:
        yield started


@pytest.fixture
def production(tmp_path: Path) -> Iterator[House]:
    with beginnings.production(tmp_path) as (started, _servers):
        yield started


def _prepare(home: House) -> str:
    made = home.run("tests.journeys.four_mornings")
    assert made.returncode == 0, made.stderr
    return made.stdout


def _register(home: House, series: str) -> dict[str, str]:
    mornings = [event["slug"] for event in home.ask(f"/api/v1/series/{series}/")["events"]]
    assert len(mornings) == 4
    answer = home.ask(
        f"/api/v1/series/{series}/registrations/",
        AINO | {"events": [mornings[0], mornings[3]]},
        Idempotency_Key="the first try of Aino",
    )
    return {result["event"]: result["state"] for result in answer["results"]}


def _read(path: Path) -> EmailMessage:
    with path.open("rb") as file:
        return email.message_from_binary_file(file, policy=policy.default)


def _assert_the_mails_came(home: House) -> None:
    home.wait_until("two confirmations", lambda: len(home.letters()) >= 2)
    letters = [_read(path) for path in home.letters()]
    assert [letter["To"].addresses[0].addr_spec for letter in letters] == [AINO["email"]] * 2
    methods = [
        part.get_content_type() == "text/calendar" and part.get_param("method")
        for letter in letters
        for part in letter.walk()
    ]
    assert methods.count("REQUEST") >= 2


def test_everything_in_one_process_on_sqlite(embedded: House) -> None:
    series = _prepare(embedded)
    embedded.start("up")
    embedded.wait_until("the pages", lambda: embedded.ask(f"/api/v1/series/{series}/"))
    group = embedded.running["up"].pid

    states = _register(embedded, series)

    assert list(states.values()) == ["confirmed", "confirmed"]
    _assert_the_mails_came(embedded)
    embedded.wait_until("a pulse", lambda: embedded.ask("/readyz")["state"] == "ready")
    seconds, code = embedded.stop("up", by=signal.SIGINT)
    assert seconds < 5
    assert code == 0
    assert left_over(group) == []
    _assert_nothing_was_told(embedded)


def test_web_worker_and_beat_as_processes_on_postgresql_and_valkey(production: House) -> None:
    series = _prepare(production)
    for part in ("web", "worker", "beat"):
        production.start(part)
    production.wait_until("the pages", lambda: production.ask(f"/api/v1/series/{series}/"))
    groups = [process.pid for process in production.running.values()]

    states = _register(production, series)

    assert list(states.values()) == ["confirmed", "confirmed"]
    _assert_the_mails_came(production)
    production.wait_until("a pulse", lambda: production.ask("/readyz")["state"] == "ready")
    assert [
        production.run("backend.cli", "alive", part).returncode for part in ("web", "worker", "beat")
    ] == [0, 0, 0]
    ended = {part: production.stop(part) for part in ("beat", "worker", "web")}
    assert [code for _, code in ended.values()] == [0, 0, 0]
    assert max(seconds for seconds, _ in ended.values()) < 5
    assert [left_over(group) for group in groups] == [[], [], []]
    _assert_nothing_was_told(production)


def test_production_does_not_start_half_configured(tmp_path: Path) -> None:
    with house(tmp_path, {"DATABASE_URL": "postgres://localhost/vipu"}) as half:
        refused = half.run("backend.cli", "web")

    assert refused.returncode == 1
    assert refused.stderr.splitlines()[0] == "Vipu does not start in the production profile. Missing:"
    assert "REDIS_URL" in refused.stderr


def test_an_organiser_is_made_from_the_command_line(embedded: House) -> None:
    asked = ("backend.cli", "user", "olli.esimerkki@example.org", "--organisation", "esimerkki")

    nowhere = embedded.run(*asked, given="a long enough password\n")
    weak = embedded.run(*asked, "--organisation-name", "Esimerkki", given="short\n")
    made = embedded.run(*asked, "--organisation-name", "Esimerkki", given="a long enough password\n")

    assert (nowhere.returncode, weak.returncode, made.returncode) == (1, 1, 0)
    assert "There is no organisation 'esimerkki'" in nowhere.stderr
    assert made.stdout == "olli.esimerkki@example.org may now act for esimerkki as organiser.\n"


def _assert_nothing_was_told(home: House) -> None:
    said = home.logs()
    assert "Traceback" not in said, said
    assert [secret for secret in ("esimerkki@example.org", "Aino", "/r/", "/feed/") if secret in said] == []
