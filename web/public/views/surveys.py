"""P9: the questions after a morning. Opening the link answers nothing; only the button does."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from backend.core.errors import Refusal
from backend.core.i18n import Text, current
from surveys.actions import respond
from surveys.models import Invitation, Question
from surveys.queries import invitation_by_token
from surveys.rules import SCALES, AlreadyAnswered, Json
from web.public.forms import Problem
from web.public.links import personal, see_other, speak

LEAD = ("title", "summary", "municipality")


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One thing to tick."""

    value: str
    label: Text | str
    ticked: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question on the page, with what has been answered so far."""

    question: Question
    options: Sequence[Option] = ()
    typed: str = ""
    lead: Mapping[str, str] = field(default_factory=dict)
    may_contact: bool = False
    wrong: Sequence[str] = ()

    @property
    def target(self) -> str:
        """The element an error leads to."""
        if self.question.kind == Question.Kind.TEXT:
            return f"id_{self.question.key}"
        return f"id_{self.question.key}_{'title' if self.question.kind == 'practice_lead' else 0}"


@require_http_methods(["GET", "HEAD", "POST"])
@personal
def survey(request: HttpRequest, token: str) -> HttpResponse:
    """Show the questions, with the number of the mail's link preselected; take in the answers."""
    at = timezone.now()
    invitation = invitation_by_token(token, at=at)
    speak(request, invitation.language)
    if request.method != "POST":
        if hasattr(invitation, "response"):
            return _thanks(request, invitation)
        return _show(request, invitation, request.GET)
    try:
        respond(invitation=invitation, answers=_answers(invitation, request.POST), language=current(), at=at)
    except AlreadyAnswered:  # pressing twice is thanked once more
        pass
    except Refusal as refusal:
        return _show(request, invitation, request.POST, refusal=refusal)
    return see_other(request, reverse("personal:survey", kwargs={"token": token}))


def _thanks(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    event = invitation.survey.event
    context = {"event": event, "told": invitation.response.practice_id is not None}
    return render(request, "public/survey_thanks.html", context)


def _answers(invitation: Invitation, posted: QueryDict) -> dict[str, Json]:
    answers: dict[str, Json] = {}
    for question in invitation.survey.questions.all():
        key = question.key
        match question.kind:
            case Question.Kind.MANY_OF:
                answers[key] = posted.getlist(key)
            case Question.Kind.PRACTICE_LEAD:
                lead = {part: posted.get(f"{key}-{part}", "") for part in LEAD}
                answers[key] = {**lead, "may_contact": f"{key}-may_contact" in posted}
            case _:
                answers[key] = posted.get(key, "")
    return answers


def _show(
    request: HttpRequest, invitation: Invitation, given: QueryDict, *, refusal: Refusal | None = None
) -> HttpResponse:
    wrong = refusal.fields if refusal else {}
    rows = [
        _asked(question, given, wrong=[str(sentence) for sentence in wrong.get(question.key, ())])
        for question in invitation.survey.questions.all()
    ]
    problems = [Problem(sentence=sentence, target=row.target) for row in rows for sentence in row.wrong]
    if refusal and not problems:
        problems = [Problem(sentence=refusal.sentence)]
    context = {"event": invitation.survey.event, "rows": rows, "problems": problems}
    return render(request, "public/survey.html", context, status=refusal.status if refusal else 200)


def _asked(question: Question, given: QueryDict, *, wrong: Sequence[str]) -> Asked:
    key, chosen = question.key, given.getlist(question.key)
    lead = {part: given.get(f"{key}-{part}", "") for part in LEAD}
    return Asked(
        question=question,
        options=[
            Option(value=value, label=label, ticked=value in chosen) for value, label in _options(question)
        ],
        typed=chosen[0] if chosen else "",
        lead=lead,
        may_contact=f"{key}-may_contact" in given,
        wrong=wrong,
    )


def _options(question: Question) -> list[tuple[str, Text | str]]:
    if question.kind in SCALES:
        low, high = SCALES[question.kind]
        return [(str(number), str(number)) for number in range(low, high + 1)]
    return [(option["key"], Text.from_dict(option)) for option in question.options]
