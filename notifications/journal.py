"""The statements that run for every mail, written out: composing them anew takes longer than running them.

What became of one mail and the mark of the next are one transaction: each mail waits for the disk once.
PostgreSQL takes them as one statement, which is its own transaction and one way there and back; SQLite, which
is no way away, takes them one after another. Each is one conditional step of ``rules.MOVES``.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final, NamedTuple, cast

import psycopg
from django.db import connection, transaction

_MARK: Final = (
    "UPDATE notifications_message SET state = 'sending', state_changed_at = %s, lease_until = %s,"
    " attempts_made = attempts_made + 1, headline = %s, wording_id = %s"
    " WHERE id = %s AND state = 'claimed' AND owner = %s AND lease_until > %s"
    " AND (not_after IS NULL OR not_after > %s)"
)
_SETTLE: Final = (
    "UPDATE notifications_message SET state = %s, state_changed_at = %s, owner = '', lease_until = NULL,"
    " not_before = COALESCE(%s, not_before)"
    " WHERE id = %s AND state = 'sending' AND owner = %s"
)
_TRIED: Final = (
    "INSERT INTO notifications_attempt (message_id, owner, started_at, ended_at, outcome, code, provider_id)"
    " VALUES (%s, %s, %s, %s, %s, %s, %s)"
)
_HAPPENED: Final = (
    "INSERT INTO notifications_messageevent (message_id, at, state, note) VALUES (%s, %s, %s, %s)"
)
_HAPPENED_IF_SETTLED: Final = (
    "INSERT INTO notifications_messageevent (message_id, at, state, note) SELECT id, %s, %s, %s FROM settled"
)

type _Value = str | int | datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """The next moments are the ones nobody can judge: a claimed message is about to be handed over."""

    pk: int
    owner: str
    headline: str
    wording_id: int | None
    lease_until: datetime
    at: datetime

    def values(self) -> tuple[_Value, ...]:
        """Give what ``_MARK`` asks for."""
        now = _moment(self.at)
        return now, _moment(self.lease_until), self.headline, self.wording_id, self.pk, self.owner, now, now


@dataclass(frozen=True, slots=True, kw_only=True)
class Try:
    """What came of handing one message over, and where the message stands after that."""

    pk: int
    owner: str
    started_at: datetime
    ended_at: datetime
    outcome: str
    code: str
    provider_id: str
    state: str
    not_before: datetime | None

    def values(self) -> tuple[_Value, ...]:
        """Give what ``_SETTLE`` asks for."""
        later = _moment(self.not_before) if self.not_before else None
        return self.state, _moment(self.ended_at), later, self.pk, self.owner

    def values_tried(self) -> tuple[_Value, ...]:
        """Give what ``_TRIED`` asks for."""
        times = _moment(self.started_at), _moment(self.ended_at)
        return self.pk, self.owner, *times, self.outcome, self.code[:40], self.provider_id[:200]

    def values_happened(self) -> tuple[_Value, ...]:
        """Give what ``_HAPPENED`` asks for after the message."""
        return _moment(self.ended_at), self.state, self.code[:200]


class Written(NamedTuple):
    """Which of the two steps the ledger took; False also where there was nothing to take."""

    settled: bool
    marked: bool


def write(tried: Try | None, mark: Mark | None) -> Written:
    """Write both down for good, or neither. A step whose message is no longer ours is left out, and told."""
    if connection.vendor == "postgresql":
        return _at_once(tried, mark)
    with transaction.atomic():
        return _one_by_one(tried, mark)


def happened(tried: Try) -> None:
    """Keep what happened, for the timeline."""
    _run(_HAPPENED, tried.pk, *tried.values_happened())


def _one_by_one(tried: Try | None, mark: Mark | None) -> Written:
    settled = False
    if tried:
        _run(_TRIED, *tried.values_tried())
        settled = bool(_run(_SETTLE, *tried.values()))
    if tried and settled:
        happened(tried)
    return Written(settled, bool(mark and _run(_MARK, *mark.values())))


_AFTER_TRY: Final = (
    f"settled AS ({_SETTLE} RETURNING id), tried AS ({_TRIED}), happened AS ({_HAPPENED_IF_SETTLED})"
)
_MARKED: Final = f"marked AS ({_MARK} RETURNING id)"
_SETTLED_COUNT: Final = "(SELECT count(*) FROM settled)"
_MARKED_COUNT: Final = "(SELECT count(*) FROM marked)"
_BOTH: Final = f"WITH {_AFTER_TRY}, {_MARKED} SELECT {_SETTLED_COUNT}, {_MARKED_COUNT}"
_LAST: Final = f"WITH {_AFTER_TRY} SELECT {_SETTLED_COUNT}, 0"
_FIRST: Final = f"WITH {_MARKED} SELECT 0, {_MARKED_COUNT}"


def _at_once(tried: Try | None, mark: Mark | None) -> Written:
    values: tuple[_Value, ...] = ()
    if tried:
        values += tried.values() + tried.values_tried() + tried.values_happened()
    if mark:
        values += mark.values()
    statement = _BOTH if tried and mark else _LAST if tried else _FIRST
    connection.ensure_connection()
    # Not Django's cursor: it writes the values into the text, which PostgreSQL would read and plan anew for
    # each mail, at half of what a mail costs it. This one is prepared once for each connection.
    with connection.wrap_database_errors, psycopg.Cursor(connection.connection) as cursor:
        settled, marked = cursor.execute(statement, values).fetchone() or (0, 0)
    return Written(bool(settled), bool(marked))


def _run(statement: str, *values: _Value) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return int(cursor.rowcount)


def _moment(at: datetime) -> str | datetime:
    return cast("str | datetime", connection.ops.adapt_datetimefield_value(at))  # SQLite keeps times as text
