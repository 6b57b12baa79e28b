import zoneinfo
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import icalendar
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.models import User
from backend.core.i18n import Text
from backend.core.text import has_control_characters
from events import actions, calendar
from events.calendar import Entry, Mailbox, zones
from events.calendar.zones import Unruly, tells, vtimezone
from events.models import Event, EventSeries
from events.queries import events_of
from tests.events.calendars import events_in, made_up

GOLDEN = Path(__file__).parent / "golden"
ENTRY = Entry(
    uid="7.91@vipu.example.org",
    sequence=2,
    stamped_at=datetime(2027, 3, 1, 12, 0, tzinfo=UTC),
    starts_at=datetime(2027, 4, 13, 5, 30, tzinfo=UTC),
    ends_at=datetime(2027, 4, 13, 7, 0, tzinfo=UTC),
    summary="Vipuvoimaa skaalaamiseen: lähiluonnon saavutettavuus, närnaturens tillgänglighet",
    description="Hei Aino,\n\nsinulla on paikka.",
    location="Verkossa",
    url="https://vipu.example.org/r/esimerkki/",
    organizer=Mailbox(name="Esimerkkijärjestäjä, aamukahvit", email="aamukahvit@example.org"),
    attendee=Mailbox(name="Aino Esimerkki", email="aino@example.org"),
)


def entry(**changed: object) -> Entry:
    given = {name: getattr(ENTRY, name) for name in Entry.__slots__} | changed
    return Entry(**given)


def lines(text: str) -> list[str]:
    """The content lines, unfolded."""
    return text.replace("\r\n ", "").split("\r\n")


def the_line(text: str, name: str) -> str:
    (found,) = [line for line in lines(text) if line.split(":")[0].split(";")[0] == name]
    return found


def test_an_invitation_is_written_like_this_to_the_byte() -> None:
    assert calendar.invitation(ENTRY).encode() == (GOLDEN / "invitation.ics").read_bytes()


def test_a_cancellation_is_written_like_this_to_the_byte() -> None:
    assert calendar.cancellation(entry(sequence=3)).encode() == (GOLDEN / "cancellation.ics").read_bytes()


def test_a_feed_is_written_like_this_to_the_byte() -> None:
    called_off = entry(uid="8.91@vipu.example.org", status="CANCELLED", url="", description="", location="")
    written = calendar.feed(
        [ENTRY, called_off], name="Aamukahvit", source_url="https://vipu.example.org/a.ics"
    )

    assert written.encode() == (GOLDEN / "feed.ics").read_bytes()
    assert "ATTENDEE" not in written


def test_an_empty_feed_is_still_a_calendar() -> None:
    written = calendar.feed([], name="Tyhjä", source_url="https://vipu.example.org/a.ics")

    assert icalendar.Calendar.from_ical(written)["NAME"] == "Tyhjä"


def test_an_entry_of_nobody_names_nobody() -> None:
    names = lines(calendar.invitation(entry(organizer=None, attendee=None)))

    assert not [line for line in names if line.startswith(("ORGANIZER", "ATTENDEE"))]


def test_lines_are_folded_at_75_octets_between_characters() -> None:
    written = calendar.invitation(entry(summary="ä" * 90 + "ö" * 90, description="€" * 500))

    assert all(len(line.encode()) <= 75 for line in written.split("\r\n"))
    assert the_line(written, "SUMMARY") == f"SUMMARY:{'ä' * 90}{'ö' * 90}"
    assert "\n" not in written.replace("\r\n", "")


@settings(max_examples=150, deadline=None)
@given(name=st.text(max_size=250), title=st.text(max_size=250), about=st.text(max_size=600))
def test_whatever_people_type_the_entry_holds_together(name: str, title: str, about: str) -> None:
    written = calendar.invitation(
        entry(
            summary=title,
            description=about,
            location=title,
            attendee=Mailbox(name=name, email="aino@example.org"),
            organizer=Mailbox(name=name, email="aamukahvit@example.org"),
        )
    )

    assert all(len(line.encode()) <= 75 for line in written.split("\r\n"))
    assert not has_control_characters(written.replace("\r\n", ""))
    (event,) = events_in(written)
    assert str(event["ATTENDEE"]) == "mailto:aino@example.org"
    assert str(event["ORGANIZER"]) == "mailto:aamukahvit@example.org"
    assert event["ATTENDEE"].params["PARTSTAT"] == "ACCEPTED"
    if title.isprintable() and len(title) <= 200:
        assert str(event["SUMMARY"]) == title


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("Aino\x00 \x1bEsimerkki", "Aino Esimerkki"),
        ("Veera Esimerkki \\", "Veera Esimerkki"),
        ('"Olli" Esimerkki', "Olli Esimerkki"),
        ("Aino\r\nX-OMA:1", '"Aino X-OMA:1"'),
        ("Aino\u202e Esimerkki", "Aino Esimerkki"),
    ],
)
def test_a_name_is_made_fit_for_a_parameter(typed: str, written: str) -> None:
    line = the_line(
        calendar.invitation(entry(attendee=Mailbox(name=typed, email="aino@example.org"))), "ATTENDEE"
    )

    assert line.startswith(
        f"ATTENDEE;CN={written if ' ' not in written or written[0] == '"' else f'"{written}"'};"
    )
    assert line.endswith("RSVP=FALSE:mailto:aino@example.org")


