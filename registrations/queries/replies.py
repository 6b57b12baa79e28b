"""What people's calendars have answered: whose place is about to go, and what an organiser should look at."""

from collections.abc import Collection, Sequence
from datetime import datetime

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery

from events.models import Event, EventSeries
from registrations.models import CalendarReply, Registration
from registrations.rules.replies import COUNTS, NEEDS_A_LOOK, Outcome

FOR_SOMEBODY = Q(outcome__in=NEEDS_A_LOOK) | (Q(outcome__in=COUNTS) & ~Q(comment=""))  # words want a reader


def released_at(registration_ids: Collection[int], *, at: datetime) -> dict[int, datetime]:
    """Tell for each place that its person's calendar declined when it will be released."""
    rows = CalendarReply.objects.filter(
        registration__in=registration_ids, outcome=Outcome.GRACE, due_at__gt=at
    )
    return {pk: due for pk, due in rows.values_list("registration", "due_at") if due}


def staying(registrations: Sequence[Registration]) -> list[Registration]:
    """Leave out those whose calendar declined a moment ago: nothing should tell them that they are in."""
    declined = CalendarReply.objects.filter(registration__in=registrations, outcome=Outcome.GRACE)
    going = set(declined.values_list("registration", flat=True))
    return [row for row in registrations if row.pk not in going]


def to_look_at(series: EventSeries) -> QuerySet[CalendarReply]:
    """List the answers that only an organiser can deal with and nobody has looked at, the newest first.

    Those are what changes nothing by itself, and whatever somebody wrote words to.
    """
    rows = CalendarReply.objects.filter(
        FOR_SOMEBODY, registration__event__series=series, seen_at__isnull=True
    )
    return rows.select_related("registration__attendee", "registration__event__series").order_by("-pk")


def looks_by_event(events: Collection[Event]) -> dict[int, int]:
    """Count the answers that need a look, by event."""
    rows = CalendarReply.objects.filter(FOR_SOMEBODY, registration__event__in=events, seen_at__isnull=True)
    return dict(rows.order_by().values_list("registration__event").annotate(count=Count("pk")))


def answers_by_event(events: Collection[Event]) -> dict[int, dict[str, int]]:
    """Count what the calendars of those who have a place said last, by event and answer."""
    counted = CalendarReply.objects.filter(registration=OuterRef("pk"), outcome__in=COUNTS)
    last = counted.order_by("-sequence", "-stamped_at", "-pk").values("attends")[:1]
    coming = Registration.objects.filter(event__in=events, state__in=Registration.COMES)
    said = coming.annotate(said=Subquery(last)).exclude(said__isnull=True).order_by()
    found: dict[int, dict[str, int]] = {}
    for event_id, attends, count in said.values_list("event", "said").annotate(count=Count("pk")):
        found.setdefault(event_id, {})[attends] = count
    return found
