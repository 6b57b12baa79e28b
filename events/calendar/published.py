"""The calendars everybody may have: of a series and of an event. No person and no joining link is in them."""

from collections.abc import Iterable
from email.utils import parseaddr
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import translation

from backend.core.errors import NotFound
from backend.core.i18n import Language, _
from events.addresses import absolute, event_file_path, event_path, series_feed_path
from events.calendar.components import Entry, Mailbox, Status, feed
from events.models import Event, EventSeries


def series_feed(series: EventSeries, events: Iterable[Event], *, language: Language) -> str:
    """Write the calendar of a series; what was cancelled stays in it, said to be so."""
    return feed(
        [public_entry(event, language=language) for event in events if has_clock_times(event)],
        name=series.title.in_language(language),
        source_url=_source(series_feed_path(series), language),
    )


def event_file(event: Event, *, language: Language) -> str:
    """Write the calendar entry of one event, for those who do not register or want it at once."""
    if not has_clock_times(event):
        raise NotFound(_("The time of this event is not known yet."))
    return feed(
        [public_entry(event, language=language)],
        name=event.title.in_language(language),
        source_url=_source(event_file_path(event), language),
    )


def has_clock_times(event: Event) -> bool:
    """Tell whether the event stands at a time; 'autumn 2021' does not belong in a calendar."""
    return not any(note for _language, note in event.when_note)


def public_entry(event: Event, *, language: Language) -> Entry:
    """Say about an event what everybody may know."""
    cancelled = event.state == Event.State.CANCELLED
    with translation.override(language):
        title = event.title.in_language(language)
        about = event.cancel_reason if cancelled else event.description
        return Entry(
            uid=f"event-{event.pk}@{urlsplit(settings.PUBLIC_URL).hostname}",
            sequence=event.sequence,
            stamped_at=event.changed_at or event.series.created_at,
            starts_at=event.starts_at,
            ends_at=event.ends_at,
            zone=event.series.timezone,
            summary=_("Cancelled: %(title)s") % {"title": title} if cancelled else title,
            description=about.in_language(language),
            location=location(event, language=language),
            url=absolute(event_path(event, language=language)),
            organizer=organizer(event.series, language=language),
            status=Status.CANCELLED if cancelled else Status.CONFIRMED,
        )


def location(event: Event, *, language: Language) -> str:
    """Say where it is held; never the joining link."""
    with translation.override(language):
        online, place = str(_("Online")), event.place.in_language(language)
    if event.mode == Event.Mode.ONLINE or not place:
        return online if event.mode != Event.Mode.ON_SITE else ""
    return place if event.mode == Event.Mode.ON_SITE else f"{place} / {online}"


def organizer(series: EventSeries, *, language: Language) -> Mailbox:
    """Name the address that answers for the series, or that of the service."""
    return Mailbox(
        name=series.organisation.name.in_language(language),
        email=series.contact_email or parseaddr(settings.DEFAULT_FROM_EMAIL)[1],
    )


def _source(path: str, language: Language) -> str:
    return f"{absolute(path)}?lang={language}"
