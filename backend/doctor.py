"""Tells an operator in plain words what is connected, what lags behind and what is missing."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import TextIO

from babel.messages.pofile import read_po
from celery import current_app
from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from backend import pulse, translations
from backend.config import ROOT
from notifications import queries

LONG = 300  # seconds a due message may wait
OK, NOTE, BAD = "  ok    ", "  note  ", "  BAD   "
_RAW_MIME = {
    "django.core.mail.backends.smtp.EmailBackend": "SMTP",
    "anymail.backends.amazon_ses.EmailBackend": "Amazon SES",
}

type Finding = tuple[str, str]


def examine(out: TextIO) -> int:
    """Write every finding; the exit code is 1 when something is wrong."""
    profile = "production" if settings.PRODUCTION else "embedded: this machine only, nothing to connect"
    out.write(f"Vipu, profile {profile}\n")
    findings = list(_findings(at=timezone.now()))
    out.writelines(f"{mark}{sentence}\n" for mark, sentence in findings)
    return 1 if any(mark == BAD for mark, _ in findings) else 0


def _findings(*, at: datetime) -> Iterator[Finding]:
    try:
        yield from _database()
        if not _missing_changes():
            yield from _ledger(at=at)
    except DatabaseError as error:
        yield BAD, f"The database does not answer: {type(error).__name__}."
    yield from _broker()
    yield from _mail()
    yield from _guards()
    yield from _languages()


def _database() -> Iterator[Finding]:
    yield OK, f"Database: {connection.display_name} {'.'.join(map(str, connection.get_database_version()))}."
    if missing := _missing_changes():
        yield BAD, f"{missing} changes of the tables are not made yet: run vipu migrate."


def _missing_changes() -> int:
    executor = MigrationExecutor(connection)
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def _ledger(*, at: datetime) -> Iterator[Finding]:
    waiting = queries.oldest_due(at)
    if waiting is None:
        yield OK, "Messages: nothing waits to be sent."
    else:
        seconds = round(waiting.total_seconds())
        yield (BAD if seconds > LONG else OK), f"Messages: the oldest due one has waited {seconds} s."
    for kind, name in (("worker", "Worker"), ("beat", "Scheduler")):
        heard = pulse.last(kind)
        if heard is None:
            yield NOTE, f"{name}: never heard of. Nothing is sent until it runs."
        elif pulse.is_alive(kind, at=at):
            yield OK, f"{name}: alive {round((at - heard.at).total_seconds())} s ago."
        else:
            yield BAD, f"{name}: silent since {heard.at:%Y-%m-%d %H:%M:%S} UTC."


def _broker() -> Iterator[Finding]:
    if not settings.PRODUCTION:
        yield OK, "Tasks: a worker and a scheduler run inside the web process."
        return
    try:
        with current_app.connection_for_write() as broker:
            broker.ensure_connection(max_retries=1, timeout=2)
    except Exception as error:  # noqa: BLE001 - whatever the client raises, the operator is told
        yield BAD, f"Redis does not answer ({type(error).__name__}). Registrations still work; mail waits."
    else:
        yield OK, "Tasks: Redis answers."


def _mail() -> Iterator[Finding]:
    backend = settings.MAILERS["default"]["BACKEND"]
    if "mailbox" in backend:
        yield NOTE, f"Mail: kept in {settings.MAILBOX_DIR}, nothing leaves this machine."
    elif backend in _RAW_MIME:
        yield OK, f"Mail: {_RAW_MIME[backend]}. Calendar invitations travel as written."
    else:
        name = backend.split(".")[-2]
        yield NOTE, f"Mail: {name}. It cannot carry an invitation inside the mail; it goes as an attachment."
    yield OK, f"Mail: people see and answer {settings.DEFAULT_FROM_EMAIL}."


def _guards() -> Iterator[Finding]:
    if not settings.RATE_LIMITS:
        yield BAD, "RATE LIMITS ARE OFF (VIPU_RATE_LIMITS=off). Only for load runs on this machine."
    if settings.PRODUCTION and not settings.SESSION_COOKIE_SECURE:
        yield BAD, "The public address is not https: personal links and passwords travel readable."


def _languages() -> Iterator[Finding]:
    missing = [text for path in translations.catalogues() if (text := _untranslated(path))]
    yield (BAD, "Languages: " + "; ".join(missing)) if missing else (OK, "Languages: nothing is missing.")


def _untranslated(path: Path) -> str:
    with path.open("rb") as file:
        words = [message for message in read_po(file) if message.id]
    empty = [m for m in words if m.fuzzy or not all(m.string if isinstance(m.string, tuple) else [m.string])]
    return f"{len(empty)} texts in {path.relative_to(ROOT)}" if empty else ""
