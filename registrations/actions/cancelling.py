"""Giving a place up: everybody is told, and the next in line gets it, or is offered it, once it is free."""

from collections.abc import Collection, Sequence
from datetime import datetime

from django.db import transaction

from accounts import audit
from accounts.models import User
from backend.core.i18n import as_language
from notifications import outbox
from notifications.outbox import Draft
from registrations import invitations, messages, rules
from registrations.actions.automatic import take_back
from registrations.actions.people import hold
from registrations.actions.placing import fill, give_up, lock_quotas, release, whole
from registrations.models import Attendee, Quota, Registration

By = Registration.CancelledBy
_OWN_DOING = {By.ATTENDEE, By.CALENDAR}


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
    free = [row for row in rows if may_give_up(row, quotas[row.event_id], at=at)]
    if rows and not free:
        require_changeable(rows[0], quotas[rows[0].event_id], at=at)
    outbox.queue_many(end(free, quotas=quotas.values(), by=By.ATTENDEE, at=at), at=at)
    return free


def may_give_up(registration: Registration, quota: Quota, *, at: datetime) -> bool:
    """Tell whether the attendee may still give this place up, by the deadline or by an exception."""
    return at < rules.own_deadline(quota.closes_at, exception=registration.attendee.may_change_until)


def require_changeable(registration: Registration, quota: Quota, *, at: datetime) -> None:
    """Refuse after the deadline of the event, in the words of the person's own language."""
    event = registration.event
    rules.require_changeable(
        rules.own_deadline(quota.closes_at, exception=registration.attendee.may_change_until),
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
    """End these, call the next ones, and say what is to be told; the caller holds the quotas.

    What an attendee cancels stays theirs for ten minutes; the next in line is called when those are over.
    """
    had_place = {row.pk for row in give_up(registrations, by=by, at=at)}
    if by == By.EVENT:
        release(quota.event_id for quota in quotas)
    drafts = _farewells(registrations, had_place=had_place, by=by, at=at)
    events = {row.event_id for row in registrations}
    return drafts + welcome(fill((q for q in quotas if q.event_id in events), at=at), at=at)


def _farewells(
    registrations: Sequence[Registration],
    *,
    had_place: Collection[int],
    by: Registration.CancelledBy,
    at: datetime,
) -> list[Draft]:
    """Take back what has not left, and tell those whose event lies ahead."""
    unsent = withdraw(registrations, at=at, note="called-off" if by == By.EVENT else "cancelled")
    seated = [row for row in registrations if row.pk in had_place]
    invitations.revise(seated, at=at, method=invitations.CANCEL, raised=True)
    invitations.revise([row for row in registrations if row.pk not in had_place], at=at)
    declined = [row for row in registrations if row.state == Registration.State.DECLINED]
    ran_out = [row for row in declined if row.cancelled_by == By.TIME and at < row.event.ends_at]
    return messages.offers_ended(ran_out, at=at) + messages.cancellations(
        [row for row in registrations if at < row.event.ends_at and row not in declined],
        kind=messages.CANCELLED_BY_ATTENDEE if by in _OWN_DOING else messages.CANCELLED_BY_ORGANISER,
        had_place=had_place,
        never_invited={row.pk for row in registrations if unsent.get(row.pk, "") in messages.INVITES},
        at=at,
    )


def welcome(called: Sequence[Registration], *, at: datetime) -> list[Draft]:
    """Say to those who got a place out of the line that they have it, or that it is offered to them."""
    withdraw(called, at=at, note="promoted")
    promoted = [row for row in called if row.state == Registration.State.CONFIRMED]
    offered = [row for row in called if row.state == Registration.State.OFFERED]
    invitations.revise(promoted, at=at, method=invitations.REQUEST)
    invitations.revise(offered, at=at)
    drafts = messages.promotions(promoted, at=at) if promoted else []
    return drafts + (messages.offers(offered, at=at) if offered else [])


def withdraw(registrations: Collection[Registration], *, at: datetime, note: str) -> dict[int, str]:
    """Take back what nobody has begun to send; names the first news among it, by registration."""
    if not registrations:
        return {}
    take_back(registrations, at=at, note=note)
    subjects = {messages.subject_of(row): row.pk for row in registrations}
    gone = outbox.withdraw(subjects=subjects, kinds=messages.OVERTAKEN, at=at, note=note)
    return {subjects[subject]: kind for subject, kind in gone if kind in messages.FIRST_NEWS}
