"""The demonstration, as it stands when it is loaded: repeatable and visibly made up."""

import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.apps import apps
from django.db import transaction
from django.db.models import QuerySet
from django.test import override_settings
from pytest_django import DjangoDbBlocker

from accounts.models import Membership, User
from backend.demo import Demonstration, load
from backend.demo.mornings import first_morning
from events.models import Event, EventSeries, Speaker
from events.queries import events_of, released_programme, series_by_slug
from notifications import queries
from notifications.models import Message
from notifications.rendering import render
from notifications.suppression import suppressed
from registrations.actions import Person, register
from registrations.models import Attendee, CalendarReply, Quota
from registrations.queries import availability

AT = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
HELSINKI = ZoneInfo("Europe/Helsinki")
OURS = {"accounts", "events", "registrations", "catalogue", "surveys", "notifications"}


@pytest.fixture(scope="module")
def loaded(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Demonstration]:
    """Load it once for all tests of this file; it was never there afterwards."""
    with django_db_blocker.unblock(), override_settings(PRODUCTION=False), transaction.atomic():
        yield load(AT)
        transaction.set_rollback(True)


@pytest.fixture
def demonstration(loaded: Demonstration, db: None) -> Demonstration:
    """What a test changes is taken back before the next."""
    return loaded


def everything() -> dict[str, list[dict[str, Any]]]:
    """Every row of ours, as it stands in the database."""
    models = (
        model for app in OURS for model in apps.get_app_config(app).get_models(include_auto_created=True)
    )
    return {str(model): list(QuerySet(model).order_by("pk").values()) for model in models}


def test_loading_again_changes_nothing_and_is_quick(demonstration: Demonstration) -> None:
    before = everything()
    began = time.perf_counter()
    again = load(AT + timedelta(days=1))

    assert time.perf_counter() - began < 1
    assert again.added == 0
    assert everything() == before


def test_mails_stand_in_the_ledger_as_sent_and_nobody_is_mailed(demonstration: Demonstration) -> None:
    states = Counter(Message.objects.values_list("state", flat=True))
    answers = Counter(CalendarReply.objects.values_list("outcome", flat=True))
    back = Message.objects.get(state="bounced_hard")

    assert states == {"accepted": 14, "delivered": 4, "bounced_hard": 1}
    assert set(Message.objects.values_list("language", flat=True)) == {"fi", "sv", "en"}
    assert not queries.due(at=AT + timedelta(days=1)).exists()
    assert all(message.headline == render(message).subject for message in Message.objects.all())
    assert list(back.events.values_list("state", "note")) == [
        ("accepted", ""),
        ("bounced_hard", "5.1.1"),
    ]
    assert Message.objects.filter(recipient=back.recipient).count() == 1, "nothing else went there"
    assert suppressed([back.recipient]) == {back.recipient: "bounced_hard"}
    assert answers == {"recorded": 4, "proposal": 1}


def test_four_mornings_lie_ahead_and_take_registrations(demonstration: Demonstration) -> None:
    series = series_by_slug("aamukahvit-2027")
    events = events_of(series)
    places = availability(events, at=AT)

    assert [event.starts_at for event in events] == [
        datetime(2027, 4, day, 8, 30, tzinfo=HELSINKI) for day in (13, 14, 15, 16)
    ]
    assert [event.title.fi for event in events] == [
        "Lähiluonnon saavutettavuus",
        "Osallisuus, liikunta ja kestävyys",
        "Kestävyyden digitalisaatio ja tiedolla johtaminen",
        "Kestävä rakentaminen ja asuminen",
    ]
    assert [(places[event.pk].capacity, places[event.pk].places_left) for event in events] == [
        (60, 39),
        (60, 2),
        (60, 26),
        (60, 43),
    ]


