"""Pages that tell rather than ask: stories, alliances, what this is, accessibility, privacy."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from backend.core.i18n import current
from catalogue import queries
from events.queries import published_series, upcoming_series


@require_safe
def stories(request: HttpRequest) -> HttpResponse:
    """List the stories of persistent work, the newest first."""
    return render(request, "public/stories.html", {"stories": queries.stories()})


@require_safe
def alliances(request: HttpRequest) -> HttpResponse:
    """List the alliances with their members."""
    rows = [
        (alliance, ", ".join(place.name_in(current()) for place in alliance.members.all()))
        for alliance in queries.alliances()
    ]
    return render(request, "public/alliances.html", {"alliances": rows})


@require_safe
def about(request: HttpRequest) -> HttpResponse:
    """Tell what this is, whom to ask, and where the data is."""
    return render(request, "public/about.html", {"contacts": _contacts()})


@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """Tell how accessible the pages are, what was not checked, and where to complain."""
    return render(request, "public/accessibility.html", {"contacts": _contacts()})


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """Tell what is kept of people, why, and for how long."""
    return render(request, "public/privacy.html", {"contacts": _contacts(), "trial": not settings.PRODUCTION})


def _contacts() -> list[tuple[str, str]]:
    """Name those who answer: the organisers of what is coming, or else of everything."""
    rows = upcoming_series(timezone.now())
    series = list(rows) or list(published_series()[:5])
    named = {
        one.contact_email: one.organisers or str(one.organisation.name) for one in series if one.contact_email
    }
    return [(name, address) for address, name in named.items()]
