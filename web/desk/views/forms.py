"""The form of a series at the desk: its questions and consents, and how the public sees them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import audit
from accounts.policies import may_see_protected
from backend.core.errors import Refusal
from backend.core.i18n import LANGUAGE_CHOICES, LANGUAGES
from events.models import EventSeries
from events.queries import events_of
from registrations import queries
from registrations.actions import forms as actions
from registrations.models import Attendee, ConsentText, Question, Registration
from registrations.queries import Form
from registrations.queries.answers import said
from registrations.queries.questions import columns_of
from registrations.rules import OptionDraft, Value
from web.desk import overview
from web.desk.access import all_series, desk_page, person, the_attendee, the_event, the_series
from web.desk.change import Change, Preview, carry_out
from web.desk.forms.base import DeskForm
from web.desk.forms.questions import ConsentForm, CopyForm, QuestionForm
from web.desk.page import done, show
from web.public.questions import agreements, sections
from web.public.views.answers import AnswersForm

GET_AND_POST = ["GET", "HEAD", "POST"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One question in the editor."""

    question: Question
    answers: str  # those it hangs on
    missing: str
    first: bool
    last: bool


@require_safe
@desk_page
def form(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what the series asks, question by question."""
    series = the_series(request, pk)
    asked = queries.form_of(series)
    consents = [(text, overview.named(overview.languages_missing(text.text))) for text in asked.consents]
    return show(
        request, "desk/form.html", series=series, here="form", lines=list(_lines(asked)), consents=consents
    )


def _lines(asked: Form) -> Iterator[Line]:
    scopes = [question.event_id for question in asked.questions]
    for place, one in enumerate(asked.questions):
        texts = [one.label, one.help, *(option.label for option in one.options.all())]
        yield Line(
            question=one,
            answers=_hanging(one, asked),
            missing=overview.named(overview.languages_missing(*texts)),
            first=one.event_id not in scopes[:place],
            last=one.event_id not in scopes[place + 1 :],
        )


def _hanging(one: Question, asked: Form) -> str:
    """Say on which answers a question hangs."""
    deciding = asked.by_key.get(one.condition.key) if one.condition else None
    if deciding is None:
        return ""
    words = {option.key: str(option.label) for option in deciding.options.all()}
    words |= {"yes": _("yes"), "no": _("no")}
    return f"{deciding.label}: {', '.join(words.get(key, key) for key in one.condition_values)}"


@require_safe
@desk_page
def preview(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the questions as the public sees them, in the three languages."""
    series = the_series(request, pk)
    asked = queries.form_of(series)
    seen = []
    for language, name in LANGUAGE_CHOICES:
        with translation.override(language):
            filled = AnswersForm(asked=asked, auto_id=f"{language}_%s")
            context = {
                "form": filled,
                "sections": sections(filled, asked),
                "agreements": agreements(filled, {text.purpose: text for text in asked.consents}),
            }
            html = render_to_string("components/questions.html", context)
        seen.append((language, name, html))
    return show(request, "desk/form_preview.html", series=series, here="form", seen=seen)


@require_http_methods(GET_AND_POST)
@desk_page
def add(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask something more."""
    series = the_series(request, pk, to_change=True)
    events = {event.slug: event for event in events_of(series, drafts=True)}
    asked = queries.form_of(series)

    def save(typed: QuestionForm) -> str:
        actions.add_question(
            series=series,
            draft=typed.draft(),
            event=events.get(typed.cleaned_data.get("event", "")),
            at=timezone.now(),
            actor=person(request),
        )
        return _("The question is added.")

    typed = QuestionForm(request.POST or None, earlier=asked.questions, events=events.values())
    return _change(request, series, title=_("Add a question"), typed=typed, save=save)


@require_http_methods(GET_AND_POST)
@desk_page
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Word a question anew."""
    question = _question(request, pk)
    asked = list(queries.form_of(question.series_id).questions)
    place = [one.pk for one in asked].index(question.pk)
    known = [OptionDraft(label=one.label, key=one.key) for one in asked[place].options.all()]

    def save(typed: QuestionForm) -> str:
        draft = typed.draft(known)
        actions.edit_question(question=question, draft=draft, at=timezone.now(), actor=person(request))
        return _("The question is saved.")

    earlier = [one for one in asked[:place] if one.event_id in (None, question.event_id)]
    typed = QuestionForm(request.POST or None, initial=_initial(question, known), earlier=earlier)
    return _change(request, question.series, title=_("Edit the question"), typed=typed, save=save)


def _initial(question: Question, options: list[OptionDraft]) -> dict[str, object]:
    lines = {
        f"options_{language}": "\n".join(getattr(one.label, language) for one in options)
        for language in LANGUAGES
    }
    key = question.condition.key if question.condition else ""
    return {
        **question.label.columns("label"),
        **question.help.columns("help"),
        **lines,
        "kind": question.kind,
        "required": question.required,
        "special": question.special,
        "condition": [f"{key}:{value}" for value in question.condition_values],
    }


def _change[F: DeskForm](
    request: HttpRequest,
    series: EventSeries,
    *,
    title: str,
    typed: F,
    save: Callable[[F], str],
    intro: str = "",
    preview: Callable[[F], Preview] | None = None,
) -> HttpResponse:
    """Carry out a change of the form; nobody gets a mail of it."""
    address = reverse("desk:form", args=[series.pk])
    change = Change(
        title=title,
        form=typed,
        save=save,
        intro=intro,
        preview=preview,
        then=address,
        back=address,
        series=series,
        here="form",
    )
    return carry_out(request, change)


@require_POST
@desk_page
def reorder(request: HttpRequest, pk: int) -> HttpResponse:
    """Move a question one step up or down."""
    question = _question(request, pk)
    by = -1 if request.POST.get("step") == "up" else 1
    address = reverse("desk:form", args=[question.series_id])
    try:
        actions.move_question(question=question, by=by, at=timezone.now(), actor=person(request))
    except Refusal as no:
        return done(request, str(no), to=address)
    return done(request, _("The order is saved."), to=f"{address}#question-{question.pk}")


@require_http_methods(GET_AND_POST)
@desk_page
def retire(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask it no more; says first what becomes of the answers."""
    question = _question(request, pk)

    def save(_form: DeskForm) -> str:
        actions.retire_question(question=question, at=timezone.now(), actor=person(request))
        return _("The question is not asked any more.")

    effects = [
        _("The question leaves the form at once."),
        _("What has been answered stays with the people; a question nobody answered is deleted."),
    ]
    return _change(
        request,
        question.series,
        title=_("Take the question away"),
        typed=DeskForm(request.POST or None),
        save=save,
        intro=str(question.label),
        preview=lambda _form: Preview(effects=effects, button=_("Take away"), danger=True),
    )


@require_http_methods(GET_AND_POST)
@desk_page
def copy(request: HttpRequest, pk: int) -> HttpResponse:
    """Take over the form of another series."""
    series = the_series(request, pk, to_change=True)
    others = {str(one.pk): one for one in all_series(request).exclude(pk=series.pk).order_by("-pk")[:200]}

    def save(typed: CopyForm) -> str:
        source = others[typed.cleaned_data["source"]]
        count = actions.copy_form(source=source, series=series, at=timezone.now(), actor=person(request))
        sentence = ngettext("%(count)d thing was copied.", "%(count)d things were copied.", count)
        return sentence % {"count": count}

    typed = CopyForm(request.POST or None, among=others.values())
    intro = _(
        "Questions and consents that this series does not have yet are added. "
        "Questions of single events stay."
    )
    return _change(
        request, series, title=_("Copy the form of another series"), typed=typed, save=save, intro=intro
    )


@require_http_methods(GET_AND_POST)
@desk_page
def consent_add(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for one more consent."""
    series = the_series(request, pk, to_change=True)
    return _consent(request, series, purpose="", title=_("Add a consent"), initial={})


@require_http_methods(GET_AND_POST)
@desk_page
def consent(request: HttpRequest, pk: int) -> HttpResponse:
    """Word a consent anew: a new version, and the old one stays with those who agreed to it."""
    text = _text(request, pk)
    return _consent(
        request,
        text.series,
        purpose=text.purpose,
        title=_("Word the consent anew"),
        initial=text.text.columns("text"),
    )


def _consent(
    request: HttpRequest, series: EventSeries, *, purpose: str, title: str, initial: dict[str, str]
) -> HttpResponse:
    def save(typed: ConsentForm) -> str:
        text = typed.text("text")
        actions.set_consent(
            series=series, text=text, purpose=purpose, at=timezone.now(), actor=person(request)
        )
        return _("The consent is saved.")

    intro = _(
        "A consent is never ticked beforehand and never required. "
        "Those who agreed keep the words they agreed to."
    )
    typed = ConsentForm(request.POST or None, initial=initial)
    return _change(request, series, title=title, typed=typed, save=save, intro=intro)


@require_http_methods(GET_AND_POST)
@desk_page
def consent_retire(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for it no more."""
    text = _text(request, pk)

    def save(_form: DeskForm) -> str:
        actions.retire_consent(text=text, at=timezone.now(), actor=person(request))
        return _("The consent is not asked for any more.")

    effects = [_("What people agreed to stands until they take it back.")]
    return _change(
        request,
        text.series,
        title=_("Ask for the consent no more"),
        typed=DeskForm(request.POST or None),
        save=save,
        intro=str(text.text),
        preview=lambda _form: Preview(effects=effects, button=_("Take away"), danger=True),
    )


@require_safe
@desk_page
def catering(request: HttpRequest, pk: int) -> HttpResponse:
    """Count diet and accessibility for those who order the food: numbers, never who."""
    event = the_event(request, pk)
    offered = Registration.objects.filter(event=event, state=Registration.State.OFFERED).count()
    counted = queries.catering(event)
    return show(request, "desk/catering.html", event=event, here="catering", counted=counted, offered=offered)


@require_POST
@desk_page
def protected(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what somebody told of diet and accessibility; each reading stands in the audit trail."""
    attendee = the_attendee(request, pk)
    organisation_id = attendee.series.organisation_id
    if not may_see_protected(person(request), organisation_id=organisation_id):
        raise PermissionDenied
    audit.record(
        action="protected.read",
        subject=f"attendee:{attendee.pk}",
        at=timezone.now(),
        actor=person(request),
        organisation_id=organisation_id,
    )
    answers = queries.protected_answers_of([attendee.pk])[attendee.pk]
    response = show(
        request,
        "desk/protected.html",
        series=attendee.series,
        here="registrations",
        attendee=attendee,
        answers=worded(attendee.series, answers),
    )
    response["Cache-Control"] = "no-store, private"
    return response


def worded(series: EventSeries, answers: dict[str, Value]) -> list[tuple[object, list[object]]]:
    """Put answers into words, in the order of the form; of questions asked no more too."""
    if not answers:
        return []
    return [(one.label, [*said(one, answers[one.key])]) for one in columns_of(series) if one.key in answers]


def told_by(attendee: Attendee) -> dict[str, object]:
    """Give what the page of a person shows of their form; sealed answers only as being there."""
    return {
        "answers": worded(attendee.series, queries.answers_of([attendee.pk])[attendee.pk]),
        "agreed": queries.consents_of([attendee.pk])[attendee.pk],
        "sealed": attendee.protected_answers.exists(),
    }


def _question(request: HttpRequest, pk: int) -> Question:
    found = Question.objects.filter(pk=pk, retired_at__isnull=True, series__in=all_series(request))
    question = found.select_related("series__organisation", "event", "condition").first()
    if question is None:
        raise Http404
    the_series(request, question.series_id, to_change=True)
    return question


def _text(request: HttpRequest, pk: int) -> ConsentText:
    found = ConsentText.objects.filter(pk=pk, retired_at__isnull=True, series__in=all_series(request))
    text = found.select_related("series__organisation").first()
    if text is None:
        raise Http404
    the_series(request, text.series_id, to_change=True)
    return text
