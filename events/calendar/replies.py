"""Reads what calendars answer to an invitation (RFC 6047, RFC 5546): strangers' bytes, nothing is believed.

A mail is an answer when it carries a calendar object with one event and METHOD REPLY or COUNTER, and is no
automatic reply. Google's server writes on behalf of whoever pressed the button and marks each answer as
generated, so that this mark alone says nothing. Everything else is named in one word. Whoever writes is never
answered: two machines that thank each other for automatic mails would not stop.
"""

import email
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import Message
from email.utils import getaddresses, parseaddr
from enum import StrEnum
from typing import Any

import icalendar

from backend.core.text import email_key, has_control_characters, one_line

CALENDAR_LIMIT = 64 * 1024  # an answer is a few hundred bytes long
COMMENT_LIMIT = 500
_OUR_ADDRESS = ("to", "cc", "delivered-to", "x-original-to", "envelope-to")
_METHODS = {"REPLY", "COUNTER"}


class Unread(StrEnum):
    """Why a mail is no answer to an invitation."""

    AUTOMATIC = "automatic"  # an out-of-office note, a bounce
    NO_CALENDAR = "no-calendar"  # a letter, or a calendar object that answers nothing
    TOO_LARGE = "too-large"
    UNREADABLE = "unreadable"


class NotAnAnswer(Exception):  # noqa: N818 - named by what it says
    """This mail answers no invitation."""

    def __init__(self, why: Unread) -> None:
        super().__init__(why.value)
        self.why = why


class PartStat(StrEnum):
    """What a participant answers."""

    ACCEPTED = "ACCEPTED"
    TENTATIVE = "TENTATIVE"
    DECLINED = "DECLINED"
    DELEGATED = "DELEGATED"
    NEEDS_ACTION = "NEEDS-ACTION"


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What one participant answers, and to whom they pass the invitation on."""

    partstat: PartStat
    delegated_to: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """One answer; addresses in the form by which spellings of one mailbox are recognised."""

    method: str
    uid: str
    sequence: int
    stamped_at: datetime | None
    sender: str
    addresses: frozenset[str]  # to whom it was sent, and which organiser it names
    said: Mapping[str, Said]
    comment: str = ""
    starts_at: datetime | None = None  # what a counter-proposal proposes
    ends_at: datetime | None = None


def read_reply(raw: bytes) -> Reply:
    """Read a mail as an answer, or say with ``NotAnAnswer`` why it is none."""
    try:
        return _read(email.message_from_bytes(raw))
    except NotAnAnswer:
        raise
    except Exception as error:  # whatever a stranger's bytes break in two parsers, it is no answer
        raise NotAnAnswer(Unread.UNREADABLE) from error


def _read(mail: Message) -> Reply:
    if str(mail.get("Auto-Submitted", "")).partition(";")[0].strip().lower() == "auto-replied":
        raise NotAnAnswer(Unread.AUTOMATIC)
    written, named = _calendar_part(mail)
    calendar = icalendar.Calendar.from_ical(written)
    method = str(calendar.get("METHOD", "")).strip().upper() or named
    if method not in _METHODS:
        raise NotAnAnswer(Unread.NO_CALENDAR)
    events = calendar.walk("VEVENT")
    if len(events) != 1:
        raise NotAnAnswer(Unread.UNREADABLE)
    [event] = events
    headers = [str(value) for name in _OUR_ADDRESS for value in mail.get_all(name, [])]
    to = {address for _name, address in getaddresses(headers)} | {_address(event.get("ORGANIZER", ""))}
    return Reply(
        method=method,
        uid=_uid(event),
        sequence=int(event.get("SEQUENCE", 0)),
        stamped_at=_moment(event, "DTSTAMP"),
        sender=email_key(parseaddr(str(mail.get("From", "")))[1]),
        addresses=frozenset(email_key(address) for address in to if "@" in address),
        said=_said(event),
        comment=_comment(event),
        starts_at=_moment(event, "DTSTART") if method == "COUNTER" else None,
        ends_at=_moment(event, "DTEND") if method == "COUNTER" else None,
    )


def _calendar_part(mail: Message) -> tuple[str, str]:
    """Find the calendar object and the method that its MIME type names; the invitation may be quoted too."""
    parts = list(_calendars(mail))
    if not parts:
        raise NotAnAnswer(Unread.NO_CALENDAR)
    part = next((one for one in parts if _named_method(one) in _METHODS), parts[0])
    payload = part.get_payload(decode=True)
    written = payload if isinstance(payload, bytes) else b""
    if len(written) > CALENDAR_LIMIT:
        raise NotAnAnswer(Unread.TOO_LARGE)
    try:
        text = written.decode(part.get_content_charset("utf-8"))
    except (LookupError, UnicodeDecodeError):
        text = written.decode("latin-1")
    return text.lstrip("\ufeff"), _named_method(part)


def _named_method(part: Message) -> str:
    return str(part.get_param("method", "") or "").strip().upper()


def _calendars(mail: Message) -> Iterator[Message]:
    parts = [part for part in mail.walk() if not part.is_multipart()]
    for kind in ("text/calendar", "application/ics"):
        yield from (part for part in parts if part.get_content_type() == kind)


def _uid(event: icalendar.Component) -> str:
    uid = str(event.get("UID", "")).strip()
    if not uid:
        raise NotAnAnswer(Unread.UNREADABLE)
    return uid


def _said(event: icalendar.Component) -> dict[str, Said]:
    """Read what each participant answers; normally there is one."""
    found = {}
    for attendee in _list(event.get("ATTENDEE")):
        delegate = _list(attendee.params.get("DELEGATED-TO"))
        found[email_key(_address(attendee))] = Said(
            partstat=PartStat(str(attendee.params.get("PARTSTAT", "NEEDS-ACTION")).upper()),
            delegated_to=_address(delegate[0])[:254] if delegate else "",
        )
    if not found:
        raise NotAnAnswer(Unread.UNREADABLE)
    return found


def _address(value: object) -> str:
    written = str(value).strip().strip('"')
    return written[7:] if written[:7].lower() == "mailto:" else written


def _list(value: Any) -> list[Any]:  # noqa: ANN401 - the library gives one thing, or a list of them
    if value is None:
        return []
    return list(value) if isinstance(value, list | tuple) else [value]


def _comment(event: icalendar.Component) -> str:
    """Read the words that go with the answer; Google writes them beside the name of whoever answers."""
    lines = _list(event.get("COMMENT")) or [
        attendee.params.get("X-RESPONSE-COMMENT", "") for attendee in _list(event.get("ATTENDEE"))
    ]
    words = one_line(" ".join(str(line) for line in lines))
    return "".join(c for c in words if not has_control_characters(c))[:COMMENT_LIMIT]


def _moment(event: icalendar.Component, name: str) -> datetime | None:
    """Read a moment; a day, or a time of no place, proposes nothing that could be compared."""
    value = event.decoded(name) if name in event else None
    if not isinstance(value, datetime) or value.tzinfo is None:
        return None
    return value.astimezone(UTC)
