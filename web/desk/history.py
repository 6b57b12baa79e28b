"""The audit trail of one series as people read it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import CharField, QuerySet, Value
from django.db.models.functions import Cast, Concat

from accounts.models import AuditEvent
from events.models import EventSeries
from registrations.models import Attendee, Registration
from web.desk.words import action_said, actor_said


@dataclass(frozen=True, slots=True)
class Entry:
    """One line: when, who, what, to which thing, why."""

    row: AuditEvent
    what: str
    who: str
    about: str


def subjects_of(series: EventSeries) -> list["list[str] | QuerySet[Any, str]"]:
    """Name everything whose history belongs to this series; the long lists stay in the database."""
    events = {event.pk: event for event in series.events.all()}
    return [
        [f"series:{series.pk}", *(f"event:{pk}" for pk in events)],
        _named("registration", Registration.objects.filter(event__series=series)),
        _named("attendee", Attendee.objects.filter(series=series)),
    ]


def _named(kind: str, rows: QuerySet[Any]) -> QuerySet[Any, str]:
    name = Concat(Value(f"{kind}:"), Cast("pk", CharField()))
    named: QuerySet[Any, str] = rows.order_by().annotate(subject_name=name).values("subject_name")
    return named


def told(rows: Iterable[AuditEvent], series: EventSeries) -> list[Entry]:
    """Write the lines in words."""
    titles = {f"event:{event.pk}": str(event.title) for event in series.events.all()}
    return [Entry(row, action_said(row.action), actor_said(row), titles.get(row.subject, "")) for row in rows]
