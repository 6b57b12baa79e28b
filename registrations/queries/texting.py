"""Who is told by text message that an event is called off, and at which number."""

from collections.abc import Collection, Sequence
from datetime import datetime

from django.db.models import F, Q

from events.models import Event
from notifications import sms
from registrations import rules
from registrations.models import Answer, Question, Registration


def numbers_of(attendee_ids: Collection[int], *, event: Event) -> dict[int, str]:
    """Give the numbers these people gave; one given for this event counts before one for the whole series."""
    asked = Question.objects.filter(
        Q(event=event) | Q(event=None), series=event.series_id, kind=Question.Kind.PHONE, retired_at=None
    )
    answers = Answer.objects.filter(attendee__in=list(attendee_ids), question__in=asked)
    ordered = answers.order_by(F("question__event").asc(nulls_last=True), "question__position", "question")
    found: dict[int, str] = {}
    for attendee, number in ordered.values_list("attendee", "value"):
        found.setdefault(attendee, number)
    return found


def texted(registrations: Sequence[Registration], *, at: datetime) -> dict[int, str]:
    """Give, by registration, the numbers that hear it if their event is called off now.

    Only who has a place would come for nothing; the caller asks before the places end.
    """
    seated = [row for row in registrations if row.state in Registration.COMES]
    if not seated or not sms.is_on() or not rules.is_short_before(seated[0].event.starts_at, at=at):
        return {}
    numbers = numbers_of({row.attendee_id for row in seated}, event=seated[0].event)
    given = [(row.pk, numbers[row.attendee_id]) for row in seated if row.attendee_id in numbers]
    return rules.once_for_each_number(given)
