"""Another email address: asked for on one's own page, confirmed on a page that only its reader can open."""

from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from backend.core.dates import moment
from backend.core.errors import Refusal
from backend.core.i18n import current
from registrations import actions, limits, queries
from registrations.models import Attendee
from web.public.forms import NewAddressForm, Problem
from web.public.links import personal, see_other, speak

_GET_AND_POST = ["GET", "HEAD", "POST"]


@require_http_methods(_GET_AND_POST)
@personal
def address(request: HttpRequest, token: str) -> HttpResponse:
    """Ask for the new address; the answer is the same, whoever may have it already."""
    at = timezone.now()
    attendee = queries.attendee_by_token(token, at=at)
    speak(request, attendee.language)
    if request.method != "POST":
        return _show(request, attendee, token, NewAddressForm(), at=at)
    filled = NewAddressForm(request.POST)
    typed = filled.typed()["email"]
    limits.spend(limits.NEW_ADDRESS, request=request, email=typed)
    limits.spend(limits.NEW_ADDRESS, request=request, email=f"of {attendee.pk}")
    try:
        actions.ask_new_address(attendee=attendee, email=typed, at=at)
    except Refusal as refusal:
        problems = filled.refuse(refusal)
        return _show(request, attendee, token, filled, at=at, problems=problems, status=refusal.status)
    messages.success(request, _("We sent a message to the new address. Open the link in it."))
    return see_other(request, reverse("personal:address", args=[token]))


def _show(
    request: HttpRequest,
    attendee: Attendee,
    token: str,
    filled: NewAddressForm,
    *,
    at: datetime,
    problems: list[Problem] | None = None,
    status: int = 200,
) -> HttpResponse:
    asked = queries.waiting_address(attendee, at=at)
    zone = attendee.series.timezone
    context = {
        "attendee": attendee,
        "series": attendee.series,
        "token": token,
        "form": filled,
        "problems": problems or [],
        "asked": asked,
        "until": moment(asked.expires_at, language=current(), zone=zone) if asked else "",
    }
    return render(request, "public/address.html", context, status=status)


@require_http_methods(_GET_AND_POST)
@personal
def new_address(request: HttpRequest, token: str) -> HttpResponse:
    """Wait for the button that makes the address count; opening the page changes nothing."""
    at = timezone.now()
    change = queries.new_address_by_token(token, at=at)
    speak(request, change.attendee.language)
    context = {"change": change, "series": change.attendee.series, "token": token, "problems": []}
    if request.method != "POST" or change.confirmed_at is not None:
        return render(request, "public/new_address.html", context)
    try:
        actions.confirm_new_address(change=change, at=at)
    except Refusal as refusal:
        context["problems"] = [Problem(sentence=refusal.sentence)]
        return render(request, "public/new_address.html", context, status=refusal.status)
    return see_other(request, reverse("personal:new_address", args=[token]))
