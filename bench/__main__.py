"""``make bench``: registrations on the production processes, each figure beside its limit in the same run.

Everything runs on 127.0.0.1 with servers of its own and ends by itself. Only ratios of one run may be
quoted: the machine of the moment decides the rest.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import socket
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import redis

from bench import limits, machine
from bench.load import Ask, Body, Measured, press
from bench.report import Run, written
from tests.journeys.processes import House, house
from tests.services import Servers, servers

_DURABLE = ("fsync", "synchronous_commit", "full_page_writes")


def main() -> int:
    """Measure everything once and write it down."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a minute and a half, to see that it works")
    parser.add_argument("--into", type=Path, help="write the report to this file")
    asked = parser.parse_args()
    size = Size(seconds=4, rush=300, rush_places=30) if asked.quick else Size()
    with tempfile.TemporaryDirectory(prefix="vipu-bench-") as folder:
        report = measure(Path(folder), size)
    print(report)
    if asked.into:
        asked.into.write_text(report)
    return 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How long and how much."""

    seconds: int = 12
    clients: int = 16
    rush: int = 2000
    rush_places: int = 200
    rush_clients: int = 50


@dataclass(slots=True)
class Bench:
    """A running installation with the process groups whose work is counted."""

    servers: Servers
    house: House
    size: Size
    groups: dict[str, int]
    runs: list[Run] = field(default_factory=list)

    def run(
        self, name: str, ask: Ask, *, clients: int, requests: int = 1_000_000, seconds: int = 0
    ) -> Measured:
        """Press and count what it took."""
        before = machine.Used.now(self.groups)
        measured = press(
            self.house.port, ask, clients=clients, requests=requests, seconds=seconds or self.size.seconds
        )
        used = machine.Used.now(self.groups).since(before)
        self.runs.append(Run(name=name, clients=clients, measured=measured, cpu=used.each(measured.answered)))
        print(f"  {name}: {measured.rate:.0f}/s, {dict(measured.statuses)}", file=sys.stderr)
        self.rest()
        return measured

    def rest(self) -> None:
        """Take back the mails that have not left, and wait for the rest: the next run is to be alone."""
        with psycopg.connect(self.servers.database_url, autocommit=True) as connection:
            for _ in range(240):
                waiting = connection.execute(
                    "SELECT count(*) FROM notifications_message"
                    " WHERE state IN ('queued', 'claimed', 'sending')"
                    " AND (not_before IS NULL OR not_before <= now())"
                ).fetchone()
                if not waiting or not waiting[0]:
                    return
                connection.execute(
                    "UPDATE notifications_message SET state = 'cancelled' WHERE state = 'queued'"
                )
                time.sleep(0.25)


def measure(folder: Path, size: Size) -> str:
    """Start everything, run every case beside its limit, and tell."""
    noise = [machine.noise()]
    with _installation(folder, size) as bench:
        series = _made(bench.house, places=size.rush_places)
        sql = {
            (events, trips): limits.bare_sql(
                bench.servers.database_url,
                bench.servers.folder,
                events=events,
                trips=trips,
                clients=size.clients,
                seconds=max(2, size.seconds // 2),
            )
            for events in (100, 1)
            for trips in (6, 1)
        }
        bare = _bare(size)
        bench.run("warm", _anybody("many", series["many"]), clients=8, seconds=3)
        bench.runs.clear()
        bench.run("100 events", _anybody("many", series["many"]), clients=size.clients)
        bench.run("one event", _anybody("hot", series["hot"]), clients=size.clients)
        bench.run("one event", _anybody("hot", series["hot"]), clients=8)
        bench.run("one event", _anybody("hot", series["hot"]), clients=1)
        bench.run("four events in one request", _all("four", series["four"]), clients=size.clients)
        bench.run(
            f"rush: {size.rush} people, {size.rush_places} places",
            _all("rush", series["rush"]),
            clients=size.rush_clients,
            requests=size.rush,
            seconds=300,
        )
        exact = _exact(bench)
        memory = {name: machine.memory_of(pid) for name, pid in bench.groups.items()}
        versions = _versions(bench)
    noise.append(machine.noise())
    return written(
        bench.runs, sql=sql, bare=bare, exact=exact, memory=memory, noise=noise, versions=versions, size=size
    )


@contextmanager
def _installation(folder: Path, size: Size) -> Iterator[Bench]:
    with servers() as running, house(folder, {**running.environment, "VIPU_RATE_LIMITS": "off"}) as ours:
        _keep_what_is_promised(running)
        ours.environment["VIPU_HOSTS"] = "127.0.0.1,localhost"
        done = ours.run("backend.cli", "migrate")
        assert done.returncode == 0, done.stderr
        for part in ("web", "worker", "beat"):
            ours.start(part)
        ours.wait_until("the web process", lambda: ours.ask("/api/v1/series/") is not None)
        postmaster = int((running.folder / "postgres/postmaster.pid").read_text().split()[0])
        groups = {name: process.pid for name, process in ours.running.items()}
        groups |= {"PostgreSQL": postmaster, "Valkey": _valkey(running)}
        yield Bench(servers=running, house=ours, size=size, groups=groups)


def _valkey(running: Servers) -> int:
    with redis.from_url(running.redis_url) as client:
        return int(client.info("server")["process_id"])


def _keep_what_is_promised(running: Servers) -> None:
    """Wait for the disk at each commit, as an installation does; the tests do not."""
    with psycopg.connect(running.database_url, autocommit=True) as connection:
        for setting in _DURABLE:
            connection.execute(f"ALTER SYSTEM SET {setting} = on")  # type: ignore[arg-type]  # names of ours
        connection.execute("SELECT pg_reload_conf()")


def _made(ours: House, *, places: int) -> dict[str, list[str]]:
    endless = 1_000_000
    wanted = {
        "many": {"events": 100, "capacity": endless},
        "hot": {"events": 1, "capacity": endless},
        "four": {"events": 4, "capacity": endless},
        "rush": {"events": 1, "capacity": places},
    }
    done = ours.run("bench.data", json.dumps(wanted))
    assert done.returncode == 0, done.stderr
    made: dict[str, list[str]] = json.loads(done.stdout.splitlines()[-1])
    return made


def _person(series: str, number: int) -> Body:
    stamp = f"{os.getpid()}.{time.monotonic_ns()}"
    return {
        "name": f"Esimerkki {number}",
        "email": f"{series}.{number}.{stamp}@example.org",
        "municipality": "Jämsä",
        "language": ("fi", "sv", "en")[number % 3],
    }


def _anybody(series: str, events: list[str]) -> Ask:
    """Each to one event, one after the other."""

    def ask(number: int) -> tuple[str, Body]:
        body = _person(series, number) | {"events": [events[number % len(events)]]}
        return f"/api/v1/series/{series}/registrations/", body

    return ask


def _all(series: str, events: list[str]) -> Ask:
    """Each to all of the events."""
    return lambda number: (
        f"/api/v1/series/{series}/registrations/",
        _person(series, number) | {"events": events},
    )


def _bare(size: Size) -> Measured:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        port = int(door.getsockname()[1])
    with limits.bare_view(port):
        return press(
            port,
            lambda number: ("/bare/", _person("bare", number)),
            clients=size.clients,
            requests=1_000_000,
            seconds=size.seconds,
        )


def _exact(bench: Bench) -> dict[str, int]:
    """Count in the database what the rush left behind, and how many quotas differ from their rows."""
    with psycopg.connect(bench.servers.database_url) as connection:
        rows = connection.execute(
            "SELECT r.state, count(*) FROM registrations_registration r"
            " JOIN events_event e ON e.id = r.event_id WHERE e.slug = 'rush-0' GROUP BY r.state"
        ).fetchall()
        drift = connection.execute(
            "SELECT count(*) FROM registrations_quota q WHERE q.taken <> (SELECT count(*) FROM"
            " registrations_registration r WHERE r.event_id = q.event_id"
            " AND (r.state IN ('confirmed', 'offered') OR r.held))"
        ).fetchone()
    return {**dict(rows), "quotas that differ": drift[0] if drift else -1}


def _versions(bench: Bench) -> dict[str, str]:
    import django  # noqa: PLC0415 - only its number is wanted

    with psycopg.connect(bench.servers.database_url) as connection:
        version = connection.execute("SHOW server_version").fetchone()
    return {
        "date": f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC",
        "processors": str(os.cpu_count()),
        "Python": platform.python_version(),
        "Django": django.__version__,
        "PostgreSQL": str(version[0]) if version else "",
    }


if __name__ == "__main__":
    sys.exit(main())
