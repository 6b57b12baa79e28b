"""What is asked: places left, one's own places, receipts, feeds, municipalities."""

from datetime import date, datetime, timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Municipality
from backend.core.errors import Gone, NotFound
from events.models import Event, EventSeries
from notifications.models import Message
from registrations import queries
from registrations.actions import Person, cancel, register
from registrations.models import Quota, Registration
from registrations.queries import Availability
from registrations.queries.places import positions_of
from registrations.rules import Invalid
from tests.registrations.people import (
    AINO,
    OLLI,
    VEERA,
    all_sent,
    attendee,
    day,
    registration,
    sign_up,
    slugs,
    somebody,
)

TODAY = date(2027, 3, 1)


def test_availability_counts_places_and_the_line(mornings: EventSeries, noon: datetime) -> None:
    for person in (AINO, VEERA, OLLI):
        sign_up(mornings, person, 0, at=noon)
    Quota.objects.filter(event=day(mornings, 2)).delete()
    Event.objects.filter(pk=day(mornings, 3).pk).update(state=Event.State.CANCELLED)

    found = queries.availability(mornings.events.all(), at=noon)

    assert list(found.values()) == [
        Availability(state="full_with_list", places_left=0, waiting=1, capacity=2),
        Availability(state="few_left", places_left=2, waiting=0, capacity=2),
        Availability(state="no_registration", places_left=None, waiting=0, capacity=None),
        Availability(state="cancelled", places_left=2, waiting=0, capacity=2),
    ]


def test_a_place_that_those_who_wait_are_not_offered_any_more_is_not_said_to_be_left(
    mornings: EventSeries, noon: datetime
) -> None:
    Quota.objects.update(promotion="offer")
    for person in (AINO, VEERA, OLLI):
        sign_up(mornings, person, 0, at=noon)
    late = day(mornings).starts_at - timedelta(hours=1)  # after the last moment for offers
    cancel(registration=registration(AINO, day(mornings)), by=Registration.CancelledBy.ORGANISER, at=late)

    [found] = queries.availability([day(mornings)], at=late).values()

    assert found == Availability(state="full_with_list", places_left=0, waiting=1, capacity=2)
    sign_up(mornings, somebody(4), 0, at=late)
    assert registration(somebody(4), day(mornings)).state == "waiting"
    Quota.objects.update(promotion="auto")
    [given] = queries.availability([day(mornings)], at=late).values()
    assert given.places_left == 1


def test_availability_of_many_events_asks_three_questions(mornings: EventSeries, noon: datetime) -> None:
    events = list(mornings.events.all())
    counted = []
    for some in (events[:1], events):
        with CaptureQueriesContext(connection) as asked:
            queries.availability(some, at=noon)
        counted.append(len(asked))

    assert counted == [3, 3]


def test_a_counter_that_has_drifted_is_found(mornings: EventSeries, noon: datetime) -> None:
    sign_up(mornings, AINO, 0, 1, at=noon)
    before = queries.drift()

    Quota.objects.filter(event=day(mornings)).update(taken=2)

    assert (before, queries.drift()) == ({}, {day(mornings).pk: (2, 1)})


def test_one_sees_the_newest_of_each_event_in_order_of_time(mornings: EventSeries, noon: datetime) -> None:
    for person in (VEERA, OLLI, AINO):
        sign_up(mornings, person, 1, at=noon)
    cancel(registration=registration(AINO, day(mornings, 1)), by=Registration.CancelledBy.ATTENDEE, at=noon)
    sign_up(mornings, AINO, 0, 1, at=noon)
    all_sent()

    places = queries.places_of(attendee(AINO), at=noon)

    assert [(p.event.slug, p.registration.state, p.position) for p in places] == [
        (slugs(mornings)[0], "confirmed", None),
        (slugs(mornings)[1], "waiting", 1),
    ]
    assert [p.message.kind for p in places if p.message] == ["confirmation", "waiting"]


@pytest.mark.parametrize("people", [5, 55])
def test_the_place_in_line_counts_those_who_still_wait(
    mornings: EventSeries, noon: datetime, people: int
) -> None:
    Quota.objects.update(capacity=0)
    for number in range(people):
        sign_up(mornings, somebody(number), 0, at=noon)
    cancel(
        registration=registration(somebody(1), day(mornings)),
        by=Registration.CancelledBy.ATTENDEE,
        at=noon,
    )
    waiting = Registration.objects.filter(state="waiting").order_by("waiting_number")

    found = positions_of(waiting)

    assert list(found.values()) == list(range(1, people))
    assert list(found) == list(waiting.values_list("pk", flat=True))


# --- Links --------------------------------------------------------------------------------------------


