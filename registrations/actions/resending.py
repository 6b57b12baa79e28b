"""The entry once more, for calendars that hold an older one: same name, same version, a new stamp."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from accounts import audit
from accounts.models import User
from backend.core.i18n import _
from events.models import Event
from notifications import outbox
from registrations import invitations, messages, rules
from registrations.actions.placing import lock_quotas, whole
from registrations.models import Registration
from registrations.queries.versions import behind


@transaction.atomic
def resend_entry(*, registration: Registration, at: datetime, actor: User | None) -> Registration:
    """Send one person their entry as it stands now, or its cancellation if that is how it stands."""
    lock_quotas([registration.event_id])
    row = whole(Registration.objects.all()).get(pk=registration.pk)
    if not row.calendar_entry.last_method:
        raise rules.NothingToTake(_("This person's calendar has not been told of the event."))
    if at >= row.event.ends_at:
        raise rules.NothingToTake(_("The event is over."))
    _resend([row], at=at)
    _record(f"registration:{row.pk}", row.event, number=1, at=at, actor=actor)
    return row


@transaction.atomic
def resend_entries(*, event: Event, at: datetime, actor: User | None) -> int:
    """Send the entry to all whose calendar holds an older version; tells how many they are."""
    lock_quotas([event.pk])
    rows = list(whole(behind(event))) if at < event.ends_at else []
    _resend(rows, at=at)
    if rows:
        _record(f"event:{event.pk}", event, number=len(rows), at=at, actor=actor)
    return len(rows)


def _resend(rows: Sequence[Registration], *, at: datetime) -> None:
    if not rows:
        return
    subjects = [messages.subject_of(row) for row in rows]
    outbox.withdraw(subjects=subjects, kinds={messages.CALENDAR_AGAIN}, at=at, note="newer-facts")
    invitations.revise(rows, at=at)
    outbox.queue_many(messages.calendar_again(rows, at=at), at=at)


def _record(subject: str, event: Event, *, number: int, at: datetime, actor: User | None) -> None:
    audit.record(
        action="calendar.resent",
        subject=subject,
        at=at,
        actor=actor,
        organisation_id=event.series.organisation_id,
        details={"number": number},
    )
