"""The broker and the database go away and come back; nobody notices more than a wait (T25-T27, T29, T31).

A whole installation runs on servers of its own while people register; its mail goes to a server of ours that
counts. Each outage ends, and then the books must balance: whoever was told "yes" is in the database and has
been written to once, or it is on record that nobody can know.
"""

import json
import os
import signal
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from http import HTTPStatus
from pathlib import Path
from typing import LiteralString, Self
from urllib.error import HTTPError

import psycopg
import pytest
import redis

from tests.faults.sink import Sink
from tests.journeys import beginnings
from tests.journeys.processes import House
from tests.services import Servers

SOFT_STOP = 35  # seconds that a worker told to stop may take
PEACE = 2  # seconds of registering after an outage is over


@dataclass(slots=True)
class People:
    """Registers one person after the other, as often as told, and keeps the answers."""

    home: House
    event: str
    called: str
    a_second: float = 5
    confirmed: list[str] = field(default_factory=list)
    refused: list[int] = field(default_factory=list)
    unanswered: int = 0
    slowest: float = 0
    _over: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None
    _tried: int = 0

    def __enter__(self) -> Self:
        self._thread = threading.Thread(target=self._come)
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._over.set()
        assert self._thread is not None
        self._thread.join(60)

    def _come(self) -> None:
        while not self._over.wait(1 / self.a_second):
            self._tried += 1
            began = time.monotonic()
            self._register(f"{self.called}.aino{self._tried}@example.org")
            self.slowest = max(self.slowest, time.monotonic() - began)

    def _register(self, email: str) -> None:
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.home.port}/api/v1/series/aamukahvit/registrations/",
            data=json.dumps({"name": "Aino Esimerkki", "email": email, "events": [self.event]}).encode(),
            headers={"Content-Type": "application/json", "Idempotency-Key": email},
        )
        try:
            with urllib.request.urlopen(request, timeout=20) as answer:  # noqa: S310 - our own address
                assert answer.status == HTTPStatus.CREATED
                self.confirmed.append(email)
        except HTTPError as no:
            self.refused.append(no.code)
        except OSError:
            self.unanswered += 1


@dataclass(slots=True)
class Installation:
    """The parts that may fail, and the mail server that counts."""

    servers: Servers
    home: House
    sink: Sink

    def counted(self, question: LiteralString) -> dict[str, int]:
        """Ask the database for addresses and numbers."""
        with psycopg.connect(self.servers.database_url) as connection:
            return {str(key): int(value) for key, value in connection.execute(question).fetchall()}

    def plan_many(self, number: int, *, outage: str) -> list[str]:
        """Queue so many mails behind the confirmations, so that the outage meets a worker in mid-send."""
        people = [f"{outage}.{n}@example.org" for n in range(number)]
        with psycopg.connect(self.servers.database_url) as connection:
            connection.execute(_COPIES, {"people": people})
        return people

    def waiting(self) -> int:
        """Count what is still to be sent now."""
        return self.counted(
            "SELECT 'due', count(*) FROM notifications_message"
            " WHERE state IN ('queued', 'claimed', 'sending', 'retry_wait')"
            " AND not_before <= now() + interval '1 h'"
        )["due"]


_COPIES: LiteralString = """
    INSERT INTO notifications_message (dedupe_key, recipient, kind, subject, audience, scope, batch, version,
        lane, language, context, links, calendar_method, calendar, headline, state, not_before, created_at,
        state_changed_at, owner, attempts_made, resends)
    SELECT person, person, kind, 'copy:' || left(person, 50), audience, scope, batch, version, 'bulk',
        language, context, links, calendar_method, calendar, '', 'queued', now(), now(), now(), '', 0, 0
    FROM (SELECT * FROM notifications_message WHERE kind = 'confirmation' LIMIT 1) AS one,
        unnest(%(people)s::text[]) AS person
"""


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    with Sink() as sink:
        mail = {"VIPU_MAIL_URL": f"smtp://127.0.0.1:{sink.port}?tls=0"}
        with beginnings.production(tmp_path_factory.mktemp("outages"), **mail) as (home, running):
            with psycopg.connect(running.database_url, autocommit=True) as connection:
                connection.execute("ALTER SYSTEM SET synchronous_commit = on")  # it will be killed
                connection.execute("SELECT pg_reload_conf()")
            assert home.run("tests.journeys.four_mornings").returncode == 0
            with psycopg.connect(running.database_url) as connection:
                connection.execute("UPDATE registrations_quota SET capacity = 100000, hard_cap = 100000")
            for part in ("web", "worker", "beat"):
                home.start(part)
            home.wait_until("all parts", lambda: home.ask("/readyz")["state"] == "ready")
            yield Installation(running, home, sink)


def broker_is_killed(parts: Installation, *, seconds: float) -> None:
    parts.servers.valkey.terminate()
    time.sleep(seconds)
    parts.servers.valkey.start()


def broker_forgets_everything(parts: Installation, *, seconds: float) -> None:
    end = time.monotonic() + seconds
    with redis.from_url(parts.servers.redis_url) as client:
        while time.monotonic() < end:
            client.flushall()
            time.sleep(0.3)


def broker_restarts_again_and_again(parts: Installation, *, seconds: float) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        parts.servers.valkey.terminate()
        time.sleep(0.5)
        parts.servers.valkey.start()
        time.sleep(1)


