"""Everything asked about surveys: whose link this is, what came back, which events wait to be asked about."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Exists, OuterRef, QuerySet

from accounts.models import ApiToken
from accounts.policies import ORGANISES, Person
from backend.core.errors import Gone, NotFound
from backend.core.i18n import _
from backend.core.links import digest
from events.models import Event
from events.queries import events_for
from registrations.models import Attendee, Registration
from registrations.queries.timeline import Moment, Step
from surveys import rules
from surveys.models import Answer, Invitation, Question, Response, Survey


def invitation_by_token(token: str, *, at: datetime) -> Invitation:
    """Find whose link this is, with the questions; ``invitation.answered`` tells whether it has been used."""
    invitation = (
        Invitation.objects.filter(link_hash=digest(token))
        .select_related("survey__event__series", "registration__attendee", "response")
        .prefetch_related("survey__questions")
        .first()
    )
    if invitation is None:
        raise NotFound(_("This link does not lead anywhere. Check that you copied all of it."))
    if at >= invitation.survey.closes_at:
        raise Gone(_("This survey has closed. Thank you for your interest."))
    return invitation


def subjects_after(registrations: Iterable[Registration]) -> dict[int, list[str]]:
    """Name what each of these people was told of after the event: their survey, and their practice."""
    rows = Invitation.objects.filter(registration__in=[row.pk for row in registrations])
    found = rows.values_list("registration", "pk", "response__practice")
    return {
        registration: [f"invitation:{pk}", *([f"practice:{practice}"] if practice else [])]
        for registration, pk, practice in found
    }


def answered(attendee: Attendee) -> list[Moment]:
    """Tell when the person answered a survey; what they answered is nobody's here."""
    rows = Response.objects.filter(invitation__registration__attendee=attendee)
    return [
        Moment(at=row.submitted_at, step=Step.ANSWERED, event=row.invitation.registration.event)
        for row in rows.select_related("invitation__registration__event__series")
    ]


def due(*, at: datetime) -> QuerySet[Event]:
    """List the events to ask about now: over for a while, not too long ago, with people, not asked yet."""
    came = Registration.objects.filter(event=OuterRef("pk"), state=Registration.State.CONFIRMED).exclude(
        attended=False
    )
    return (
        Event.objects.filter(state=Event.State.PUBLISHED, quota__isnull=False, survey__isnull=True)
        .filter(ends_at__gt=at - rules.TOO_LATE_TO_ASK, ends_at__lte=at - rules.AFTER_THE_END)
        .filter(Exists(came))
        .select_related("series")
    )


def surveys_for(person: Person, *, token: ApiToken | None = None) -> QuerySet[Survey]:
    """List the surveys of the person's own events, the newest first, counted."""
    return (
        Survey.objects.filter(event__in=events_for(person, roles=ORGANISES, token=token))
        .select_related("event__series")
        .annotate(
            invited=Count("invitations", distinct=True),
            answered=Count("invitations__response", distinct=True),
        )
        .order_by("-opens_at", "-pk")
    )


def event_to_ask_about(person: Person, slug: str, *, token: ApiToken | None = None) -> Event:
    """Find one of the person's own events by its address."""
    event = events_for(person, roles=ORGANISES, token=token).filter(slug=slug).first()
    if event is None:
        raise NotFound(_("There is no such event."))
    return event


# --- What came back ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """How many chose one option or one point of a scale."""

    key: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionResult:
    """What was answered to one question: counts for choices, the texts for words, leads for practices."""

    question: Question
    answered: int
    tallies: tuple[Tally, ...] = ()
    mean: float | None = None
    recommend: int | None = None  # promoters (9-10) minus detractors (0-6), in per cent
    texts: tuple[str, ...] = ()
    leads: tuple[dict[str, object], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Results:
    """What came back from one event."""

    survey: Survey
    invited: int
    answered: int
    questions: tuple[QuestionResult, ...]


def results(event: Event) -> Results | None:
    """Sum up what was answered about an event; None when nobody has been asked."""
    survey = Survey.objects.filter(event=event).first()
    if survey is None:
        return None
    survey.event = event
    values: dict[int, list[object]] = {}
    answers = Answer.objects.filter(response__invitation__survey=survey).order_by("pk")
    for question_id, value in answers.values_list("question", "value"):
        values.setdefault(question_id, []).append(value)
    return Results(
        survey=survey,
        invited=survey.invitations.count(),
        answered=Response.objects.filter(invitation__survey=survey).count(),
        questions=tuple(
            _summed(question, values.get(question.pk, [])) for question in survey.questions.all()
        ),
    )


def _summed(question: Question, values: list[object]) -> QuestionResult:
    match question.kind:
        case Question.Kind.SCALE_5 | Question.Kind.SCALE_10:
            return _scale(question, [value for value in values if isinstance(value, int)])
        case Question.Kind.ONE_OF | Question.Kind.MANY_OF:
            chosen = [one for value in values for one in (value if isinstance(value, list) else [value])]
            tallies = _tallies((option["key"] for option in question.options), chosen)
            return QuestionResult(question=question, answered=len(values), tallies=tallies)
        case Question.Kind.PRACTICE_LEAD:
            leads = tuple(value for value in values if isinstance(value, dict))
            return QuestionResult(question=question, answered=len(values), leads=leads)
        case _:
            texts = tuple(str(value) for value in values)
            return QuestionResult(question=question, answered=len(values), texts=texts)


def _scale(question: Question, points: list[int]) -> QuestionResult:
    low, high = rules.SCALES[question.kind]
    recommend = None
    if points and question.kind == Question.Kind.SCALE_10:
        recommend = rules.recommendation(points)
    return QuestionResult(
        question=question,
        answered=len(points),
        tallies=_tallies(map(str, range(low, high + 1)), map(str, points)),
        mean=round(sum(points) / len(points), 2) if points else None,
        recommend=recommend,
    )


def _tallies(keys: Iterable[str], chosen: Iterable[object]) -> tuple[Tally, ...]:
    counts = Counter(chosen)
    return tuple(Tally(key=key, count=counts[key]) for key in keys)
