"""Picks up what broke off: messages of workers that are gone, and those whose time has passed."""

from collections.abc import Callable
from datetime import datetime

from django.db import transaction
from django.db.models import F, Q, QuerySet

from notifications import kinds, rules
from notifications.clock import database_clock
from notifications.kinds import Policy
from notifications.models import Attempt, Message, MessageEvent

State = Message.State
BATCH = 500


def sweep(*, at: datetime | None = None) -> None:
    """Settle everything that nobody is working on any more."""
    now = at or database_clock()
    rows = Message.objects.all()
    _all(rows.filter(state=State.CLAIMED, lease_until__lte=now), _give_back, now=now)
    _all(rows.filter(state=State.SENDING, lease_until__lte=now), _doubt, now=now)
    _all(_to_resend(now), _resend, now=now)
    _all(rows.filter(state__in=rules.DUE, not_after__lte=now), _expire, now=now)
    _all(
        rows.filter(state=State.UNCERTAIN, state_changed_at__lte=now - rules.HOLD_CLOSES_AFTER),
        _close,
        now=now,
    )


def _all(
    rows: QuerySet[Message],
    settle: Callable[[QuerySet[Message], list[int], datetime], None],
    *,
    now: datetime,
) -> None:
    """Settle in short transactions; a row that somebody works on right now is passed over."""
    while True:
        with transaction.atomic():
            found = rows.order_by("pk").select_for_update(skip_locked=True).values_list("pk", flat=True)
            pks = list(found[:BATCH])
            settle(Message.objects.filter(pk__in=pks), pks, now)
        if len(pks) < BATCH:
            return


def _give_back(rows: QuerySet[Message], pks: list[int], now: datetime) -> None:
    """Nothing was handed over: always safe."""
    rows.update(state=State.QUEUED, state_changed_at=now, owner="", lease_until=None)


def _doubt(rows: QuerySet[Message], pks: list[int], now: datetime) -> None:
    """A worker died between the mark and the record: nobody can tell."""
    Attempt.objects.bulk_create(
        Attempt(
            message=row,
            owner=row.owner,
            started_at=row.state_changed_at,
            ended_at=now,
            outcome="unknown",
            code="worker-gone",
        )
        for row in rows
    )
    rows.update(state=State.UNCERTAIN, state_changed_at=now, owner="", lease_until=None)
    _tell(pks, state=State.UNCERTAIN, note="worker-gone", now=now)


def _to_resend(now: datetime) -> QuerySet[Message]:
    once = [kind.key for kind in kinds.all_kinds() if kind.policy is Policy.RESEND_ONCE]
    in_time = Q(not_after__isnull=True) | Q(not_after__gt=now)
    mails = Message.objects.filter(channel=Message.Channel.EMAIL)  # a phone would show the text twice
    return mails.filter(in_time, state=State.UNCERTAIN, kind__in=once, resends=0)


def _resend(rows: QuerySet[Message], pks: list[int], now: datetime) -> None:
    """For this kind losing is worse than repeating: once more, under the same Message-ID."""
    rows.update(state=State.QUEUED, state_changed_at=now, resends=F("resends") + 1)
    _tell(pks, state=State.QUEUED, note="sent-once-more", now=now)


def _expire(rows: QuerySet[Message], pks: list[int], now: datetime) -> None:
    rows.update(state=State.EXPIRED, state_changed_at=now)
    _tell(pks, state=State.EXPIRED, note="", now=now)


def _close(rows: QuerySet[Message], pks: list[int], now: datetime) -> None:
    rows.update(state=State.CLOSED, state_changed_at=now)
    _tell(pks, state=State.CLOSED, note="undecided", now=now)


def _tell(pks: list[int], *, state: State, note: str, now: datetime) -> None:
    MessageEvent.objects.bulk_create(
        MessageEvent(message_id=pk, at=now, state=state, note=note) for pk in pks
    )
