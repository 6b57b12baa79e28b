"""A calendar's answer counts only from the invited person about what stands now, and a no has its grace."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.test import override_settings

from backend.core.i18n import Text
from events.actions import add_session, cancel_event, edit_event, move_event, release_programme
from events.models import EventSeries
from notifications import inbound
from notifications.models import InboundMail, Message
from notifications.reply_address import is_addressed, reply_address
from registrations import invitations, rules, tasks
from registrations.actions import (
    ask_new_address,
    cancel,
    change,
    confirm_new_address,
    keep_place,
    release_declined,
    restore,
    take_reply,
    tend,
)
from registrations.actions.replying import seen
from registrations.models import CalendarReply, Quota, Registration
from registrations.queries import drift
from registrations.queries.impact import Deed, impact_of
from registrations.queries.replies import released_at
from tests.events.answers import SHAPES, Answer, plain
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
    sign_up,
    slugs,
    states,
    told,
)

BY = Registration.CancelledBy
GRACE = timedelta(minutes=15)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def full(mornings: EventSeries, noon: datetime) -> EventSeries:
    """Aino and Veera have the two places of Tuesday, Olli waits; every mail has left."""
    for person in (AINO, VEERA, OLLI):
        sign_up(mornings, person, 0, at=noon)
    all_sent()
    return mornings


def answer(series: EventSeries, partstat: str, *, at: datetime, **more: object) -> Answer:
    """What Aino's calendar sends when she presses a button then."""
    row = registration(AINO, day(series))
    seed = invitations.reply_seed(row)
    made = Answer(uid=row.calendar_entry.uid, to=reply_address(seed), partstat=partstat, stamp=at)
    return replace(made, **more)  # type: ignore[arg-type]  # the fields of an answer


def press(series: EventSeries, partstat: str, *, at: datetime, **more: object) -> str:
    return take_reply(raw=plain(answer(series, partstat, at=at, **more)), recipient="", at=at)


def replies() -> list[tuple[str, str]]:
    return list(CalendarReply.objects.values_list("attends", "outcome"))


def test_the_invitation_is_answered_to_an_address_of_its_own(full: EventSeries) -> None:
    row = registration(AINO, day(full))
    written = mail(AINO, "confirmation").calendar.replace("\r\n ", "")
    address = reply_address(invitations.reply_seed(row))

    assert f'SENT-BY="mailto:vipu@localhost":mailto:{address}' in written
    assert len(address.partition("@")[0]) <= 64
    assert address == address.lower()  # not every mail system keeps the case of what stands before @
    assert reply_address(invitations.reply_seed(registration(VEERA, day(full)))) != address


def test_an_entry_keeps_its_organiser_to_its_end(full: EventSeries, noon: datetime) -> None:
    with override_settings(REPLY_ADDRESS=""):
        change(attendee=attendee(AINO), events=slugs(full, 0, 1), at=noon)
        assert not is_addressed("1:1", {"ilmo@localhost"})
    edit_event(event=day(full, 1), title=Text("Uusi", "Ny", "New"), at=noon, actor=None)

    assert entry(mail(AINO, "confirmation"))["ORGANIZER"] == "mailto:vipu@localhost"


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
@pytest.mark.parametrize("partstat", ["ACCEPTED", "TENTATIVE"])
def test_a_yes_or_a_maybe_is_noted(
    full: EventSeries, noon: datetime, shape: Callable[[Answer], bytes], partstat: str
) -> None:
    raw = shape(answer(full, partstat, at=noon, comment="Myöhästyn vähän"))

    assert take_reply(raw=raw, recipient="", at=noon + MINUTE) == "recorded"

    row = CalendarReply.objects.get()
    assert (row.attends, row.comment, row.sender) == (partstat, "Myöhästyn vähän", "")
    assert (states(AINO), told(AINO)) == (["confirmed"], [("confirmation", "accepted")])


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
def test_a_no_frees_the_place_after_a_quarter_of_an_hour(
    full: EventSeries, noon: datetime, shape: Callable[[Answer], bytes]
) -> None:
    inbound.keep(raw=shape(answer(full, "DECLINED", at=noon)), source="imap", at=noon)
    inbound.work_off(at=noon)

    letter = mail(AINO, "declined_in_calendar")
    assert (letter.context["until"], letter.calendar, letter.not_after) == ("klo 14.15", "", noon + GRACE)
    assert InboundMail.objects.get().outcome == "grace"
    assert [release_declined(at=noon + GRACE - MINUTE), states(OLLI)] == [0, ["waiting"]]
    all_sent()
    assert [release_declined(at=noon + GRACE), release_declined(at=noon + GRACE)] == [1, 0]

    own = registration(AINO, day(full))
    assert (own.state, own.cancelled_by, own.held, states(OLLI)) == (
        "cancelled",
        "calendar",
        False,
        ["confirmed"],
    )
    assert replies() == [("DECLINED", "released")]
    farewell = mail(AINO, "cancelled_by_attendee")
    assert (entry(farewell)["METHOD"], farewell.context["in_calendar"]) == ("CANCEL", True)
    assert drift() == {}


