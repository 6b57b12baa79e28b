"""When an event moves, changes or is called off: calendars follow, and nobody gets two versions of a day."""

from datetime import datetime, timedelta
from itertools import permutations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Organisation
from backend.core.i18n import Text
from events.actions import (
    SpeakerPart,
    add_session,
    cancel_event,
    edit_event,
    move_event,
    release_programme,
)
from events.models import Event, EventSeries
from notifications.models import Message
from registrations.actions import cancel
from registrations.models import Quota, Registration
from tests.registrations.people import (
    AINO,
    OLLI,
    VEERA,
    all_sent,
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

HALF_AN_HOUR = timedelta(minutes=30)


@pytest.fixture
def told_all(mornings: EventSeries, noon: datetime) -> EventSeries:
    """Aino and Veera have the two places of Tuesday, Olli waits; every mail has left."""
    for person in (AINO, VEERA, OLLI):
        sign_up(mornings, person, 0, at=noon)
    all_sent()
    return mornings


def _later(series: EventSeries, *, by: timedelta = HALF_AN_HOUR, at: datetime) -> Event:
    event = day(series)
    return move_event(
        event=event, starts_at=event.starts_at + by, ends_at=event.ends_at + by, at=at, actor=None
    )


def test_a_move_updates_the_entry_under_the_same_name(told_all: EventSeries, noon: datetime) -> None:
    _later(told_all, at=noon + timedelta(days=1))

    before, after = entry(mail(AINO, "confirmation")), entry(mail(AINO, "changed"))
    assert after["UID"] == before["UID"]
    assert (before["SEQUENCE"], after["SEQUENCE"]) == ("0", "1")
    assert (after["METHOD"], after["DTSTART"], after["DTSTAMP"]) == (
        "REQUEST",
        "20270413T090000",
        "20270302T120000Z",
    )
    facts = mail(AINO, "changed").context
    assert (facts["moved"], facts["old_when"], facts["when"]) == (
        True,
        "ti 13.4.2027 klo 8.30–10.00",
        "ti 13.4.2027 klo 9.00–10.30",
    )


def test_those_who_wait_hear_of_a_move_too(told_all: EventSeries, noon: datetime) -> None:
    _later(told_all, at=noon)

    message = mail(OLLI, "changed")
    assert (message.context["waiting"], message.context["position"], message.calendar) == (True, "1st", "")
    assert states(OLLI) == ["waiting"]


def test_the_reminder_moves_along(told_all: EventSeries, noon: datetime) -> None:
    reminded(told_all)
    moved = _later(told_all, by=timedelta(days=7), at=noon)
    number = list(told_all.events.values_list("pk", flat=True)).index(moved.pk)
    reminded(told_all, number)

    reminders = Message.objects.filter(recipient=AINO.email, kind="reminder").order_by("pk")
    assert [(m.state, m.not_before.isoformat(), m.not_after) for m in reminders] == [
        ("cancelled", "2027-04-12T06:00:00+00:00", datetime.fromisoformat("2027-04-13T00:00+03:00")),
        ("queued", "2027-04-19T06:00:00+00:00", datetime.fromisoformat("2027-04-20T00:00+03:00")),
    ]


def test_the_deadline_moves_along(told_all: EventSeries, noon: datetime) -> None:
    Quota.objects.filter(event=day(told_all)).update(
        closes_at=datetime.fromisoformat("2027-04-12T12:00+03:00")
    )

    moved = _later(told_all, by=timedelta(days=7), at=noon)

    assert Quota.objects.get(event=moved).closes_at == datetime.fromisoformat("2027-04-19T12:00+03:00")


def test_a_confirmation_that_has_not_left_is_written_anew(mornings: EventSeries, noon: datetime) -> None:
    sign_up(mornings, AINO, 0, at=noon)

    _later(mornings, at=noon)
    _later(mornings, at=noon)

    assert told(AINO) == [
        ("confirmation", "cancelled"),
        ("confirmation", "cancelled"),
        ("confirmation", "queued"),
    ]
    newest = mail(AINO, "confirmation")
    assert newest.context["when"] == "ti 13.4.2027 klo 9.30–11.00"
    assert entry(newest)["SEQUENCE"] == "2"


def test_two_changes_in_a_row_send_only_the_newest(told_all: EventSeries, noon: datetime) -> None:
    _later(told_all, at=noon)
    _later(told_all, at=noon)

    assert told(AINO) == [("confirmation", "accepted"), ("changed", "cancelled"), ("changed", "queued")]
    assert entry(mail(AINO, "changed"))["SEQUENCE"] == "2"


def test_the_newest_mail_tells_the_earlier_changes_that_never_left_too(
    told_all: EventSeries, noon: datetime
) -> None:
    _later(told_all, at=noon)
    edit_event(event=day(told_all), title=Text("Lähimetsä"), at=noon, actor=None)
    _later(told_all, at=noon)

    facts = mail(AINO, "changed").context
    assert (facts["moved"], facts["title_changed"], facts["old_when"], facts["when"]) == (
        True,
        True,
        "ti 13.4.2027 klo 8.30–10.00",
        "ti 13.4.2027 klo 9.30–11.00",
    )


def test_a_link_that_nobody_was_told_is_told_by_the_reminder(mornings: EventSeries, noon: datetime) -> None:
    Event.objects.update(link_policy=Event.LinkPolicy.DAY_BEFORE)
    sign_up(mornings, AINO, 0, at=noon)
    all_sent()

    edit_event(event=day(mornings), join_url="https://meet.example.org/kahvit", at=noon, actor=None)

    assert told(AINO, but=()) == [("confirmation", "accepted")]
    reminded(mornings)
    assert mail(AINO, "reminder").context["tells_link"]


def test_a_new_link_is_told_to_those_who_know_the_old_one(told_all: EventSeries, noon: datetime) -> None:
    edit_event(event=day(told_all), join_url="https://meet.example.org/kahvit", at=noon, actor=None)

    assert mail(AINO, "changed").context["tells_link"]
    assert told(OLLI) == [("waiting", "accepted")]


def test_a_waiting_mail_that_has_not_left_is_written_anew(mornings: EventSeries, noon: datetime) -> None:
    Quota.objects.update(capacity=0)
    sign_up(mornings, AINO, 0, at=noon)

    _later(mornings, at=noon)

    assert told(AINO) == [("waiting", "cancelled"), ("waiting", "queued")]


def test_a_new_place_and_title_raise_the_sequence_once(told_all: EventSeries, noon: datetime) -> None:
    edit_event(
        event=day(told_all),
        title=Text("Lähimetsä", "Närskog", "Nearby forest"),
        mode=Event.Mode.ON_SITE,
        place=Text("Kirjasto", "Biblioteket", "The library"),
        at=noon,
        actor=None,
    )

    sent = entry(mail(VEERA, "changed"))
    assert (sent["SEQUENCE"], sent["SUMMARY"], sent["LOCATION"]) == ("1", "Närskog", "Biblioteket")
    facts = mail(VEERA, "changed").context
    assert (facts["moved"], facts["place_changed"], facts["title_changed"]) == (False, True, True)


def test_a_description_alone_writes_to_nobody(told_all: EventSeries, noon: datetime) -> None:
    before = told()

    edit_event(event=day(told_all), description=Text("Lisää tietoa"), at=noon, actor=None)

    assert told() == before


def test_nobody_is_told_of_a_change_to_what_has_been(told_all: EventSeries) -> None:
    before = told()

    _later(told_all, at=day(told_all).ends_at + timedelta(days=1))

    assert told() == before


def test_a_reminder_of_a_day_moved_into_the_past_is_taken_back(told_all: EventSeries, noon: datetime) -> None:
    reminded(told_all)
    _later(told_all, by=timedelta(days=-60), at=noon)

    reminders = Message.objects.filter(recipient=AINO.email, kind="reminder")
    assert [message.state for message in reminders] == ["cancelled"]


# --- Programme --------------------------------------------------------------------------------------


def _talk(event: Event, title: str, *, at: datetime) -> None:
    add_session(
        event=event,
        kind="talk",
        title=Text(title),
        starts_at=event.starts_at,
        speakers=[SpeakerPart(name="Veera Esimerkki", title="", organisation="Esimerkkilä")],
        at=at,
        actor=None,
    )


def test_a_programme_is_sent_without_raising_the_sequence(told_all: EventSeries, noon: datetime) -> None:
    event = day(told_all)
    _talk(event, "Luontopolku kaikille", at=noon)

    release_programme(event=event, notify=True, at=noon + timedelta(days=1), actor=None)

    message = mail(AINO, "changed")
    sent = entry(message)
    assert (sent["SEQUENCE"], sent["DTSTAMP"], sent["METHOD"]) == ("0", "20270302T120000Z", "REQUEST")
    assert "8.30 Luontopolku kaikille – Veera Esimerkki (Esimerkkilä)" in sent["DESCRIPTION"]
    assert message.context["released"] == 1
    assert message.context["programme"] == [
        {
            "time": "8.30",
            "approximate": False,
            "title": "Luontopolku kaikille",
            "who": "Veera Esimerkki (Esimerkkilä)",
        }
    ]


def test_a_second_release_tells_what_changed(told_all: EventSeries, noon: datetime) -> None:
    event = day(told_all)
    _talk(event, "Luontopolku kaikille", at=noon)
    release_programme(event=event, notify=False, at=noon, actor=None)
    assert told(AINO) == [("confirmation", "accepted")]
    _talk(event, "Esteetön ranta", at=noon)

    release_programme(event=event, notify=True, at=noon, actor=None)

    facts = mail(AINO, "changed").context
    assert (facts["released"], facts["programme_changes"]) == (
        2,
        [{"kind": "added", "title": "Esteetön ranta", "old_time": "", "time": "8.30"}],
    )
    assert told(OLLI) == [("waiting", "accepted")]


def test_a_programme_with_nobody_registered_writes_to_nobody(mornings: EventSeries, noon: datetime) -> None:
    event = day(mornings)
    _talk(event, "Luontopolku kaikille", at=noon)

    release_programme(event=event, notify=True, at=noon, actor=None)

    assert told() == []


# --- Called off ---------------------------------------------------------------------------------------


def test_calling_off_takes_the_entry_out_of_calendars(told_all: EventSeries, noon: datetime) -> None:
    cancel_event(event=day(told_all), reason=Text("Puhuja on sairastunut."), at=noon, actor=None)

    gone = entry(mail(AINO, "cancelled_by_organiser"))
    assert (gone["METHOD"], gone["STATUS"], gone["SEQUENCE"]) == ("CANCEL", "CANCELLED", "1")
    assert mail(AINO, "cancelled_by_organiser").context["reason"] == "Puhuja on sairastunut."
    waiting = mail(OLLI, "cancelled_by_organiser")
    assert (waiting.calendar, waiting.context["waiting"], waiting.context["event_cancelled"]) == (
        "",
        True,
        True,
    )
    assert {row.state for row in Registration.objects.all()} == {"cancelled"}
    assert set(Registration.objects.values_list("cancelled_by", flat=True)) == {"event"}
    assert Quota.objects.get(event=day(told_all)).taken == 0
    assert [kind for kind, state in told(AINO, but=()) if state == "queued"] == ["cancelled_by_organiser"]


def test_calling_off_replaces_what_has_not_left(mornings: EventSeries, noon: datetime) -> None:
    sign_up(mornings, AINO, 0, at=noon)
    reminded(mornings)

    cancel_event(event=day(mornings), reason=Text(), at=noon, actor=None)

    assert told(AINO, but=()) == [
        ("confirmation", "cancelled"),
        ("reminder", "cancelled"),
        ("cancelled_by_organiser", "queued"),
    ]
    assert mail(AINO, "cancelled_by_organiser").calendar == ""


# --- T51: any order of arrival ------------------------------------------------------------------------


def _read(calendar: dict[str, tuple[tuple[int, str], str]], found: dict[str, str]) -> None:
    """Do what RFC 5546 asks of a calendar: the higher sequence wins, then the later stamp."""
    rank = (int(found["SEQUENCE"]), found["DTSTAMP"])
    known = calendar.get(found["UID"])
    if known is None or rank > known[0]:
        calendar[found["UID"]] = (rank, found["DTSTART"] if found["METHOD"] == "REQUEST" else "gone")


def test_a_calendar_ends_up_right_in_whatever_order_the_mails_arrive(
    mornings: EventSeries, noon: datetime
) -> None:
    steps = [noon + timedelta(hours=hour) for hour in range(5)]
    sign_up(mornings, AINO, 0, at=steps[0], key="first")
    all_sent()
    _later(mornings, at=steps[1])
    all_sent()
    edit_event(event=day(mornings), title=Text("Lähimetsä"), at=steps[2], actor=None)
    all_sent()
    cancel(registration=registration(AINO, day(mornings)), by=Registration.CancelledBy.ATTENDEE, at=steps[3])
    all_sent()
    sign_up(mornings, AINO, 0, at=steps[4], key="second")

    mails = [entry(m) for m in Message.objects.exclude(calendar="").order_by("pk")]
    ends = set()
    for order in permutations(mails):
        calendar: dict[str, tuple[tuple[int, str], str]] = {}
        for found in order:
            _read(calendar, found)
        ends.add(tuple(sorted(state for _rank, state in calendar.values())))

    assert [found["SEQUENCE"] for found in mails] == ["0", "1", "2", "3", "0"]
    assert ends == {("20270413T090000", "gone")}


# --- Many people --------------------------------------------------------------------------------------


@pytest.mark.parametrize("deed", ["move", "release", "cancel"])
def test_the_questions_do_not_grow_with_the_people(
    mornings: EventSeries, demos: Organisation, noon: datetime, deed: str
) -> None:
    Quota.objects.update(capacity=100, hard_cap=100)
    event, counted = day(mornings), []
    for round_, people in enumerate((3, 12)):
        for number in range(people):
            sign_up(mornings, somebody(100 * round_ + number), round_, at=noon)
        all_sent()
        event = day(mornings, round_)
        _talk(event, "Luontopolku", at=noon)
        with CaptureQueriesContext(connection) as queries:
            if deed == "move":
                move_event(
                    event=event,
                    starts_at=event.starts_at + HALF_AN_HOUR,
                    ends_at=event.ends_at + HALF_AN_HOUR,
                    at=noon,
                    actor=None,
                )
            elif deed == "release":
                release_programme(event=event, notify=True, at=noon, actor=None)
            else:
                cancel_event(event=event, reason=Text("Syy"), at=noon, actor=None)
        counted.append(len(queries))

    assert counted[0] == counted[1]
