"""Registering: places, places in line, and what is promised by mail."""

from datetime import datetime

from events.models import EventSeries
from registrations.actions import Person, register
from registrations.models import Quota, Submission

AINO = Person(name="Aino Esimerkki", email="aino@example.org")
VEERA = Person(name="Veera Exempel", email="veera@example.org", language="sv")
OLLI = Person(name="Olli Example", email="olli@example.org", language="en")


def slugs(series: EventSeries) -> list[str]:
    return [event.slug for event in series.events.all()]


def sign_up(
    series: EventSeries, person: Person, *, at: datetime, events: list[str] | None = None
) -> Submission:
    return register(
        series=series, person=person, events=events or slugs(series), idempotency_key=person.email, at=at
    )


def test_the_first_two_get_a_place_and_the_third_waits(mornings: EventSeries, noon: datetime) -> None:
    tuesday = slugs(mornings)[:1]

    got = [sign_up(mornings, person, at=noon, events=tuesday).results for person in (AINO, VEERA, OLLI)]

    assert got == [
        [{"event": tuesday[0], "state": "confirmed"}],
        [{"event": tuesday[0], "state": "confirmed"}],
        [{"event": tuesday[0], "state": "waiting"}],
    ]
    assert Quota.objects.get(event__slug=tuesday[0]).taken == 2
