"""Answering an offered place, and keeping or taking back one's own: pages whose buttons post."""

from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from backend.core.errors import NotFound, Refusal
from registrations import actions, queries
from registrations.models import Attendee
from registrations.queries import Place
from web.public.forms import Problem
from web.public.links import personal, see_other, speak
from web.public.places import own_places


@require_http_methods(["GET", "HEAD", "POST"])
@personal
def offer(request: HttpRequest, token: str, event: str) -> HttpResponse:
    """P7: say until when the place is kept, with a button for yes and one for no; both work once."""
    at = timezone.now()
    attendee, found = _found(request, token, event, at=at)
    [own] = own_places([found], at=at)
    context = {"token": token, "place": own, "series": attendee.series, "problems": []}
    if request.method != "POST":
        return render(request, "public/offer.html", context)
    takes = request.POST.get("answer") == "accept"
    answer = actions.accept if takes else actions.decline
    try:
        answer(attendee=attendee, event=found.event, at=at)
    except Refusal as refusal:
        context["problems"] = [Problem(sentence=refusal.sentence)]
        return render(request, "public/offer.html", context, status=refusal.status)
    yes = _("The place is yours. The mail brings it to your calendar.")
    messages.success(request, yes if takes else _("You declined the place. It goes to the next in line."))
    return _home(request, token)


@require_POST
@personal
def restore(request: HttpRequest, token: str, event: str) -> HttpResponse:
    """Take back a place that was cancelled a moment ago."""
    at = timezone.now()
    attendee, found = _found(request, token, event, at=at)
    try:
        actions.restore(attendee=attendee, event=found.event, at=at)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The place is yours again. The mail brings it to your calendar."))
    return _home(request, token)


@require_POST
@personal
def keep(request: HttpRequest, token: str, event: str) -> HttpResponse:
    """Keep a place that the person's calendar declined."""
    at = timezone.now()
    attendee, found = _found(request, token, event, at=at)
    try:
        actions.keep_place(attendee=attendee, event=found.event, at=at)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The place stays yours. The mail brings it back to your calendar."))
    return _home(request, token)


def _found(request: HttpRequest, token: str, event: str, *, at: datetime) -> tuple[Attendee, Place]:
    attendee = queries.attendee_by_token(token, at=at)
    speak(request, attendee.language)
    found = next((p for p in queries.places_of(attendee, at=at) if p.event.slug == event), None)
    if found is None:
        raise NotFound(_("Nothing was found at this address."))
    return attendee, found


def _home(request: HttpRequest, token: str) -> HttpResponse:
    return see_other(request, reverse("personal:places", kwargs={"token": token}))
