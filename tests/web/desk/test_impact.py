"""Before a change is made its page names exactly those who are then told, and what each of them gets."""

import re
from dataclasses import replace
from datetime import datetime, timedelta
from html import unescape

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from backend.core.i18n import Text
from events.models import Event, EventSeries
from notifications.models import Message
from notifications.suppression import suppress
from registrations.actions import cancel
from registrations.actions.automatic import plan_due
from registrations.actions.campaign_words import Words
from registrations.actions.ruling import make_rule, switch_rule, use_words
from registrations.models import MessageRule, Quota, Registration
from registrations.queries.impact import Deed, Impact, Keeps, impact_of
from registrations.rules import RuleDraft, When
from tests.registrations.people import AINO, OLLI, VEERA, all_sent, registration, sign_up, somebody
from tests.web.desk.seen import preview, save
from tests.web.desk.test_events import DETAILS, NINE, REASON
from tests.web.desk.test_programme import TALK
from web.desk.effects import as_it_will_be

OFFERED, APPLIED, GONE = somebody(1), somebody(2), somebody(3)
EVENING = datetime.fromisoformat("2027-04-12T09:00+03:00")  # when the reminder of the first morning is due


@pytest.fixture
def everybody(mornings: EventSeries, morning: Event, noon: datetime) -> Event:
    """Aino and Veera come, Veera's address is blocked; Olli waits; an offer, an application, one who left."""
    for person in (AINO, VEERA, OLLI, OFFERED, APPLIED, GONE):
        sign_up(mornings, person, 0, at=noon)
    cancel(registration=registration(GONE, morning), by=Registration.CancelledBy.ATTENDEE, at=noon)
    rows = Registration.objects
    rows.filter(pk=registration(OFFERED, morning).pk).update(
        state="offered", offer_expires_at=noon + timedelta(days=2)
    )
    rows.filter(pk=registration(APPLIED, morning).pk).update(state="received", waiting_number=None)
    Quota.objects.filter(event=morning).update(taken=3, hard_cap=3)  # the offer holds a place
    all_sent()
    suppress(address=VEERA.email, reason="bounced", at=noon)
    return morning


DEEDS = {
    "event-move": NINE,
    "event-edit": DETAILS | {"place_fi": "Kirjasto", "place_sv": "Bibliotek", "place_en": "Library"},
    "event-cancel": REASON,
    "release": {"notify": "on"},
}
TITLE = DETAILS | {"title_fi": "Uusi", "title_sv": "Ny", "title_en": "New"}
LINK = DETAILS | {"join_url": "https://meet.example.org/uusi"}


def listed(client: Client, name: str, event: Event, **typed: object) -> tuple[list[str], str]:
    page = client.post(reverse(f"desk:{name}", args=[event.pk]), {**typed, "step": "preview"})
    html = unescape(page.content.decode())
    return sorted(re.findall(r"data-label=\"Name\"><a [^>]*>(.*?)</a>", html)), html


def queued() -> list[Message]:
    return list(Message.objects.filter(state="queued").exclude(kind="reminder"))


def names(messages: list[Message]) -> list[str]:
    people = {row.email: row.name for row in (AINO, VEERA, OLLI, OFFERED, APPLIED, GONE)}
    return sorted(people[message.recipient] for message in messages)


def _entries(html: str) -> int:
    found = re.search(r"Calendar entries that change: (\d+)", html)
    return int(found[1]) if found else 0


@pytest.mark.parametrize(
    ("name", "typed", "count"),
    [
        *((name, typed, 2 if name == "release" else 5) for name, typed in DEEDS.items()),
        ("event-edit", TITLE, 5),
        ("event-edit", LINK, 2),
    ],
)
def test_those_on_the_list_are_those_who_are_told(
    desk: Client, everybody: Event, name: str, typed: dict[str, str], count: int
) -> None:
    save(desk, "session-add", everybody.pk, **TALK)
    shown, html = listed(desk, name, everybody, **typed)
    assert queued() == []

    save(desk, name, everybody.pk, **typed)
    assert shown == names(queued())
    assert len(shown) == count
    assert _entries(html) == len([one for one in queued() if one.calendar_method]) == 2
    assert f"Who gets it: {count} people" in html
    assert "nothing: the address is blocked" in html
    assert "version 1 of 1" in html


