"""What somebody answered and agreed to, looked at and changed by the link from the mail."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.queries import municipalities_of_today
from backend.core.errors import Refusal
from registrations import actions, queries
from registrations.actions import OwnForm
from registrations.models import Attendee, ConsentText
from registrations.queries import Form
from registrations.queries.answers import said
from web.public.forms import PlainForm
from web.public.links import personal, see_other, speak
from web.public.questions import agreements, answers_in, as_typed, fields_of, sections


class AnswersForm(PlainForm):
    """The questions of a series as one person is asked them."""

    def __init__(self, *args: Any, asked: Form, **kwargs: Any) -> None:  # noqa: ANN401 - Django's own signature
        super().__init__(*args, **kwargs)
        self.fields.update(fields_of(asked))


@require_http_methods(["GET", "HEAD", "POST"])
@personal
def answers(request: HttpRequest, token: str) -> HttpResponse:
    """Show the answers in their fields until the deadline; consents can be taken back at any time."""
    at = timezone.now()
    attendee = queries.attendee_by_token(token, at=at)
    speak(request, attendee.language)
    own = OwnForm.read(attendee, at=at)
    texts = _texts(own)
    asked = Form(questions=own.form.questions, consents=tuple(texts.values()))
    if request.method != "POST":
        initial = {**as_typed(own.answers), "consents": [row.text.purpose for row in own.consents]}
        return _show(request, attendee, own, AnswersForm(initial=initial, asked=asked), token=token)
    filled = AnswersForm(request.POST, asked=asked)
    typed = filled.typed()
    try:
        actions.change_answers(
            attendee=attendee,
            answers=answers_in(typed, own.form),
            consents=typed.get("consents", []),
            at=at,
        )
    except Refusal as refusal:
        problems = filled.refuse(refusal)
        return _show(request, attendee, own, filled, token=token, problems=problems, status=refusal.status)
    messages.success(request, _("Your answers have been saved."))
    return see_other(request, reverse("personal:places", args=[token]))


def _texts(own: OwnForm) -> dict[str, ConsentText]:
    """Give each consent in the words that were agreed to, or else as it is asked for now."""
    return {text.purpose: text for text in own.form.consents} | {
        row.text.purpose: row.text for row in own.consents
    }


def _show(
    request: HttpRequest,
    attendee: Attendee,
    own: OwnForm,
    filled: forms.Form,
    *,
    token: str,
    problems: object = (),
    status: int = 200,
) -> HttpResponse:
    context = {
        "series": attendee.series,
        "token": token,
        "form": filled,
        "problems": problems,
        "sections": sections(filled, own.form),
        "agreements": agreements(filled, _texts(own)),
        "settled": [
            (one.label, said(one, own.answers[one.key])) for one in own.settled if one.key in own.answers
        ],
        "municipalities": municipalities_of_today(),
    }
    return render(request, "public/answers.html", context, status=status)
