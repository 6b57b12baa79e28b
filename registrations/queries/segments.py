"""Everybody of a series as a segment sees them, read in a few questions however many they are."""

from collections.abc import Iterator

from django.db.models import Q

from events.models import EventSeries
from notifications.kinds import topic_of
from notifications.suppression import opted_out, suppressed
from registrations.models import Answer, Attendee, Question, Registration
from registrations.rules import Value
from registrations.rules.segments import KIND, Candidate, Segment, Stand, Verdict, judge


def verdicts(series: EventSeries, segment: Segment) -> list[Verdict]:
    """Say of everybody in the series, by name, whether they are written to, and otherwise why not."""
    return [judge(segment, person) for person in _candidates(series, segment)]


def chosen(series: EventSeries, segment: Segment) -> dict[int, Verdict]:
    """Give those who are written to, by person."""
    return {one.attendee: one for one in verdicts(series, segment) if not one.reason}


def _candidates(series: EventSeries, segment: Segment) -> Iterator[Candidate]:
    people = Attendee.objects.filter(series=series).order_by("name", "pk")
    rows = list(people.values_list("pk", "email", "language", "municipality", "organisation"))
    addresses = {email for _pk, email, *_rest in rows}
    blocked = suppressed(addresses)
    unwilling = opted_out(addresses, scope=f"series:{series.pk}", topic=topic_of(KIND))
    stands, answers = _stands(series), _answers(series, segment.question)
    for pk, email, language, municipality, organisation in rows:
        yield Candidate(
            attendee=pk,
            language=language,
            municipality=municipality or "",
            organisation=organisation,
            answer=answers.get(pk),
            stands=stands.get(pk, ()),
            blocked=email in blocked,
            opted_out=email in unwilling,
        )


def _stands(series: EventSeries) -> dict[int, list[Stand]]:
    """Read the registrations of the series by person, those that stand before those that have ended."""
    rows = Registration.objects.filter(event__series=series).order_by("event__starts_at", "-pk")
    fields = ("attendee", "pk", "event__slug", "state", "attended", "survey_answered_at")
    found: dict[int, list[Stand]] = {}
    for attendee, pk, event, state, attended, answered_at in rows.values_list(*fields):
        stand = Stand(
            registration=pk,
            event=event,
            state=state,
            attended=attended,
            answered_survey=answered_at is not None,
        )
        found.setdefault(attendee, []).append(stand)
    return found


def _answers(series: EventSeries, key: str) -> dict[int, Value]:
    """Read the answers to one ordinary question; of sealed ones nobody is chosen by."""
    if not key:
        return {}
    rows = Answer.objects.filter(question__series=series, question__key=key).order_by()
    return dict(rows.values_list("attendee", "value"))


def choosable_questions(series: EventSeries, *, standing: str = "") -> dict[str, tuple[Question, list[str]]]:
    """List the questions by whose answers people can be chosen, with the keys of their answers.

    One that is not asked any more is there only for what chose by it before: ``standing`` is its key.
    """
    kinds = (*Question.WITH_OPTIONS, Question.Kind.YES_NO)
    rows = Question.objects.filter(series=series, special="", kind__in=kinds).prefetch_related("options")
    rows = rows.filter(Q(retired_at=None) | Q(key=standing))
    return {one.key: (one, _keys(one)) for one in rows.order_by("position", "pk")}


def _keys(question: Question) -> list[str]:
    if question.kind == Question.Kind.YES_NO:
        return ["yes", "no"]
    return [option.key for option in question.options.all()]
