"""The ticket and the page one joins by: opened by a link, and only a button lets anybody in."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.csp import CSP
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from backend.core.errors import NotFound, Refusal
from events.models import Event
from registrations import actions, queries
from registrations.models import Attendee, Registration
from registrations.rules import joining_opens_at
from web.public.codes import drawing, ticket_address
from web.public.forms import Problem
from web.public.links import personal, speak

# Browsers hold a form to the addresses its answer leads on to, and a meeting service leads on to others of
# its own; only secure ones, and on this page alone.
_LEADS_OUT = settings.SECURE_CSP | {"form-action": [CSP.SELF, "https:"]}


@require_safe
@personal
def ticket(request: HttpRequest, ticket: str) -> HttpResponse:
    """Show the code for the door, as a picture and in letters, and where it is good for."""
    at = timezone.now()
    attendee = _holder(request, ticket, at=at)
    ahead = [
        place
        for place in queries.places_of(attendee, at=at)
        if queries.has_place(place.registration) and place.event.ends_at > at
    ]
    context = {
        "attendee": attendee,
        "series": attendee.series,
        "ticket": ticket,
        "places": ahead,
        "picture": drawing(ticket_address(attendee)),
        "code": queries.code_of(attendee),
    }
    return render(request, "public/ticket.html", context)


def _holder(request: HttpRequest, ticket: str, *, at: datetime) -> Attendee:
    attendee = queries.attendee_by_ticket(ticket, at=at)
    speak(request, attendee.language)
    return attendee


@require_http_methods(["GET", "HEAD", "POST"])
@personal
def join(request: HttpRequest, ticket: str, event: str) -> HttpResponse:
    """Wait for the button, press it, and be led to the meeting; opening the page does nothing."""
    at = timezone.now()
    attendee = _holder(request, ticket, at=at)
    registration = queries.own_registration(attendee, event)
    if registration is None:
        raise NotFound(_("Nothing was found at this address."))
    context = _standing(registration, at=at) | {"attendee": attendee, "ticket": ticket}
    if request.method != "POST":
        return _leading_out(render(request, "public/join.html", context))
    try:
        address = actions.join(attendee=attendee, event=registration.event, at=at)
    except Refusal as no:
        context["problems"] = [Problem(sentence=no.sentence)]
        return _leading_out(render(request, "public/join.html", context, status=no.status))
    response = HttpResponseRedirect(address, status=303)
    return _leading_out(response)


def _standing(registration: Registration, *, at: datetime) -> dict[str, Any]:
    event = registration.event
    held = event.state == Event.State.PUBLISHED
    return {
        "event": event,
        "series": event.series,
        "has_place": queries.has_place(registration),
        "called_off": not held,
        "has_link": bool(event.join_url),
        "door": queries.joining_door(event, at=at),
        "opens_at": joining_opens_at(event.starts_at),
        "problems": [],
    }


def _leading_out(response: HttpResponse) -> HttpResponse:
    response._csp_config = _LEADS_OUT  # type: ignore[attr-defined]  # noqa: SLF001 - what Django's own decorator sets
    return response
