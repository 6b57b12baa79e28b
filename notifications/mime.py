"""Builds the mail itself, as the tree that calendars recognise as an invitation."""

import email.policy
from email.message import EmailMessage

from django.conf import settings
from django.core.mail import EmailMultiAlternatives

from backend.core.links import token_for
from notifications.capabilities import Layout, Transport
from notifications.models import Message
from notifications.rendering import Rendered, contact_of
from notifications.sender import address_of, domain_of

FILE_NAME = "kutsu.ics"
SEVEN_BIT = email.policy.SMTP.clone(cte_type="7bit")  # no relay on the way has a reason to re-wrap it


class Letter(EmailMultiAlternatives):
    """A mail with its calendar object as the last alternative and, byte for byte the same, as a file."""

    calendar: bytes = b""
    method: str = ""

    def message(self, *, policy: email.policy.Policy = email.policy.default) -> EmailMessage:  # type: ignore[override]  # the stubs still describe Django 5
        """Build the tree: mixed[alternative[text, html, calendar], file]."""
        tree: EmailMessage = super().message(policy=policy)
        if self.calendar:
            parameters = {"method": self.method, "component": "VEVENT", "charset": "utf-8"}
            tree.attach(_calendar_part(self.calendar, parameters, policy=policy))
            language = tree["Content-Language"]
            del tree["Content-Language"]  # what begins with Content- would sink into the inner part
            tree.make_mixed()
            tree["Content-Language"] = language
            del parameters["component"]
            tree.attach(_calendar_part(self.calendar, parameters, policy=policy, file_name=FILE_NAME))
        return tree


def delivery_id(message: Message) -> str:
    """Name this message towards the outside: the same at every try, and not to be guessed."""
    return f"d-{message.pk}.{token_for('delivery', message.dedupe_key)[:16]}"


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
    letter.attach_alternative(rendered.html, "text/html")
    if message.calendar and transport.layout is Layout.FULL:
        letter.calendar, letter.method = message.calendar.encode(), message.calendar_method
    elif message.calendar:
        kind = (
            f"text/calendar; method={message.calendar_method}" if transport.keeps_method else "text/calendar"
        )
        letter.attach(FILE_NAME, message.calendar.encode(), kind)
    return letter


def _headers(message: Message) -> dict[str, str]:
    identity = delivery_id(message)
    return {
        "Message-ID": f"<{identity}@{domain_of(settings.DEFAULT_FROM_EMAIL)}>",
        "X-VIPU-Delivery": identity,
        "Content-Language": message.language,  # RFC 3282: a screen reader speaks the mail in its language
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "OOF, NRN, AutoReply, RN",
    }


def _reply_to(message: Message) -> list[str]:
    contact = contact_of(message)
    return [] if contact == address_of(settings.DEFAULT_FROM_EMAIL) else [contact]


def _calendar_part(
    calendar: bytes, parameters: dict[str, str], *, policy: email.policy.Policy, file_name: str | None = None
) -> EmailMessage:
    part = EmailMessage(policy=policy)
    part.set_content(  # as bytes in base64: the library's door for text would rewrite the line ends
        calendar,
        maintype="text",
        subtype="calendar",
        cte="base64",
        params=parameters,
        disposition="attachment" if file_name else None,
        filename=file_name,
    )
    return part
