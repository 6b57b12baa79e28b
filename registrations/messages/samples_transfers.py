"""Made-up facts for the messages about a place that changes hands; nobody here is real."""

from backend.core.i18n import Language
from notifications.outbox import Draft, Json, Link
from registrations.messages import kinds
from registrations.messages.samples import draft, event_sample

_GIVER = "Veera Esimerkki"


def place_given(language: Language) -> Draft:
    """Somebody gave their own place to a colleague."""
    extra: dict[str, Json] = {"receiver": "Olli Esimerkki", "own_deed": True}
    return draft(kinds.PLACE_GIVEN, language, extra, method="CANCEL")


def place_received(language: Language) -> Draft:
    """A colleague's place, with the invitation for the calendar."""
    return draft(kinds.PLACE_RECEIVED, language, {"giver": _GIVER, "by_organiser": False}, method="REQUEST")


def place_not_needed(language: Language) -> Draft:
    """A colleague wanted to give a place to somebody who has one."""
    return Draft(
        kind=kinds.PLACE_NOT_NEEDED,
        subject="registration:0",
        version=0,
        recipient="aino@example.org",
        language=language,
        context={**event_sample(0, language), "giver": _GIVER},
        links={"manage": Link("manage", "sample", "/r/{token}/")},
        audience="event:0",
    )
