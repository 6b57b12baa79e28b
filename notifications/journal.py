"""The statements that run for every mail, written out: composing them anew takes longer than running them.

Each is one conditional step of ``rules.MOVES``; the caller holds the transaction.
"""

from datetime import datetime
from typing import Final, cast

from django.db import connection

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


def mark(
    *, pk: int, owner: str, headline: str, wording_id: int | None, lease_until: datetime, at: datetime
) -> bool:
    """Write down that the next moments are the ones nobody can judge; False when it is no longer ours."""
    now = _moment(at)
    return bool(_run(_MARK, now, _moment(lease_until), headline, wording_id, pk, owner, now, now))


def settle(*, pk: int, owner: str, state: str, not_before: datetime | None, at: datetime) -> bool:
    """Write down what became of it; False when somebody else has concluded about it meanwhile."""
    later = _moment(not_before) if not_before else None
    return bool(_run(_SETTLE, state, _moment(at), later, pk, owner))


def tried(
    *,
    pk: int,
    owner: str,
    started_at: datetime,
    ended_at: datetime,
    outcome: str,
    code: str,
    provider_id: str,
) -> None:
    """Keep one try to hand a message over."""
    _run(_TRIED, pk, owner, _moment(started_at), _moment(ended_at), outcome, code[:40], provider_id[:200])


def happened(*, pk: int, state: str, note: str, at: datetime) -> None:
    """Keep what happened, for the timeline."""
    _run(_HAPPENED, pk, _moment(at), state, note[:200])


def _run(statement: str, *values: str | int | datetime | None) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return int(cursor.rowcount)


def _moment(at: datetime) -> str | datetime:
    return cast("str | datetime", connection.ops.adapt_datetimefield_value(at))  # SQLite keeps times as text
