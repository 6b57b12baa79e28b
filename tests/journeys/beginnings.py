"""Installations to begin with: what ``vipu migrate`` makes of nothing, in the profile of each database."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import copytree

from tests.journeys.processes import House, house
from tests.once import made_once
from tests.services import Servers, servers


@contextmanager
def embedded(folder: Path) -> Iterator[House]:
    """Give a house on SQLite whose tables stand."""
    copytree(made_once("house-on-sqlite", _on_sqlite), folder, dirs_exist_ok=True)
    with house(folder, {}) as started:
        yield started


@contextmanager
def production(folder: Path, **told: str) -> Iterator[tuple[House, Servers]]:
    """Give a house with a PostgreSQL and a Valkey of its own, whose tables stand."""
    made = made_once("house-on-postgres", _on_postgres)
    with servers(like=made / "postgres") as running, house(folder, running.environment | told) as started:
        yield started, running


def _on_sqlite(folder: Path) -> None:
    with house(folder, {}) as empty:
        _migrate(empty)


def _on_postgres(folder: Path) -> None:
    running = Servers(folder)
    try:
        running.start()
        with house(folder, running.environment) as empty:
            _migrate(empty)
    finally:
        running.end()


def _migrate(empty: House) -> None:
    """Do what an operator does first; it says nothing when all is well."""
    done = empty.run("backend.cli", "migrate")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
