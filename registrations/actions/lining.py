"""How the waiting line of an event goes: its order, how it is called, and one person's later deadline."""

from datetime import datetime, timedelta

from django.db import transaction

from accounts import audit
from accounts.models import User
from backend.core.i18n import _
from events.models import Event
from notifications import outbox
from registrations import rules
from registrations.actions.cancelling import welcome
from registrations.actions.people import hold
from registrations.actions.placing import fill, lock_quotas
from registrations.models import Attendee, Quota, Registration

EXCEPTION_LIMIT = timedelta(days=366)


@transaction.atomic
def move_in_line(
    *, registration: Registration, position: int, reason: str, at: datetime, actor: User | None
) -> list[Registration]:
    """Move somebody to this position in their line (1 is the next); gives the line in its new order.

    The waiting numbers that are there change hands, so the others keep their order among themselves.
    """
    if not reason.strip():
        missing = _("Say why the order changes. The reason stays in the history.")
        raise rules.Invalid(missing, fields={"reason": [missing]})
    lock_quotas([registration.event_id])
    waiting = Registration.objects.filter(event=registration.event_id, state=Registration.State.WAITING)
    line = list(waiting.order_by("waiting_number", "pk"))
    before = next((index for index, row in enumerate(line) if row.pk == registration.pk), None)
    if before is None:
        raise rules.NotInLine(_("Only somebody on the waiting list can be moved there."))
    if not 1 <= position <= len(line):
        sentence = str(_("Choose a position between 1 and %(last)d.") % {"last": len(line)})
        raise rules.Invalid(sentence, fields={"position": [sentence]})
    numbers = [row.waiting_number for row in line]
    line.insert(position - 1, line.pop(before))
    for row, number in zip(line, numbers, strict=True):
        row.waiting_number = number
    Registration.objects.bulk_update(line, ["waiting_number"])
    audit.record(
        action="waiting.moved",
        subject=f"registration:{registration.pk}",
        at=at,
        actor=actor,
        organisation_id=registration.event.series.organisation_id,
        reason=reason,
        details={"old": before + 1, "new": position},
    )
    return line


@transaction.atomic
def set_line_terms(
    *,
    event: Event,
    promotion: str,
    offer_hours: int,
    offer_in_working_hours: bool,
    offer_cutoff_hours: int,
    at: datetime,
    actor: User | None,
) -> Quota:
    """Say how those who wait are called: given a place, or offered one and for how long.

    Offers that are out keep their end. Places that are free are given or offered by the new terms at once.
    """
    rules.require_offer_terms(hours=offer_hours, cutoff_hours=offer_cutoff_hours)
    quotas = lock_quotas([event.pk])
    if event.pk not in quotas:
        raise rules.Invalid(_("Give the event places first."))
    quota = quotas[event.pk]
    terms = {
        "promotion": promotion,
        "offer_hours": offer_hours,
        "offer_in_working_hours": offer_in_working_hours,
        "offer_cutoff_hours": offer_cutoff_hours,
    }
    old = {name: getattr(quota, name) for name in terms}
    Quota.objects.filter(pk=quota.pk).update(**terms)
    outbox.queue_many(welcome(fill([quota], at=at), at=at), at=at)
    audit.record(
        action="waiting.terms",
        subject=f"event:{event.pk}",
        at=at,
        actor=actor,
        organisation_id=event.series.organisation_id,
        details={"old": old, "new": terms},
    )
    quota.refresh_from_db()
    return quota


@transaction.atomic
def allow_changes(
    *, attendee: Attendee, until: datetime | None, reason: str, at: datetime, actor: User | None
) -> Attendee:
    """Let one person cancel, change and add events until this moment; None ends the exception."""
    if until is not None and not at < until <= at + EXCEPTION_LIMIT:
        sentence = _("Choose a moment that lies ahead, within a year.")
        raise rules.Invalid(sentence, fields={"until": [sentence]})
    hold(attendee)
    before = attendee.may_change_until
    attendee.may_change_until = until
    attendee.save(update_fields=["may_change_until"])
    audit.record(
        action="attendee.may_change",
        subject=f"attendee:{attendee.pk}",
        at=at,
        actor=actor,
        organisation_id=attendee.series.organisation_id,
        reason=reason,
        details={
            "old": before.isoformat() if before else None,
            "new": until.isoformat() if until else None,
        },
    )
    return attendee