@pytest.mark.parametrize("odd", [{"uid": "a\0b"}, {"sequence": -1}, {"sequence": 10**12}], ids=str)
def test_an_answer_that_no_row_can_hold_never_stops_the_next(
    full: EventSeries, noon: datetime, odd: dict[str, object]
) -> None:
    inbound.keep(raw=plain(replace(answer(full, "DECLINED", at=noon), **odd)), source="imap", at=noon)  # type: ignore[arg-type]  # as in answer
    inbound.keep(raw=plain(answer(full, "DECLINED", at=noon)), source="imap", at=noon)

    assert inbound.work_off(at=noon) == 2

    assert InboundMail.objects.order_by("pk").values_list("outcome", flat=True)[1] == "grace"


def test_the_tick_releases(full: EventSeries, noon: datetime) -> None:
    press(full, "DECLINED", at=noon)
    CalendarReply.objects.update(due_at=datetime(2026, 1, 1, tzinfo=UTC))

    tasks.tend()

    assert states(AINO) == ["cancelled"]


def test_the_button_keeps_the_place_and_brings_the_entry_back(full: EventSeries, noon: datetime) -> None:
    press(full, "DECLINED", at=noon)

    for _twice in range(2):
        kept = keep_place(attendee=attendee(AINO), event=day(full), at=noon + MINUTE)

    assert kept.state == "confirmed"
    assert release_declined(at=noon + GRACE) == 0
    assert told(AINO)[1:] == [("declined_in_calendar", "cancelled"), ("calendar_again", "queued")]
    first, again = entry(mail(AINO, "confirmation")), entry(mail(AINO, "calendar_again"))
    assert {name for name in first if first[name] != again.get(name)} == {"DTSTAMP"}
    assert replies() == [("DECLINED", "kept")]
    assert press(full, "DECLINED", at=noon) == "stale"  # the same answer, delivered a second time
    assert press(full, "DECLINED", at=noon + 2 * MINUTE) == "grace"


def test_a_yes_after_a_no_takes_it_back(full: EventSeries, noon: datetime) -> None:
    press(full, "DECLINED", at=noon)
    all_sent()

    assert press(full, "ACCEPTED", at=noon + MINUTE) == "recorded"

    assert release_declined(at=noon + GRACE) == 0
    assert replies() == [("DECLINED", "undone"), ("ACCEPTED", "recorded")]
    assert told(AINO)[1:] == [("declined_in_calendar", "accepted")]


def test_a_second_no_does_not_start_the_grace_anew(full: EventSeries, noon: datetime) -> None:
    assert press(full, "DECLINED", at=noon) == "grace"
    assert press(full, "DECLINED", at=noon + MINUTE) == "recorded"
    assert press(full, "NEEDS-ACTION", at=noon + 2 * MINUTE) == "recorded"

    assert release_declined(at=noon + GRACE) == 1


def test_no_place_is_released_after_the_event_has_begun(full: EventSeries) -> None:
    late = day(full).starts_at - 5 * MINUTE

    assert press(full, "DECLINED", at=late) == "grace"
    assert CalendarReply.objects.get().due_at == day(full).starts_at
    assert press(full, "DECLINED", at=day(full).starts_at) == "recorded"


def test_a_no_after_the_deadline_is_for_the_organiser(full: EventSeries, noon: datetime) -> None:
    Quota.objects.update(closes_at=noon)

    assert press(full, "DECLINED", at=noon) == "late"
    assert (states(AINO), told(AINO)) == (["confirmed"], [("confirmation", "accepted")])


def test_a_promise_to_release_holds_after_the_deadline_too(full: EventSeries, noon: datetime) -> None:
    press(full, "DECLINED", at=noon)
    Quota.objects.update(closes_at=noon + MINUTE)

    assert release_declined(at=noon + GRACE) == 1


def test_an_event_moved_in_the_grace_asks_anew(full: EventSeries, noon: datetime) -> None:
    """The no was about the old time."""
    press(full, "DECLINED", at=noon)
    start = day(full).starts_at + timedelta(days=1)
    move_event(event=day(full), starts_at=start, ends_at=start + timedelta(hours=1), at=noon, actor=None)

    assert release_declined(at=noon + GRACE) == 0

    assert (replies(), states(AINO)) == ([("DECLINED", "overtaken")], ["confirmed"])
    assert press(full, "DECLINED", at=noon + GRACE) == "stale"
    assert press(full, "DECLINED", at=noon + GRACE, sequence=1) == "grace"


