"""Answering what a series asks, and agreeing to something: with the registration, and later by the link."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from django.db import transaction

from backend.core.errors import Sentence
from backend.core.i18n import _
from backend.core.seals import seal
from events.models import EventSeries
from registrations import queries, rules
from registrations.actions.people import hold
from registrations.models import (
    Answer,
    Attendee,
    Consent,
    ConsentText,
    ProtectedAnswer,
    Question,
    Registration,
)
from registrations.queries import Form
from registrations.queries.answers import SEAL
from registrations.rules import Value


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What somebody answered and agreed to, checked against what is asked now."""

    answers: Mapping[Question, Value]
    consents: Sequence[ConsentText]

    @classmethod
    def read(
        cls, form: Form, *, events: Sequence[str], answers: Mapping[str, Any], consents: Sequence[str]
    ) -> Self:
        """Check answers and consents, or refuse with a sentence beside each."""
        problems: dict[str, Sequence[Sentence]] = {}
        kept: dict[str, Value] = {}
        try:
            kept = rules.clean_answers(form.asked, events=events, given=answers)
        except rules.Invalid as no:
            problems |= no.fields
        texts = {text.purpose: text for text in form.consents}
        problems |= rules.consents_problem(consents, purposes=texts)
        if problems:
            raise rules.Invalid(_("Some of the information needs correcting."), fields=problems)
        questions = form.by_key
        return cls(
            answers={questions[key]: value for key, value in kept.items()},
            consents=[text for purpose, text in texts.items() if purpose in consents],
        )


def also_wrong(
    refusal: rules.Invalid,
    series: EventSeries,
    *,
    events: Sequence[str],
    answers: Mapping[str, Any],
    consents: Sequence[str],
) -> rules.Invalid:
    """Add what is wrong with the answers to what is wrong with the person: everything is told at once."""
    try:
        Told.read(queries.form_of(series), events=events, answers=answers, consents=consents)
    except rules.Invalid as no:
        return rules.Invalid(refusal.sentence, fields={**refusal.fields, **no.fields})
    return refusal


def keep(attendee: Attendee, told: Told, *, again: bool, at: datetime) -> None:
    """Keep what somebody told with their registration; what they told an earlier time is replaced."""
    agreed = list(told.consents)
    if again:
        Answer.objects.filter(attendee=attendee).delete()
        ProtectedAnswer.objects.filter(attendee=attendee).delete()
        standing = Consent.objects.filter(attendee=attendee, withdrawn_at__isnull=True)
        standing.exclude(text__in=agreed).update(withdrawn_at=at)
        given = set(standing.values_list("text", flat=True))
        agreed = [text for text in agreed if text.pk not in given]
    _write(attendee, told.answers)
    _agree(attendee, agreed, at=at)


def _agree(attendee: Attendee, texts: Sequence[ConsentText], *, at: datetime) -> None:
    Consent.objects.bulk_create(Consent(attendee=attendee, text=text, given_at=at) for text in texts)


