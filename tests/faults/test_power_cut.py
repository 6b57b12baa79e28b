"""The power goes while people register on SQLite: whatever was told to somebody is in the file (T22)."""

import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.architecture.sources import ROOT
from tests.journeys import beginnings

WRITER = """
import django, sys
django.setup()
from django.utils import timezone
from notifications import outbox
from tests.notifications import letters
from notifications import kinds
kinds.register(letters.NOTE)
number = 0
while True:
    number += 1
    outbox.queue(letters.note(number), at=timezone.now())
    print(number, flush=True)
"""


def test_every_acknowledged_message_survives_a_power_cut(tmp_path: Path, *, full: bool) -> None:
    told = tmp_path / "told"
    chance = random.Random(2027)  # noqa: S311 - the moments may be guessed
    with beginnings.embedded(tmp_path / "data") as home, told.open("w") as out:
        writer = subprocess.Popen([sys.executable, "-c", WRITER], env=home.told, cwd=ROOT, stdout=out)
    try:
        _wait_for_the_first(told, writer)
        for cut in range(100 if full else 10):
            time.sleep(chance.uniform(0.005, 0.1))
            os.kill(writer.pid, signal.SIGSTOP)  # at any instruction, as the power would
            copy = shutil.copytree(tmp_path / "data", tmp_path / f"cut-{cut}")
            acknowledged = len(told.read_text().splitlines())
            os.kill(writer.pid, signal.SIGCONT)
            _assert_whole(copy, acknowledged)
            shutil.rmtree(copy)
    finally:
        writer.kill()
        writer.wait()


def _wait_for_the_first(told: Path, writer: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + 60
    while not told.read_text():
        assert writer.poll() is None, "the writer has ended"
        assert time.monotonic() < end, "waited too long"
        time.sleep(0.05)


def _assert_whole(copy: Path, acknowledged: int) -> None:
    [file] = copy.glob("*.sqlite3")
    with sqlite3.connect(file) as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        kept = {row[0] for row in database.execute("SELECT subject FROM notifications_message")}
    database.close()
    assert acknowledged > 0
    assert {f"note:{number}" for number in range(1, acknowledged + 1)} <= kept


@pytest.mark.django_db
def test_the_file_waits_for_the_disk_at_each_commit() -> None:
    """The copies prove the order of writing; that the disk has it is this setting."""
    from django.db import connection  # noqa: PLC0415 - only where a database is

    if connection.vendor != "sqlite":
        pytest.skip("asks SQLite")
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA synchronous")
        assert cursor.fetchone() == (2,)