def test_a_no_to_the_new_time_counts_while_the_old_grace_still_runs(
    full: EventSeries, noon: datetime
) -> None:
    """Who cannot come at the new time either is not kept in a place because they had said no before."""
    press(full, "DECLINED", at=noon)
    start = day(full).starts_at + timedelta(days=1)
    move_event(event=day(full), starts_at=start, ends_at=start + timedelta(hours=1), at=noon, actor=None)
    assert told(AINO)[1] == ("declined_in_calendar", "cancelled")  # it would name a release that never comes
    assert released_at([registration(AINO, day(full)).pk], at=noon) == {}

    assert press(full, "DECLINED", at=noon + 5 * MINUTE, sequence=1) == "grace"
    assert release_declined(at=noon + GRACE) == 0

    assert release_declined(at=noon + GRACE + 5 * MINUTE) == 1
    assert replies() == [("DECLINED", "overtaken"), ("DECLINED", "released")]
    assert states(OLLI) == ["confirmed"]


def test_a_programme_does_not_tell_who_has_just_declined_that_they_are_in(
    full: EventSeries, noon: datetime
) -> None:
    """The mail with the button still leaves; the news about the day is for those who come."""
    press(full, "DECLINED", at=noon)
    add_session(event=day(full), title=Text("Alku", "Start", "Start"), minutes=20, at=noon, actor=None)
    foretold = impact_of(day(full), Deed.PROGRAMME, at=noon + MINUTE)
    release_programme(event=day(full), notify=True, at=noon + MINUTE, actor=None)

    assert [row.registration.attendee.name for row in foretold.rows] == [VEERA.name]
    assert told(AINO)[1:] == [("declined_in_calendar", "queued")]
    assert told(VEERA)[1:] == [("changed", "queued")]


@pytest.mark.parametrize("goes", ["cancelled", "called off", "another address"])
def test_who_has_left_otherwise_is_not_released_again(full: EventSeries, noon: datetime, goes: str) -> None:
    late = press(full, "DECLINED", at=noon)
    raw = plain(answer(full, "ACCEPTED", at=noon + MINUTE))
    if goes == "cancelled":
        cancel(registration=registration(AINO, day(full)), by=BY.ATTENDEE, at=noon)
    elif goes == "called off":
        cancel_event(event=day(full), reason=Text("x", "x", "x"), at=noon, actor=None)
    else:  # the old mailbox may be read by somebody else: its link, and its way to answer, are gone
        asked = ask_new_address(attendee=attendee(AINO), email="aino@example.com", at=noon)
        confirm_new_address(change=asked, at=noon)
        assert take_reply(raw=raw, recipient="", at=noon + MINUTE) == "unknown"
        return

    assert (late, release_declined(at=noon + GRACE), replies()) == ("grace", 0, [("DECLINED", "overtaken")])
    assert told(AINO)[1] == ("declined_in_calendar", "cancelled")
    with pytest.raises(rules.NotRestorable):
        keep_place(attendee=attendee(AINO), event=day(full), at=noon)
    assert press(full, "DECLINED", at=noon + GRACE, sequence=1) == "recorded"


def test_nobody_keeps_what_was_never_theirs(full: EventSeries, noon: datetime) -> None:
    for event in (day(full), day(full, 1)):
        with pytest.raises(rules.NotRestorable):
            keep_place(attendee=attendee(OLLI), event=event, at=noon)


def test_who_registers_again_is_asked_under_another_name(full: EventSeries, noon: datetime) -> None:
    old = plain(answer(full, "DECLINED", at=noon + 2 * MINUTE, sequence=1))
    cancel(registration=registration(AINO, day(full)), by=BY.ATTENDEE, at=noon)
    restore(attendee=attendee(AINO), event=day(full), at=noon + MINUTE)

    assert take_reply(raw=old, recipient="", at=noon + 2 * MINUTE) == "recorded"

    assert (states(AINO), release_declined(at=noon + timedelta(days=1))) == (["cancelled", "confirmed"], 0)


