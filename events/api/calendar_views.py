"""Public calendars at addresses people subscribe to, outside of the API."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import conditional_page, require_safe

from backend.core.errors import Refusal
from backend.core.i18n import Language, as_language
from events import calendar, queries

_CONTENT = "text/calendar; charset=utf-8"


@require_safe
@conditional_page
@cache_control(public=True, max_age=300)
def series(request: HttpRequest, slug: str) -> HttpResponse:
    """Give the calendar of a series; ``?lang=sv`` chooses the language."""
    try:
        found = queries.series_by_slug(slug)
    except Refusal as refusal:
        return _refused(refusal)
    return _file(calendar.series_feed(found, queries.events_of(found), language=_language(request)), slug)


@require_safe
@conditional_page
@cache_control(public=True, max_age=300)
def event(request: HttpRequest, slug: str) -> HttpResponse:
    """Give the calendar entry of an event."""
    try:
        found = queries.event_by_slug(slug)
        return _file(calendar.event_file(found, language=_language(request)), slug)
    except Refusal as refusal:
        return _refused(refusal)


def _language(request: HttpRequest) -> Language:
    return as_language(request.GET.get("lang"))


def _file(ics: str, slug: str) -> HttpResponse:
    return HttpResponse(
        ics, content_type=_CONTENT, headers={"Content-Disposition": f'inline; filename="{slug}.ics"'}
    )


def _refused(refusal: Refusal) -> HttpResponse:
    return HttpResponse(f"{refusal}\n", status=refusal.status, content_type="text/plain; charset=utf-8")