def test_a_name_of_nothing_visible_is_left_out() -> None:
    written = calendar.invitation(entry(attendee=Mailbox(name="\u202e\\", email="aino@example.org")))

    assert the_line(written, "ATTENDEE").startswith("ATTENDEE;CUTYPE=INDIVIDUAL;")


def test_there_is_one_attendee_one_organiser_and_the_method_says_what_it_is() -> None:
    for write, method in ((calendar.invitation, "REQUEST"), (calendar.cancellation, "CANCEL")):
        written = write(ENTRY)
        names = [line.split(":")[0].split(";")[0] for line in lines(written)]
        assert [names.count(name) for name in ("ATTENDEE", "ORGANIZER", "BEGIN", "METHOD")] == [1, 1, 5, 1]
        assert the_line(written, "METHOD") == f"METHOD:{method}"


# --- Zones ----------------------------------------------------------------------------------------


def test_the_zone_of_helsinki_is_two_yearly_rules() -> None:
    assert vtimezone("Europe/Helsinki").decode().split("\r\n") == [
        "BEGIN:VTIMEZONE",
        "TZID:Europe/Helsinki",
        "BEGIN:DAYLIGHT",
        "DTSTART:19700329T030000",
        "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3",
        "TZNAME:EEST",
        "TZOFFSETFROM:+0200",
        "TZOFFSETTO:+0300",
        "END:DAYLIGHT",
        "BEGIN:STANDARD",
        "DTSTART:19701025T040000",
        "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10",
        "TZNAME:EET",
        "TZOFFSETFROM:+0300",
        "TZOFFSETTO:+0200",
        "END:STANDARD",
        "END:VTIMEZONE",
        "",
    ]


@pytest.mark.parametrize(
    ("zone", "rule"),
    [
        ("America/New_York", "RRULE:FREQ=YEARLY;BYDAY=2SU;BYMONTH=3"),
        ("America/Nuuk", "RRULE:FREQ=YEARLY;BYDAY=SA;BYMONTHDAY=24,25,26,27,28,29,30;BYMONTH=3"),
        ("Asia/Jerusalem", "RRULE:FREQ=YEARLY;BYDAY=FR;BYMONTHDAY=23,24,25,26,27,28,29;BYMONTH=3"),
    ],
)
def test_changes_on_other_days_are_told_too(zone: str, rule: str) -> None:
    assert rule in vtimezone(zone).decode().split("\r\n")


@pytest.mark.parametrize(
    "footer",
    [
        "",  # no rule for the years to come
        "XXX3EDT4,0/0,J365/23",  # by the day of the year
        "AAA0BBB,M3.1.0/-1,M10.5.0",  # the day before the first Sunday may lie in another month
    ],
)
def test_a_zone_that_two_yearly_rules_cannot_tell_is_not_told(footer: str) -> None:
    with pytest.raises(Unruly):
        list(zones.observances(footer))


def test_without_time_zone_files_of_the_system_those_of_the_package_are_read() -> None:
    zoneinfo.reset_tzpath(to=())
    try:
        assert zones.vtimezone.__wrapped__("Europe/Helsinki") == vtimezone("Europe/Helsinki")
    finally:
        zoneinfo.reset_tzpath()


def test_a_name_that_is_no_zone_is_never_read_from_the_disk() -> None:
    with pytest.raises(Unruly):
        vtimezone("../../etc/passwd")
    assert not tells("Europe/Atlantis", ENTRY.starts_at)


