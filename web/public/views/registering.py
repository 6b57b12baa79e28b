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
from registrations.queries import Form
from registrations.rules import KeyReused, OneMoment, Person, needs_correcting
from web.public import moments
from web.public.cards import when
from web.public.colleagues import ADD, Colleagues
from web.public.days import Day, asked_for, days_of, picks
from web.public.forms import Problem, RegistrationForm
from web.public.links import personal
from web.public.questions import agreements, answers_in, fields_of, kept, sections
from web.public.signs import receipt_sign, result_sign

SWITCH = "switch-language"  # the name of the header's buttons on this page


@require_http_methods(["GET", "HEAD", "POST"])
def form(request: HttpRequest, series: str) -> HttpResponse:
    """Show the form; take it in; or show it again in another language with everything that was typed."""
    found = series_by_slug(series)
    rows = events_of(found)
    days = days_of(rows, at=timezone.now())
    asked = _asked(found, days)
    group = Colleagues.of(request)
    if request.method != "POST":
        filled = RegistrationForm(**_fields(asked, days), initial=_begin(request, days))
        return _show(request, found, days, filled, asked)
    if SWITCH in request.POST or ADD in request.POST:
        typed = {
            name: request.POST.get(name, "")
            for name in ("name", "email", "organisation", "wish", "code", "key")
        }
        typed |= kept(request.POST, asked)
        again = RegistrationForm(
            **_fields(asked, days), initial={**typed, "events": request.POST.getlist("events")}
        )
        return _show(request, found, days, again, asked, group=group.kept(one_more=ADD in request.POST))
    return _take(request, found, days, asked, group)


def _asked(series: EventSeries, days: Sequence[Day]) -> Form:
    """Read the questions of the series and of the events that can be chosen."""
    return queries.form_of(series).about({day.event.pk for day in days if day.sign.choosable})


def _fields(asked: Form, days: Sequence[Day]) -> dict[str, Any]:
    """Say what the form holds beside its own fields."""
    choosable = [day.event.slug for day in days if day.sign.choosable]
    return {"choosable": choosable, "asked": fields_of(asked)}


def _begin(request: HttpRequest, days: Sequence[Day]) -> dict[str, Any]:
    """Tick the mornings named in the address: by their slug or by the day of the month."""
    return {
        "events": asked_for(request, days),
        "code": request.GET.get("koodi", ""),
        "key": secrets.token_urlsafe(18),
    }


def _take(
    request: HttpRequest,
    series: EventSeries,
    days: Sequence[Day],
    asked: Form,
    group: Colleagues,
) -> HttpResponse:
    filled = RegistrationForm(request.POST, **_fields(asked, days))
    typed = filled.typed()
    person = Person(
        name=typed["name"],
        email=typed["email"],
        municipality=typed["organisation"],
        wish=typed["wish"],
        language=current(),
    )
    try:
        for one in (person, *group.people()):
            limits.spend(limits.REGISTER, request=request, email=one.email)
        if not needs_correcting(person, events=typed["events"]):  # that is told before anybody waits
            moments.let_in(request, events=typed["events"])
        submission = register(
            series=series,
            person=person,
            colleagues=group.people(),
            events=typed["events"],
            code=typed["code"],
            idempotency_key=typed["key"] or secrets.token_urlsafe(18),
            answers=answers_in(typed, asked),
            consents=typed.get("consents", []),
            at=timezone.now(),
        )
    except KeyReused:
        return _show_again(request, series, days, asked, group)
    except OneMoment as moment:
        return moments.page(request, moment, series=series, switch=SWITCH)
    except Refusal as refusal:
        problems = group.refuse(refusal, beside=filled)
        return _show(
            request, series, days, filled, asked, group=group, problems=problems, status=refusal.status
        )
    response = HttpResponse(status=303)
    response["Location"] = reverse("public:receipt", kwargs={"receipt": submission.receipt})
    return response


def _show_again(
    request: HttpRequest, series: EventSeries, days: Sequence[Day], asked: Form, group: Colleagues
) -> HttpResponse:
    """Somebody came back to a sent form and changed it: keep what was typed, and let them send it anew."""
    data = request.POST.copy()
    data["key"] = secrets.token_urlsafe(18)
    fresh = RegistrationForm(data, **_fields(asked, days))
    sentence = _(
        "You have already sent this form once. Check it, and press the button again to send the new one."
    )
    problems = [Problem(sentence=sentence)]
    return _show(request, series, days, fresh, asked, group=group, problems=problems, status=422)


def _show(
    request: HttpRequest,
    series: EventSeries,
    days: Sequence[Day],
    filled: RegistrationForm,
    asked: Form,
    *,
    group: Colleagues | None = None,
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
        "by_invitation": any(day.by_invitation for day in days),
        "municipalities": municipalities_of_today(),
        "switch": SWITCH,
        "group": group or Colleagues(),
        "add": ADD,
        "sections": sections(filled, asked),
        "agreements": agreements(filled, {text.purpose: text for text in asked.consents}),
        "door": moments.for_the_door(at=timezone.now()),
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
        "people": [
            [(event, result_sign(state)) for event, state in rows]
            for rows in (seen.results, *seen.colleagues)
        ],
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