def test_on_the_nearly_full_morning_the_third_newcomer_waits(demonstration: Demonstration) -> None:
    series = series_by_slug("aamukahvit-2027")
    wednesday = events_of(series)[1].slug
    states = []
    for name in ("Aino", "Veera", "Olli"):
        person = Person(name=f"{name} Esimerkki", email=f"{name.lower()}@example.org")
        got = register(series=series, person=person, events=[wednesday], idempotency_key=name, at=AT)
        states += [result["state"] for result in got.results]

    assert states == ["confirmed", "confirmed", "waiting"]


def test_the_counted_places_are_those_of_the_rows(demonstration: Demonstration) -> None:
    for quota in Quota.objects.select_related("event"):
        assert quota.taken == quota.event.registrations.filter(state="confirmed").count()


def test_every_morning_presents_three_real_practices(demonstration: Demonstration) -> None:
    for event in events_of(series_by_slug("aamukahvit-2027")):
        programme = released_programme(event)
        assert programme is not None
        told = [item for item in programme.items if item.kind == "practice"]
        presented = event.sessions.filter(presentation__practice__published__isnull=False)

        assert [item.session_id for item in told] == list(presented.values_list("pk", flat=True))
        assert [item.language for item in told] == ["fi", "sv", "en"]
        assert all(not item.approximate and item.ends_at for item in programme.items)


def test_made_up_people_are_visibly_made_up(demonstration: Demonstration) -> None:
    attendees = Attendee.objects.values_list("name", "email")
    speakers = Speaker.objects.filter(parts__session__event__series__slug="aamukahvit-2027").distinct()

    assert len(attendees) == 58 + 7  # those of the mornings, and those who applied
    assert {name.split()[-1] for name, _ in attendees} == {"Esimerkki", "Exempel", "Example"}
    assert {email.partition("@")[2] for _, email in attendees} == {
        "example.org",
        "example.net",
        "example.com",
    }
    assert {speaker.name for speaker in speakers} == {"Maija Esimerkki", "Erik Exempel", "Alex Example"}
    assert {user.name for user in User.objects.all()} == {"Olli Esimerkki", "Veera Esimerkki"}


def test_the_organiser_and_the_reviewer_can_sign_in(demonstration: Demonstration) -> None:
    held = Membership.objects.values_list("user__email", "role", "organisation__slug")

    assert set(held) == {
        ("olli.esimerkki@example.org", "organiser", "esimerkkijarjestaja"),
        ("veera.esimerkki@example.org", "reviewer", "esimerkkijarjestaja"),
    }
    assert all(user.check_password(demonstration.password) for user in User.objects.all())


def test_nobody_signed_in_may_change_what_really_happened(demonstration: Demonstration) -> None:
    held = EventSeries.objects.exclude(slug__in=["aamukahvit-2027", "sparraus-2027"])

    assert {series.organisation.slug for series in held.select_related("organisation")} == {
        "julkiset-lahteet"
    }
    assert not Membership.objects.filter(organisation__slug="julkiset-lahteet").exists()


def test_when_the_mornings_have_passed_the_next_four_are_set_up(demonstration: Demonstration) -> None:
    later = load(datetime(2027, 5, 3, 9, 0, tzinfo=UTC))

    assert (later.series, later.added) == ("aamukahvit-2028", 2)
    assert Event.objects.filter(series__slug="aamukahvit-2028", starts_at__year=2028).count() == 4


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (datetime(2026, 11, 23, tzinfo=UTC), date(2027, 4, 13)),
        (datetime(2021, 1, 15, tzinfo=UTC), date(2021, 4, 13)),
        (datetime(2027, 4, 6, 12, tzinfo=UTC), date(2027, 4, 13)),  # a week ahead is enough
        (datetime(2027, 4, 7, 12, tzinfo=UTC), date(2028, 4, 18)),  # 14 April 2028 is Good Friday
        (datetime(2029, 12, 1, tzinfo=UTC), date(2030, 4, 23)),  # 19 April 2030 is Good Friday
    ],
)
def test_the_first_morning_is_a_tuesday_in_mid_april(at: datetime, expected: date) -> None:
    assert first_morning(at) == expected
    assert expected.weekday() == 1