SPOOFED: dict[str, tuple[dict[str, object], str]] = {
    "a guessed token": ({"to": "ilmo+aaaaaaaaaaaaaaaaaaaa@localhost"}, "unknown"),
    "no token": ({"to": "ilmo@localhost"}, "unknown"),
    "an entry that is not ours": ({"uid": "1@elsewhere.example"}, ""),
    "another sender": ({"sender": "veera@example.org"}, "stranger"),
    "another attendee": ({"attendee": "veera@example.org", "sender": "aino@example.org"}, "stranger"),
    "both of another": ({"attendee": "veera@example.org"}, "stranger"),
    "an older version": ({"sequence": 0}, "stale"),
    "a version never sent": ({"sequence": 2}, "stale"),
    "a machine": ({"headers": {"Auto-Submitted": "auto-replied"}}, "automatic"),
}


@pytest.mark.parametrize(("lie", "outcome"), SPOOFED.values(), ids=SPOOFED)
def test_nothing_that_is_not_the_persons_own_answer_touches_a_place(
    full: EventSeries, noon: datetime, lie: dict[str, object], outcome: str
) -> None:
    edit_event(event=day(full), title=Text("Uusi", "Ny", "New"), at=noon, actor=None)
    before = Message.objects.count()

    for partstat in ("DECLINED", "ACCEPTED", "DELEGATED"):
        assert press(full, partstat, at=noon, **{"sequence": 1, **lie}) == outcome

    assert release_declined(at=noon + timedelta(days=1)) == 0
    assert (states(AINO), Message.objects.count()) == (["confirmed"], before)  # and nobody is answered


def test_the_token_of_one_opens_no_other(full: EventSeries, noon: datetime) -> None:
    others = reply_address(invitations.reply_seed(registration(VEERA, day(full))))

    assert press(full, "DECLINED", at=noon, to=others) == "unknown"


def test_the_token_may_come_with_the_envelope(full: EventSeries, noon: datetime) -> None:
    """Some calendars answer to the sender they see; what the server says it was addressed to counts."""
    own = answer(full, "ACCEPTED", at=noon)
    raw = plain(replace(own, to="vipu@localhost"))

    assert take_reply(raw=raw, recipient="", at=noon) == "unknown"
    assert take_reply(raw=raw, recipient=own.to.upper(), at=noon) == "recorded"


def test_answers_arrive_in_any_order(full: EventSeries, noon: datetime) -> None:
    assert press(full, "ACCEPTED", at=noon + 2 * MINUTE) == "recorded"
    late = plain(answer(full, "DECLINED", at=noon + MINUTE))

    assert take_reply(raw=late, recipient="", at=noon + 3 * MINUTE) == "stale"


def test_a_clock_that_is_ahead_does_not_outdo_what_comes_later(full: EventSeries, noon: datetime) -> None:
    ahead = plain(answer(full, "ACCEPTED", at=noon + timedelta(days=400)))
    assert take_reply(raw=ahead, recipient="", at=noon) == "recorded"

    assert press(full, "DECLINED", at=noon + MINUTE) == "grace"


def test_what_only_an_organiser_can_answer_is_shown_and_changes_nothing(
    full: EventSeries, noon: datetime
) -> None:
    proposal = replace(answer(full, "TENTATIVE", at=noon), method="COUNTER")
    line = 'ATTENDEE;PARTSTAT=DELEGATED;DELEGATED-TO="mailto:olli@example.org":mailto:aino@example.org'
    passed_on = plain(proposal, replace(proposal, method="REPLY").calendar(line))

    outcomes = [take_reply(raw=raw, recipient="", at=noon) for raw in (plain(proposal), passed_on)]

    assert outcomes == ["proposal", "delegated"]
    first, second = CalendarReply.objects.all()
    assert (first.proposed_start, second.delegated_to) == (day(full).starts_at, "olli@example.org")
    assert (states(AINO), told(AINO)) == (["confirmed"], [("confirmation", "accepted")])
    seen(reply=first, at=noon)
    seen(reply=first, at=noon + MINUTE)
    assert CalendarReply.objects.filter(seen_at=noon).get() == first


def test_who_waits_is_noted_only(full: EventSeries, noon: datetime) -> None:
    row = registration(OLLI, day(full))
    made = Answer(
        uid=row.calendar_entry.uid,
        to=reply_address(invitations.reply_seed(row)),
        attendee="olli@example.org",
        partstat="DECLINED",
        stamp=noon,
    )

    assert take_reply(raw=plain(made), recipient="", at=noon) == "recorded"
    assert states(OLLI) == ["waiting"]


def test_leaving_by_the_link_in_the_grace_goes_the_usual_way(full: EventSeries, noon: datetime) -> None:
    press(full, "DECLINED", at=noon)
    change(attendee=attendee(AINO), events=slugs(full, 1), at=noon)

    assert release_declined(at=noon + GRACE) == 0
    assert (tend(at=noon + GRACE), states(OLLI)) == (1, ["confirmed"])
    assert drift() == {}
