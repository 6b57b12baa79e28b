"""Mails that were written into a folder instead of being sent, read back for the mailbox of a trial."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email import policy
from email.message import EmailMessage
from email.parser import BytesHeaderParser, BytesParser
from pathlib import Path

from icalendar import Calendar


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """What a list of mails shows."""

    name: str
    subject: str
    to: str
    at: datetime | None
    language: str  # as the mail says of itself


@dataclass(frozen=True, slots=True, kw_only=True)
class Invite:
    """A calendar part in words."""

    method: str
    summary: str
    starts_at: datetime
    ends_at: datetime
    location: str
    sequence: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """One mail with all of its parts."""

    envelope: Envelope
    sender: str
    text: str
    html: str
    ics: str
    invite: Invite | None
    language: str  # as the HTML part says of itself


def envelopes(folder: Path) -> list[Envelope]:
    """List the mails, the newest first."""
    if not folder.is_dir():
        return []
    files = sorted(folder.glob("*.eml"), key=lambda path: (path.stat().st_mtime_ns, path.name), reverse=True)
    return [_envelope(path.stem, _headers(path)) for path in files]


def read(folder: Path, name: str) -> Letter | None:
    """Open one mail; only names that the folder itself lists lead anywhere."""
    path = next((one for one in _files(folder) if one.stem == name), None)
    if path is None:
        return None
    mail = BytesParser(policy=policy.default).parsebytes(path.read_bytes())
    ics = _part(mail, "text/calendar")
    return Letter(
        envelope=_envelope(name, mail),
        sender=str(mail["From"] or ""),
        text=_part(mail, "text/plain"),
        html=_part(mail, "text/html"),
        ics=ics,
        invite=_invite(ics) if ics else None,
        language=_language(_part(mail, "text/html")),
    )


def _files(folder: Path) -> Iterator[Path]:
    if folder.is_dir():
        yield from folder.glob("*.eml")


def _headers(path: Path) -> EmailMessage:
    with path.open("rb") as file:
        return BytesHeaderParser(policy=policy.default).parse(file)


def _envelope(name: str, mail: EmailMessage) -> Envelope:
    date = mail["Date"]
    return Envelope(
        name=name,
        subject=str(mail["Subject"] or ""),
        to=str(mail["To"] or ""),
        at=date.datetime if date is not None else None,
        language=str(mail["Content-Language"] or ""),
    )


def _part(mail: EmailMessage, kind: str) -> str:
    for part in mail.walk():
        if part.get_content_type() == kind:
            content = part.get_payload(decode=True)
            charset = part.get_content_charset("utf-8")
            return content.decode(charset, "replace") if isinstance(content, bytes) else ""
    return ""


def _language(html: str) -> str:
    found = re.search(r'<html[^>]* lang="([a-z]{2})"', html)
    return found.group(1) if found else ""


def _invite(ics: str) -> Invite | None:
    calendar = Calendar.from_ical(ics)
    for event in calendar.walk("VEVENT"):
        return Invite(
            method=str(calendar.get("METHOD", "")),
            summary=str(event.get("SUMMARY", "")),
            starts_at=event.decoded("DTSTART"),
            ends_at=event.decoded("DTEND"),
            location=str(event.get("LOCATION", "")),
            sequence=int(event.get("SEQUENCE", 0)),
        )
    return None
