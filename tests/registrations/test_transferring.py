"""A place goes from one person to another: never free in between, told to both, and to nobody else."""

from datetime import datetime, timedelta

import pytest
from django.db import transaction

from events.models import Event, EventSeries
from registrations.actions import (
    Person,
    cancel,
    give_place,
    set_line_terms,
    tend,
)
from registrations.models import Quota, Registration
from registrations.queries import drift
from tests.registrations.people import (
    AINO,
    OLLI,
    VEERA,
    all_sent,
    attendee,
    day,
    entry,
    mail,
    registration,
    reminded,
    sign_up,
    states,
    told,
)

pytestmark = pytest.mark.django_db
BY = Registration.CancelledBy
NEW = Person(name="Maija Esimerkki", email="maija@example.org", language="sv")
NO_CALENDAR = ""


@pytest.fixture
def full(mornings: EventSeries, noon: datetime) -> EventSeries:
    """Aino and Veera have the two places of Tuesday, Olli waits; every mail has left."""
    for person in (AINO, VEERA, OLLI):
        sign_up(mornings, person, 0, at=noon)
    all_sent()
    return mornings


def give(series: EventSeries, to: Person, *, at: datetime, giver: Person = AINO) -> None:
    give_place(attendee=attendee(giver), event=day(series), to=to, at=at)


def taken(series: EventSeries) -> int:
    assert drift() == {}
    return Quota.objects.get(event=day(series)).taken


def offers(event: Event, *, at: datetime) -> None:
    set_line_terms(
        event=event,
        promotion="offer",
        offer_hours=24,
        offer_in_working_hours=False,
        offer_cutoff_hours=2,
        at=at,
        actor=None,
    )


# --- the place ---------------------------------------------------------------------------------------------


def test_the_colleague_has_the_place_and_the_line_sees_nothing_of_it(
    full: EventSeries, noon: datetime
) -> None:
    before = told(OLLI)

    give(full, NEW, at=noon)
    tend(at=noon + timedelta(minutes=10))

    assert [states(person) for person in (AINO, VEERA, OLLI, NEW)] == [
        ["cancelled"],
        ["confirmed"],
        ["waiting"],
        ["confirmed"],
    ]
    assert (taken(full), told(OLLI)) == (2, before)
    gone = registration(AINO, day(full))
    assert (gone.cancelled_by, gone.held, gone.restorable_until) == ("transfer", False, None)


def test_both_are_told_each_in_their_language_and_their_calendars_follow(
    full: EventSeries, noon: datetime
) -> None:
    give(full, NEW, at=noon)

    given, received = mail(AINO, "place_given"), mail(NEW, "place_received")
    sent = entry(mail(AINO, "confirmation"))
    gone, new = entry(given), entry(received)
    assert (given.language, received.language) == ("fi", "sv")
    assert (gone["METHOD"], gone["STATUS"], gone["SEQUENCE"]) == ("CANCEL", "CANCELLED", "1")
    assert [gone[name] == sent[name] for name in ("UID", "ORGANIZER", "ATTENDEE")] == [True] * 3
    assert (new["METHOD"], new["STATUS"], new["SEQUENCE"]) == ("REQUEST", "CONFIRMED", "0")
    assert new["UID"] != sent["UID"]
    assert received.context["giver"] == "Aino Esimerkki"
    assert (given.context["receiver"], given.context["own_deed"]) == ("Maija Esimerkki", True)
    assert reminded(full) == [NEW.email, VEERA.email]
    assert received.links["manage"]["seed"] == attendee(NEW).link_seed != attendee(AINO).link_seed


def test_an_invitation_that_never_left_needs_no_cancellation(mornings: EventSeries, noon: datetime) -> None:
    sign_up(mornings, AINO, 0, at=noon)

    give(mornings, NEW, at=noon)

    assert told(AINO) == [("confirmation", "cancelled"), ("place_given", "queued")]
    assert mail(AINO, "place_given").calendar == NO_CALENDAR


def test_the_receiver_belongs_where_the_giver_does_and_it_is_known_who_brought_them(
    mornings: EventSeries, noon: datetime
) -> None:
    person = Person(name="Aino Esimerkki", email=AINO.email, organisation="Esimerkkilä")
    sign_up(mornings, person, 0, at=noon)

    give(mornings, NEW, at=noon)

    new = attendee(NEW)
    assert (new.organisation, new.registered_by, new.language) == ("Esimerkkilä", attendee(AINO), "sv")


