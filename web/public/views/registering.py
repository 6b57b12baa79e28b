"""P4 and P5: one form for any of the mornings, and the receipt that says the same to everybody."""

import secrets
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.queries import municipalities_of_today
from backend.core.errors import Refusal
from backend.core.i18n import current
from events.models import EventSeries
from events.queries import events_of, series_by_slug
from registrations import limits, queries
from registrations.actions import register
from registrations.rules import KeyReused, Person
from web.public.cards import when
from web.public.days import Day, asked_for, days_of, picks
from web.public.forms import Problem, RegistrationForm
from web.public.links import personal
from web.public.signs import receipt_sign, result_sign

SWITCH = "switch-language"  # the name of the header's buttons on this page


@require_http_methods(["GET", "HEAD", "POST"])
def form(request: HttpRequest, series: str) -> HttpResponse:
    """Show the form; take it in; or show it again in another language with everything that was typed."""
    found = series_by_slug(series)
    rows = events_of(found)
    days = days_of(rows, at=timezone.now())
    choosable = [day.event.slug for day in days if day.sign.choosable]
    if request.method != "POST":
        filled = RegistrationForm(choosable=choosable, initial=_begin(request, days))
        return _show(request, found, days, filled)
    if SWITCH in request.POST:
        typed = {
            name: request.POST.get(name, "") for name in ("name", "email", "organisation", "wish", "key")
        }
        kept = RegistrationForm(
            choosable=choosable, initial={**typed, "events": request.POST.getlist("events")}
        )
        return _show(request, found, days, kept)
    return _take(request, found, days, RegistrationForm(request.POST, choosable=choosable))


def _begin(request: HttpRequest, days: Sequence[Day]) -> dict[str, Any]:
    """Tick the mornings named in the address: by their slug or by the day of the month."""
    return {"events": asked_for(request, days), "key": secrets.token_urlsafe(18)}


def _take(
    request: HttpRequest, series: EventSeries, days: Sequence[Day], filled: RegistrationForm
) -> HttpResponse:
    typed = filled.typed()
    person = Person(
        name=typed["name"],
        email=typed["email"],
        municipality=typed["organisation"],
        wish=typed["wish"],
        language=current(),
    )
    try:
        limits.spend(limits.REGISTER, request=request, email=person.email)
        submission = register(
            series=series,
            person=person,
            events=typed["events"],
            idempotency_key=typed["key"] or secrets.token_urlsafe(18),
            at=timezone.now(),
        )
    except KeyReused:
        return _show_again(request, series, days, filled)
    except Refusal as refusal:
        problems = filled.refuse(refusal)
        return _show(request, series, days, filled, problems=problems, status=refusal.status)
    response = HttpResponse(status=303)
    response["Location"] = reverse("public:receipt", kwargs={"receipt": submission.receipt})
    return response


def _show_again(
    request: HttpRequest, series: EventSeries, days: Sequence[Day], filled: RegistrationForm
) -> HttpResponse:
    """Somebody came back to a sent form and changed it: keep what was typed, and let them send it anew."""
    data = request.POST.copy()
    data["key"] = secrets.token_urlsafe(18)
    fresh = RegistrationForm(data, choosable=[day.event.slug for day in days if day.sign.choosable])
    sentence = _(
        "You have already sent this form once. Check it, and press the button again to send the new one."
    )
    return _show(request, series, days, fresh, problems=[Problem(sentence=sentence)], status=422)


def _show(
    request: HttpRequest,
    series: EventSeries,
    days: Sequence[Day],
    filled: RegistrationForm,
    *,
    problems: Sequence[Problem] = (),
    status: int = 200,
) -> HttpResponse:
    ticked = set(filled["events"].value() or [])
    context = {
        "series": series,
        "picks": picks(days, ticked=ticked),
        "form": filled,
        "ticked": ticked,
        "open": any(day.sign.choosable for day in days),
        "when": when([day.event for day in days], zone=series.timezone),
        "problems": problems,
        "municipalities": municipalities_of_today(),
        "switch": SWITCH,
    }
    response = render(request, "public/register.html", context, status=status)
    response["Cache-Control"] = "no-store, private"
    return response


@require_safe
@personal
def receipt(request: HttpRequest, receipt: str) -> HttpResponse:
    """Say what this submission got, and how far its mail has come; the same for new and known addresses."""
    seen = queries.receipt(receipt)
    context = {
        "series": seen.series,
        "results": [(event, result_sign(state)) for event, state in seen.results],
        "mail": receipt_sign(seen),
        "receipt": receipt,
        "mailbox": not settings.PRODUCTION,
    }
    return render(request, "public/receipt.html", context)


@require_safe
@personal
def mail(request: HttpRequest, receipt: str) -> HttpResponse:
    """Give only the line that tells how far the mail has come."""
    seen = queries.receipt(receipt)
    return render(request, "components/mail.html", {"mail": receipt_sign(seen)})
