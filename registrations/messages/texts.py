"""What is told to phones: that an event is called off so shortly before it that a mail may come too late."""

from collections.abc import Mapping, Sequence

from notifications.outbox import Draft
from registrations.messages import kinds
from registrations.messages.drafts import subject_of
from registrations.messages.facts import event_facts, reader
from registrations.models import Registration

_SAID = ("title", "day", "starts")


def called_off_texts(registrations: Sequence[Registration], *, numbers: Mapping[int, str]) -> list[Draft]:
    """Tell it to these numbers, by registration, until the event would have begun."""
    return [_text(row, number=numbers[row.pk]) for row in registrations if row.pk in numbers]


def _text(row: Registration, *, number: str) -> Draft:
    language = reader(row.attendee)
    facts = event_facts(row.event, language=language)
    return Draft(
        kind=kinds.CANCELLED_BY_ORGANISER,
        channel="sms",
        subject=subject_of(row),
        version=row.calendar_entry.revision,
        recipient=number,
        language=language,
        context={name: facts[name] for name in _SAID} | {"event_cancelled": True},
        audience=f"event:{row.event_id}",
        scope=f"series:{row.event.series_id}",
        not_after=row.event.starts_at,
    )
