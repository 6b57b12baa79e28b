"""Builds the mail itself, as the tree that calendars recognise as an invitation."""

import email
import email.policy
import re
from datetime import UTC, datetime
from email.message import EmailMessage
from typing import Final

from django.conf import settings
from django.core.mail import EmailMultiAlternatives

from backend.core.i18n import Language, Text, as_language
from backend.core.links import token_for
from notifications import preferences, wire
from notifications.capabilities import Layout, Transport
from notifications.models import Message
from notifications.rendering import Rendered, contact_of
from notifications.sender import address_of, domain_of

_FILE_NAMES: Final = {
    "REQUEST": Text("kutsu.ics", "inbjudan.ics", "invitation.ics"),
    "CANCEL": Text("peruutus.ics", "annullering.ics", "cancellation.ics"),
}
METADATA = "vipu_delivery"
DELIVERY_ID: Final = re.compile(r"\bd-(\d{1,18})\.[\w-]{16}")  # of a message of ours; see ``delivery_id``


class Letter(EmailMultiAlternatives):
    """A mail with its calendar object as the last alternative and, byte for byte the same, as a file.

    The attributes are what a provider's API is given; ``wire`` is what travels by SMTP.
    """

    html: str = ""
    calendar: bytes = b""
    method: str = ""
    file_name: str = ""
    metadata: dict[str, str]  # what a provider gives back with its news; there only where one does

    def wire(self) -> bytes:
        """Write the tree: mixed[alternative[text, html, calendar], file]."""
        parts = [wire.text_part(str(self.body), subtype="plain"), wire.text_part(self.html, subtype="html")]
        if self.calendar:
            parts.append(wire.calendar_part(self.calendar, method=self.method))
        body = wire.multipart(parts, subtype="alternative", boundary=_boundary("a", self))
        if self.calendar:
            file = wire.calendar_part(self.calendar, method=self.method, file_name=self.file_name)
            body = wire.multipart([body, file], subtype="mixed", boundary=_boundary("m", self))
        addressed = [("Subject", self.subject), ("From", self.from_email), ("To", ", ".join(self.to))]
        answered = [("Reply-To", address) for address in self.reply_to]
        headers = [*addressed, *answered, *self.extra_headers.items()]
        return wire.mail(headers, body, at=datetime.now(UTC))

    def message(self, *, policy: email.policy.Policy = email.policy.default) -> EmailMessage:  # type: ignore[override]  # the stubs still describe Django 5
        """Give the same mail as an object, for back ends that ask for one."""
        read: EmailMessage = email.message_from_bytes(self.wire(), policy=policy)  # type: ignore[arg-type]  # what the policy makes
        return read


def _boundary(place: str, letter: Letter) -> str:
    return f"=_{place}.{letter.extra_headers['X-VIPU-Delivery']}"


def delivery_id(message: Message) -> str:
    """Name this message towards the outside: the same at every try, and not to be guessed."""
    return f"d-{message.pk}.{token_for('delivery', message.dedupe_key)[:16]}"


def file_name(*, method: str, language: Language) -> str:
    """Name the calendar object for whoever finds it attached: an invitation or a cancellation."""
    return _FILE_NAMES[method].in_language(language)


def build(message: Message, rendered: Rendered, *, transport: Transport) -> Letter:
    """Build the mail for this transport. A line break in any header is refused with ValueError."""
    letter = Letter(
        subject=rendered.subject,
        body=rendered.text,
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[message.recipient],
        reply_to=_reply_to(message),
        headers=_headers(message),
    )
    letter.html = rendered.html
    if transport.metadata:
        letter.metadata = {METADATA: letter.extra_headers["X-VIPU-Delivery"]}
    letter.attach_alternative(rendered.html, "text/html")
    if message.calendar:
        _attach_calendar(letter, message, transport=transport)
    return letter


def _attach_calendar(letter: Letter, message: Message, *, transport: Transport) -> None:
    method, content = message.calendar_method, message.calendar.encode()
    name = file_name(method=method, language=as_language(message.language))
    if transport.layout is Layout.FULL:
        letter.calendar, letter.method, letter.file_name = content, method, name
    else:
        letter.attach(
            name, content, f"text/calendar; method={method}" if transport.keeps_method else "text/calendar"
        )


def _headers(message: Message) -> dict[str, str]:
    identity = delivery_id(message)
    return {
        "Message-ID": f"<{identity}@{domain_of(settings.DEFAULT_FROM_EMAIL)}>",
        "X-VIPU-Delivery": identity,
        "Content-Language": message.language,  # RFC 3282: a screen reader speaks the mail in its language
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "OOF, NRN, AutoReply, RN",
        **preferences.headers(message),
    }


def _reply_to(message: Message) -> list[str]:
    contact = contact_of(message)
    return [] if contact == address_of(settings.DEFAULT_FROM_EMAIL) else [contact]