def _write(attendee: Attendee, answers: Mapping[Question, Value]) -> None:
    Answer.objects.bulk_create(
        Answer(attendee=attendee, question=question, value=value)
        for question, value in answers.items()
        if not question.special
    )
    ProtectedAnswer.objects.bulk_create(
        ProtectedAnswer(attendee=attendee, question=question, sealed=seal(json.dumps(value), purpose=SEAL))
        for question, value in answers.items()
        if question.special
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnForm:
    """What a person may still answer, what stands, and what is settled because its deadline has passed."""

    form: Form  # what may be changed now
    settled: tuple[Question, ...]
    answers: Mapping[str, Value]
    events: tuple[str, ...]  # the slugs of the events the person has chosen
    consents: tuple[Consent, ...]

    @classmethod
    def read(cls, attendee: Attendee, *, at: datetime) -> Self:
        """Gather it: the questions of the series and of the chosen events, each until its deadline."""
        rows = attendee.registrations.filter(state__in=Registration.ACTIVE).select_related("event__quota")
        chosen = [row.event for row in rows]
        until = attendee.may_change_until
        still = until is not None and at < until
        open_events = {one.pk for one in chosen if still or at < one.quota.closes_at}
        whole = queries.form_of(attendee.series_id).about({one.pk for one in chosen})
        free = tuple(
            one
            for one in whole.questions
            if (one.event_id in open_events if one.event_id else bool(open_events))
        )
        return cls(
            form=Form(questions=free, consents=whole.consents),
            settled=tuple(one for one in whole.questions if one not in free),
            answers=queries.own_answers(attendee.pk),
            events=tuple(one.slug for one in chosen),
            consents=tuple(queries.consents_of([attendee.pk])[attendee.pk]),
        )

    @property
    def shows_anything(self) -> bool:
        """Tell whether there is anything to answer, to read or to take back."""
        return bool(self.form.questions or self.form.consents or self.settled or self.consents)

    @property
    def unanswered(self) -> bool:
        """Tell whether something that must be answered has not been: an event was added later."""
        return rules.leaves_open(self.form.asked, events=self.events, answers=self.answers)


@transaction.atomic
def change_answers(
    *, attendee: Attendee, answers: Mapping[str, Any], consents: Sequence[str] | None = None, at: datetime
) -> None:
    """Make these the person's answers, each until its deadline.

    ``consents`` names the purposes that stand from now on; None leaves them as they are.
    """
    hold(attendee)
    own = OwnForm.read(attendee, at=at)
    settled = {one.key for one in own.settled}
    _require_unsettled(own, answers)
    told = Told.read(
        own.form,
        events=own.events,
        answers={key: value for key, value in answers.items() if key not in settled},
        consents=(),
    )
    Answer.objects.filter(attendee=attendee, question__in=own.form.questions).delete()
    ProtectedAnswer.objects.filter(attendee=attendee, question__in=own.form.questions).delete()
    _write(attendee, told.answers)
    if consents is not None:
        _change_consents(attendee, consents, at=at)


@transaction.atomic
def change_consents(*, attendee: Attendee, consents: Sequence[str], at: datetime) -> None:
    """Let these purposes stand and take the others back: possible at any time, whatever the deadlines."""
    hold(attendee)
    _change_consents(attendee, consents, at=at)


def _change_consents(attendee: Attendee, purposes: Sequence[str], *, at: datetime) -> None:
    """What stands stays with the text that was agreed to; only something new is agreed to as it reads now."""
    standing = {row.text.purpose: row for row in queries.consents_of([attendee.pk])[attendee.pk]}
    current = {text.purpose: text for text in queries.form_of(attendee.series_id).consents}
    if problems := rules.consents_problem(purposes, purposes=standing.keys() | current.keys()):
        raise rules.Invalid(_("Some of the information needs correcting."), fields=problems)
    gone = [row.pk for purpose, row in standing.items() if purpose not in purposes]
    Consent.objects.filter(pk__in=gone).update(withdrawn_at=at)
    fresh = [text for purpose, text in current.items() if purpose in purposes and purpose not in standing]
    _agree(attendee, fresh, at=at)


def _require_unsettled(own: OwnForm, given: Mapping[str, Any]) -> None:
    """Refuse another answer to a question whose deadline has passed; the same one again is no change."""
    described = {one.key: queries.described(one) for one in own.settled if one.key in given}
    changed = [key for key, one in described.items() if not _same(one, given[key], own.answers)]
    if changed:
        sentence = _("This answer can no longer be changed here.")
        raise rules.AlreadyClosed(sentence, fields={rules.answer_field(key): [sentence] for key in changed})


def _same(one: rules.Asked, value: Any, answers: Mapping[str, Value]) -> bool:  # noqa: ANN401 - as sent
    try:
        return rules.clean_answer(one, value) == answers.get(one.key)
    except rules.Wrong:
        return False
