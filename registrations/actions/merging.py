"""Two registrations of one person made one: the better place stays, nothing that was told is lost.

Both people are held in the order of their addresses, as a form that names several holds them, then quotas.
The row of the one who goes is removed; where their links lead is kept (``MergedAttendee``).
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from accounts import audit
from accounts.models import User
from notifications import outbox
from notifications.outbox import Draft
from registrations import invitations, messages, rules
from registrations.actions.automatic import keep_done
from registrations.actions.cancelling import welcome, withdraw
from registrations.actions.placing import fill, give_up, lock_quotas, release, whole
from registrations.models import (
    Answer,
    Attendee,
    Consent,
    MergedAttendee,
    ProtectedAnswer,
    Quota,
    Registration,
)
from registrations.queries.merging import standings
from registrations.queries.timeline import subjects_of
from registrations.rules import Joining
from registrations.signals import AttendeesMerged, attendees_merged

_BROUGHT = ("organisation", "municipality_id", "role", "wish")


@dataclass(frozen=True, slots=True, kw_only=True)
class Merged:
    """What became of two people: who is left, and how many registrations ended or came over."""

    attendee: Attendee
    ended: int
    moved: int


@transaction.atomic
def merge(*, kept: Attendee, other: Attendee, reason: str, at: datetime, actor: User | None) -> Merged:
    """Make two registrations of one person one: ``kept`` stays, with the better place in each event.

    The doubled places go to the next in line. Both addresses are told, and calendars follow.
    """
    rules.require_two(kept=kept.pk, other=other.pk, same_series=kept.series_id == other.series_id)
    kept, other = _hold_both(kept, other)
    own = Registration.objects.filter(attendee__in=[kept, other])
    quotas = lock_quotas(own.values_list("event", flat=True))
    rows = {row.pk: row for row in whole(own.select_for_update(of=("self",)).order_by("pk"))}
    plan = rules.joining(standings(rows.values(), kept=kept))
    ended = [rows[pair.goes.registration] for pair in plan.doubled]
    drafts = _end(ended, at=at)
    _release_doubled(rows.values(), kept=kept, other=other)
    _withdraw_letters(other, [rows[pk] for pk in plan.moved], at=at)
    keep_done({pair.goes.registration: pair.stays.registration for pair in plan.doubled})
    _bring_over(kept, other, at=at)
    drafts += messages.merged(kept, other=other)
    drafts += _tell_moved(kept, plan, at=at)
    drafts += welcome(fill(_in_order(quotas), at=at), at=at)
    _announce(kept, other, plan, at=at)
    outbox.queue_many(drafts, at=at)
    _record(kept, other, plan, reason=reason, at=at, actor=actor)
    _leave_only(kept, other, at=at)
    return Merged(attendee=kept, ended=len(ended), moved=len(plan.moved))


def _hold_both(kept: Attendee, other: Attendee) -> tuple[Attendee, Attendee]:
    """Hold them one after the other: the database may sort addresses otherwise than every other deed does."""
    rows = Attendee.objects.select_for_update(no_key=True, of=("self",)).select_related("series")
    brought = Attendee.objects.filter(registered_by=other).exclude(pk__in=[kept.pk, other.pk])
    held: dict[int, Attendee | None] = {}
    for one in sorted((kept, other, *brought), key=lambda one: one.email_key):  # their host changes, too
        held[one.pk] = rows.filter(pk=one.pk).first()
    first, second = held[kept.pk], held[other.pk]
    if first is None or second is None:
        raise rules.somebody_gone()
    return first, second


def _in_order(quotas: Mapping[int, Quota]) -> list[Quota]:
    return sorted(quotas.values(), key=lambda quota: quota.pk)


def _end(registrations: Sequence[Registration], *, at: datetime) -> list[Draft]:
    """End the doubled ones; calendars that know of an entry lose it, by a mail to the address that had it."""
    had_place = {row.pk for row in give_up(registrations, by=Registration.CancelledBy.ORGANISER, at=at)}
    unsent = withdraw(registrations, at=at, note="joined")
    seated = [row for row in registrations if row.pk in had_place]
    invitations.revise(seated, at=at, method=invitations.CANCEL, raised=True)
    invitations.revise([row for row in registrations if row.pk not in had_place], at=at)
    known = [row for row in seated if unsent.get(row.pk, "") not in messages.INVITES]
    return messages.places_merged([row for row in known if at < row.event.ends_at], at=at)


def _release_doubled(rows: Iterable[Registration], *, kept: Attendee, other: Attendee) -> None:
    """Free places held after a cancellation where one of the two stands, or where both are held."""
    stand = {row.event_id for row in rows if row.state in Registration.ACTIVE}
    held = {row.event_id for row in rows if row.held and row.attendee_id == kept.pk}
    own_too = [row.event_id for row in rows if row.held and row.event_id in stand]
    release(own_too, of=[kept.pk, other.pk])
    release(held, of=[other.pk])


def _withdraw_letters(other: Attendee, moved: Collection[Registration], *, at: datetime) -> None:
    withdraw(moved, at=at, note="joined")
    links = {messages.MANAGE_LINK, messages.NEW_ADDRESS}
    outbox.withdraw(subjects=[f"attendee:{other.pk}"], kinds=links, at=at, note="joined")
    outbox.withdraw(subjects=subjects_of(other), kinds={messages.NOTE}, at=at, note="joined")


def _bring_over(kept: Attendee, other: Attendee, *, at: datetime) -> None:
    """Give the one who stays what they lack: registrations, answers, consents, details, colleagues."""
    Registration.objects.filter(attendee=other).update(attendee=kept)
    answered = [
        *Answer.objects.filter(attendee=kept).values_list("question", flat=True),
        *ProtectedAnswer.objects.filter(attendee=kept).values_list("question", flat=True),
    ]
    Answer.objects.filter(attendee=other).exclude(question__in=answered).update(attendee=kept)
    ProtectedAnswer.objects.filter(attendee=other).exclude(question__in=answered).update(attendee=kept)
    _bring_consents(kept, other, at=at)
    Attendee.objects.filter(registered_by=other).exclude(pk=kept.pk).update(registered_by=kept)
    for field in _BROUGHT:
        setattr(kept, field, getattr(kept, field) or getattr(other, field))
    until = [moment for moment in (kept.may_change_until, other.may_change_until) if moment]
    kept.may_change_until = max(until, default=None)
    if kept.registered_by_id in {None, other.pk}:
        kept.registered_by_id = other.registered_by_id if other.registered_by_id != kept.pk else None
    kept.save(update_fields=[*_BROUGHT, "may_change_until", "registered_by_id"])


def _bring_consents(kept: Attendee, other: Attendee, *, at: datetime) -> None:
    """Bring consents to purposes that the one who stays was never asked; the others stay on record, ended."""
    decided = set(Consent.objects.filter(attendee=kept).values_list("text__purpose", flat=True))
    theirs = Consent.objects.filter(attendee=other)
    standing = theirs.filter(text__purpose__in=decided, withdrawn_at__isnull=True)
    standing.update(withdrawn_at=at)
    theirs.update(attendee=kept)


def _tell_moved(kept: Attendee, plan: Joining, *, at: datetime) -> list[Draft]:
    """Invite the address that stays to what came over: the same calendar entry, to another reader."""
    moved = list(whole(Registration.objects.filter(pk__in=plan.moved).order_by("event__starts_at", "event")))
    coming = [row for row in moved if row.state in Registration.COMES]
    invitations.revise(coming, at=at, method=invitations.REQUEST)
    invitations.revise([row for row in moved if row not in coming], at=at)
    return messages.standing_anew(moved, at=at)


def _announce(kept: Attendee, other: Attendee, plan: Joining, *, at: datetime) -> None:
    fact = AttendeesMerged(
        kept_id=kept.pk,
        former_id=other.pk,
        replaced={pair.goes.registration: pair.stays.registration for pair in plan.doubled},
        at=at,
    )
    attendees_merged.send(sender=Attendee, fact=fact)


def _leave_only(kept: Attendee, other: Attendee, *, at: datetime) -> None:
    """Remove the other row, and remember where its links lead and under which name its letters stand."""
    MergedAttendee.objects.filter(attendee=other).update(attendee=kept)
    MergedAttendee.objects.create(
        attendee=kept,
        former=other.pk,
        link_hash=other.link_hash,
        feed_hash=other.feed_hash,
        ticket_hash=other.ticket_hash,
        merged_at=at,
    )
    outbox.file_under(old=f"attendee:{other.pk}", new=f"attendee:{kept.pk}")
    other.delete()


def _record(
    kept: Attendee, other: Attendee, plan: Joining, *, reason: str, at: datetime, actor: User | None
) -> None:
    audit.record(
        action="attendee.merged",
        subject=f"attendee:{kept.pk}",
        at=at,
        actor=actor,
        organisation_id=kept.series.organisation_id,
        reason=reason,
        details={
            "merged": other.pk,
            "ended": [pair.goes.registration for pair in plan.doubled],
            "moved": sorted(plan.moved),
        },
    )
