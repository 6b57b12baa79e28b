"""Reads an entry of our own back, so that people are shown what their calendar will say."""

from dataclasses import dataclass
from datetime import datetime

import icalendar


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a calendar is told: its entry as it stands from now on, or that it is no more."""

    gone: bool
    number: int  # how many times it has been told anew
    summary: str
    starts_at: datetime
    ends_at: datetime
    place: str
    description: str


def read_entry(ics: str) -> Told:
    """Read the one entry of an invitation or a cancellation that we wrote."""
    calendar = icalendar.Calendar.from_ical(ics)
    [event] = calendar.walk("VEVENT")
    return Told(
        gone=str(calendar["METHOD"]) == "CANCEL",
        number=int(event.decoded("SEQUENCE")),
        summary=str(event["SUMMARY"]),
        starts_at=event.decoded("DTSTART"),
        ends_at=event.decoded("DTEND"),
        place=str(event.get("LOCATION", "")),
        description=str(event.get("DESCRIPTION", "")),
    )
