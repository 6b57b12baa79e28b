"""One's own calendar, at an address that only its owner knows."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import conditional_page, require_safe

from backend.core.errors import Refusal
from registrations import limits, queries


@require_safe
@conditional_page
@cache_control(private=True, max_age=300)
def own(request: HttpRequest, token: str) -> HttpResponse:
    """Give the places of the person whose feed this is; it changes nothing and names nobody."""
    at = timezone.now()
    try:
        limits.spend(limits.OPEN_LINK, request=request)
        ics = queries.own_calendar(queries.attendee_by_feed_token(token, at=at), at=at)
    except Refusal as refusal:
        return HttpResponse(f"{refusal}\n", status=refusal.status, content_type="text/plain; charset=utf-8")
    headers = {"Content-Disposition": 'inline; filename="vipu.ics"', "X-Robots-Tag": "noindex"}
    return HttpResponse(ics, content_type="text/calendar; charset=utf-8", headers=headers)
