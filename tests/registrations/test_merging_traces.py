"""What stays of somebody who was joined with another: links, tickets, codes, surveys, the history."""

from datetime import datetime

import pytest

from accounts.models import AuditEvent, Organisation
from events.models import EventSeries
from notifications.models import Message
from registrations import rules
from registrations.actions import (
    ask_new_address,
    change,
    check_in,
    mark_attendance,
    merge,
)
from registrations.models import (
    Attendee,
    InvitationCode,
    MergedAttendee,
    Registration,
)
from registrations.queries import (
    attendee_by_feed_token,
    attendee_by_ticket,
    attendee_by_token,
    own_calendar,
)
from registrations.queries.merging import likely_twins
from registrations.rules import Scan
from surveys.actions import open_survey, respond
from surveys.models import Invitation
from surveys.rules import AlreadyAnswered
from tests import factories
from tests.registrations.people import AINO, VEERA, attendee, day, sign_up, slugs
from tests.registrations.test_merging import TWIN, joined, mails, stands


def test_links_of_the_one_who_went_lead_on_or_say_where_to_go(mornings: EventSeries, noon: datetime) -> None:
    sign_up(mornings, AINO, 0, at=noon)
    sign_up(mornings, TWIN, 0, 1, at=noon)
    old = attendee(TWIN)

    one = joined(noon)

    with pytest.raises(rules.LinkJoined) as said:
        attendee_by_token(old.token, at=noon)
    assert (said.value.code, said.value.status) == ("link-joined", 410)
    assert attendee_by_feed_token(old.feed_token, at=noon) == one
    assert attendee_by_ticket(old.ticket_token, at=noon) == one
    feed = own_calendar(one, at=noon)
    assert (feed.count("BEGIN:VEVENT"), feed.count("STATUS:CANCELLED")) == (3, 1)
    with pytest.raises(rules.LinkJoined):  # a page that was open all the while
        change(attendee=old, events=slugs(mornings, 2), at=noon)


def test_links_go_on_through_a_second_joining(mornings: EventSeries, noon: datetime) -> None:
    for number, person in enumerate((AINO, TWIN, VEERA)):
        sign_up(mornings, person, number, at=noon)
    first = attendee(TWIN)
    joined(noon)

    last = joined(noon, keep=VEERA, drop=AINO)

    assert attendee_by_ticket(first.ticket_token, at=noon) == last
    assert MergedAttendee.objects.filter(attendee=last).count() == 2
    assert stands(last) == [("04-13", "confirmed"), ("04-14", "confirmed"), ("04-15", "confirmed")]


def test_a_ticket_of_either_lets_the_person_in_once(
    mornings: EventSeries, demos: Organisation, noon: datetime
) -> None:
    for person in (AINO, TWIN):
        sign_up(mornings, person, 0, at=noon)
    old, door = attendee(TWIN), factories.organiser(demos)
    one = joined(noon)
    at = day(mornings).starts_at

    scans = [Scan(ticket=ticket, scanned_at=at) for ticket in (old.ticket_token, one.ticket_token)]
    results = check_in(event=day(mornings), scans=scans, at=at, actor=door)

    assert [result.outcome for result in results] == ["in", "already"]
    assert {result.registration.attendee for result in results if result.registration} == {one}


def test_joining_is_written_down(mornings: EventSeries, demos: Organisation, noon: datetime) -> None:
    sign_up(mornings, AINO, 0, at=noon)
    sign_up(mornings, TWIN, 0, 1, at=noon)
    olli, former = factories.organiser(demos), attendee(TWIN).pk
    ended, moved = Registration.objects.filter(attendee=former).order_by("pk").values_list("pk", flat=True)

    merge(kept=attendee(AINO), other=attendee(TWIN), reason="soitti", at=noon, actor=olli)

    row = AuditEvent.objects.get(action="attendee.merged")
    assert (row.subject, row.actor, row.reason) == (f"attendee:{attendee(AINO).pk}", olli, "soitti")
    assert row.details == {"merged": former, "ended": [ended], "moved": [moved]}


