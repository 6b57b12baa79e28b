"""What a series asks of those who register: its questions, their options, its consents."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Exists, F, OuterRef, Prefetch, Q, QuerySet

from backend.core.i18n import Text
from events.models import EventSeries
from registrations.models import Answer, ConsentText, MessageRule, Option, ProtectedAnswer, Question
from registrations.rules import Asked

# those of the whole series first, then event by event
IN_ORDER = (F("event__starts_at").asc(nulls_first=True), "event_id", "position", "pk")


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """The questions and consents of a series as they are asked now, in the order in which they stand."""

    questions: tuple[Question, ...]
    consents: tuple[ConsentText, ...]

    @property
    def asked(self) -> tuple[Asked, ...]:
        """Describe the questions as the rules need them."""
        return tuple(described(question) for question in self.questions)

    @property
    def by_key(self) -> Mapping[str, Question]:
        """Find a question by its key."""
        return {question.key: question for question in self.questions}

    def about(self, events: Collection[int]) -> "Form":
        """Leave out the questions of other events."""
        kept = (one for one in self.questions if one.event_id is None or one.event_id in events)
        return Form(questions=tuple(kept), consents=self.consents)

    def texts(self) -> list[Text]:
        """List everything people read of it; an empty help text is none."""
        asked = [text for one in self.questions for text in (one.label, one.help)]
        options = [option.label for one in self.questions for option in one.options.all()]
        return [*asked, *options, *(consent.text for consent in self.consents)]


def form_of(series: EventSeries | int) -> Form:
    """Read what the series asks now: three questions to the database, however long the form is."""
    pk = series if isinstance(series, int) else series.pk
    return Form(
        questions=tuple(live_questions([pk])),
        consents=tuple(ConsentText.objects.filter(series=pk, retired_at__isnull=True)),
    )


def forms_of_series(series_ids: Collection[int]) -> dict[int, Form]:
    """Read the forms of several series at once."""
    questions: dict[int, list[Question]] = {pk: [] for pk in series_ids}
    consents: dict[int, list[ConsentText]] = {pk: [] for pk in series_ids}
    for question in live_questions(series_ids):
        questions[question.series_id].append(question)
    for text in ConsentText.objects.filter(series__in=series_ids, retired_at__isnull=True):
        consents[text.series_id].append(text)
    return {pk: Form(questions=tuple(questions[pk]), consents=tuple(consents[pk])) for pk in questions}


def live_questions(series_ids: Collection[int]) -> QuerySet[Question]:
    """List the questions asked now, those of the whole series first, then event by event."""
    found = Question.objects.filter(series__in=list(series_ids), retired_at__isnull=True)
    return whole(found).order_by(*IN_ORDER)


def whole(questions: QuerySet[Question]) -> QuerySet[Question]:
    """Read questions with their event, their condition and the options that may be chosen."""
    options = Option.objects.filter(retired_at__isnull=True)
    return questions.select_related("event", "condition").prefetch_related(
        Prefetch("options", queryset=options)
    )


def described(question: Question) -> Asked:
    """Describe a question read by ``whole`` as the rules need it."""
    return Asked(
        key=question.key,
        kind=question.kind,
        required=question.required,
        options=tuple(option.key for option in question.options.all()),
        event=question.event.slug if question.event else None,
        special=bool(question.special),
        depends_on=question.condition.key if question.condition else "",
        shown_for=tuple(question.condition_values),
    )


def used(questions: QuerySet[Question]) -> QuerySet[Question]:
    """Keep the questions that somebody has answered, or that a rule asks for."""
    own = {"question": OuterRef("pk")}
    return questions.filter(
        Q(Exists(Answer.objects.filter(**own)))
        | Q(Exists(ProtectedAnswer.objects.filter(**own)))
        | Q(Exists(MessageRule.objects.filter(**own)))
    )


def columns_of(series: EventSeries | int) -> Sequence[Question]:
    """List every question of a series that may have answers, the retired ones too."""
    pk = series if isinstance(series, int) else series.pk
    found = Question.objects.filter(series=pk).select_related("event").prefetch_related("options")
    return list(found.order_by(*IN_ORDER))
