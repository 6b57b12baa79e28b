"""What is told to people whom a list decides about: the invited, and those who are no members."""

from collections.abc import Iterable
from datetime import datetime

from backend.core.i18n import Language
from events.addresses import series_path
from events.models import Event
from notifications.outbox import Draft, Link
from registrations.messages import kinds
from registrations.messages.drafts import LINK_AGAIN_AFTER
from registrations.messages.facts import event_facts, reader
from registrations.models import Attendee, InvitationCode

_REGISTER: dict[Language, str] = {"fi": "ilmoittaudu/", "sv": "anmalan/", "en": "register/"}


def invitation_path(event: Event, *, language: Language, code: str) -> str:
    """Give the address of the form at which a code is already filled in, within the site."""
    form = series_path(event.series, language=language) + _REGISTER[language]
    return f"{form}?aamut={event.slug}&koodi={code}"


def invitations_by_name(codes: Iterable[InvitationCode], *, language: Language) -> list[Draft]:
    """Invite people by name, each with a code of their own; it only works with their address."""
    return [
        Draft(
            kind=kinds.INVITED,
            subject=f"invitation:{code.pk}",
            version=0,
            recipient=code.email,
            language=language,
            context={**event_facts(code.event, language=language), "name": code.name},
            links={
                "register": Link(
                    InvitationCode.link_purpose,
                    code.link_seed,
                    invitation_path(code.event, language=language, code="{token}"),
                )
            },
            audience=f"event:{code.event_id}",
            scope=f"series:{code.event.series_id}",
        )
        for code in codes
    ]


def not_members(attendee: Attendee, *, events: Iterable[Event], at: datetime) -> list[Draft]:
    """Tell an address that it is on no list of the group; only its owner learns it."""
    language = reader(attendee)
    return [
        Draft(
            kind=kinds.NOT_A_MEMBER,
            subject=f"stranger:{attendee.link_hash[:16]}:{event.pk}",
            version=int(at.timestamp() // LINK_AGAIN_AFTER.total_seconds()),
            recipient=attendee.email,
            language=language,
            context=event_facts(event, language=language),
            audience=f"event:{event.pk}",
            scope=f"series:{event.series_id}",
        )
        for event in events
    ]
