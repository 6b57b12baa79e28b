"""Made-up facts for the messages about a changed address and joined registrations; nobody here is real."""

from dataclasses import replace
from datetime import timedelta

from backend.core import dates
from backend.core.i18n import Language
from notifications.outbox import Draft, Json, Link
from registrations.messages import kinds
from registrations.messages.samples import START, draft, event_sample

_TOLD = ("series", "contact_email")


def _about(kind: str, language: Language, extra: dict[str, Json]) -> Draft:
    facts = event_sample(0, language)
    return Draft(
        kind=kind,
        subject="attendee:0",
        version=0,
        recipient="aino@example.org",
        language=language,
        context={**{name: facts[name] for name in _TOLD}, **extra},
        links={},
        audience="series:0",
    )


def new_address(language: Language) -> Draft:
    """Somebody asked for their mails to come here."""
    until = dates.moment(START - timedelta(days=20), language=language)
    asked = _about(kinds.NEW_ADDRESS, language, {"until": until})
    return replace(asked, links={"confirm": Link("new-address", "sample", "/e/{token}/")})


def address_in_use(language: Language) -> Draft:
    """Somebody wanted the address of somebody else."""
    told = _about(kinds.ADDRESS_IN_USE, language, {})
    return replace(told, links={"manage": Link("manage", "sample", "/r/{token}/")})


def address_changed(language: Language) -> Draft:
    """The mails go elsewhere now."""
    return _about(kinds.ADDRESS_CHANGED, language, {"by_organiser": False})


def merged(language: Language) -> Draft:
    """Two registrations became one; this address stays."""
    places = [
        {**event_sample(0, language), "state": "confirmed"},
        {**event_sample(1, language), "state": "waiting"},
    ]
    told = _about(kinds.MERGED, language, {"stays": True, "places": places})
    return replace(told, links={"manage": Link("manage", "sample", "/r/{token}/")})


def place_merged(language: Language) -> Draft:
    """The doubled place is taken out of the calendar that had it."""
    return replace(draft(kinds.PLACE_MERGED, language, {"tells_link": False}, method="CANCEL"), links={})