def test_a_link_that_nobody_has_been_told_is_changed_in_silence(desk: Client, everybody: Event) -> None:
    late = LINK | {"link_policy": "day_before"}
    assert listed(desk, "event-edit", everybody, **late)[0] == []
    assert preview(desk, "event-edit", everybody.pk, **late)[0] == "Nobody gets a mail."

    save(desk, "event-edit", everybody.pk, **late)
    assert queued() == []


def test_an_invitation_that_has_not_left_says_the_newest_and_a_cancelled_one_brings_no_entry(
    desk: Client, mornings: EventSeries, morning: Event, noon: datetime
) -> None:
    sign_up(mornings, AINO, 0, at=noon)
    assert "the invitation, with what is new" in listed(desk, "event-move", morning, **NINE)[1]

    assert _entries(listed(desk, "event-cancel", morning, **REASON)[1]) == 0
    save(desk, "event-cancel", morning.pk, **REASON)
    assert [message.calendar_method for message in queued()] == [""]


def foretold(event: Event, *, at: datetime, by: timedelta) -> Impact:
    later = as_it_will_be(event, starts_at=event.starts_at + by, ends_at=event.ends_at + by)
    return impact_of(later, Deed.CHANGE, at=at)


def test_a_reminder_moves_with_its_event(everybody: Event, noon: datetime) -> None:
    week = foretold(everybody, at=noon, by=timedelta(days=7))
    assert {row.registration.attendee.name: row.reminder for row in week.rows if row.reminder} == {
        AINO.name: EVENING + timedelta(days=7)
    }
    assert week.reminders == 1

    assert foretold(everybody, at=noon, by=timedelta(minutes=30)).reminders == 0  # nine the day before, still
    tomorrow = foretold(everybody, at=noon, by=noon + timedelta(hours=21) - everybody.starts_at)
    assert (tomorrow.count, tomorrow.reminders) == (5, 0)  # the mail of the move says it all

    MessageRule.objects.update(late=MessageRule.Late.SEND, late_minutes=0)
    tomorrow = foretold(everybody, at=noon, by=noon + timedelta(hours=21) - everybody.starts_at)
    assert {row.reminder for row in tomorrow.rows} == {None, noon}


def test_a_promised_reminder_is_taken_back_and_promised_anew_or_not_at_all(everybody: Event) -> None:
    plan_due(at=EVENING)
    told = impact_of(everybody, Deed.CHANGE, at=EVENING)
    assert (told.reminders, told.unreminded) == (1, 0)
    assert impact_of(everybody, Deed.CANCEL, at=EVENING).unreminded == 1


def test_a_rule_counted_from_the_registration_stays_where_it_is(everybody: Event, noon: datetime) -> None:
    MessageRule.objects.update(anchor=MessageRule.Anchor.REGISTRATION)
    assert foretold(everybody, at=noon, by=timedelta(days=7)).reminders == 0


DOOR = RuleDraft(kind="note", name="Ovi aukeaa", when=When(minutes=-60), late="send")
CLOSED = RuleDraft(kind="note", name="Paikat on jaettu", anchor="deadline", late="skip")
THANKS = RuleDraft(
    kind="note", name="Kiitos", anchor="end", when=When(minutes=60), attendance="attended", late="skip"
)
EACH = RuleDraft(kind="note", name="Tervetuloa", anchor="registration", when=When(minutes=60), late="skip")
REMINDER = "Reminder with the joining link"


@pytest.fixture
def notes(mornings: EventSeries, everybody: Event, noon: datetime) -> Event:
    """Beside the reminder four messages in own words, and one that is switched off."""
    text = Text("Teksti", "Text", "Words")
    for draft in (DOOR, CLOSED, THANKS, EACH):
        rule = make_rule(series=mornings, draft=draft, at=noon, actor=None)
        use_words(rule=rule, words=Words(subject=text, body=text), at=noon, actor=None)
        switch_rule(rule=rule, enabled=True, at=noon, actor=None)
    make_rule(series=mornings, draft=replace(DOOR, name="Ei käytössä"), at=noon, actor=None)
    return everybody


def moved(event: Event, *, at: datetime, by: timedelta) -> list[tuple[str, datetime, datetime, int]]:
    found = foretold(event, at=at, by=by).moving
    return [(one.rule.name, one.was, one.will, len(one.moments)) for one in found]


