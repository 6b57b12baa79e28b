"""The database of each parallel test process: a copy of one that has been migrated once for all of them."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.db import connection

from tests.architecture.sources import ROOT
from tests.once import made_once, run_folder
from tests.services import SERVERS

_MIGRATED = "vipu_migrated"


def begin_with_a_copy(worker: str) -> None:
    """Let this process begin with tables that stand; Django still looks whether a migration is missing."""
    told: dict[str, Any] = connection.settings_dict["TEST"]
    if connection.vendor == "sqlite":
        told["NAME"] = str(run_folder() / f"{worker}.sqlite3")
        shutil.copy(made_once("tables-on-sqlite", _on_sqlite) / "vipu.sqlite3", told["NAME"])
    elif (run_folder() / SERVERS).exists():  # on a server of somebody else nothing would be tidied up
        made_once("tables-on-postgres", _on_postgres)
        told["TEMPLATE"] = _MIGRATED


def _on_sqlite(folder: Path) -> None:
    _migrate(VIPU_DATA_DIR=str(folder))


def _on_postgres(_folder: Path) -> None:
    import psycopg  # noqa: PLC0415 - only the run on PostgreSQL needs it

    url = os.environ["DATABASE_URL"]
    with psycopg.connect(url, autocommit=True) as server:
        server.execute(f"CREATE DATABASE {_MIGRATED}")
    _migrate(DATABASE_URL=urlsplit(url)._replace(path=f"/{_MIGRATED}").geturl())


def _migrate(**told: str) -> None:
    command = [sys.executable, "manage.py", "migrate", "--verbosity=0"]
    subprocess.run(command, cwd=ROOT, env=os.environ | told, check=True)
