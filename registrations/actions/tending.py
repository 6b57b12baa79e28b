"""What leaves the line by itself: offers that ran out, and cancelled places that nobody took back."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q

from backend.core.turns import in_turn
from notifications import outbox
from registrations.actions.cancelling import end, welcome
from registrations.actions.placing import fill, lock_quotas, release, whole
from registrations.models import Registration

_OVER = Registration.CancelledBy.TIME


def tend(*, at: datetime) -> int:
    """Let go what has run out, event by event, and call the next in line; tells how many places came free.

    Each event is one short transaction that holds its quota, so two of these at once, or a person who
    accepts in the last second, wait for each other and each place goes on exactly once.
    """
    over = Q(state=Registration.State.OFFERED, offer_expires_at__lte=at)
    over |= Q(held=True, restorable_until__lte=at)
    events = Registration.objects.filter(over).order_by("event").values_list("event", flat=True).distinct()
    return in_turn(list(events), lambda event_id: _tend_one(event_id, at=at))


@transaction.atomic
def _tend_one(event_id: int, *, at: datetime) -> int:
    quotas = lock_quotas([event_id])
    offered = Registration.objects.filter(event=event_id, state=Registration.State.OFFERED)
    late = list(whole(offered.filter(offer_expires_at__lte=at)))
    released = release([event_id], at=at)
    drafts = end(late, quotas=quotas.values(), by=_OVER, at=at)
    drafts += welcome(fill(quotas.values(), at=at), at=at)
    outbox.queue_many(drafts, at=at)
    return len(late) + released
