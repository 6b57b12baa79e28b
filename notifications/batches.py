"""Whole batches stopped, let go and sent again: one conditional UPDATE each, over what nobody has begun.

A message that is being handed over cannot be called back. When it comes back by itself, refused for now, the
tick of whoever stopped the batch stops it again (``hold`` and ``cancel`` may be repeated at any time); the
first wait of the ladder is longer than that tick.
"""

from collections.abc import Collection
from datetime import datetime
from itertools import batched

from django.db import transaction
from django.db.models import F, Q

from notifications import rules
from notifications.models import Message, MessageEvent

State = Message.State
_AT_ONCE = 2000  # rows in one statement


def hold(*, batch: str, at: datetime, note: str = "paused") -> int:
    """Keep back everything that nobody has begun to send; tells how many messages that were."""
    return _move(batch, rules.HOLDABLE, State.HELD, at=at, note=note)


def release(*, batch: str, at: datetime, note: str = "resumed") -> int:
    """Let go what was kept back; it leaves when its time has come, as before."""
    return _move(batch, {State.HELD}, State.QUEUED, at=at, note=note)


def cancel(*, batch: str, at: datetime, note: str = "stopped") -> int:
    """Call off everything that nobody has begun to send, kept back or not."""
    return _move(batch, rules.NOT_BEGUN, State.CANCELLED, at=at, note=note)


def again(*, batch: str, states: Collection[str], at: datetime, note: str = "sent-again") -> int:
    """Send once more what ended in these states (those of ``rules.AGAIN``), as long as it is not too late."""
    wanted = rules.AGAIN & set(states)
    return _move(batch, wanted, State.QUEUED, at=at, note=note, anew=True)


@transaction.atomic
def _move(
    batch: str, before: Collection[str], after: State, *, at: datetime, note: str, anew: bool = False
) -> int:
    """Move what stands in one of these states. The rows are held first, in the order of all."""
    rows = Message.objects.filter(batch=batch, state__in=before)
    if anew:
        rows = rows.filter(Q(not_after__isnull=True) | Q(not_after__gt=at))
    held = list(rows.select_for_update().order_by("pk").values_list("pk", flat=True))
    fresh = {"not_before": at, "attempts_made": 0, "resends": F("resends") + 1} if anew else {}
    for pks in batched(held, _AT_ONCE):
        Message.objects.filter(pk__in=pks).update(
            state=after, state_changed_at=at, owner="", lease_until=None, **fresh
        )
        MessageEvent.objects.bulk_create(
            MessageEvent(message_id=pk, at=at, state=after, note=note) for pk in pks
        )
    return len(held)