def test_a_receiver_who_told_of_an_organisation_keeps_it(mornings: EventSeries, noon: datetime) -> None:
    sign_up(mornings, AINO, 0, at=noon)

    give(mornings, Person(name="Maija", email=NEW.email, organisation="Toinen"), at=noon)

    assert attendee(NEW).organisation == "Toinen"


def test_a_known_receiver_stays_as_they_are(full: EventSeries, noon: datetime) -> None:
    sign_up(full, NEW, 1, at=noon)

    give(full, Person(name="Mallory", email="MAIJA@example.org", language="en"), at=noon)

    one = attendee(NEW)
    assert (one.name, one.language, one.registered_by) == ("Maija Esimerkki", "sv", None)
    assert registration(NEW, day(full)).state == "confirmed"
    assert mail(AINO, "place_given").context["receiver"] == "Mallory"  # as typed: known or not reads the same


def test_a_place_given_on_can_be_given_once_more(full: EventSeries, noon: datetime) -> None:
    give(full, NEW, at=noon)
    give(full, AINO, giver=NEW, at=noon + timedelta(minutes=1))

    assert (states(AINO), states(NEW)) == (["cancelled", "confirmed"], ["cancelled"])
    assert taken(full) == 2


# --- where the receiver stands already ---------------------------------------------------------------------


def test_somebody_in_line_leaves_it_for_the_place_and_nobody_else_moves(
    full: EventSeries, noon: datetime
) -> None:
    sign_up(full, NEW, 0, at=noon)  # behind Olli

    give(full, NEW, at=noon)

    row = registration(NEW, day(full))
    assert (states(NEW), states(OLLI)) == (["confirmed"], ["waiting"])
    assert (row.calendar_entry.last_method, taken(full)) == ("REQUEST", 2)
    assert told(NEW) == [("waiting", "cancelled"), ("place_received", "queued")]
    assert entry(mail(NEW, "place_received"))["METHOD"] == "REQUEST"


def test_what_the_receiver_was_offered_is_offered_to_the_next(full: EventSeries, noon: datetime) -> None:
    sign_up(full, NEW, 0, at=noon)
    offers(day(full), at=noon)
    cancel(registration=registration(VEERA, day(full)), by=BY.ORGANISER, at=noon)
    assert states(OLLI) == ["offered"]

    give(full, OLLI, at=noon)

    assert (states(OLLI), states(NEW)) == (["confirmed"], ["offered"])
    assert mail(NEW, "offer").state == "queued"
    assert taken(full) == 2


def test_a_place_the_receiver_could_have_taken_back_goes_to_the_next(
    full: EventSeries, noon: datetime
) -> None:
    cancel(registration=registration(VEERA, day(full)), by=BY.ATTENDEE, at=noon)
    assert states(OLLI) == ["waiting"]

    give(full, VEERA, at=noon + timedelta(minutes=1))

    assert (states(VEERA), states(OLLI)) == (["cancelled", "confirmed"], ["confirmed"])
    assert not Registration.objects.filter(held=True).exists()
    assert taken(full) == 2
    tend(at=noon + timedelta(minutes=11))
    assert taken(full) == 2


def test_a_receiver_with_a_place_keeps_it_and_the_other_one_goes_to_the_next(
    full: EventSeries, noon: datetime
) -> None:
    give(full, VEERA, at=noon)

    assert [states(person) for person in (AINO, VEERA, OLLI)] == [["cancelled"], ["confirmed"], ["confirmed"]]
    assert mail(VEERA, "place_not_needed").context["giver"] == "Aino Esimerkki"
    assert mail(VEERA, "place_not_needed").calendar == NO_CALENDAR
    assert told(VEERA) == [("confirmation", "accepted"), ("place_not_needed", "queued")]
    assert reminded(full) == [OLLI.email, VEERA.email]
    assert taken(full) == 2


def test_the_giver_is_told_the_same_whether_the_receiver_has_a_place_or_not(
    full: EventSeries, noon: datetime
) -> None:
    def told_to_aino(to: Person) -> object:
        with transaction.atomic():
            give(full, Person(name="Kollega", email=to.email), at=noon)
            message, row = mail(AINO, "place_given"), registration(AINO, day(full))
            said = message.context, message.headline, message.calendar, message.links
            transaction.set_rollback(True)
        return said, (row.state, row.cancelled_by, row.held, row.state_changed_at)

    assert told_to_aino(VEERA) == told_to_aino(NEW) == told_to_aino(OLLI)