def test_the_link_opens_ones_own_registration_and_nothing_else(mornings: EventSeries, noon: datetime) -> None:
    sign_up(mornings, AINO, 0, at=noon)
    sign_up(mornings, VEERA, 0, at=noon)
    token = attendee(AINO).token

    assert queries.attendee_by_token(token, at=noon) == attendee(AINO)
    assert queries.attendee_by_feed_token(attendee(AINO).feed_token, at=noon) == attendee(AINO)
    for wrong in ("", "x", token[:-1], token + "x", token.swapcase(), attendee(AINO).feed_token, "ä" * 27):
        with pytest.raises(NotFound):
            queries.attendee_by_token(wrong, at=noon)
    with pytest.raises(NotFound):
        queries.attendee_by_feed_token(token, at=noon)


def test_a_link_dies_a_month_after_the_last_event(mornings: EventSeries, noon: datetime) -> None:
    sign_up(mornings, AINO, 0, at=noon)
    end = day(mornings, 3).ends_at + timedelta(days=30)

    assert queries.attendee_by_token(attendee(AINO).token, at=end - timedelta(seconds=1))
    with pytest.raises(Gone):
        queries.attendee_by_token(attendee(AINO).token, at=end)


# --- Receipts -----------------------------------------------------------------------------------------


def test_the_receipt_is_the_same_for_a_known_and_a_new_address(mornings: EventSeries, noon: datetime) -> None:
    sign_up(mornings, AINO, 0, at=noon)

    known = queries.receipt(sign_up(mornings, AINO, 1, 2, at=noon).receipt)
    new = queries.receipt(sign_up(mornings, VEERA, 1, 2, at=noon).receipt)

    assert known.results == new.results
    assert (known.series, known.delivery) == (new.series, new.delivery)


@pytest.mark.parametrize(
    ("states", "delivery"),
    [
        (["queued", "queued"], "on_its_way"),
        (["accepted", "queued"], "on_its_way"),
        (["accepted", "delivered"], "handed_over"),
        (["accepted", "cancelled"], "handed_over"),
        (["bounced_hard", "delivered"], "not_delivered"),
        (["uncertain", "accepted"], "unclear"),
        (["failed", "uncertain"], "not_delivered"),
    ],
)
def test_the_receipt_says_in_one_word_how_far_the_mail_has_come(
    mornings: EventSeries, noon: datetime, states: list[str], delivery: str
) -> None:
    receipt = sign_up(mornings, AINO, 0, 1, at=noon).receipt
    confirmations = Message.objects.filter(kind="confirmation").order_by("pk")
    for message, state in zip(confirmations, states, strict=True):
        Message.objects.filter(pk=message.pk).update(state=state)

    assert queries.receipt(receipt).delivery == delivery


def test_an_unknown_receipt_is_not_there(mornings: EventSeries) -> None:
    with pytest.raises(NotFound):
        queries.receipt("nothing")


# --- The own calendar -----------------------------------------------------------------------------------


def test_the_own_calendar_holds_the_places_and_names_nobody(mornings: EventSeries, noon: datetime) -> None:
    Quota.objects.filter(event=day(mornings, 2)).update(capacity=0)
    Event.objects.filter(pk=day(mornings).pk).update(join_url="https://meet.example.org/kahvit")
    sign_up(mornings, AINO, 0, 1, 2, at=noon)
    all_sent()
    cancel(registration=registration(AINO, day(mornings, 1)), by=Registration.CancelledBy.ATTENDEE, at=noon)

    ics = queries.own_calendar(attendee(AINO), at=noon).replace("\r\n ", "")

    lines = ics.split("\r\n")
    assert [line for line in lines if line.startswith(("STATUS", "SUMMARY"))] == [
        "SUMMARY:Lähiluonnon saavutettavuus",
        "STATUS:CONFIRMED",
        "SUMMARY:Osallisuus\\, liikunta ja kestävyys",
        "STATUS:CANCELLED",
    ]
    assert "meet.example.org" in ics
    assert not [part for part in ("Aino", "aino@example.org", attendee(AINO).token) if part in ics]
    assert f"{settings.PUBLIC_URL}/feed/{attendee(AINO).feed_token}.ics" in ics
    later = queries.own_calendar(attendee(AINO), at=noon + timedelta(days=60))
    assert "STATUS:CANCELLED" not in later


