"""What people answered. Sealed answers are opened here only; whoever asks for them has the right."""

import json
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from backend.core.i18n import Text, _
from backend.core.seals import BrokenSeal, unseal
from events.models import Event
from registrations.models import Answer, Consent, Option, ProtectedAnswer, Question, Registration
from registrations.queries.questions import forms_of_series
from registrations.rules import Value, leaves_open

SEAL = "protected-answer"


def answers_of(attendee_ids: Collection[int]) -> dict[int, dict[str, Value]]:
    """Give the ordinary answers of these people, by the key of the question."""
    found: dict[int, dict[str, Value]] = {pk: {} for pk in attendee_ids}
    rows = Answer.objects.filter(attendee__in=list(attendee_ids)).order_by()
    for attendee, key, value in rows.values_list("attendee", "question__key", "value"):
        found[attendee][key] = value
    return found


def protected_answers_of(attendee_ids: Collection[int]) -> dict[int, dict[str, Value]]:
    """Give the answers about diet and accessibility; the caller has asked for the right and audits it.

    What can no longer be opened is left out: the secret it was sealed with is gone.
    """
    found: dict[int, dict[str, Value]] = {pk: {} for pk in attendee_ids}
    rows = ProtectedAnswer.objects.filter(attendee__in=list(attendee_ids)).order_by()
    for attendee, key, sealed in rows.values_list("attendee", "question__key", "sealed"):
        found[attendee] |= opened({key: sealed})
    return found


def opened(sealed: dict[str, str]) -> dict[str, Value]:
    """Open sealed answers by key, leaving out those whose secret is gone."""
    found: dict[str, Value] = {}
    for key, closed in sealed.items():
        try:
            found[key] = json.loads(unseal(closed, purpose=SEAL))
        except BrokenSeal:
            continue
    return found


def own_answers(attendee_id: int) -> dict[str, Value]:
    """Give everything a person answered, for their own eyes."""
    return answers_of([attendee_id])[attendee_id] | protected_answers_of([attendee_id])[attendee_id]


def still_to_answer(registrations: Collection[Registration]) -> set[int]:
    """Find those among these people who have yet to answer something that must be answered.

    Of sealed answers only the keys are read. The registrations come with their events.
    """
    forms = forms_of_series({row.event.series_id for row in registrations})
    if not any(one.required for form in forms.values() for one in form.questions):
        return set()
    people = {row.attendee_id: row.event.series_id for row in registrations}
    chosen: dict[int, set[str]] = {pk: set() for pk in people}
    for row in registrations:
        chosen[row.attendee_id].add(row.event.slug)
    answers = answers_of(people)
    sealed = ProtectedAnswer.objects.filter(attendee__in=list(people)).order_by()
    for attendee, key in sealed.values_list("attendee", "question__key"):
        answers[attendee][key] = ""
    return {
        pk
        for pk, series in people.items()
        if leaves_open(forms[series].asked, events=chosen[pk], answers=answers[pk])
    }


def consents_of(attendee_ids: Collection[int]) -> dict[int, list[Consent]]:
    """List the consents that stand, with their texts."""
    found: dict[int, list[Consent]] = {pk: [] for pk in attendee_ids}
    rows = Consent.objects.filter(attendee__in=list(attendee_ids), withdrawn_at__isnull=True)
    for row in rows.select_related("text").order_by("text__position", "pk"):
        found[row.attendee_id].append(row)
    return found


def said(question: Question, value: Value) -> list[Text | str]:
    """Put an answer into words for a reader: labels of options, yes or no, or as it was typed.

    ``question.options`` must be all of them, the retired ones too.
    """
    if isinstance(value, bool):
        return [str(_("yes")) if value else str(_("no"))]
    if question.kind in Question.WITH_OPTIONS:
        labels = {option.key: option.label for option in question.options.all()}
        keys = value if isinstance(value, list) else [str(value)]
        return [labels.get(key, key) for key in keys]
    return [str(value)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """How many of those who come answered what; only numbers, never who."""

    question: Question
    answered: int
    rows: tuple[tuple[Text | str, int], ...]  # texts are not told: they could name somebody


def catering(event: Event) -> list[Counted]:
    """Count the answers about diet and accessibility of those who come to the event.

    An offered place is not counted: who takes it counts from that moment on.
    """
    asked = Question.objects.filter(series=event.series_id).exclude(special="")
    questions = [one for one in asked.prefetch_related("options") if one.event_id in (None, event.pk)]
    coming = Registration.objects.filter(event=event, state__in=Registration.COMES)
    rows = ProtectedAnswer.objects.filter(
        question__in=questions, attendee__in=coming.order_by().values("attendee")
    )
    told: dict[int, list[Value]] = {one.pk: [] for one in questions}
    for question_id, sealed in rows.order_by().values_list("question", "sealed").iterator():
        told[question_id] += opened({"": sealed}).values()
    return [_counted(one, told[one.pk]) for one in questions]


def _counted(question: Question, values: list[Value]) -> Counted:
    tally = Counter(word for value in values for word in _words(question, value))
    return Counted(question=question, answered=len(values), rows=tuple(_rows(question, tally)))


def _words(question: Question, value: Value) -> Iterable[str]:
    if isinstance(value, bool):
        return ["yes" if value else "no"]
    if question.kind in Question.WITH_OPTIONS:
        return value if isinstance(value, list) else [str(value)]
    return []


def _rows(question: Question, tally: Counter[str]) -> Iterable[tuple[Text | str, int]]:
    if question.kind == Question.Kind.YES_NO:
        return [(str(_("yes")), tally["yes"]), (str(_("no")), tally["no"])]
    options: Iterable[Option] = question.options.all()
    return [(one.label, tally[one.key]) for one in options if tally[one.key] or not one.retired_at]
