"""Starts our processes exactly as an operator does, waits for them, and ends them."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.architecture.sources import ROOT

PATIENCE = 60  # seconds; a worker needs up to ten on a busy machine
_OURS = ("DATABASE_URL", "REDIS_URL", "SECRET_KEY", "VIPU_", "PORT", "DJANGO_", "PYTEST_")


def _free_port() -> int:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return int(door.getsockname()[1])


@dataclass(slots=True)
class House:
    """A running installation: its address, its data folder, its processes."""

    folder: Path
    environment: dict[str, str]
    port: int = field(default_factory=_free_port)
    running: dict[str, subprocess.Popen[str]] = field(default_factory=dict)

    @property
    def told(self) -> dict[str, str]:
        """The environment of its processes: only what an operator sets."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(_OURS)}
        own = {
            "PORT": str(self.port),
            "VIPU_DATA_DIR": str(self.folder),
            "DJANGO_SETTINGS_MODULE": "backend.settings",
            "VIPU_RATE_LIMITS": "off",  # its visitors press faster than people
        }
        return kept | {"PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"} | own | self.environment

    def run(self, *command: str, given: str = "") -> subprocess.CompletedProcess[str]:
        """Run a command to its end."""
        return subprocess.run(
            [sys.executable, "-m", *command],
            env=self.told,
            cwd=ROOT,
            input=given,
            text=True,
            capture_output=True,
            timeout=PATIENCE,
            check=False,
        )

    def start(self, part: str) -> None:
        """Start a part and leave it running; what it says goes to a file."""
        with (self.folder / f"{part}.log").open("a") as log:
            self.running[part] = subprocess.Popen(
                [sys.executable, "-m", "backend.cli", part],
                env=self.told,
                cwd=ROOT,
                stdout=log,
                stderr=subprocess.STDOUT,
                text=True,
                start_new_session=True,
            )

    def stop(self, part: str, *, by: signal.Signals = signal.SIGTERM) -> tuple[float, int]:
        """End a part as a supervisor does; return how long it took and its exit code."""
        process = self.running.pop(part)
        asked = time.monotonic()
        process.send_signal(by)
        try:
            code = process.wait(timeout=40)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            raise
        return time.monotonic() - asked, code

    def logs(self) -> str:
        """Give all that the processes have said."""
        return "".join(path.read_text() for path in sorted(self.folder.glob("*.log")))

    def ask(self, path: str, body: dict[str, Any] | None = None, **headers: str) -> Any:  # noqa: ANN401 - whatever JSON holds
        """Ask the API; a body is posted."""
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}{path}",
            data=None if body is None else json.dumps(body).encode(),
            headers={"Content-Type": "application/json", "Accept": "application/json"}
            | {name.replace("_", "-"): value for name, value in headers.items()},
        )
        with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310 - our own address
            return json.load(answer)

    def wait_until(self, what: str, ready: Callable[[], object], *, seconds: float = PATIENCE) -> None:
        """Wait for a thing to become true, and say what everybody said when it does not."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            try:
                if ready():
                    return
            except OSError:
                pass  # not listening yet
            time.sleep(0.1)
        raise AssertionError(f"{what}: not within {seconds:.0f} s\n{self.logs()}")

    def letters(self) -> list[Path]:
        """List the mails that were handed over."""
        return sorted((self.folder / "mailbox").glob("*.eml"))


@contextmanager
def house(folder: Path, environment: dict[str, str]) -> Iterator[House]:
    """Give a house whose processes are gone afterwards, whatever happens."""
    made = House(folder=folder, environment=environment)
    try:
        yield made
    finally:
        for process in made.running.values():
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def left_over(group: int) -> list[int]:
    """List the processes that a part has left behind in its group."""
    stats = (
        path.read_text().rpartition(")")[2].split()
        for path in Path("/proc").glob("[0-9]*/stat")
        if path.exists()
    )
    return [int(fields[2]) for fields in stats if int(fields[2]) == group and fields[0] != "Z"]
