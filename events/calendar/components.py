"""Writes one entry as an invitation or a cancellation, and many as a feed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

import icalendar
from icalendar import vCalAddress, vText

from backend.core.text import has_control_characters
from events.calendar.zones import tells, vtimezone

PRODID = "-//Vipu//Vipu//EN"
NAME_LIMIT = 200
SUMMARY_LIMIT = 200
DESCRIPTION_LIMIT = 4000
REFRESH = timedelta(hours=1)


class Status(StrEnum):
    """Whether the event is held."""

    CONFIRMED = "CONFIRMED"
    CANCELLED = "CANCELLED"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mailbox:
    """A name and an address; ``sent_by`` is who writes on its behalf."""

    name: str
    email: str
    sent_by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What one calendar entry says. ``sequence`` and ``stamped_at`` come from the stored row."""

    uid: str
    sequence: int
    stamped_at: datetime
    starts_at: datetime
    ends_at: datetime
    summary: str
    zone: str = "Europe/Helsinki"
    description: str = ""
    location: str = ""
    url: str = ""
    organizer: Mailbox | None = None
    attendee: Mailbox | None = None
    status: str = Status.CONFIRMED
    asks: bool = False  # the attendee has not answered yet


def invitation(entry: Entry) -> str:
    """Write the entry of somebody who has a place: new, or changed when the sequence has grown."""
    return _calendar("REQUEST", [_event(entry, status=Status.CONFIRMED)], zones=[entry])


def cancellation(entry: Entry) -> str:
    """Write that the entry no longer holds; same UID, a higher sequence."""
    return _calendar("CANCEL", [_event(entry, status=Status.CANCELLED)], zones=[entry])


def feed(entries: Sequence[Entry], *, name: str, source_url: str) -> str:
    """Write a calendar to subscribe to; attendees are left out, whatever the entries carry."""
    events = [_event(entry, status=Status(entry.status), attendee=False) for entry in entries]
    return _calendar("PUBLISH", events, zones=entries, name=name, source_url=source_url)


def _calendar(
    method: str,
    events: Sequence[icalendar.Event],
    *,
    zones: Iterable[Entry],
    name: str = "",
    source_url: str = "",
) -> str:
    calendar = icalendar.Calendar()
    calendar.add("PRODID", PRODID)
    calendar.add("VERSION", "2.0")
    calendar.add("CALSCALE", "GREGORIAN")
    calendar.add("METHOD", method)
    if name:
        calendar.add("NAME", _words(name, limit=NAME_LIMIT))
        calendar.add("X-WR-CALNAME", _words(name, limit=NAME_LIMIT))
    if source_url:
        calendar.add("SOURCE", source_url, parameters={"VALUE": "URI"})
        calendar.add("REFRESH-INTERVAL", REFRESH, parameters={"VALUE": "DURATION"})
        calendar.add("X-PUBLISHED-TTL", "PT1H")
    for event in events:
        calendar.add_component(event)
    written: str = calendar.to_ical().decode()
    named = sorted({entry.zone for entry in zones if _needs_zone(entry)})
    components = "".join(vtimezone(zone).decode() for zone in named)
    at = written.find("BEGIN:VEVENT")
    at = at if at >= 0 else written.find("END:VCALENDAR")
    return written[:at] + components + written[at:]


def _needs_zone(entry: Entry) -> bool:
    """Tell whether any of the entry's times is written in its zone."""
    return any(isinstance(_on(entry, m).tzinfo, ZoneInfo) for m in (entry.starts_at, entry.ends_at))


def _event(entry: Entry, *, status: Status, attendee: bool = True) -> icalendar.Event:
    event = icalendar.Event()
    event.add("UID", entry.uid)
    event.add("DTSTAMP", entry.stamped_at.astimezone(UTC))
    event.add("SEQUENCE", entry.sequence)
    event.add("DTSTART", _on(entry, entry.starts_at))
    event.add("DTEND", _on(entry, entry.ends_at))
    event.add("SUMMARY", _words(entry.summary, limit=SUMMARY_LIMIT))
    for name, value in (("DESCRIPTION", entry.description), ("LOCATION", entry.location)):
        if value:
            event.add(name, _words(value, limit=DESCRIPTION_LIMIT))
    if entry.url:
        event.add("URL", entry.url)
    if entry.organizer:
        event.add("ORGANIZER", _address(entry.organizer))
    if entry.attendee and attendee:
        event.add("ATTENDEE", _attendee(entry.attendee, asks=entry.asks))
    event.add("STATUS", status.value)
    event.add("TRANSP", "TRANSPARENT" if status is Status.CANCELLED else "OPAQUE")
    return event


def _on(entry: Entry, moment: datetime) -> datetime:
    """Write on the clock of the place; in UTC where its yearly rules would tell another moment."""
    if entry.zone != "UTC" and tells(entry.zone, moment):
        return moment.astimezone(ZoneInfo(entry.zone))
    return moment.astimezone(UTC)


def _attendee(mailbox: Mailbox, *, asks: bool) -> vCalAddress:
    address = _address(mailbox)
    for name, value in (
        ("CUTYPE", "INDIVIDUAL"),
        ("ROLE", "REQ-PARTICIPANT"),
        ("PARTSTAT", "NEEDS-ACTION" if asks else "ACCEPTED"),  # whoever registered has already answered
        ("RSVP", "TRUE" if asks else "FALSE"),
    ):
        address.params[name] = vText(value)
    return address


def _address(mailbox: Mailbox) -> vCalAddress:
    address = vCalAddress(f"mailto:{mailbox.email}")
    if name := _parameter(mailbox.name):
        address.params["CN"] = vText(name)
    if mailbox.sent_by:
        address.params["SENT-BY"] = vText(f"mailto:{mailbox.sent_by}")
    return address


def _words(value: str, *, limit: int) -> str:
    """Leave out what cannot be seen, keep the lines, and cut what no calendar shows."""
    kept = value.replace("\r\n", "\n").replace("\r", "\n")
    if not kept.replace("\n", "").isprintable():  # which nearly all texts are
        kept = "".join(c for c in kept if c == "\n" or not has_control_characters(c))
    return kept if len(kept) <= limit else kept[: limit - 1].rstrip() + "…"


def _parameter(value: str) -> str:
    r"""Make a name fit for a parameter: readers differ on quotes, ``;``, ``^``, and a ``\`` swallows more."""
    kept = "".join(" " if c.isspace() else c for c in value.replace(";", ",") if c not in '"\\^')
    return " ".join(_words(kept, limit=NAME_LIMIT).split())
