"""Made-up facts for the morning mail to organisers."""

from backend.core.i18n import Language
from notifications.outbox import Draft, Json
from registrations.messages.digest import draft_of
from registrations.messages.samples import event_sample


def organiser_digest(language: Language) -> Draft:
    """One message came back, two confirmations are missing, and three people applied."""
    row: dict[str, Json] = {
        "series": event_sample(0, language)["series"],
        "returned": 1,
        "missing": 2,
        "unsent": 0,
        "applications": 3,
        "answers": 2,
        "webhooks": 1,
    }
    return draft_of(
        [row],
        subject="user:0",
        recipient="olli@example.org",
        language=language,
        version=0,
        path="/desk/series/1/messages/",
    )
