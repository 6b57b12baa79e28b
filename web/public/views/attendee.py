"""The attendee's own page and what can be done there; the link in the mail is the only key to it."""

from datetime import datetime

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from backend.core.errors import NotFound, Refusal
from backend.core.i18n import LANGUAGE_CHOICES, LANGUAGES
from events.queries import events_of
from registrations import actions, limits, queries
from registrations.models import Attendee, Registration
from registrations.queries import Place
from registrations.queries.timeline import own_letters
from registrations.rules import email_problem
from web.public.correspondence import letters_said
from web.public.days import Day, asked_for, days_of, picks
from web.public.forms import ChangeForm, LanguageForm, LostLinkForm, Problem
from web.public.links import personal, see_other, speak
from web.public.places import Leaving, own_places
from web.public.signs import SPOKEN

GET_AND_POST = ["GET", "HEAD", "POST"]


@require_safe
@personal
def places(request: HttpRequest, token: str) -> HttpResponse:
    """Show every place: what to do now comes first, before, during and after the morning."""
    at = timezone.now()
    attendee = _open(request, token, at=at)
    own = own_places(queries.places_of(attendee, at=at), at=at)
    asked = actions.OwnForm.read(attendee, at=at)
    context = {
        "asks": asked.shows_anything,
        "unanswered": asked.unanswered,
        "attendee": attendee,
        "series": attendee.series,
        "token": token,
        "places": own,
        "doors": [place for place in own if place.joining],
        "asked": [place for place in own if place.survey],
        "any_place": any(place.cancellable for place in own),
        "changeable": any(day.sign.choosable for day in _days(attendee, at=at))
        or any(place.cancellable for place in own),
        "feed": f"{settings.PUBLIC_URL}/feed/{attendee.feed_token}.ics",
        "written_in": SPOKEN.get(attendee.language, ""),
        "choices": LANGUAGE_CHOICES,
        "letters": letters_said(own_letters(attendee), zone=attendee.series.timezone),
        "several": sum(place.cancellable for place in own) > 1,
    }
    return render(request, "public/places.html", context)


def _days(attendee: Attendee, *, at: datetime) -> list[Day]:
    """Prepare the days of the series as this person may choose among them."""
    return days_of(events_of(attendee.series), at=at, exception=attendee.may_change_until)


def _open(request: HttpRequest, token: str, *, at: datetime) -> Attendee:
    attendee = queries.attendee_by_token(token, at=at)
    speak(request, attendee.language)
    return attendee


@require_http_methods(GET_AND_POST)
@personal
def change(request: HttpRequest, token: str) -> HttpResponse:
    """Let the person tick the mornings anew; nothing changes before the button."""
    at = timezone.now()
    attendee = _open(request, token, at=at)
    if request.method != "POST":
        active = [p.event.slug for p in queries.places_of(attendee, at=at) if _active(p)]
        wanted = asked_for(request, _days(attendee, at=at))
        filled = ChangeForm(initial={"events": [*active, *wanted]})
        return _show_change(request, attendee, token, filled, at=at)
    filled = ChangeForm(request.POST)
    try:
        actions.change(attendee=attendee, events=filled.typed()["events"], code=filled.typed()["code"], at=at)
    except Refusal as refusal:
        problems = filled.refuse(refusal)
        return _show_change(request, attendee, token, filled, at=at, problems=problems, status=refusal.status)
    messages.success(request, _("Your choices have been saved. The mail tells what changed."))
    return _home(request, token)


def _active(place: Place) -> bool:
    return place.registration.state in Registration.ACTIVE


def _show_change(
    request: HttpRequest,
    attendee: Attendee,
    token: str,
    filled: ChangeForm,
    *,
    at: datetime,
    problems: list[Problem] | None = None,
    status: int = 200,
) -> HttpResponse:
    days = _days(attendee, at=at)
    context = {
        "series": attendee.series,
        "token": token,
        "form": filled,
        "by_invitation": any(day.by_invitation for day in days),
        "picks": picks(days, ticked=set(filled["events"].value() or [])),
        "problems": problems or [],
    }
    return render(request, "public/change.html", context, status=status)


