"""The audit trail of one series as people read it."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import CharField, Model, QuerySet, Value
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


def subjects_of(series: EventSeries) -> list["list[str] | QuerySet[Model, str]"]:
    """Name everything whose history belongs to this series; the long lists stay in the database."""
    events = {event.pk: event for event in series.events.all()}
    return [
        [f"series:{series.pk}", *(f"event:{pk}" for pk in events)],
        _named("registration", Registration.objects.filter(event__series=series)),
        _named("attendee", Attendee.objects.filter(series=series)),
    ]


def _named(kind: str, rows: QuerySet[Model]) -> QuerySet[Model, str]:
    number = Cast("pk", CharField())
    return rows.order_by().annotate(subject_name=Concat(Value(f"{kind}:"), number)).values("subject_name")


def told(rows: Iterable[AuditEvent], series: EventSeries) -> list[Entry]:
    """Write the lines in words."""
    titles = {f"event:{event.pk}": str(event.title) for event in series.events.all()}
    return [
        Entry(row, action_said(row.action), actor_said(row), titles.get(row.subject, "")) for row in rows
    ]
