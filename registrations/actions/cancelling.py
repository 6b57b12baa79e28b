"""Giving a place up: the next in line gets it in the same breath, and everybody is told."""

from collections.abc import Collection, Sequence
from datetime import datetime

from django.db import transaction

from accounts import audit
from accounts.models import User
from backend.core.i18n import as_language
from notifications import outbox
from notifications.outbox import Draft
from registrations import invitations, messages, rules
from registrations.actions.people import hold
from registrations.actions.placing import give_up, lock_quotas, promote, whole
from registrations.models import Attendee, Quota, Registration

By = Registration.CancelledBy


@transaction.atomic
def cancel(
    *,
    registration: Registration,
    by: Registration.CancelledBy,
    at: datetime,
    actor: User | None = None,
    reason: str = "",
) -> Registration:
    """Give up one place, or a place in line; cancelling what is cancelled already changes nothing.

    Attendees may do this until the deadline of the event, organisers always; an organiser's ``reason`` is
    kept in the audit trail.
    """
    quotas = lock_quotas([registration.event_id])
    rows = list(whole(Registration.objects.filter(pk=registration.pk, state__in=Registration.ACTIVE)))
    if by == By.ATTENDEE:
        for row in rows:
            require_changeable(row, quotas[row.event_id], at=at)
    outbox.queue_many(end(rows, quotas=quotas.values(), by=by, at=at), at=at)
    if rows and by == By.ORGANISER:
        series = rows[0].event.series
        audit.record(
            action="registration.cancelled",
            subject=f"registration:{registration.pk}",
            at=at,
            actor=actor,
            organisation_id=series.organisation_id,
            reason=reason,
        )
    registration.refresh_from_db()
    return registration


@transaction.atomic
def cancel_all(*, attendee: Attendee, at: datetime) -> list[Registration]:
    """Give up every place that can still be given up; refused when the deadlines of all have passed."""
    hold(attendee)
    own = Registration.objects.filter(attendee=attendee, state__in=Registration.ACTIVE)
    quotas = lock_quotas(own.values_list("event", flat=True))
    rows = list(whole(own.filter(event__ends_at__gt=at)))
    free = [row for row in rows if at < quotas[row.event_id].closes_at]
    if rows and not free:
        require_changeable(rows[0], quotas[rows[0].event_id], at=at)
    outbox.queue_many(end(free, quotas=quotas.values(), by=By.ATTENDEE, at=at), at=at)
    return free


def require_changeable(registration: Registration, quota: Quota, *, at: datetime) -> None:
    """Refuse after the deadline of the event, in the words of the person's own language."""
    event = registration.event
    rules.require_changeable(
        quota.closes_at,
        title=event.title.in_language(as_language(registration.attendee.language)),
        contact=event.series.contact_email,
        at=at,
    )


def end(
    registrations: Sequence[Registration],
    *,
    quotas: Collection[Quota],
    by: Registration.CancelledBy,
    at: datetime,
) -> list[Draft]:
    """Free these places, let the next ones in, and say what is to be told; the caller holds the quotas."""
    had_place = {row.pk for row in give_up(registrations, by=by, at=at)}
    drafts = _farewells(registrations, had_place=had_place, by=by, at=at)
    events = {row.event_id for row in registrations if row.pk in had_place}
    return drafts + welcome(promote((q for q in quotas if q.event_id in events), at=at), at=at)


def _farewells(
    registrations: Sequence[Registration],
    *,
    had_place: Collection[int],
    by: Registration.CancelledBy,
    at: datetime,
) -> list[Draft]:
    """Take back what has not left, and tell those whose event lies ahead."""
    unsent = withdraw(registrations, at=at, note="cancelled")
    seated = [row for row in registrations if row.pk in had_place]
    invitations.revise(seated, at=at, method=invitations.CANCEL, raised=True)
    invitations.revise([row for row in registrations if row.pk not in had_place], at=at)
    return messages.cancellations(
        [row for row in registrations if at < row.event.ends_at],
        kind=messages.CANCELLED_BY_ATTENDEE if by == By.ATTENDEE else messages.CANCELLED_BY_ORGANISER,
        had_place=had_place,
        never_invited={row.pk for row in registrations if unsent.get(row.pk, "") in messages.INVITES},
        at=at,
    )


def welcome(promoted: Sequence[Registration], *, at: datetime) -> list[Draft]:
    """Say to those who got a place out of the line that they have it."""
    withdraw(promoted, at=at, note="promoted")
    invitations.revise(promoted, at=at, method=invitations.REQUEST)
    return messages.promotions(promoted, at=at) if promoted else []


def withdraw(registrations: Collection[Registration], *, at: datetime, note: str) -> dict[int, str]:
    """Take back what nobody has begun to send; names the first news among it, by registration."""
    if not registrations:
        return {}
    subjects = {messages.subject_of(row): row.pk for row in registrations}
    gone = outbox.withdraw(subjects=subjects, kinds=messages.OVERTAKEN, at=at, note=note)
    return {subjects[subject]: kind for subject, kind in gone if kind in messages.FIRST_NEWS}