def test_the_address_that_went_is_free_for_a_newcomer(mornings: EventSeries, noon: datetime) -> None:
    for person in (AINO, TWIN):
        sign_up(mornings, person, 0, at=noon)
    joined(noon)

    sign_up(mornings, TWIN, 1, at=noon)

    assert stands(attendee(TWIN)) == [("04-14", "confirmed")]


def test_a_code_that_was_used_stays_used(mornings: EventSeries, noon: datetime) -> None:
    for person in (AINO, TWIN):
        sign_up(mornings, person, 0, at=noon)
    row = Registration.objects.get(attendee__email=TWIN.email)
    code = InvitationCode(event=day(mornings), created_at=noon, used_by=row, used_at=noon).with_link()
    code.save()

    one = joined(noon)

    code.refresh_from_db()
    assert code.used_by is not None
    assert (code.used_by.attendee, code.used_at) == (one, noon)


def test_one_who_was_asked_once_is_not_asked_again(mornings: EventSeries, noon: datetime) -> None:
    """The survey went to the address whose place ended; the one that stays takes its invitation over."""
    for person in (AINO, TWIN):
        sign_up(mornings, person, 0, at=noon)
    after = day(mornings).ends_at
    aino = Registration.objects.get(attendee__email=AINO.email)
    mark_attendance(registration=aino, attended=False, at=after, actor=None)
    open_survey(event=day(mornings), at=after)
    invitation = Invitation.objects.get()
    assert invitation.registration != aino
    mark_attendance(registration=aino, attended=True, at=after, actor=None)

    joined(after)
    open_survey(event=day(mornings), at=after)

    assert Invitation.objects.get().registration == aino


def test_one_who_was_asked_twice_answers_once(mornings: EventSeries, noon: datetime) -> None:
    for person in (AINO, TWIN):
        sign_up(mornings, person, 0, at=noon)
    after = day(mornings).ends_at
    open_survey(event=day(mornings), at=after)
    joined(after)
    answers = {"usefulness": 4}
    first, second = Invitation.objects.order_by("pk")

    respond(invitation=second, answers=answers, language="fi", at=after)

    with pytest.raises(AlreadyAnswered):
        respond(invitation=first, answers=answers, language="fi", at=after)


def test_a_new_address_that_waits_is_dropped_with_the_one_who_goes(
    mornings: EventSeries, noon: datetime
) -> None:
    for person in (AINO, TWIN):
        sign_up(mornings, person, 0, at=noon)
    ask_new_address(attendee=attendee(TWIN), email="uusi@example.org", at=noon)

    joined(noon)

    assert mails("uusi@example.org") == []


def test_the_desk_finds_who_may_be_meant(mornings: EventSeries, noon: datetime) -> None:
    for person in (AINO, TWIN, VEERA):
        sign_up(mornings, person, 0, at=noon)

    assert likely_twins(attendee(AINO), "") == [attendee(TWIN)]
    assert likely_twins(attendee(AINO), "veera") == [attendee(VEERA)]
    assert likely_twins(attendee(AINO), "nobody") == []


def test_one_who_is_gone_already_is_not_joined_again(mornings: EventSeries, noon: datetime) -> None:
    for person in (AINO, TWIN, VEERA):
        sign_up(mornings, person, 0, at=noon)
    gone = attendee(TWIN)
    joined(noon)
    count = Message.objects.count()

    for kept, other in ((attendee(VEERA), gone), (gone, attendee(VEERA))):
        with pytest.raises(rules.NotTwoPeople):
            merge(kept=kept, other=other, reason="", at=noon, actor=None)

    assert (Attendee.objects.count(), Message.objects.count()) == (2, count)


def test_the_colleague_who_registered_the_one_who_stays_is_still_named(
    mornings: EventSeries, noon: datetime
) -> None:
    for number, person in enumerate((AINO, TWIN, VEERA)):
        sign_up(mornings, person, number, at=noon)
    Attendee.objects.filter(email=AINO.email).update(registered_by=attendee(VEERA))

    assert joined(noon).registered_by == attendee(VEERA)
