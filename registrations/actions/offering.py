"""A place out of the line that is offered: taken, declined, given more time; and one's own taken back."""

from datetime import datetime

from django.db import transaction

from accounts import audit
from accounts.models import User
from backend.core.i18n import _
from events.models import Event
from notifications import outbox
from registrations import invitations, messages, outward, rules
from registrations.actions.cancelling import end, welcome, withdraw
from registrations.actions.people import hold
from registrations.actions.placing import insert, lock_quotas, seat, whole
from registrations.models import Attendee, InvitationCode, Registration
from registrations.queries.attendees import newest_by_event

State = Registration.State
By = Registration.CancelledBy


@transaction.atomic
def accept(*, attendee: Attendee, event: Event, at: datetime) -> Registration:
    """Take the offered place; the mail brings the invitation. Taking what one has changes nothing."""
    row = _own(attendee, event)
    if row is None or row.state not in {State.OFFERED, State.CONFIRMED, State.DECLINED}:
        raise _no_offer()
    if row.state == State.CONFIRMED:
        return row
    too_late = row.state == State.DECLINED
    rules.require_open_offer(at if too_late else _end_of(row), at=at)
    row.state, row.state_changed_at = State.CONFIRMED, at
    row.save(update_fields=["state", "state_changed_at"])
    outward.tell([row], at=at)
    outbox.queue_many(welcome([row], at=at), at=at)
    return row


@transaction.atomic
def decline(*, attendee: Attendee, event: Event, at: datetime) -> Registration:
    """Say no to the offered place: it goes to the next in line at once. Saying it again changes nothing."""
    row = _own(attendee, event)
    if row is None or row.state not in {State.OFFERED, State.DECLINED}:
        raise _no_offer()
    if row.state == State.DECLINED:
        return row
    quotas = lock_quotas([event.pk])
    outbox.queue_many(end([row], quotas=quotas.values(), by=By.ATTENDEE, at=at), at=at)
    return row


@transaction.atomic
def restore(*, attendee: Attendee, event: Event, at: datetime) -> Registration:
    """Take back a place that one cancelled less than ten minutes ago; the mail brings a new invitation."""
    row = _own(attendee, event)
    if row is not None and row.state == State.CONFIRMED:
        return row
    if row is None or not row.held or row.restorable_until is None or at >= row.restorable_until:
        raise rules.NotRestorable(
            _("The place can no longer be taken back. You may register again if places are left.")
        )
    quotas = lock_quotas([event.pk])
    [back] = seat(insert(attendee, events=[row.event], at=at), quotas=quotas, at=at)
    InvitationCode.objects.filter(used_by=row).update(used_by=back)
    outbox.queue_many(messages.outcomes([back], at=at), at=at)
    return back


@transaction.atomic
def extend_offer(
    *, registration: Registration, until: datetime, reason: str, at: datetime, actor: User | None
) -> Registration:
    """Give somebody more time to answer their offer; a mail tells them the new moment."""
    lock_quotas([registration.event_id])
    row = whole(Registration.objects.filter(pk=registration.pk, state=State.OFFERED)).first()
    if row is None:
        raise _no_offer()
    before = _end_of(row)
    rules.require_longer(until, now_until=before, starts_at=row.event.starts_at, at=at)
    row.offer_expires_at = until
    row.save(update_fields=["offer_expires_at"])
    withdraw([row], at=at, note="newer-facts")
    invitations.revise([row], at=at)
    outbox.queue_many(messages.offers([row], at=at), at=at)
    audit.record(
        action="offer.extended",
        subject=f"registration:{row.pk}",
        at=at,
        actor=actor,
        organisation_id=row.event.series.organisation_id,
        reason=reason,
        details={"old": before.isoformat(), "new": until.isoformat()},
    )
    return row


def _own(attendee: Attendee, event: Event) -> Registration | None:
    """Read the person's registration to an event that counts, with the person and the places held."""
    hold(attendee)
    lock_quotas([event.pk])
    rows = whole(Registration.objects.filter(attendee=attendee, event=event))
    return newest_by_event(rows).get(event.pk)


def _end_of(row: Registration) -> datetime:
    assert row.offer_expires_at is not None  # noqa: S101 - the constraint offer_has_an_end says so
    return row.offer_expires_at


def _no_offer() -> rules.NoOffer:
    return rules.NoOffer(_("There is no offer to answer here any more."))
