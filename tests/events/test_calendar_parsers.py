from typing import Any

from events import calendar
from events.calendar import Entry
from events.calendar.components import _parameter, _words
from events.calendar.zones import vtimezone
from tests.events.calendars import asked_of_node, events_in, made_up

THREE = ("Helsinki", "Dublin", "Chisinau")  # hours at three, at two the other way round, at two
ALL = (
    *("Amsterdam", "Athens", "Belgrade", "Berlin", "Brussels", "Bucharest", "Budapest", "Copenhagen"),
    *("Istanbul", "Kyiv", "Lisbon", "London", "Luxembourg", "Madrid", "Malta", "Minsk", "Monaco", "Moscow"),
    *("Oslo", "Paris", "Prague", "Riga", "Rome", "Sofia", "Stockholm", "Tallinn", "Vienna", "Vilnius"),
    *("Warsaw", "Zurich", *THREE),
)


def expected(entry: Entry, *, status: str) -> dict[str, Any]:
    """What a reader should find in an entry."""
    assert entry.organizer is not None
    assert entry.attendee is not None
    return {
        "uid": entry.uid,
        "sequence": entry.sequence,
        "start": int(entry.starts_at.timestamp()),
        "end": int(entry.ends_at.timestamp()),
        "summary": _words(entry.summary, limit=200),
        "description": _words(entry.description, limit=4000),
        "location": _words(entry.location, limit=4000),
        "status": status,
        "organizer": [{"email": entry.organizer.email, "name": _parameter(entry.organizer.name)}],
        "attendees": [{"email": entry.attendee.email, "name": _parameter(entry.attendee.name)}],
    }


def as_node_ical_has_it(event: dict[str, Any]) -> dict[str, Any]:
    """node-ical 0.25 takes an escaped backslash before an n for a new line; nobody's title has one."""
    return event | {"summary": event["summary"].replace("\\n", "\\\n")}


def read_by_icalendar(text: str) -> dict[str, Any]:
    (event,) = events_in(text)

    def people(name: str) -> list[dict[str, str]]:
        found = event.get(name, [])
        return [
            {"email": str(one).removeprefix("mailto:"), "name": str(one.params.get("CN", ""))}
            for one in (found if isinstance(found, list) else [found])
        ]

    return {
        "uid": str(event["UID"]),
        "sequence": int(event["SEQUENCE"]),
        "start": int(event["DTSTART"].dt.timestamp()),
        "end": int(event["DTEND"].dt.timestamp()),
        "summary": str(event["SUMMARY"]),
        "description": str(event.get("DESCRIPTION", "")),
        "location": str(event.get("LOCATION", "")),
        "status": str(event["STATUS"]),
        "organizer": people("ORGANIZER"),
        "attendees": people("ATTENDEE"),
    }


def test_icalendar_reads_what_was_written(*, full: bool) -> None:
    entries = made_up(500 if full else 120)

    for entry in entries:
        assert read_by_icalendar(calendar.invitation(entry)) == expected(entry, status="CONFIRMED")
        assert read_by_icalendar(calendar.cancellation(entry)) == expected(entry, status="CANCELLED")


def test_ical_js_and_node_ical_read_what_was_written(*, full: bool) -> None:
    entries = made_up(500 if full else 120)
    files = [calendar.invitation(entry) for entry in entries]
    files += [calendar.cancellation(entry) for entry in entries[:20]]

    found = asked_of_node("parse", {"files": files})

    wanted = [("REQUEST", expected(entry, status="CONFIRMED")) for entry in entries]
    wanted += [("CANCEL", expected(entry, status="CANCELLED")) for entry in entries[:20]]
    for parsed, (method, event) in zip(found, wanted, strict=True):
        assert parsed["ical.js"] == {"method": method, "events": [event]}
        assert parsed["node-ical"] == {"method": method, "events": [as_node_ical_has_it(event)]}


def test_a_feed_of_many_zones_is_read_alike() -> None:
    entries = made_up(60, seed=7)

    (found,) = asked_of_node(
        "parse",
        {"files": [calendar.feed(entries, name="Kaikki", source_url="https://vipu.example.org/x.ics")]},
    )

    wanted = {entry.uid: expected(entry, status="CONFIRMED") | {"attendees": []} for entry in entries}
    in_node_ical = {uid: as_node_ical_has_it(event) for uid, event in wanted.items()}
    assert {event["uid"]: event for event in found["ical.js"]["events"]} == wanted
    assert {event["uid"]: event for event in found["node-ical"]["events"]} == in_node_ical


def test_thunderbird_reads_every_hour_right_but_the_one_that_comes_twice(*, full: bool) -> None:
    names = [f"Europe/{city}" for city in (ALL if full else THREE)]
    zones = {name: f"BEGIN:VCALENDAR\r\n{vtimezone(name).decode()}END:VCALENDAR\r\n" for name in names}

    found = asked_of_node("zones", {"zones": zones, "from": 2020, "to": 2036})

    assert {name: zone["surprising"] for name, zone in found.items() if zone["surprising"]} == {}
    assert {name: zone["wrong"] for name, zone in found.items()} == {
        name: zone["ambiguous"] for name, zone in found.items()
    }
    assert found["Europe/Helsinki"] == {"hours": 149040, "wrong": 17, "ambiguous": 17, "surprising": []}
