"""Tells an operator in plain words what is connected, what lags behind and what is missing."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Protocol

from django.conf import settings
from django.db import DatabaseError
from django.utils import timezone

from backend.doctor import connections, contents, domain, languages, ledger, post
from backend.doctor.line import Level, Line, bad, ok

__all__ = ["Level", "Line", "examine", "report"]


class Out(Protocol):
    """Where a report is written: a terminal, or a command's own output."""

    def write(self, text: str, /) -> object:
        """Take the next piece."""


type Part = Callable[[datetime], Iterator[Line]]

# The later parts ask the tables, so they wait until the tables are up to date
_ALONE: tuple[Part, ...] = (
    connections.broker,
    connections.mail,
    post.server,
    post.news,
    domain.sender,
    connections.texts,
    connections.replies,
    connections.guards,
    languages.words,
)
_IN_TABLES: tuple[Part, ...] = (
    ledger.messages,
    ledger.stops,
    ledger.signs_of_life,
    contents.lists,
    contents.people,
    languages.published,
)


def report(at: datetime) -> list[Line]:
    """Examine this installation at this moment; a part that cannot be examined says so and stops no other."""
    lines = [_profile()]
    try:
        lines += connections.database(at)
        asked = () if connections.tables_missing() else _IN_TABLES
        for part in asked:
            lines += part(at)
    except DatabaseError as error:
        lines.append(bad(f"The database does not answer: {type(error).__name__}."))
    for part in _ALONE:
        lines += part(at)
    return lines


def examine(out: Out) -> int:
    """Write the report; the exit code is 1 when something is bad."""
    lines = report(timezone.now())
    for line in lines:
        out.write(f"{line}\n")
    worst = [line for line in lines if line.level is Level.BAD]
    out.write(f"\n{len(worst)} to be mended.\n" if worst else "\nVipu is well.\n")
    return 1 if worst else 0


def _profile() -> Line:
    if settings.PRODUCTION:
        return ok("Profile: production.")
    return ok("Profile: embedded. Everything runs in one process on this machine; nothing to connect.")
