"""The mailbox of the embedded profile: mail is kept as one file each instead of being sent."""

import os
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from pathlib import Path

from django.conf import settings
from django.core.mail import EmailMessage as DjangoMessage
from django.core.mail.backends.base import BaseEmailBackend

from backend.core.errors import NotFound
from backend.core.i18n import _

_NAME = re.compile(r"\A\d{8}T\d{6}\.\d{6}Z-[0-9a-f]{8}\.eml\Z")


class MailboxBackend(BaseEmailBackend):
    """A Django mail back end that writes one ``.eml`` file for each message."""

    def send_messages(self, email_messages: Sequence[DjangoMessage]) -> int:
        """Keep the messages; each file appears whole or not at all."""
        folder = _folder()
        folder.mkdir(parents=True, exist_ok=True)
        for message in email_messages:
            name = f"{datetime.now(UTC):%Y%m%dT%H%M%S.%fZ}-{secrets.token_hex(4)}.eml"
            draft = folder / f".{name}.part"
            draft.write_bytes(message.message(policy=policy.SMTP).as_bytes())
            os.replace(draft, folder / name)  # noqa: PTH105 - the one call that is atomic by definition
        return len(email_messages)


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that came with a mail."""

    name: str
    content_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class MailboxItem:
    """One mail as a reader sees it; ``calendar`` is the iCalendar object of its invitation, if it has one."""

    name: str
    subject: str
    to: str
    date: datetime
    text: str
    html: str
    calendar: str
    attachments: tuple[Attachment, ...]


def names() -> list[str]:
    """Name every mail, newest first."""
    folder = _folder()
    if not folder.exists():
        return []
    return sorted((path.name for path in folder.iterdir() if _NAME.match(path.name)), reverse=True)


def mails(*, limit: int = 100, to: str = "") -> list[MailboxItem]:
    """Read the newest mails, or the newest of one recipient."""
    found: list[MailboxItem] = []
    for name in names():
        if len(found) == limit:
            break
        item = mail(name)
        if not to or item.to.lower() == to.lower():
            found.append(item)
    return found


def mail(name: str) -> MailboxItem:
    """Read one mail; a name that is none of ours finds nothing."""
    return _item(name, source(name))


def source(name: str) -> bytes:
    """Give one mail as it would have been sent."""
    path = _folder() / name
    if not _NAME.match(name) or not path.exists():
        raise NotFound(_("There is no such mail."))
    return path.read_bytes()


def empty() -> None:
    """Throw all mails away."""
    for name in names():
        (_folder() / name).unlink(missing_ok=True)


def _folder() -> Path:
    return Path(settings.MAILBOX_DIR)


def _item(name: str, content: bytes) -> MailboxItem:
    parsed = message_from_bytes(content, policy=policy.default)
    bodies = {part.get_content_type(): part for part in parsed.walk() if not part.is_attachment()}
    return MailboxItem(
        name=name,
        subject=str(parsed["Subject"] or ""),
        to=str(parsed["To"] or ""),
        date=parsedate_to_datetime(parsed["Date"]),
        text=_text(bodies.get("text/plain")),
        html=_text(bodies.get("text/html")),
        calendar=_calendar(parsed),
        attachments=tuple(_attachment(part) for part in parsed.iter_attachments() if part.is_attachment()),
    )


def _text(part: EmailMessage | None) -> str:
    return str(part.get_content()).replace("\r\n", "\n") if part is not None else ""


def _calendar(parsed: EmailMessage) -> str:
    """Read the calendar object with its line ends as they are."""
    part = next((part for part in parsed.walk() if part.get_content_type() == "text/calendar"), None)
    return _content(part).decode() if part is not None else ""


def _attachment(part: EmailMessage) -> Attachment:
    return Attachment(
        name=part.get_filename() or "",
        content_type=part.get_content_type(),
        content=_content(part),
    )


def _content(part: EmailMessage) -> bytes:
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""
