"""What messages somebody gets: a page with a switch for each topic, and the one click of a mail program."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from events.actions.wordings import scope_of
from events.models import EventSeries
from notifications import preferences
from notifications.preferences import Preferences
from notifications.topics import TOPICS
from registrations.queries import attendee_by_token
from web.public.links import personal, speak


@csrf_exempt  # a mail program presses without a cookie; the address itself is the proof
@require_http_methods(["GET", "HEAD", "POST"])
@personal
def choices(request: HttpRequest, token: str) -> HttpResponse:
    """Show what the reader gets; a press stops or starts a topic. Opening the page changes nothing."""
    own = preferences.by_token(token)
    if own is None:
        raise Http404
    scope, _colon, number = own.scope.partition(":")
    series = EventSeries.objects.filter(pk=int(number)).first() if scope == "series" else None
    return _page(request, own, series=series)


@require_http_methods(["GET", "HEAD", "POST"])
@personal
def own_choices(request: HttpRequest, token: str) -> HttpResponse:
    """Show the same to somebody who comes from their own page, and may have no such message at hand."""
    attendee = attendee_by_token(token, at=timezone.now())
    series = attendee.series
    own = preferences.of(address=attendee.email, scope=scope_of(series), language=attendee.language)
    return _page(request, own, series=series, home=token)


def _page(
    request: HttpRequest, own: Preferences, *, series: EventSeries | None, home: str = ""
) -> HttpResponse:
    speak(request, own.language)
    if request.method == "POST":
        own = _pressed(request, own)
    rows = [(topic, TOPICS[topic], gets) for topic, gets in own.gets.items()]
    saved = request.method == "POST"
    context = {"own": own, "rows": rows, "series": series, "saved": saved, "home": home}
    return render(request, "public/preferences.html", context)


def _pressed(request: HttpRequest, own: Preferences) -> Preferences:
    at = timezone.now()
    if request.POST.get("List-Unsubscribe") == "One-Click":
        return preferences.choose(own, stop=[own.topic], at=at)
    if "all" in request.POST:
        return preferences.choose(own, start=list(TOPICS), at=at)
    return preferences.choose(
        own, stop=request.POST.getlist("stop"), start=request.POST.getlist("start"), at=at
    )
