"""Two made-up kinds of message: one that must arrive, and one that must not come twice."""

from collections.abc import Mapping
from dataclasses import replace
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Final

from django.conf import settings

from backend.core.i18n import Language
from notifications.kinds import Kind, Lane, Policy
from notifications.outbox import CalendarPart, Draft, Json, Link

FACTS: Final[Mapping[str, Json]] = {
    "name": "Aino Esimerkki",
    "title": "Lähiluonto",
    "when": "tiistaina 13.4.2027 klo 8.30–10.00",
    "where": "Verkossa",
    "others": ["ke 14.4. Osallisuus", "to 15.4. Digitalisaatio"],
    "programme_url": "https://example.org/fi/tapahtumat/aamu_1/",
    "contact_email": "aamukahvit@example.org",
}
ICS: Final = """\
BEGIN:VCALENDAR
VERSION:2.0
METHOD:REQUEST
BEGIN:VEVENT
SUMMARY:Lähiluonto ja sen saavutettavuus: aamukahvit kuntien ja järjestöjen
  väelle
END:VEVENT
END:VCALENDAR
""".replace("\n", "\r\n")
CALENDAR: Final = CalendarPart(method="REQUEST", ics=ICS)
MANAGE: Final = Link("manage", "a-seed", "/r/{token}/")


def invitation(
    number: int = 1, *, version: int = 1, language: Language = "fi", recipient: str = "aino@example.org"
) -> Draft:
    return Draft(
        kind="test_invitation",
        subject=f"registration:{number}",
        version=version,
        recipient=recipient,
        language=language,
        context=FACTS,
        links={"manage": MANAGE},
        calendar=CALENDAR,
        audience="event:1",
    )


def note(number: int = 1, *, recipient: str = "veera@example.org", words: str = "Hei!") -> Draft:
    return Draft(
        kind="test_note",
        subject=f"note:{number}",
        version=1,
        recipient=recipient,
        language="fi",
        context={"title": "Tiedote", "words": words},
        audience="series:1",
    )


def about(draft: Draft, **facts: Json) -> Draft:
    return replace(draft, context={**draft.context, **facts})


INVITATION: Final = Kind(
    key="test_invitation",
    template="letters/invitation",
    policy=Policy.RESEND_ONCE,
    lane=Lane.URGENT,
    sample=lambda language: invitation(language=language),
)
NOTE: Final = Kind(
    key="test_note",
    template="letters/note",
    policy=Policy.HOLD,
    lane=Lane.BULK,
    sample=lambda language: replace(note(), language=language),
)


def arrived() -> list[EmailMessage]:
    """Every mail that was kept instead of being sent, oldest first."""
    files = sorted(Path(settings.MAILBOX_DIR).glob("*.eml"))
    return [message_from_bytes(file.read_bytes(), policy=policy.default) for file in files]
