"""A calendar as RFC 5546 describes one: what it shows depends on what it got, not on the order it came in."""

from dataclasses import dataclass, field
from typing import Self

import icalendar

from notifications.models import Message


@dataclass(frozen=True)
class Component:
    """What one mail brings."""

    uid: str
    version: tuple[int, str]  # SEQUENCE, then DTSTAMP (RFC 5546, 2.1.5)
    method: str
    shown: tuple[str, str]  # start and title

    @classmethod
    def of(cls, message: Message) -> Self:
        calendar = icalendar.Calendar.from_ical(message.calendar)
        [event] = calendar.walk("VEVENT")
        return cls(
            uid=str(event["UID"]),
            version=(int(str(event["SEQUENCE"])), f"{event.decoded('DTSTAMP'):%Y%m%dT%H%M%S}"),
            method=str(calendar["METHOD"]),
            shown=(f"{event.decoded('DTSTART'):%Y%m%dT%H%M%S}", str(event["SUMMARY"])),
        )


@dataclass
class CalendarClient:
    """Keeps the newest component of each UID."""

    newest: dict[str, Component] = field(default_factory=dict)

    def receive(self, component: Component) -> None:
        known = self.newest.get(component.uid)
        if known is None or component.version >= known.version:
            self.newest[component.uid] = component

    def shows(self) -> list[tuple[str, str]]:
        """What the person sees: each entry that holds."""
        return sorted(one.shown for one in self.newest.values() if one.method == "REQUEST")
