"""Starts real worker processes on the test's own database, and ends them the hard way."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

from django.db import connection

from tests.faults.sink import Sink


@contextmanager
def factory() -> Iterator[subprocess.Popen[str]]:
    """Start the process that forks workers; it has everything loaded and no connection open."""
    command = [sys.executable, "-m", "tests.faults.drainer"]
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "backend.settings"}
    with subprocess.Popen(
        command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        yield process
        process.communicate(timeout=30)


@dataclass(slots=True)
class Workers:
    """Worker processes of one test, all sending to its sink."""

    factory: subprocess.Popen[str]
    sink: Sink
    alive: list[int] = field(default_factory=list)

    def start(self, lane: str) -> int:
        """Start one worker; tells its process id."""
        assert self.factory.stdin is not None
        assert self.factory.stdout is not None
        order = {
            "lane": lane,
            "database": str(connection.settings_dict["NAME"]),
            "mailers": self.sink.mailers(timeout=10),
        }
        self.factory.stdin.write(json.dumps(order) + "\n")
        self.factory.stdin.flush()
        self.alive.append(int(self.factory.stdout.readline()))
        return self.alive[-1]

    def kill(self, pid: int) -> None:
        """Kill one worker; it gets no chance to tidy up."""
        self.alive.remove(pid)
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)

    def kill_all(self) -> None:
        """End every worker of this test."""
        for pid in list(self.alive):
            self.kill(pid)