# --- The desk -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({}, ["Aino Esimerkki", "Veera Exempel", "Olli Example"]),
        ({"q": "aino"}, ["Aino Esimerkki"]),
        ({"q": "ESIMERKKI aino"}, ["Aino Esimerkki"]),
        ({"q": "veera@"}, ["Veera Exempel"]),
        ({"q": "aino veera"}, []),
        ({"q": "hämeenlinna"}, ["Olli Example"]),
        ({"q": "ÄHTÄRI"}, ["Olli Example"]),
        ({"q": "ähtäri"}, ["Olli Example"]),
        ({"q": "%"}, []),
        ({"state": "waiting"}, ["Olli Example"]),
        ({"state": "active"}, ["Aino Esimerkki", "Veera Exempel", "Olli Example"]),
        ({"state": "cancelled"}, []),
        ({"event": "no-such"}, []),
    ],
)
def test_an_organiser_finds_people(
    mornings: EventSeries, noon: datetime, filters: dict[str, str], found: list[str]
) -> None:
    olli = Person(name=OLLI.name, email=OLLI.email, organisation="Hämeenlinnan ja Ähtärin seutu")
    for person in (AINO, VEERA, olli):
        sign_up(mornings, person, 0, at=noon)

    rows = queries.registrations_of(mornings, **filters).order_by("pk")

    assert [row.attendee.name for row in rows] == found
    assert queries.registrations_of(day(mornings, 1)).count() == 0


# --- Municipalities ---------------------------------------------------------------------------------------


@pytest.fixture
def towns(db: None) -> None:
    new = Municipality.objects.create(
        code="507", name_fi="Mäntyharju", name_sv="Mäntyharju", region_fi="", region_sv="", languages="fi"
    )
    for code, fi, sv in (
        ("109", "Hämeenlinna", "Tavastehus"),
        ("091", "Helsinki", "Helsingfors"),
        ("831", "Taipalsaari", "Taipalsaari"),
        ("322", "Kemiönsaari", "Kimitoön"),
        ("284", "Koski Tl", "Koskis"),
    ):
        Municipality.objects.create(
            code=code, name_fi=fi, name_sv=sv, region_fi="", region_sv="", languages="fi"
        )
    Municipality.objects.create(
        code="588",
        name_fi="Pertunmaa",
        name_sv="Pertunmaa",
        region_fi="",
        region_sv="",
        languages="fi",
        valid_to=date(2024, 12, 31),
        successor=new,
    )


@pytest.mark.parametrize(
    ("person", "code", "organisation"),
    [
        (Person(name="A", email="a@example.org", municipality="109"), "109", "Hämeenlinna"),
        (Person(name="A", email="a@example.org", municipality="91"), "091", "Helsinki"),
        (Person(name="A", email="a@example.org", municipality="Hämeenlinna"), "109", "Hämeenlinna"),
        (Person(name="A", email="a@example.org", municipality="hämeenlinna"), "109", "Hämeenlinna"),
        (
            Person(name="A", email="a@example.org", municipality="TAVASTEHUS", language="sv"),
            "109",
            "Tavastehus",
        ),
        (Person(name="A", email="a@example.org", municipality="koski tl"), "284", "Koski Tl"),
        (Person(name="A", email="a@example.org", municipality="Demos"), None, "Demos"),
        (Person(name="A", email="a@example.org", organisation="Helsingfors"), "091", "Helsingfors"),
        (Person(name="A", email="a@example.org", municipality="588"), "507", "Mäntyharju"),
        (Person(name="A", email="a@example.org", municipality="Pertunmaa"), "507", "Mäntyharju"),
        (Person(name="A", email="a@hameenlinna.fi"), "109", "Hämeenlinna"),
        (Person(name="A", email="a@edu.hel.fi", language="sv"), "091", "Helsingfors"),
        (Person(name="A", email="a@kimitoon.fi"), "322", "Kemiönsaari"),
        (Person(name="A", email="a@helsinki.fi"), None, ""),
        (
            Person(name="A", email="a@hameenlinna.fi", organisation="Ympäristöyksikkö"),
            "109",
            "Ympäristöyksikkö",
        ),
    ],
)
def test_a_municipality_is_known_by_code_name_or_address(
    towns: None, mornings: EventSeries, noon: datetime, person: Person, code: str | None, organisation: str
) -> None:
    sign_up(mornings, person, 0, at=noon)

    kept = attendee(person)
    assert (kept.municipality_id, kept.organisation) == (code, organisation)


@pytest.mark.parametrize("municipality", ["999", "0", "12345"])
def test_an_unknown_code_is_refused(
    towns: None, mornings: EventSeries, noon: datetime, municipality: str
) -> None:
    person = Person(name="Aino Esimerkki", email="aino@example.org", municipality=municipality)

    with pytest.raises(Invalid) as refused:
        register(series=mornings, person=person, events=slugs(mornings), idempotency_key="k", at=noon)

    assert list(refused.value.fields) == ["municipality"]
