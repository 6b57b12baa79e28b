"""Giving a place to a colleague: a form, a page that says what will happen, and the button.

What is said afterwards is the same whoever the colleague is: nobody learns here which addresses are known.
"""

from collections.abc import Sequence

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from backend.core.errors import NotFound, Refusal
from backend.core.i18n import LANGUAGE_CHOICES, as_language
from registrations import actions, limits, queries, rules
from registrations.models import Attendee
from registrations.rules import Person
from web.public.colleagues import ColleagueForm
from web.public.forms import Problem
from web.public.links import personal, see_other, speak
from web.public.places import OwnPlace, own_places

STEP, LOOK, SAVE = "step", "look", "save"  # the buttons; any other goes back to the form


@require_http_methods(["GET", "HEAD", "POST"])
@personal
def give(request: HttpRequest, token: str, event: str) -> HttpResponse:
    """Ask who the colleague is, show once more what will happen, and do it."""
    at = timezone.now()
    attendee = queries.attendee_by_token(token, at=at)
    speak(request, attendee.language)
    found = next((p for p in queries.places_of(attendee, at=at) if p.event.slug == event), None)
    if found is None:
        raise NotFound(_("Nothing was found at this address."))
    [own] = own_places([found], at=at)
    if not own.giveable:  # given already, or no longer possible: the own page says how things stand
        return see_other(request, reverse("personal:places", kwargs={"token": token}))
    if request.method != "POST":
        return _show(request, attendee, own, ColleagueForm(initial={"language": attendee.language}))
    form, step = ColleagueForm(request.POST), request.POST.get(STEP)
    if step not in {LOOK, SAVE}:
        return _show(request, attendee, own, ColleagueForm(initial=form.typed()))
    try:
        to = rules.clean_receiver(_receiver(form), giver_email=attendee.email)
        if step == LOOK:
            return _show(request, attendee, own, form, to=to)
        limits.spend(limits.REGISTER, request=request, email=to.email)
        actions.give_place(attendee=attendee, event=found.event, to=to, at=at)
    except Refusal as refusal:
        problems = form.refuse(refusal)
        return _show(request, attendee, own, form, problems=problems, status=refusal.status)
    messages.success(request, _("You gave your place to a colleague. Both of you get a mail."))
    return see_other(request, reverse("personal:places", kwargs={"token": token}))


def _receiver(form: ColleagueForm) -> Person:
    typed = form.typed()
    return Person(name=typed["name"], email=typed["email"], language=typed["language"])


def _show(
    request: HttpRequest,
    attendee: Attendee,
    own: OwnPlace,
    form: forms.Form,
    *,
    to: Person | None = None,
    problems: Sequence[Problem] = (),
    status: int = 200,
) -> HttpResponse:
    """Show the form; with a receiver, show what will happen."""
    context = {
        "series": attendee.series,
        "token": attendee.token,
        "place": own,
        "form": form,
        "problems": problems,
        "to": to,
        "spoken": dict(LANGUAGE_CHOICES)[as_language(to.language)] if to else "",
    }
    return render(request, "public/give_sure.html" if to else "public/give.html", context, status=status)
