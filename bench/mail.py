"""Mail: how fast one worker drains the ledger, beside bare smtplib with ready bytes into the same sink."""

from __future__ import annotations

import argparse
import json
import os
import smtplib
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

from bench import machine
from bench.sink import sink
from tests.services import servers

_KINDS = ("reminder", "confirmation")


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """One kind of message: what it took us, and what it took smtplib."""

    kind: str
    planned: float  # seconds for all
    rate: float  # mails a second
    own: float  # milliseconds of processor time a mail, in the worker
    database: float  # and in the database
    bytes: int
    bare: float  # mails a second by smtplib


def main() -> None:
    """Measure each kind once and write it down."""
    parser = argparse.ArgumentParser(prog="python -m bench.mail", description=__doc__)
    parser.add_argument("--mails", type=int, default=10_000)
    parser.add_argument("--kinds", nargs="*", default=_KINDS)
    parser.add_argument("--into", type=Path, help="write the report to this file")
    asked = parser.parse_args()
    noise = [machine.noise()]
    measured = [_measured(kind, mails=asked.mails) for kind in asked.kinds]
    planned = _planned(asked.mails)
    noise.append(machine.noise())
    report = _written(measured, planned, mails=asked.mails, noise=noise)
    print(report)
    if asked.into:
        asked.into.write_text(report)


@contextmanager
def _house() -> Iterator[tuple[dict[str, str], int]]:
    """Give the environment of an installation that waits for the disk, and its database's process."""
    with tempfile.TemporaryDirectory(prefix="vipu-mail-") as folder, servers() as running:
        with psycopg.connect(running.database_url, autocommit=True) as connection:
            connection.execute("ALTER SYSTEM SET fsync = on")
            connection.execute("ALTER SYSTEM SET synchronous_commit = on")
            connection.execute("SELECT pg_reload_conf()")
        ours = {"VIPU_DATA_DIR": folder, "DJANGO_SETTINGS_MODULE": "backend.settings", **running.environment}
        environment = {**os.environ, **ours}
        _run(["backend.cli", "migrate"], environment)
        yield environment, int((running.folder / "postgres/postmaster.pid").read_text().split()[0])


def _measured(kind: str, *, mails: int) -> Measured:
    with _house() as (environment, postmaster), sink() as port:
        asked = {"kind": kind, "mails": mails, "port": port, "postmaster": postmaster}
        told = _told("bench.drain", asked, environment)
        return Measured(kind=kind, bare=_bare(port, size=int(told["bytes"]), mails=mails), **told)


def _planned(people: int) -> dict[str, float]:
    with _house() as (environment, _postmaster):
        return _told("bench.planning", {"people": people}, environment)


def _told(module: str, asked: dict[str, str | int], environment: dict[str, str]) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(_run([module, json.dumps(asked)], environment).splitlines()[-1])
    return told


def _run(command: list[str], environment: dict[str, str]) -> str:
    done = subprocess.run(
        [sys.executable, "-m", *command], env=environment, stdout=subprocess.PIPE, text=True, check=True
    )
    return done.stdout


def _bare(port: int, *, size: int, mails: int) -> float:
    ready = b"Subject: bare\r\n\r\n" + (b"x" * 74 + b"\r\n") * (size // 76)
    with smtplib.SMTP("127.0.0.1", port) as server:
        began = time.perf_counter()
        for number in range(mails):
            server.sendmail("vipu@example.org", [f"p{number}@example.org"], ready)
        return mails / (time.perf_counter() - began)


_HEAD = """# Mail: draining the ledger

Written by `make bench`: %(mails)d messages on PostgreSQL, every commit waiting for the disk,
handed by one worker to a server on the same machine that only counts. Only ratios of one run may be quoted;
a fixed task of the processor took %(before).3f s before and %(after).3f s after.

| kind | bytes | queued in | mails/s | ms a mail, worker + database | smtplib/s | of smtplib |
|---|---|---|---|---|---|---|
"""


_PLANNED = """
A rule that is due for %(mails)d people at once promises each their message in %(seconds).1f s, of which
%(processor).1f s are the planner's processor time and the rest the database's.
"""


def _written(measured: list[Measured], planned: dict[str, float], *, mails: int, noise: list[float]) -> str:
    head = _HEAD % {"mails": mails, "before": noise[0], "after": noise[-1]}
    return head + "".join(map(_row, measured)) + _PLANNED % {"mails": mails, **planned}


def _row(one: Measured) -> str:
    cells = (
        one.kind,
        f"{one.bytes}",
        f"{one.planned:.1f} s",
        f"{one.rate:.0f}",
        f"{one.own:.2f} + {one.database:.2f}",
        f"{one.bare:.0f}",
        f"{100 * one.rate / one.bare:.0f} %",
    )
    return f"| {' | '.join(cells)} |\n"


if __name__ == "__main__":
    main()
