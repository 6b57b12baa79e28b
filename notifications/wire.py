"""Writes a mail as the bytes that travel: the one place that knows the form of headers and parts.

The library's generator parses every header and every part anew, which costs more than everything else that
a mail needs; what is the same from mail to mail is folded once, by the library, and kept.
"""

import binascii
import email.policy
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from functools import lru_cache

from django.core.mail import EmailMessage

SEVEN_BIT = email.policy.SMTP.clone(cte_type="7bit")  # no relay on the way has a reason to re-wrap it
_LINE = 76  # RFC 2045 6.7 and 6.8
_LONGEST = 998  # RFC 5322 2.1.1
_MAILBOX = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]+@[a-z0-9.-]+", re.ASCII | re.IGNORECASE)
_ADDRESSES = {"From", "To", "Reply-To"}


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a mail, ready to travel: its headers and its encoded content."""

    headers: str
    content: str

    def written(self) -> str:
        """Give the part with its headers."""
        return f"{self.headers}\r\n\r\n{self.content}"


def text_part(text: str, *, subtype: str) -> Part:
    """Encode words: as they are where possible, else quoted-printable, which people can still read."""
    content = text.replace("\r\n", "\n").rstrip("\n") + "\n"
    plain = content.isascii() and max(map(len, content.split("\n"))) <= _LONGEST
    encoded = content if plain else binascii.b2a_qp(content.encode(), istext=True).decode()
    how = "7bit" if plain else "quoted-printable"
    return Part(
        f'Content-Type: text/{subtype}; charset="utf-8"\r\nContent-Transfer-Encoding: {how}',
        encoded.replace("\n", "\r\n"),
    )


def calendar_part(calendar: bytes, *, method: str, file_name: str = "") -> Part:
    """Encode an iCalendar object, byte for byte; in base64, so that nothing on the way touches its lines."""
    encoded = binascii.b2a_base64(calendar, newline=False).decode()
    lines = [encoded[start : start + _LINE] for start in range(0, len(encoded), _LINE)]
    kind = f'text/calendar; method="{method}"{"" if file_name else '; component="VEVENT"'}; charset="utf-8"'
    attached = f'\r\nContent-Disposition: attachment; filename="{file_name}"' if file_name else ""
    headers = f"Content-Type: {kind}\r\nContent-Transfer-Encoding: base64{attached}"
    return Part(headers, "\r\n".join(lines) + "\r\n")


def multipart(parts: Iterable[Part], *, subtype: str, boundary: str) -> Part:
    """Put parts together. A boundary with ``=_`` in it can stand in none of the encodings used here."""
    inner = "".join(f"--{boundary}\r\n{part.written()}\r\n" for part in parts)
    return Part(f'Content-Type: multipart/{subtype}; boundary="{boundary}"', f"{inner}--{boundary}--\r\n")


def mail(headers: Iterable[tuple[str, str]], body: Part, *, at: datetime) -> bytes:
    """Write the whole mail. A line break in any header is refused with ValueError."""
    lines = "".join(_header(name, value) for name, value in headers)
    return f"MIME-Version: 1.0\r\n{lines}Date: {format_datetime(at)}\r\n{body.written()}".encode("ascii")


def plain_mailbox(address: str) -> bool:
    """Tell whether an address is one that needs no quoting and no encoding anywhere."""
    return _MAILBOX.fullmatch(address) is not None


def _header(name: str, value: str) -> str:
    if name == "To" and plain_mailbox(value):
        return f"To: {value}\r\n"
    if name in _ADDRESSES:
        return _address_header(name, value)
    if "\r" in value or "\n" in value:
        raise ValueError(f"A newline in the header {name} is refused.")
    if value.isascii() and len(name) + len(value) + 2 <= (_LINE if " " in value else _LONGEST):
        return f"{name}: {value}\r\n"  # one long word is no better for a break before it
    return _folded(name, value)


@lru_cache(maxsize=1024)
def _folded(name: str, value: str) -> str:
    return str(SEVEN_BIT.header_factory(name, value).fold(policy=SEVEN_BIT))


@lru_cache(maxsize=1024)
def _address_header(name: str, value: str) -> str:
    """Let Django check and encode the address, international domains included."""
    probe = EmailMessage(
        from_email=value if name == "From" else "vipu@localhost",
        to=[value] if name == "To" else None,
        reply_to=[value] if name == "Reply-To" else None,
    )
    return str(SEVEN_BIT.fold(name, probe.message(policy=SEVEN_BIT)[name]))
