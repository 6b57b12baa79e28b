"""Made-up facts for the messages about an entry in somebody's calendar."""

from datetime import timedelta

from backend.core import dates
from backend.core.i18n import Language
from notifications.outbox import Draft
from registrations.messages import kinds
from registrations.messages.samples import START, draft


def declined_in_calendar(language: Language) -> Draft:
    """Somebody pressed No in their calendar."""
    until = dates.at_clock(START - timedelta(days=4), language=language)
    return draft(kinds.DECLINED_IN_CALENDAR, language, {"until": until})


def calendar_again(language: Language) -> Draft:
    """The organiser sends the newest entry once more."""
    return draft(kinds.CALENDAR_AGAIN, language, {"gone": False}, method="REQUEST")
