"""Reading the mail as its reader does: what is in it, which link it carries, what the invitation says."""

from __future__ import annotations

import email
import re
import time
from dataclasses import dataclass
from email import policy
from email.message import EmailMessage
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

import icalendar


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail that stands in the mailbox."""

    subject: str
    to: str
    text: str
    calendar: str

    def link(self, start: str) -> str:
        """Give the path of the first address in the mail that begins like this: ``/r/``."""
        found = [urlsplit(url) for url in re.findall(r"https?://\S+", self.text)]
        paths = [f"{url.path}?{url.query}" if url.query else url.path for url in found]
        chosen = [path for path in paths if path.startswith(start)]
        assert chosen, f"no link {start} in {self.text}"
        return chosen[0]

    @property
    def entry(self) -> icalendar.Event:
        """The one calendar entry the mail carries."""
        (entry,) = icalendar.Calendar.from_ical(self.calendar).walk("VEVENT")
        assert isinstance(entry, icalendar.Event)
        return entry

    @property
    def method(self) -> str:
        return str(icalendar.Calendar.from_ical(self.calendar)["METHOD"])


@dataclass(frozen=True, slots=True)
class Postbox:
    """The folder into which the service under test puts its mail."""

    folder: Path

    def of(self, address: str) -> list[Mail]:
        """Give every mail to this address, oldest first."""
        mails = [_read(path) for path in sorted(self.folder.glob("*.eml"))]
        return [mail for mail in mails if mail.to == address]

    def wait(self, address: str, *, count: int, seconds: float = 40) -> list[Mail]:
        """Wait until exactly so many mails have come to the address."""
        deadline = time.monotonic() + seconds
        while len(mails := self.of(address)) < count and time.monotonic() < deadline:
            time.sleep(0.2)
        assert len(mails) == count, f"{len(mails)} mails, not {count}: {[mail.subject for mail in mails]}"
        return mails


@cache
def _read(path: Path) -> Mail:
    """Read a mail once: a file of the mailbox appears whole and never changes."""
    message = email.message_from_bytes(path.read_bytes(), policy=policy.default)
    assert isinstance(message, EmailMessage)
    body = message.get_body(("plain",))
    assert body is not None
    parts = [part for part in message.walk() if part.get_content_type() == "text/calendar"]
    calendars = {part.get_payload(decode=True) for part in parts}
    assert len(calendars) <= 1, "the two calendar parts differ"
    return Mail(
        subject=str(message["Subject"]),
        to=message["To"].addresses[0].addr_spec,
        text=str(body.get_content()),
        calendar=calendars.pop().decode() if calendars else "",  # type: ignore[union-attr]  # decoded bytes
    )
