"""The tree of a mail, part by part."""

import email
from dataclasses import replace
from datetime import datetime
from email import policy
from email.message import EmailMessage, MIMEPart

import pytest

from backend.core.i18n import Language
from notifications import mime, outbox, rendering
from notifications.capabilities import Layout, Transport, transport
from notifications.models import Message
from tests.notifications import letters

pytestmark = pytest.mark.django_db

FULL = Transport(name="SMTP", layout=Layout.FULL)
REQUEST = 'text/calendar; method="REQUEST"; component="VEVENT"; charset="utf-8"'
FILE = 'text/calendar; method="REQUEST"; charset="utf-8"'
TEXT, HTML = 'text/plain; charset="utf-8"', 'text/html; charset="utf-8"'


def letter(message: Message, how: Transport = FULL) -> mime.Letter:
    return mime.build(message, rendering.render(message), transport=how)


def parsed(letter: mime.Letter) -> EmailMessage:
    content = letter.wire()
    assert max(len(line) for line in content.split(b"\r\n")) <= 998
    assert content.isascii()
    return email.message_from_bytes(content, policy=policy.default)


def tree(part: MIMEPart) -> object:
    """Shape a mail as nested tuples: type, disposition, parts."""
    if part.is_multipart():
        return part.get_content_type(), [tree(inner) for inner in part.iter_parts()]
    return part["Content-Type"], part["Content-Disposition"]


@pytest.mark.parametrize(
    ("language", "name"), [("fi", "kutsu.ics"), ("sv", "inbjudan.ics"), ("en", "invitation.ics")]
)
def test_an_invitation_is_the_golden_tree(language: Language, name: str, noon: datetime) -> None:
    mail = parsed(letter(outbox.queue(letters.invitation(language=language), at=noon)))

    assert tree(mail) == (
        "multipart/mixed",
        [
            ("multipart/alternative", [(TEXT, None), (HTML, None), (REQUEST, None)]),
            (FILE, f'attachment; filename="{name}"'),
        ],
    )
    calendars = [part for part in mail.walk() if part.get_content_type() == "text/calendar"]
    assert [part["Content-Transfer-Encoding"] for part in calendars] == ["base64", "base64"]
    assert [part.get_payload(decode=True) for part in calendars] == [letters.ICS.encode()] * 2


def test_the_headers_say_who_what_and_that_no_holiday_reply_is_wanted(noon: datetime) -> None:
    message = outbox.queue(letters.invitation(), at=noon)
    mail = parsed(letter(message))
    identity = mime.delivery_id(message)

    assert identity.startswith(f"d-{message.pk}.")
    assert {name: mail[name] for name in mail if name not in {"Date", "Content-Type"}} == {
        "Subject": "Olet mukana: Lähiluonto",
        "From": "VIPU-aamukahvit <vipu@example.org>",
        "To": "aino@example.org",
        "Reply-To": "aamukahvit@example.org",
        "Message-ID": f"<{identity}@example.org>",
        "X-VIPU-Delivery": identity,
        "Content-Language": "fi",
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "OOF, NRN, AutoReply, RN",
        "MIME-Version": "1.0",
    }


def test_a_mail_without_an_invitation_has_two_halves_and_nothing_else(noon: datetime) -> None:
    mail = parsed(letter(outbox.queue(letters.note(), at=noon)))

    assert tree(mail) == ("multipart/alternative", [(TEXT, None), (HTML, None)])
    assert mail["Reply-To"] is None


@pytest.mark.parametrize(
    ("backend", "says", "attached"),
    [
        ("django.core.mail.backends.smtp.EmailBackend", "SMTP: full calendar invitations (layout A)", None),
        (
            "anymail.backends.amazon_ses.EmailBackend",
            "Amazon SES: full calendar invitations (layout A)",
            None,
        ),
        ("notifications.mailbox.MailboxBackend", "mailbox: full calendar invitations (layout A)", None),
        (
            "anymail.backends.postmark.EmailBackend",
            "postmark: calendar invitations as an attached file only (layout B)",
            "text/calendar; method=REQUEST",
        ),
        (
            "anymail.backends.resend.EmailBackend",
            "resend: calendar invitations as an attached file only (layout B, without the method parameter)",
            "text/calendar",
        ),
    ],
)
def test_each_transport_gets_what_it_can_carry(
    backend: str, says: str, attached: str | None, noon: datetime
) -> None:
    how = transport(backend)
    built = letter(outbox.queue(letters.invitation(), at=noon), how)

    assert how.describe() == says
    assert bool(built.calendar) == (how.layout is Layout.FULL)
    assert [(file[0], file[1], file[2]) for file in built.attachments] == (
        [("kutsu.ics", letters.ICS, attached)] if attached else []
    )


@pytest.mark.parametrize("break_", ["\n", "\r", "\r\n", "\n "])
@pytest.mark.parametrize("field", ["recipient", "contact"])
def test_a_line_break_in_a_header_is_refused(field: str, break_: str, noon: datetime) -> None:
    evil = f"aino@example.org{break_}Bcc: kaikki@example.org"
    draft = letters.invitation()
    if field == "recipient":
        draft = replace(draft, recipient=evil)
    else:
        draft = letters.about(draft, contact_email=evil)

    with pytest.raises(ValueError, match=r"[Nn]ewline|[Ll]inefeed|invalid|CR or LF"):
        letter(outbox.queue(draft, at=noon)).message()


def test_a_line_break_in_the_subject_becomes_a_space(noon: datetime) -> None:
    draft = letters.about(letters.invitation(), title="Lähiluonto\r\nBcc: kaikki@example.org")
    mail = parsed(letter(outbox.queue(draft, at=noon)))

    assert mail["Subject"] == "Olet mukana: Lähiluonto Bcc: kaikki@example.org"
    assert mail["Bcc"] is None
