"""Series and events: the programme everybody may read."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from backend.core import dates
from backend.core.errors import NotFound
from backend.core.i18n import current
from catalogue.queries import born_at, presented_at
from events.models import Event
from events.queries import (
    event_by_slug,
    events_of,
    past_events,
    released_programme,
    released_programmes,
    series_by_slug,
    upcoming_series,
    with_public_events,
)
from web.public.cards import coming_event, past_event, practice_cards, series_card, when, year_of
from web.public.days import Day, days_of
from web.public.signs import SPOKEN


@require_safe
def events(request: HttpRequest) -> HttpResponse:
    """List what is coming and what has been, with the years as links."""
    at = timezone.now()
    past = list(past_events(at))
    years = sorted({year_of(event) for event in past}, reverse=True)
    asked = request.GET.get("year", "")
    chosen = int(asked) if asked.isdecimal() and int(asked) in years else None
    context = {
        "coming": [
            series_card(one, one.public_events)  # type: ignore[attr-defined]  # prefetched
            for one in with_public_events(upcoming_series(at))
        ],
        "past": [past_event(event) for event in past if chosen in {None, year_of(event)}],
        "years": years if len(years) > 1 else [],
        "chosen": chosen,
    }
    return render(request, "public/events.html", context)


@require_safe
def series(request: HttpRequest, series: str) -> HttpResponse:
    """Show a series: all of its days with their programmes."""
    at = timezone.now()
    found = series_by_slug(series)
    rows = events_of(found)
    days = days_of(rows, at=at, programmes=released_programmes(found))
    context = {
        "series": found,
        "days": days,
        "when": when(rows, zone=found.timezone),
        "timed": bool(days) and days[0].plain_time,
        "open": any(day.sign.choosable for day in days),
        "data": {"@context": "https://schema.org", "@graph": [_schema(day) for day in days]},
        "today": dates.day(at, language=current()),
        "page_address": settings.PUBLIC_URL + request.path,
    }
    return render(request, "public/series.html", context)


@require_safe
def event(request: HttpRequest, series: str, event: str) -> HttpResponse:
    """Show one day: its programme, the practices presented, and those told of after it."""
    at = timezone.now()
    found = _event_of(series, event)
    programme = released_programme(found)
    presented = presented_at(found)
    public = {item.session_id for item in programme.items} if programme else set()
    shown = {pk: practice for pk, practice in presented.items() if pk in public}
    [day] = days_of([found], at=at, programmes={found.pk: programme} if programme else {}, practices=shown)
    context = {
        "event": found,
        "day": day,
        "past": day.past,
        "kind": found.get_kind_display(),
        "where": found.get_mode_display(),
        "spoken": SPOKEN[found.language],
        "born": practice_cards(born_at(found)),
        "other_days": [coming_event(row) for row in events_of(found.series) if row.pk != found.pk],
        "data": {"@context": "https://schema.org", **_schema(day)},
    }
    return render(request, "public/event.html", context)


def _event_of(series: str, slug: str) -> Event:
    found = event_by_slug(slug)
    if found.series.slug != series:
        raise NotFound(_("Nothing was found at this address."))
    return found


def _schema(day: Day) -> dict[str, Any]:
    """Tell search engines what they understand (schema.org Event)."""
    event, zone = day.event, day.event.series.timezone
    status = "EventCancelled" if event.state == Event.State.CANCELLED else "EventScheduled"
    if event.moved_from and event.state != Event.State.CANCELLED:
        status = "EventRescheduled"
    online = event.mode != Event.Mode.ON_SITE
    address = settings.PUBLIC_URL + day.address
    shown = event.title.shown(current())
    return {
        "@type": "Event",
        "name": shown.text,
        "inLanguage": event.language,
        "startDate": dates.local(event.starts_at, zone=zone).isoformat(),
        "endDate": dates.local(event.ends_at, zone=zone).isoformat(),
        "eventStatus": f"https://schema.org/{status}",
        "eventAttendanceMode": "https://schema.org/"
        + ("OnlineEventAttendanceMode" if online else "OfflineEventAttendanceMode"),
        "isAccessibleForFree": True,
        "url": address,
        "location": {"@type": "VirtualLocation", "url": address}
        if online
        else {"@type": "Place", "name": str(event.place) or str(event.get_mode_display())},
        "organizer": {
            "@type": "Organization",
            "name": event.series.organisers or str(event.series.organisation.name),
        },
    }
