"""A person's address: changed by themselves once the new one has answered, or corrected by an organiser.

Whoever reads the new address gets everything anew: invitations with the same entry, and a new link. The old
links open nothing any more, since the old mailbox may be read by somebody else.
"""

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from accounts import audit
from accounts.models import User
from backend.core.links import new_seed
from backend.core.text import email_key
from notifications import outbox, suppression
from notifications.outbox import Draft
from registrations import invitations, messages, rules
from registrations.actions.automatic import look_again
from registrations.actions.cancelling import withdraw
from registrations.actions.people import hold
from registrations.actions.placing import lock_quotas, whole
from registrations.models import Attendee, EmailChange, Registration
from registrations.queries.timeline import subjects_of

_KEPT = timedelta(days=7)  # an address that was asked for, after its link has run out


@transaction.atomic
def ask_new_address(*, attendee: Attendee, email: str, at: datetime) -> EmailChange:
    """Mail a link to the new address; an earlier one stops working. Nothing changes before it is pressed.

    An address that somebody else in the series has gets another mail, which only its owner reads: whoever
    asked is told the same either way.
    """
    address = rules.clean_address(email, now=attendee.email)
    hold(attendee)
    _end_earlier(attendee, at=at)
    change = EmailChange(
        attendee=attendee, email=address, asked_at=at, expires_at=at + rules.NEW_ADDRESS_LIVES
    ).with_link()
    change.save()
    owner = _owner(attendee, address)
    draft = messages.address_in_use(owner, change=change) if owner else messages.new_address(change)
    outbox.queue(draft, at=at)
    return change


def _end_earlier(attendee: Attendee, *, at: datetime) -> None:
    """Let no earlier link change anything, sent or not."""
    attendee.email_changes.filter(confirmed_at__isnull=True, expires_at__gt=at).update(expires_at=at)
    outbox.withdraw(
        subjects=[f"attendee:{attendee.pk}"], kinds={messages.NEW_ADDRESS}, at=at, note="newer-facts"
    )


def _owner(attendee: Attendee, address: str) -> Attendee | None:
    """Find who else in the series has this address."""
    others = Attendee.objects.filter(series=attendee.series_id, email_key=email_key(address))
    return others.exclude(pk=attendee.pk).select_related("series").first()


@transaction.atomic
def confirm_new_address(*, change: EmailChange, at: datetime) -> Attendee:
    """Write to the new address from now on, because its reader pressed the button; twice changes nothing.

    The invitations and a new link come to it, and the old address is told.
    """
    hold(change.attendee)
    change.refresh_from_db()
    attendee = change.attendee
    if change.confirmed_at is not None:
        return attendee
    if at >= change.expires_at:
        raise rules.new_address_over()
    drafts = move_to(attendee, address=change.email, by_organiser=False, at=at)
    change.confirmed_at = at
    change.save(update_fields=["confirmed_at"])
    outbox.queue_many(drafts, at=at)
    return attendee


@transaction.atomic
def correct_address(
    *, attendee: Attendee, email: str, reason: str, at: datetime, actor: User | None
) -> Attendee:
    """Write to another address from now on, because an organiser says so: the mails went astray.

    Everything is sent anew to it, the old links die, and the old address is told unless it does not work.
    An address that another person of the series has is refused: those two can be joined.
    """
    hold(attendee)
    attendee.refresh_from_db()
    address = require_own_address(attendee=attendee, email=email)
    _end_earlier(attendee, at=at)
    outbox.queue_many(move_to(attendee, address=address, by_organiser=True, at=at), at=at)
    audit.record(
        action="attendee.address",
        subject=f"attendee:{attendee.pk}",
        at=at,
        actor=actor,
        organisation_id=attendee.series.organisation_id,
        reason=reason,
    )
    return attendee


def require_own_address(*, attendee: Attendee, email: str) -> str:
    """Give the address as it will be written; one that another person of the series has is refused."""
    address = rules.clean_address(email, now=attendee.email)
    if owner := _owner(attendee, address):
        row = owner.registrations.order_by("-pk").values_list("pk", flat=True).first()
        raise rules.address_of_another(owner.pk, registration=row)
    return address


def move_to(attendee: Attendee, *, address: str, by_organiser: bool, at: datetime) -> list[Draft]:
    """Make this the person's address and say what is to be told; the caller holds the person.

    What has not left for the old address yet is taken back and written anew, with the new link.
    """
    old = attendee.email
    _write(attendee, address)  # before the quotas: a newcomer with this address waits for those as well
    own = Registration.objects.filter(attendee=attendee, state__in=Registration.ACTIVE)
    lock_quotas(own.values_list("event", flat=True))
    rows = list(whole(own.order_by("event__starts_at", "event")))
    withdraw(rows, at=at, note="another-address")
    look_again(rows)
    outbox.withdraw(
        subjects=[f"attendee:{attendee.pk}"], kinds={messages.MANAGE_LINK}, at=at, note="another-address"
    )
    coming = [row for row in rows if row.state in Registration.COMES]
    invitations.revise(coming, at=at, method=invitations.REQUEST)
    invitations.revise([row for row in rows if row not in coming], at=at)
    _settle(attendee, old=old, at=at)
    return [
        *_to_the_old(attendee, old=old, by_organiser=by_organiser),
        *messages.anew(attendee, rows, at=at),
    ]


def _settle(attendee: Attendee, *, old: str, at: datetime) -> None:
    """Let what the old address never got need no look any more: how things stand is told to the new one."""
    outbox.settle(subjects=subjects_of(attendee), recipient=old, at=at, note="another-address")


def _to_the_old(attendee: Attendee, *, old: str, by_organiser: bool) -> list[Draft]:
    """Tell the old address of the change, unless it does not work: a mail to it would only fail again."""
    if suppression.suppressed([old]):
        return []
    return [messages.address_changed(attendee, old=old, by_organiser=by_organiser)]


def _write(attendee: Attendee, address: str) -> None:
    """Keep the address and a new seed for every link; the constraint says whose an address is."""
    attendee.email, attendee.email_key = address, email_key(address)
    attendee.link_seed = new_seed()
    attendee.with_link()
    try:
        with transaction.atomic():
            attendee.save(
                update_fields=["email", "email_key", "link_seed", "link_hash", "feed_hash", "ticket_hash"]
            )
    except IntegrityError:
        raise rules.address_taken(contact=attendee.series.contact_email) from None


def forget_asked_addresses(*, at: datetime) -> int:
    """Forget the addresses that were asked for, a week after their links have run out."""
    return EmailChange.objects.filter(expires_at__lte=at - _KEPT).delete()[0]
