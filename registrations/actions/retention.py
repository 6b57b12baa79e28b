"""Removing answers about diet and accessibility when nobody needs them any more."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Max, Q, QuerySet

from registrations.models import ProtectedAnswer, Registration

KEPT = timedelta(days=14)  # after the event it was told for
KEPT_BY_NOBODY = timedelta(days=1)  # after the last place was given up: it can be taken back for a while
CHUNK = 500


def remove_protected(*, at: datetime) -> int:
    """Remove what is no longer needed, a few hundred at a time, and say how much; twice is no harm."""
    removed = 0
    while pks := list(_due(at).order_by("pk").values_list("pk", flat=True)[:CHUNK]):
        with transaction.atomic():
            removed += ProtectedAnswer.objects.filter(pk__in=pks).delete()[0]
    return removed


def _due(at: datetime) -> QuerySet[ProtectedAnswer]:
    """Find answers whose event, or whose person's last event, ended long enough ago."""
    active = Q(attendee__registrations__state__in=Registration.ACTIVE)
    rows = ProtectedAnswer.objects.annotate(
        last=Max("attendee__registrations__event__ends_at", filter=active),
        left=Max("attendee__registrations__state_changed_at"),
    )
    held = Q(question__event__ends_at__lte=at - KEPT)
    over = Q(question__event__isnull=True, last__lte=at - KEPT)
    given_up = Q(last__isnull=True) & (Q(left__isnull=True) | Q(left__lte=at - KEPT_BY_NOBODY))
    return rows.filter(held | over | given_up)
