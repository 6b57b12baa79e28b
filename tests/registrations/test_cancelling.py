"""Giving a place up: the next in line gets it in the same breath."""

from datetime import datetime, timedelta

import pytest

from accounts.models import AuditEvent, Organisation
from events.models import EventSeries
from notifications.models import Message
from registrations import rules
from registrations.actions import cancel, cancel_all, tend
from registrations.models import Quota, Registration, RuleDelivery
from tests import factories
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
    somebody,
    states,
    told,
)

BY = Registration.CancelledBy
HELD = timedelta(minutes=10)


@pytest.fixture
def full(mornings: EventSeries, noon: datetime) -> EventSeries:
    """Aino and Veera have the two places of Tuesday, Olli waits; every mail has left."""
    for person in (AINO, VEERA, OLLI):
        sign_up(mornings, person, 0, at=noon)
    all_sent()
    return mornings


def test_the_next_in_line_gets_the_place(full: EventSeries, noon: datetime) -> None:
    cancel(registration=registration(AINO, day(full)), by=BY.ATTENDEE, at=noon)
    assert states(OLLI) == ["waiting"]  # for ten minutes the place can be taken back
    tend(at=noon + HELD)

    assert [states(person) for person in (AINO, VEERA, OLLI)] == [["cancelled"], ["confirmed"], ["confirmed"]]
    assert Quota.objects.get(event=day(full)).taken == 2
    assert told(AINO)[-1] == ("cancelled_by_attendee", "queued")
    assert told(OLLI)[-1] == ("promoted", "queued")
    assert told(VEERA) == [("confirmation", "accepted")]


def test_calendars_follow_a_cancellation_and_a_promotion(full: EventSeries, noon: datetime) -> None:
    cancel(registration=registration(AINO, day(full)), by=BY.ATTENDEE, at=noon + timedelta(hours=1))
    tend(at=noon + timedelta(hours=2))

    sent, gone, new = (
        entry(mail(person, kind))
        for person, kind in (
            (AINO, "confirmation"),
            (AINO, "cancelled_by_attendee"),
            (OLLI, "promoted"),
        )
    )
    assert (gone["METHOD"], gone["STATUS"], gone["SEQUENCE"]) == ("CANCEL", "CANCELLED", "1")
    assert [gone[name] == sent[name] for name in ("UID", "ORGANIZER", "ATTENDEE")] == [True] * 3
    assert (gone["DTSTAMP"], sent["DTSTAMP"]) == ("20270301T130000Z", "20270301T120000Z")
    assert (new["METHOD"], new["STATUS"], new["SEQUENCE"]) == ("REQUEST", "CONFIRMED", "0")
    assert new["UID"] != sent["UID"]


def test_the_mail_says_until_when_the_place_can_be_taken_back(full: EventSeries, noon: datetime) -> None:
    cancel(registration=registration(AINO, day(full)), by=BY.ATTENDEE, at=noon)

    assert mail(AINO, "cancelled_by_attendee").context["held_until"] == "klo 14.10"


def test_the_lowest_waiting_number_is_next(mornings: EventSeries, noon: datetime) -> None:
    people = [somebody(number) for number in range(7)]
    for person in people:
        sign_up(mornings, person, 0, at=noon)

    for person in (people[2], people[0], people[4], people[1]):  # two who wait leave too
        cancel(registration=registration(person, day(mornings)), by=BY.ATTENDEE, at=noon)
        tend(at=noon + HELD)

    promoted = Message.objects.filter(kind="promoted").order_by("pk").values_list("recipient", flat=True)
    assert list(promoted) == ["person3@example.org", "person5@example.org"]
    assert states(people[6]) == ["waiting"]
    assert Quota.objects.get(event=day(mornings)).taken == 2


def test_whoever_cancels_does_not_come_back_from_the_line(full: EventSeries, noon: datetime) -> None:
    cancel(registration=registration(OLLI, day(full)), by=BY.ATTENDEE, at=noon)

    cancel(registration=registration(AINO, day(full)), by=BY.ATTENDEE, at=noon)
    tend(at=noon + HELD)

    assert [states(person) for person in (AINO, OLLI)] == [["cancelled"], ["cancelled"]]
    assert Quota.objects.get(event=day(full)).taken == 1


def test_leaving_the_line_is_told_without_a_calendar(full: EventSeries, noon: datetime) -> None:
    cancel(registration=registration(OLLI, day(full)), by=BY.ATTENDEE, at=noon)

    message = mail(OLLI, "cancelled_by_attendee")
    assert (message.calendar, message.context["waiting"]) == ("", True)
    assert Quota.objects.get(event=day(full)).taken == 2


