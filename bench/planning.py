"""Everybody who comes to one event is reminded by one rule: how long it takes until all of it is promised."""

from __future__ import annotations

import json
import sys
import time
from datetime import datetime, timedelta

import django

django.setup()

from events.models import Event, EventSeries  # noqa: E402 - the settings come first
from notifications.models import Message  # noqa: E402 - as above
from registrations.actions import automatic  # noqa: E402 - as above
from registrations.models import Attendee, CalendarEntry, MessageRule, Quota, Registration  # noqa: E402 - as above
from tests import factories  # noqa: E402 - as above

_EARLY = timedelta(days=20)
_BEFORE = timedelta(hours=20)  # the rule is due from nine on the day before
_AT_ONCE = 1000


def main(*, people: int) -> dict[str, float]:
    """Let so many come to one morning, and promise each the reminder of the day before."""
    series = factories.four_mornings(organisation=factories.organisation(), capacity=1)
    event = series.events.earliest("starts_at")
    at = event.starts_at - _EARLY
    _fill(series, event, people=people, at=at)
    MessageRule.objects.update(changed_at=at)
    began, own = time.perf_counter(), time.process_time()
    promised = automatic.plan_due(at=event.starts_at - _BEFORE)
    seconds, processor = time.perf_counter() - began, time.process_time() - own
    assert promised == people == Message.objects.filter(kind="reminder").count(), promised
    return {"seconds": seconds, "processor": processor}


def _fill(series: EventSeries, event: Event, *, people: int, at: datetime) -> None:
    Quota.objects.filter(event=event).update(capacity=people, hard_cap=people)
    attendees = Attendee.objects.bulk_create(
        (_attendee(series, number, at=at) for number in range(people)), batch_size=_AT_ONCE
    )
    places = Registration.objects.bulk_create(
        (
            Registration(attendee=one, event=event, registered_at=at, state_changed_at=at, state="confirmed")
            for one in attendees
        ),
        batch_size=_AT_ONCE,
    )
    CalendarEntry.objects.bulk_create(
        (
            CalendarEntry(registration=one, uid=f"{one.pk}@example.org", last_method="REQUEST", stamped_at=at)
            for one in places
        ),
        batch_size=_AT_ONCE,
    )


def _attendee(series: EventSeries, number: int, *, at: datetime) -> Attendee:
    address, language = f"p{number}@example.org", ("fi", "sv", "en")[number % 3]
    return Attendee(
        series=series,
        email=address,
        email_key=address,
        name=f"Esimerkki {number}",
        language=language,
        created_at=at,
    ).with_link()


if __name__ == "__main__":
    print(json.dumps(main(**json.loads(sys.argv[1]))))
