"""What an app hands in when it wants a person told: the facts, never the finished text."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from backend.core.i18n import Language

type Channel = Literal["email", "sms"]
type Json = str | int | float | bool | Sequence[Json] | Mapping[str, Json] | None


_IN_KEYS: Mapping[Channel, str] = {"email": "mail", "sms": "sms"}


@dataclass(frozen=True, slots=True)
class Link:
    """A personal address; ``{token}`` in ``path`` is derived from the seed when the mail is made."""

    purpose: str
    seed: str
    path: str


@dataclass(frozen=True, slots=True)
class CalendarPart:
    """An iCalendar object that goes with the mail, byte for byte, and its METHOD."""

    method: str
    ics: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """One message to one person.

    ``kind``, ``subject``, ``version``, ``occasion`` and ``channel`` name the intent: the same again is the
    same message. ``recipient`` is an address, or a number such as +358401234567.
    ``context["contact_email"]``, where given, is where answers go; the footer names it.
    """

    kind: str
    subject: str
    version: int
    recipient: str
    language: Language
    context: Mapping[str, Json]
    links: Mapping[str, Link] = field(default_factory=dict)
    calendar: CalendarPart | None = None
    audience: str = ""  # whose desk shows it: "event:3"
    scope: str = ""  # whose own wordings it follows: "series:3"
    occasion: str = ""  # what made it, where one kind has several causes: "rule:5:2027-04-13"
    batch: str = ""  # what it is sent together with: "campaign:7"
    wording_id: int | None = None  # the organiser's own words, pinned
    channel: Channel = "email"
    not_before: datetime | None = None
    not_after: datetime | None = None

    @property
    def dedupe_key(self) -> str:
        """The key under which the ledger keeps this intent once."""
        occasion = f"{self.occasion}|" if self.occasion else ""
        return f"{self.kind}|{self.subject}|{self.version}|{occasion}{_IN_KEYS[self.channel]}"