def test_cancelling_twice_changes_nothing(full: EventSeries, noon: datetime) -> None:
    own = registration(AINO, day(full))
    cancel(registration=own, by=BY.ATTENDEE, at=noon)
    before = told()

    cancel(registration=own, by=BY.ATTENDEE, at=noon + timedelta(days=80))

    assert told() == before
    assert Quota.objects.get(event=day(full)).taken == 2


def test_a_cancelled_place_is_not_reminded(full: EventSeries, noon: datetime) -> None:
    cancel(registration=registration(AINO, day(full)), by=BY.ATTENDEE, at=noon)
    tend(at=noon + HELD)

    assert reminded(full) == [OLLI.email, VEERA.email]


def test_a_reminder_that_has_not_left_is_taken_back_with_the_place(full: EventSeries, noon: datetime) -> None:
    assert reminded(full) == [AINO.email, VEERA.email]

    cancel(registration=registration(AINO, day(full)), by=BY.ORGANISER, at=noon)

    assert mail(AINO, "reminder").state == "cancelled"
    assert list(RuleDelivery.objects.values_list("registration__attendee__email", flat=True)) == [VEERA.email]


def test_somebody_whose_invitation_never_left_gets_no_calendar_object(
    mornings: EventSeries, noon: datetime
) -> None:
    sign_up(mornings, AINO, 0, at=noon)

    cancel(registration=registration(AINO, day(mornings)), by=BY.ATTENDEE, at=noon)

    assert told(AINO) == [("confirmation", "cancelled"), ("cancelled_by_attendee", "queued")]
    assert mail(AINO, "cancelled_by_attendee").calendar == ""


def test_the_deadline_binds_attendees_and_not_organisers(
    full: EventSeries, demos: Organisation, noon: datetime
) -> None:
    Quota.objects.filter(event=day(full)).update(closes_at=noon)
    own, organiser = registration(AINO, day(full)), factories.organiser(demos)

    with pytest.raises(rules.AlreadyClosed) as refused:
        cancel(registration=own, by=BY.ATTENDEE, at=noon)
    assert states(AINO) == ["confirmed"]

    cancel(registration=own, by=BY.ORGANISER, at=noon, actor=organiser, reason="asked by phone")

    assert "aamukahvit@example.org" in str(refused.value)
    assert (own.state, own.cancelled_by) == ("cancelled", "organiser")
    assert told(AINO)[-1] == ("cancelled_by_organiser", "queued")
    assert mail(AINO, "cancelled_by_organiser").context["event_cancelled"] is False
    assert states(OLLI) == ["confirmed"]
    assert AuditEvent.objects.filter(subject=f"registration:{own.pk}").values(
        "action", "actor", "reason"
    ).get() == {"action": "registration.cancelled", "actor": organiser.pk, "reason": "asked by phone"}


def test_after_the_event_an_organiser_corrects_the_list_without_mails(
    full: EventSeries, demos: Organisation
) -> None:
    after = day(full).ends_at + timedelta(days=1)
    before = told()

    cancel(registration=registration(AINO, day(full)), by=BY.ORGANISER, at=after)

    assert (states(AINO), states(OLLI), told()) == (["cancelled"], ["waiting"], before)


def test_all_places_can_be_given_up_at_once(mornings: EventSeries, noon: datetime) -> None:
    Quota.objects.update(capacity=1, hard_cap=1)
    sign_up(mornings, AINO, at=noon)
    sign_up(mornings, VEERA, 1, 2, at=noon)
    all_sent()

    cancel_all(attendee=attendee(AINO), at=noon)
    tend(at=noon + HELD)

    assert states(AINO) == ["cancelled"] * 4
    assert states(VEERA) == ["confirmed"] * 2
    assert told(AINO)[4:] == [("cancelled_by_attendee", "queued")] * 4
    assert told(VEERA)[2:] == [("promoted", "queued")] * 2
    assert list(Quota.objects.values_list("taken", flat=True)) == [0, 1, 1, 0]


def test_giving_up_all_leaves_what_can_no_longer_be_given_up(mornings: EventSeries, noon: datetime) -> None:
    sign_up(mornings, AINO, at=noon)
    Quota.objects.filter(event=day(mornings)).update(closes_at=noon)

    gone = cancel_all(attendee=attendee(AINO), at=noon)
    with pytest.raises(rules.AlreadyClosed):
        cancel_all(attendee=attendee(AINO), at=noon)

    assert len(gone) == 3
    assert states(AINO) == ["confirmed", "cancelled", "cancelled", "cancelled"]


def test_giving_up_nothing_is_no_mistake(mornings: EventSeries, noon: datetime) -> None:
    sign_up(mornings, AINO, 0, at=noon)
    cancel_all(attendee=attendee(AINO), at=noon)

    assert cancel_all(attendee=attendee(AINO), at=noon) == []
