"""Numbers for organisers: each person once, each event with its places, in a fixed number of questions."""

from datetime import date, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Municipality
from bench import many
from events.models import EventSeries
from registrations.models import Attendee, Quota, Registration
from registrations.queries.numbers import numbers_of
from tests.registrations.people import AINO, OLLI, VEERA, attendee, day, registration, sign_up


@pytest.fixture
def jamsa(db: None) -> Municipality:
    return Municipality.objects.create(
        code="182",
        name_fi="Jämsä",
        name_sv="Jämsä",
        region_fi="Keski-Suomi",
        region_sv="Mellersta Finland",
        languages="fi",
        size_group="semi-urban",
    )


def test_people_are_counted_once_by_everything_that_is_known(
    mornings: EventSeries, noon: datetime, jamsa: Municipality
) -> None:
    sign_up(mornings, AINO, 0, 1, at=noon)
    sign_up(mornings, VEERA, 0, at=noon)
    sign_up(mornings, OLLI, 0, at=noon)
    Attendee.objects.filter(pk=attendee(AINO).pk).update(municipality=jamsa)
    Attendee.objects.filter(pk=attendee(VEERA).pk).update(organisation="Esimerkki oy")

    found = numbers_of(mornings)

    assert found.people == 3
    assert found.days == ((date(2027, 3, 1), 4),)
    assert found.municipalities == ((jamsa, 1),)
    assert found.regions == (("Keski-Suomi", "Mellersta Finland", 1),)
    assert found.size_groups == (("semi-urban", 1),)
    assert found.organisations == (("municipality", 1), ("other", 1), ("untold", 1))
    assert found.languages == (("en", 1), ("fi", 1), ("sv", 1))
    assert [(one.capacity, one.confirmed, one.waiting) for one in found.events] == [
        (2, 2, 1),
        (2, 1, 0),
        (2, 0, 0),
        (2, 0, 0),
    ]


def test_a_day_begins_at_midnight_of_the_place(mornings: EventSeries, noon: datetime) -> None:
    sign_up(mornings, AINO, 0, at=noon)
    Registration.objects.update(registered_at=noon.replace(hour=22, minute=30))

    assert numbers_of(mornings).days == ((date(2027, 3, 2), 1),)


def test_the_share_of_those_who_stayed_away_counts_the_marked(mornings: EventSeries, noon: datetime) -> None:
    for person in (AINO, VEERA):
        sign_up(mornings, person, 0, at=noon)
    first = day(mornings)
    assert numbers_of(first).events[0].no_show is None
    for person, came in ((AINO, True), (VEERA, False)):
        Registration.objects.filter(pk=registration(person, first).pk).update(attended=came)
    Quota.objects.filter(event=first).delete()

    only = numbers_of(first).events

    assert [(one.capacity, one.came, one.absent, one.unmarked, one.no_show) for one in only] == [
        (None, 1, 1, 0, 0.5)
    ]


def test_an_offered_place_is_counted_apart(mornings: EventSeries, noon: datetime) -> None:
    for person in (AINO, VEERA):
        sign_up(mornings, person, 0, at=noon)
    Registration.objects.filter(pk=registration(VEERA, day(mornings)).pk).update(
        state="offered", offer_expires_at=noon
    )

    [only] = numbers_of(day(mornings)).events

    assert (only.confirmed, only.offered, only.given) == (1, 1, 2)


def test_two_hundred_people_are_counted_by_as_many_questions_as_ten(
    mornings: EventSeries, noon: datetime
) -> None:
    asked = []
    for people in (10, 190):
        many.fill(mornings, people=people, at=noon, first=people)
        with CaptureQueriesContext(connection) as questions:
            found = numbers_of(mornings)
        asked.append(len(questions))

    assert found.people == 200
    assert asked == [5, 5]