def test_every_message_that_goes_out_by_itself_and_moves_is_told_with_its_name(
    notes: Event, noon: datetime
) -> None:
    week, hour = timedelta(days=7), timedelta(hours=1)
    closes, ends = notes.quota.closes_at, notes.ends_at + hour
    assert moved(notes, at=noon, by=week) == [
        ("", EVENING, EVENING + week, 1),
        ("Ovi aukeaa", notes.starts_at - hour, notes.starts_at - hour + week, 1),
        ("Paikat on jaettu", closes, closes + week, 1),
        ("Kiitos", ends, ends + week, 0),  # who came is not known yet
    ]
    assert foretold(notes, at=noon, by=timedelta(0)).moving == []
    assert impact_of(notes, Deed.CANCEL, at=noon).moving == []


def test_a_message_whose_new_moment_has_passed_is_sent_at_once_or_to_nobody(
    desk: Client, notes: Event, noon: datetime
) -> None:
    late = noon + timedelta(minutes=30)
    by = late + timedelta(minutes=15) - notes.starts_at
    told = {name: count for name, _was, _will, count in moved(notes, at=late, by=by)}
    assert told == {"": 0, "Ovi aukeaa": 1, "Paikat on jaettu": 1, "Kiitos": 0}

    soon = {"day": "2027-03-01", "starts": "14:30", "ends": "16:00", "last_day": ""}
    assert [one for one in preview(desk, "event-move", notes.pk, **soon) if "“" in one][:2] == [
        f"Nobody gets “{REMINDER}”: its new moment, Sun 28 February 2027, 9.00, has passed.",
        "1 person gets “Ovi aukeaa” at once: its new moment, Mon 1 March 2027, 13.30, has passed.",
    ]


def test_the_page_says_which_messages_move_before_the_event_is_moved(desk: Client, notes: Event) -> None:
    half = preview(desk, "event-move", notes.pk, **NINE)
    assert [one for one in half if "“" in one] == [
        "“Ovi aukeaa” moves from Tue 13 April 2027, 7.30 to Tue 13 April 2027, 8.00. 1 person gets it.",
        "“Paikat on jaettu” moves from Tue 13 April 2027, 8.30 to Tue 13 April 2027, 9.00. 1 person gets it.",
        "“Kiitos” moves from Tue 13 April 2027, 11.00 to Tue 13 April 2027, 11.30.",
    ]
    day = preview(desk, "event-move", notes.pk, **(NINE | {"day": "2027-04-14"}))
    assert (
        f"“{REMINDER}” moves from Mon 12 April 2027, 9.00 to Tue 13 April 2027, 9.00. 1 person gets it."
        in day
    )


def test_who_holds_an_older_version_is_said(desk: Client, everybody: Event, noon: datetime) -> None:
    save(desk, "event-edit", everybody.pk, **TITLE)
    Message.objects.filter(recipient=AINO.email, kind="changed").update(state="bounced_soft")
    found = foretold(everybody, at=noon, by=timedelta(days=7))

    assert (found.returned, found.blocked) == (1, 1)
    first = found.rows[0]
    assert (first.registration.attendee.name, first.keeps) == (AINO.name, Keeps.RETURNED)
    assert (first.version.number, first.version.now) == (0, 1)


def test_an_event_that_is_over_reaches_nobody(everybody: Event) -> None:
    over = impact_of(everybody, Deed.CANCEL, at=everybody.ends_at)
    assert (over.count, over.rows, over.unreminded) == (0, [], 0)


def test_the_questions_do_not_grow_with_the_people(
    mornings: EventSeries, everybody: Event, noon: datetime
) -> None:
    with CaptureQueriesContext(
        connection,
    ) as few:
        foretold(everybody, at=noon, by=timedelta(days=7))
    with time_machine.travel(noon):
        for number in range(10, 30):
            sign_up(mornings, somebody(number), 0, at=noon)
    with CaptureQueriesContext(connection) as many:
        later = as_it_will_be(everybody, starts_at=everybody.starts_at + timedelta(days=7))
        found = impact_of(later, Deed.CHANGE, at=noon, shown=10)
    assert len(many) == len(few) <= 20
    assert (found.count, len(found.rows), found.rest) == (25, 10, 15)