def broker_is_full(parts: Installation, *, seconds: float) -> None:
    with redis.from_url(parts.servers.redis_url) as client:
        client.config_set("maxmemory-policy", "noeviction")
        client.config_set("maxmemory", "1")
        time.sleep(seconds)
        client.config_set("maxmemory", "0")


def database_restarts(parts: Installation, *, seconds: float) -> None:
    parts.servers.postgres.stop()
    time.sleep(seconds / 3)
    _start_database(parts)


def database_is_killed(parts: Installation, *, seconds: float) -> None:
    postmaster = parts.servers.postgres.get_pid()
    children = Path(f"/proc/{postmaster}/task/{postmaster}/children").read_text().split()
    for pid in (postmaster, *map(int, children)):
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    time.sleep(seconds / 3)
    _start_database(parts)


def _start_database(parts: Installation) -> None:
    """Start it, and again while what it left behind is still in the way."""
    for _ in range(20):
        with suppress(Exception):
            parts.servers.postgres.start()
            psycopg.connect(parts.servers.database_url).close()
            return
        time.sleep(0.5)
    raise AssertionError("the database does not come back")


def database_is_read_only(parts: Installation, *, seconds: float) -> None:
    for value in ("on", "off"):
        with psycopg.connect(parts.servers.database_url, autocommit=True) as connection:
            connection.execute("SET default_transaction_read_only = off")
            connection.execute(f"ALTER SYSTEM SET default_transaction_read_only = {value}")
            connection.execute("SELECT pg_reload_conf()")
        time.sleep(seconds)


def worker_is_told_to_stop(parts: Installation, *, seconds: float) -> None:
    took, code = parts.home.stop("worker")
    assert (took <= SOFT_STOP, code) == (True, 0)
    time.sleep(seconds)
    parts.home.start("worker")


def worker_is_killed(parts: Installation, *, seconds: float) -> None:
    worker = parts.home.running.pop("worker")
    os.killpg(worker.pid, signal.SIGKILL)
    worker.wait()
    time.sleep(seconds)
    parts.home.start("worker")


type Outage = Callable[..., None]
REDUCED: list[Outage] = [broker_is_killed, worker_is_told_to_stop, database_is_killed]
FULL: list[Outage] = [
    broker_forgets_everything,
    broker_restarts_again_and_again,
    broker_is_full,
    worker_is_killed,
    database_restarts,
    database_is_read_only,
]
TURNS_PEOPLE_AWAY = {
    database_restarts,
    database_is_killed,
    database_is_read_only,
}  # for a moment, with the word to come back
LEAVES_DOUBT = {worker_is_killed, database_restarts, database_is_killed, database_is_read_only}


def test_nothing_is_lost_and_nothing_repeated_in_silence(installation: Installation, *, full: bool) -> None:
    event = installation.home.ask("/api/v1/series/aamukahvit/")["events"][0]["slug"]
    for outage in [*REDUCED, *(FULL if full else [])]:
        installation.sink.accepted.clear()
        name = outage.__name__
        with People(installation.home, event, called=name) as people:
            installation.home.wait_until("somebody", partial(len, people.confirmed))
            planned = installation.plan_many(1000 if full else 200, outage=name)
            time.sleep(0.5)
            outage(installation, seconds=60 if full else 2)
            back = time.monotonic()
            time.sleep(PEACE)
        installation.home.wait_until("all mails", lambda: installation.waiting() == 0, seconds=300)
        emptied = time.monotonic() - back
        doubtful = _balanced(people, planned, installation, emptied=emptied)
        assert not doubtful or outage in LEAVES_DOUBT
        if outage not in TURNS_PEOPLE_AWAY:
            assert (people.refused, people.unanswered) == ([], 0), (name, people.slowest)
        assert set(people.refused) <= {HTTPStatus.SERVICE_UNAVAILABLE}


def _balanced(people: People, planned: list[str], parts: Installation, *, emptied: float) -> set[str]:
    """Compare what people were told with the database and what arrived; gives whom nobody can know of."""
    told = parts.counted(
        "SELECT recipient, count(*) FROM notifications_message WHERE kind = 'confirmation' GROUP BY recipient"
    )
    doubtful = parts.counted(
        "SELECT recipient, resends FROM notifications_message"
        " WHERE kind = 'confirmation' AND (resends > 0 OR state IN ('uncertain', 'closed'))"
    )
    promised = [*people.confirmed, *planned]
    lost = [email for email in promised if told.get(email, 0) != 1]
    unsent = [email for email in promised if not parts.sink.accepted[email] and email not in doubtful]
    twice = {email for email, count in parts.sink.accepted.items() if count > 1}
    assert (lost, unsent) == ([], [])
    assert twice <= set(doubtful), "what came twice is on record"
    unknown = set(doubtful) & set(promised)
    print(  # noqa: T201 - the figures of the run
        f"{people.called}: {len(people.confirmed)} registered and {len(planned)} written to meanwhile,"
        f" {len(people.refused)} told to come back, {people.unanswered} without an answer,"
        f" slowest {people.slowest:.1f} s; lost 0, twice {len(twice)}, not known {len(unknown)};"
        f" all sent {emptied:.0f} s after"
    )
    return unknown
