"""The first page: what comes next, what has been learned, what has been."""

from collections.abc import Iterable

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from catalogue.queries import published
from events.models import Event
from events.queries import past_events, upcoming_series, with_public_events
from web.public.cards import EventLink, past_event, practice_cards, series_card
from web.public.days import days_of

SERIES_SHOWN, PRACTICES_SHOWN, PAST_SHOWN, PAST_READ = 1, 3, 5, 60


@require_safe
def root(request: HttpRequest) -> HttpResponse:
    """Lead to the front page in the language the browser asks for."""
    response = HttpResponseRedirect(reverse("public:front"))
    patch_vary_headers(response, ("Accept-Language", "Cookie"))
    return response


@require_safe
def front(request: HttpRequest) -> HttpResponse:
    """Show the next series, three practices and the latest events."""
    at = timezone.now()
    coming = with_public_events(upcoming_series(at))[:SERIES_SHOWN]
    cards = [
        series_card(one, one.public_events, days=days_of(one.public_events, at=at))  # type: ignore[attr-defined]  # prefetched
        for one in coming
    ]
    context = {
        "coming": cards,
        "practice_cards": practice_cards(published()[:PRACTICES_SHOWN]),
        "past": _latest_of_each(past_events(at)[:PAST_READ]),
    }
    return render(request, "public/front.html", context)


def _latest_of_each(events: Iterable[Event]) -> list[EventLink]:
    """Take the latest event of each series: a season of broadcasts would hide everything else."""
    latest: dict[int, Event] = {}
    for event in events:
        latest.setdefault(event.series_id, event)
    return [past_event(event) for event in latest.values()][:PAST_SHOWN]
