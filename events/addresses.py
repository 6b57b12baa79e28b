"""Where people find a series and an event; the pages stand above this app, their addresses are agreed."""

from django.conf import settings

from backend.core.i18n import Language
from events.models import Event, EventSeries

_WORD: dict[Language, str] = {"fi": "tapahtumat", "sv": "evenemang", "en": "events"}


def series_path(series: EventSeries, *, language: Language) -> str:
    """Give the address of the page of a series within the site."""
    return f"/{language}/{_WORD[language]}/{series.slug}/"


def event_path(event: Event, *, language: Language) -> str:
    """Give the address of the page of an event within the site."""
    return f"{series_path(event.series, language=language)}{event.slug}/"


def series_feed_path(series: EventSeries) -> str:
    """Give the address of the calendar of a series."""
    return f"/series/{series.slug}.ics"


def event_file_path(event: Event) -> str:
    """Give the address of the calendar entry of an event."""
    return f"/events/{event.slug}.ics"


def absolute(path: str) -> str:
    """Give the whole address, as it stands in calendars and mails."""
    return f"{settings.PUBLIC_URL.rstrip('/')}{path}"
