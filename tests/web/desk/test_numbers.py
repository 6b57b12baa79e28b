"""The page of numbers: each picture has its title and its table."""

from datetime import datetime

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bench import many
from events.models import Event, EventSeries
from registrations.models import Registration
from tests.registrations.people import AINO, OLLI, VEERA, registration, sign_up
from tests.web.desk.seen import page


def test_every_picture_stands_beside_its_table(desk: Client, mornings: EventSeries, noon: datetime) -> None:
    sign_up(mornings, AINO, 0, at=noon)
    sign_up(mornings, VEERA, 0, at=noon)

    html = desk.get(reverse("desk:numbers", args=[mornings.pk])).content.decode()

    assert "1.3.2027 2" in page(desk, "numbers", mornings.pk)
    assert html.count('<svg class="chart"') == html.count("<desc ") == html.count("<details open>") == 3
    assert "Nobody yet." in html  # no municipality is known


def test_lines_and_empty_chairs_have_pictures_and_offers_a_part_of_the_bar(
    desk: Client, mornings: EventSeries, morning: Event, noon: datetime
) -> None:
    for person in (AINO, VEERA, OLLI):
        sign_up(mornings, person, 0, at=noon)
    first = registration(AINO, morning)
    Registration.objects.filter(pk=first.pk).update(attended=False)
    Registration.objects.filter(pk=registration(VEERA, morning).pk).update(
        state="offered", offer_expires_at=noon
    )

    html = desk.get(reverse("desk:numbers", args=[mornings.pk])).content.decode()
    shown = page(desk, "numbers", mornings.pk)

    assert 'id="waiting-title">People on the waiting lists' in html
    assert "Tue 13 April Accessibility of nearby nature 1 Share" in shown
    assert "Tue 13 April Accessibility of nearby nature 100 %" in shown
    assert "1 + 1 offered" in shown
    assert 'class="chart-part" width="100"' in html
    assert 'class="chart-bar" width="50"' in html


def test_an_event_has_its_own_numbers(desk: Client, mornings: EventSeries, morning: Event) -> None:
    assert "0 people" in page(desk, "event-numbers", morning.pk)


def test_programs_read_the_same_numbers(desk: Client, mornings: EventSeries, noon: datetime) -> None:
    sign_up(mornings, AINO, 0, at=noon)

    told = desk.get(f"/api/v1/organiser/series/{mornings.pk}/numbers/").json()

    assert (told["people"], told["days"]) == (1, [{"key": "2027-03-01", "count": 1}])
    assert told["events"][0] | {"event": ""} == {
        "event": "",
        "capacity": 2,
        "confirmed": 1,
        "offered": 0,
        "waiting": 0,
        "came": 0,
        "absent": 0,
        "unmarked": 1,
        "no_show": None,
    }


def test_the_list_of_two_hundred_people_asks_as_much_as_that_of_ten(
    desk: Client, mornings: EventSeries, noon: datetime
) -> None:
    counted = []
    for people in (60, 140):
        many.fill(mornings, people=people, at=noon, first=people)
        with CaptureQueriesContext(connection) as asked:
            desk.get(reverse("desk:registrations", args=[mornings.pk]), {"q": "esimerkki"})
        counted.append(len(asked))

    assert counted[0] == counted[1]