_LEFT = {
    Leaving.PLACE: gettext_lazy("Cancelled. The mail takes it out of your calendar."),
    Leaving.LINE: gettext_lazy("You are no longer on the waiting list."),
    Leaving.APPLICATION: gettext_lazy("Your application is withdrawn."),
}


@require_http_methods(GET_AND_POST)
@personal
def cancel(request: HttpRequest, token: str, event: str) -> HttpResponse:
    """Ask once, on a page of its own; the button gives the place to the next in line."""
    at = timezone.now()
    attendee = _open(request, token, at=at)
    found = next((p for p in queries.places_of(attendee, at=at) if p.event.slug == event), None)
    if found is None:
        raise NotFound(_("Nothing was found at this address."))
    if not _active(found):  # already cancelled: pressing again, or coming back, is no mistake
        return _home(request, token)
    [own] = own_places([found], at=at)
    context = {"token": token, "place": own, "series": attendee.series, "problems": []}
    if request.method != "POST":
        return render(request, "public/cancel.html", context)
    try:
        actions.cancel(registration=found.registration, by=Registration.CancelledBy.ATTENDEE, at=at)
    except Refusal as refusal:
        context["problems"] = [Problem(sentence=refusal.sentence)]
        return render(request, "public/cancel.html", context, status=refusal.status)
    messages.success(request, str(_LEFT[own.leaving]))
    return _home(request, token)


@require_http_methods(GET_AND_POST)
@personal
def cancel_all(request: HttpRequest, token: str) -> HttpResponse:
    """Ask once, then give up every place that can still be given up."""
    at = timezone.now()
    attendee = _open(request, token, at=at)
    own = [place for place in own_places(queries.places_of(attendee, at=at), at=at) if place.cancellable]
    if not own:
        return _home(request, token)
    context = {"token": token, "places": own, "series": attendee.series, "problems": []}
    if request.method != "POST":
        return render(request, "public/cancel_all.html", context)
    try:
        actions.cancel_all(attendee=attendee, at=at)
    except Refusal as refusal:
        context["problems"] = [Problem(sentence=refusal.sentence)]
        return render(request, "public/cancel_all.html", context, status=refusal.status)
    messages.success(request, _("Cancelled. The mail takes them out of your calendar."))
    return _home(request, token)


@require_POST
@personal
def language(request: HttpRequest, token: str) -> HttpResponse:
    """Change the language in which the person is written to."""
    at = timezone.now()
    attendee = _open(request, token, at=at)
    chosen = next(
        (code for code in LANGUAGES if code == LanguageForm(request.POST).typed()["language"]), None
    )
    if chosen is None:
        raise NotFound(_("Nothing was found at this address."))
    actions.set_language(attendee=attendee, language=chosen, at=at)
    translation.activate(chosen)
    messages.success(request, _("From now on we write to you in this language."))
    response = HttpResponse(status=303)
    response["Location"] = reverse("personal:places", kwargs={"token": token})
    return response


def _home(request: HttpRequest, token: str) -> HttpResponse:
    return see_other(request, reverse("personal:places", kwargs={"token": token}))


@require_http_methods(GET_AND_POST)
def my_link(request: HttpRequest) -> HttpResponse:
    """P8: the same answer for every address, so that nobody learns who has registered."""
    filled = LostLinkForm(request.POST or None)
    if request.method != "POST":
        return render(request, "public/my_link.html", {"form": filled})
    email = filled.typed()["email"]
    if problem := email_problem(email):
        problems = filled.refuse(Refusal(problem, fields={"email": [problem]}))
        return render(request, "public/my_link.html", {"form": filled, "problems": problems}, status=422)
    limits.spend(limits.ASK_LINK, request=request, email=email)
    actions.send_manage_link(email=email, at=timezone.now())
    messages.success(request, _("If this address has registered, we have sent the link to it."))
    return see_other(request, reverse("public:my_link"))
