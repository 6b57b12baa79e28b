"""Loads many visibly made-up people into one series quickly; used by tests and measurements."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import batched

from accounts.models import Municipality
from backend.core.links import digest
from events.models import Event, EventSeries
from registrations.models import Attendee, Quota, Registration

BATCH = 2000
FIRST = ("Aino", "Veera", "Olli", "Åke", "Maija", "Leena", "Björn", "Tuula", "Kerttu", "Ilmari")
LAST = ("Esimerkki", "Exempel", "Example", "Malli", "Kokeilu")
DOMAINS = ("example.org", "example.com", "example.net")


def fill(series: EventSeries, *, people: int, at: datetime, first: int = 0) -> int:
    """Register so many people, each to one of the events in turn; the last tenth of each event waits."""
    events = list(series.events.order_by("pk"))
    codes = list(Municipality.objects.order_by("code").values_list("code", flat=True))
    for numbers in batched(range(first, first + people), BATCH):
        made = Attendee.objects.bulk_create(_person(series, number, codes, at) for number in numbers)
        Registration.objects.bulk_create(_places(made, numbers, events, at))
    for event in events:
        _count(event)
    return people


def _person(series: EventSeries, number: int, codes: list[str], at: datetime) -> Attendee:
    email = f"henkilo{number}@{DOMAINS[number % 3]}"
    # sixteen bytes that nobody could guess are not needed for made-up people
    return Attendee(
        series=series,
        email=email,
        email_key=email,
        name=f"{FIRST[number % 10]} {LAST[number // 10 % 5]} {number}",
        organisation="" if number % 7 == 0 else f"Esimerkkiorganisaatio {number % 977}",
        municipality_id=codes[number * 31 % len(codes)] if codes and number % 5 else None,
        role="asiantuntija" if number % 3 else "+358 40 000 0000",
        language=("fi", "fi", "fi", "sv", "en")[number % 5],
        wish="" if number % 4 else "=1+1 kahvia, kiitos",
        created_at=at + timedelta(minutes=number % 40_000),
        link_hash=digest(f"many-{series.pk}-{number}-manage"),
        feed_hash=digest(f"many-{series.pk}-{number}-feed"),
        ticket_hash=digest(f"many-{series.pk}-{number}-ticket"),
    )


def _places(
    people: list[Attendee], numbers: tuple[int, ...], events: list[Event], at: datetime
) -> Iterator[Registration]:
    for person, number in zip(people, numbers, strict=True):
        waits = number // len(events) % 10 == 9
        moment = at + timedelta(minutes=number % 40_000)
        yield Registration(
            attendee=person,
            event=events[number % len(events)],
            state=Registration.State.WAITING if waits else Registration.State.CONFIRMED,
            waiting_number=number + 1 if waits else None,
            registered_at=moment,
            state_changed_at=moment,
        )


def _count(event: Event) -> None:
    """Let the counters say what the rows say."""
    rows = Registration.objects.filter(event=event)
    taken = rows.filter(state__in=Registration.HOLDS_A_PLACE).count()
    last = (
        rows.order_by("-waiting_number").values_list("waiting_number", flat=True).exclude(waiting_number=None)
    )
    Quota.objects.filter(event=event).update(
        taken=taken, capacity=taken, hard_cap=taken, last_waiting_number=last.first() or 0
    )


def moment() -> datetime:
    """Give the moment at which everybody of a measurement begins to register."""
    return datetime(2027, 3, 1, 12, 0, tzinfo=UTC)
