"""Made-up facts for the messages about invitations, groups and applications; nobody here is real."""

from backend.core.i18n import Language
from events.models import Event, EventSeries
from notifications.outbox import Draft, Link
from registrations.messages import kinds
from registrations.messages.doors import invitation_path
from registrations.messages.facts import ordinal
from registrations.messages.samples import draft, event_sample


def application_received(language: Language) -> Draft:
    """Somebody applied."""
    return draft(kinds.APPLICATION_RECEIVED, language, {"tells_link": False})


def shortlisted(language: Language) -> Draft:
    """Among those from whom the last choice is made."""
    return draft(kinds.SHORTLISTED, language, {"tells_link": False})


def chosen(language: Language) -> Draft:
    """A place, with the invitation for the calendar."""
    return draft(kinds.CHOSEN, language, {}, method="REQUEST")


def not_chosen(language: Language) -> Draft:
    """Others were chosen."""
    return draft(kinds.NOT_CHOSEN, language, {"tells_link": False})


def reserve(language: Language) -> Draft:
    """Third on the reserve."""
    return draft(kinds.RESERVE, language, {"position": ordinal(3, language=language), "tells_link": False})


def invited(language: Language) -> Draft:
    """Somebody is invited by name."""
    event = Event(slug="esimerkki-1", series=EventSeries(slug="esimerkki"))
    path = invitation_path(event, language=language, code="{token}")
    return Draft(
        kind=kinds.INVITED,
        subject="invitation:0",
        version=0,
        recipient="aino@example.org",
        language=language,
        context={**event_sample(0, language), "name": "Aino Esimerkki"},
        links={"register": Link("invitation", "sample", path)},
        audience="event:0",
    )


def not_a_member(language: Language) -> Draft:
    """An address that is on no list of the group."""
    return Draft(
        kind=kinds.NOT_A_MEMBER,
        subject="stranger:0:0",
        version=0,
        recipient="aino@example.org",
        language=language,
        context=event_sample(0, language),
        audience="event:0",
    )