@pytest.mark.parametrize(("hour", "written"), [(0, "20271031T003000Z"), (1, "20271031T013000Z")])
def test_a_start_in_the_hour_that_comes_twice_is_exact(hour: int, written: str) -> None:
    starts_at = datetime(2027, 10, 31, hour, 30, tzinfo=UTC)

    text = calendar.invitation(entry(starts_at=starts_at, ends_at=starts_at + timedelta(hours=4)))

    assert the_line(text, "DTEND").startswith("DTEND;TZID=Europe/Helsinki:20271031T0")
    assert [line for line in lines(text) if line.startswith("DTSTART:2027")] == [f"DTSTART:{written}"]


def test_a_time_that_the_yearly_rules_would_tell_wrongly_is_written_in_utc() -> None:
    in_ramadan = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)

    text = calendar.invitation(
        entry(zone="Africa/Casablanca", starts_at=in_ramadan, ends_at=in_ramadan + timedelta(hours=1))
    )

    assert "DTSTART:20260301T090000Z" in lines(text)
    assert "BEGIN:VTIMEZONE" not in lines(text)


def test_a_feed_names_each_zone_once_and_never_one_without_its_rules() -> None:
    text = calendar.feed(made_up(40), name="Kaikki", source_url="https://vipu.example.org/a.ics")

    used = {line.split("TZID=")[1].split(":")[0] for line in lines(text) if ";TZID=" in line}
    told = [line.removeprefix("TZID:") for line in lines(text) if line.startswith("TZID:")]
    assert sorted(used) == told


def test_a_feed_of_a_thousand_events_is_less_than_a_mebibyte() -> None:
    [one] = made_up(1)
    one = replace(one, summary="Lähiluonnon saavutettavuus", description="8.30 Luontopolku kaikille\n" * 8)
    entries = [replace(one, uid=f"event-{number}@vipu.example.org") for number in range(1000)]

    text = calendar.feed(entries, name="Kaikki", source_url="https://vipu.example.org/a.ics")

    assert (text.count("BEGIN:VEVENT"), text.count("ATTENDEE")) == (1000, 0)
    assert len(text.encode()) < 2**20


# --- Public calendars ------------------------------------------------------------------------------


def test_a_series_gives_its_events_with_the_cancelled_one_said_to_be_so(
    mornings: EventSeries, morning: Event, olli: User, noon: datetime
) -> None:
    actions.edit_event(
        event=morning,
        join_url="https://example.org/salainen-kokous",
        description=Text("Kahvia.", "Kaffe."),
        at=noon,
        actor=olli,
    )
    actions.cancel_event(event=morning, reason=Text("Sairaus.", "Sjukdom."), at=noon, actor=olli)

    text = calendar.series_feed(mornings, events_of(mornings), language="sv")

    events = events_in(text)
    assert [(str(event["SUMMARY"]), str(event["STATUS"]), int(event["SEQUENCE"])) for event in events] == [
        ("Inhiberat: Närnaturens tillgänglighet", "CANCELLED", 2),
        ("Delaktighet, motion och hållbarhet", "CONFIRMED", 0),
        ("Digitalisering och kunskapsledning", "CONFIRMED", 0),
        ("Hållbart byggande och boende", "CONFIRMED", 0),
    ]
    assert str(events[0]["DESCRIPTION"]) == "Sjukdom."
    assert str(events[0]["URL"]).endswith("/sv/evenemang/aamukahvit-2027/aamukahvit-2027-04-13/")
    assert str(events[0]["LOCATION"]) == "På nätet"
    assert "salainen" not in text
    assert "ATTENDEE" not in text


def test_an_event_keeps_its_uid_whatever_happens_to_it(morning: Event, olli: User, noon: datetime) -> None:
    def uid() -> str:
        return the_line(calendar.event_file(morning, language="fi"), "UID")

    before = uid()
    actions.edit_event(event=morning, title=Text("Uusi"), at=noon, actor=olli)

    assert uid() == before


def test_the_place_is_told_for_each_way_of_taking_part(morning: Event) -> None:
    def place(mode: str, name: str) -> str:
        morning.mode, morning.place_fi = mode, name
        return calendar.location(morning, language="fi")

    assert [
        place("online", "Kirjasto"),
        place("on_site", "Kirjasto"),
        place("hybrid", "Kirjasto"),
        place("hybrid", ""),
        place("on_site", ""),
    ] == ["Verkossa", "Kirjasto", "Kirjasto / Verkossa", "Verkossa", ""]


def test_an_event_without_clock_times_does_not_stand_in_the_feed(
    mornings: EventSeries, morning: Event
) -> None:
    Event.objects.filter(pk=morning.pk).update(when_note_fi="syksy 2027")

    text = calendar.series_feed(mornings, events_of(mornings), language="fi")

    assert len(events_in(text)) == 3
