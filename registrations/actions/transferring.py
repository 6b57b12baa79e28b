"""Giving a place to a colleague: one deed in which it is never free, so nobody in line sees anything of it.

A page that an attendee opens must not tell whether the colleague's address is known. So the giver's place is
given up in any case, and what is said of it is the same: a colleague who has a place already is told so by a
mail of their own, and the place that nobody needs goes the way of every free place. Organisers are told
plainly. Who is known stays as they are: nothing typed by somebody else changes their name or their language.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from django.db import transaction

from accounts import audit
from accounts.models import User
from backend.core.i18n import as_language
from events.models import Event
from notifications import outbox
from notifications.outbox import Draft
from registrations import invitations, messages, rules
from registrations.actions.cancelling import require_changeable, welcome, withdraw
from registrations.actions.people import hold, hold_attendee, recognised
from registrations.actions.placing import fill, give_up, hand_over, lock_quotas, whole, write_down
from registrations.models import Attendee, InvitationCode, Quota, Registration
from registrations.queries.admission import belongs_by_domain
from registrations.queries.attendees import newest_by_event
from registrations.rules import Person

State = Registration.State


@transaction.atomic
def give_place(*, attendee: Attendee, event: Event, to: Person, at: datetime) -> None:
    """Give one's own place to a colleague, until one's own deadline; says nothing about the colleague."""
    row = newest_by_event(attendee.registrations.filter(event=event)).get(event.pk)
    if row is None:
        raise rules.nothing_to_give()
    passing = Passing.hold(row, to=to, at=at)
    _require_own(passing, at=at)
    drafts = _let_go(passing, at=at) if passing.has_place else _pass(passing, own_deed=True, at=at)
    outbox.queue_many(drafts, at=at)
    _record(passing, at=at)


@transaction.atomic
def pass_on(
    *, registration: Registration, to: Person, at: datetime, actor: User | None, reason: str = ""
) -> Registration:
    """Move a place to somebody else, as an organiser may until the event ends; gives the receiver's row."""
    passing = Passing.hold(registration, to=to, at=at)
    if passing.has_place:
        raise rules.has_place()
    outbox.queue_many(_pass(passing, own_deed=False, at=at), at=at)
    _record(passing, at=at, actor=actor, reason=reason)
    return passing.place


@dataclass(frozen=True, slots=True, kw_only=True)
class Passing:
    """A place about to change hands: everything about it is held until the transaction ends."""

    row: Registration  # the giver's
    place: Registration  # the receiver's: where they stand, or a new row that is no place yet
    is_new: bool
    quota: Quota
    to: Person  # the receiver as typed

    @classmethod
    def hold(cls, registration: Registration, *, to: Person, at: datetime) -> Self:
        """Hold both people in the order of their keys, then the places; read the rows as they are now.

        The receiver's row is written down before the quota is held, as every new row is.
        """
        giver = Attendee.objects.select_related("series").filter(pk=registration.attendee_id).first()
        if giver is None:  # joined with somebody a moment ago
            raise rules.nothing_to_give()
        typed = rules.clean_receiver(to, giver_email=giver.email)
        receiver = _hold_both(giver, typed, at=at)
        new = write_down(receiver, event=registration.event, at=at)
        quota = lock_quotas([registration.event_id])[registration.event_id]
        row = _the_place(registration.pk, of=giver, at=at)
        standing = _standing(receiver, event_id=row.event_id)
        new.event = row.event
        if standing is not None:
            Registration.objects.filter(pk=new.pk).delete()
        return cls(row=row, place=standing or new, is_new=standing is None, quota=quota, to=typed)

    @property
    def has_place(self) -> bool:
        """Tell whether the receiver needs none."""
        return self.place.state == State.CONFIRMED


def _hold_both(giver: Attendee, typed: Person, *, at: datetime) -> Attendee:
    """Hold the giver and the receiver, who is let in if nobody knows the address; gives the receiver."""
    home = rules.at_home(typed, organisation=giver.organisation, municipality=giver.municipality_id or "")
    newcomer = recognised(home, series=giver.series, at=at)
    newcomer.registered_by = giver
    if giver.email_key < newcomer.email_key:
        hold(giver)
        return hold_attendee(newcomer)[0]
    receiver, _was_known = hold_attendee(newcomer)
    hold(giver)
    return receiver


def _the_place(pk: int, *, of: Attendee, at: datetime) -> Registration:
    """Read the place that is given, held against a mark at the door; refused when there is none."""
    rows = whole(Registration.objects.select_for_update(of=("self",)))
    own = rows.filter(attendee=of, state=State.CONFIRMED, event__state=Event.State.PUBLISHED)
    row = own.filter(pk=pk).first()
    if row is None:
        raise rules.nothing_to_give()
    rules.require_not_over(row.event.ends_at, at=at)
    rules.require_unmarked(row.attended)
    return row


def _standing(receiver: Attendee, *, event_id: int) -> Registration | None:
    """Find the row that the receiver's place goes on from: a place in line, an offer, an application."""
    theirs = whole(Registration.objects.filter(attendee=receiver, event=event_id))
    active = theirs.filter(state__in=Registration.ACTIVE).first()
    return active or theirs.filter(state=State.NOT_CHOSEN).last()


def _require_own(passing: Passing, *, at: datetime) -> None:
    """Refuse what only an organiser may do."""
    row, quota = passing.row, passing.quota
    require_changeable(row, quota, at=at)
    title = row.event.title.in_language(as_language(row.attendee.language))
    contact = row.event.series.contact_email
    rules.require_own_to_give(quota.mode, title=title, contact=contact)
    if quota.mode == Quota.Mode.MEMBERS and not _is_member(passing):
        raise rules.outside_the_group(title=title, contact=contact)


def _is_member(passing: Passing) -> bool:
    return belongs_by_domain(passing.place.attendee.email_key, group=passing.quota.group_id or 0)


def _pass(passing: Passing, *, own_deed: bool, at: datetime) -> list[Draft]:
    """Let the place change hands, and say to whom what is told."""
    row, place = passing.row, passing.place
    unsent = withdraw([row], at=at, note="cancelled")
    spare = hand_over(row, to=place, at=at)
    _give_the_code(row, to=place)
    drafts = _farewell(passing, unsent=unsent, own_deed=own_deed, at=at)
    if passing.is_new:
        invitations.make([place], at=at)
    else:
        withdraw([place], at=at, note="promoted")
        invitations.revise([place], at=at, method=invitations.REQUEST)
    drafts += messages.place_received(place, giver=row.attendee.name, by_organiser=not own_deed, at=at)
    return drafts + (welcome(fill([passing.quota], at=at), at=at) if spare else [])


def _let_go(passing: Passing, *, at: datetime) -> list[Draft]:
    """End a place whose receiver has one: it goes to the next in line, and only the receiver learns why."""
    row = passing.row
    unsent = withdraw([row], at=at, note="cancelled")
    give_up([row], by=Registration.CancelledBy.TRANSFER, at=at)
    drafts = _farewell(passing, unsent=unsent, own_deed=True, at=at)
    drafts.append(messages.place_not_needed(passing.place, giver=row.attendee.name, at=at))
    return drafts + welcome(fill([passing.quota], at=at), at=at)


def _farewell(passing: Passing, *, unsent: Mapping[int, str], own_deed: bool, at: datetime) -> list[Draft]:
    """Take the place out of the giver's calendar; an invitation that never left needs no cancellation."""
    row = passing.row
    invitations.revise([row], at=at, method=invitations.CANCEL, raised=True)
    never_invited = {pk for pk, kind in unsent.items() if kind in messages.INVITES}
    return messages.place_given(
        row, to=passing.to.name, own_deed=own_deed, never_invited=never_invited, at=at
    )


def _give_the_code(row: Registration, *, to: Registration) -> None:
    """Let a spent code of an invitation go along: whoever gave their place does not come back by it."""
    theirs = InvitationCode.objects.filter(used_by=to).exists()
    InvitationCode.objects.filter(used_by=row).update(used_by=None if theirs else to)


def _record(passing: Passing, *, at: datetime, actor: User | None = None, reason: str = "") -> None:
    audit.record(
        action="registration.passed_on",
        subject=f"registration:{passing.row.pk}",
        at=at,
        actor=actor,
        actor_label="" if actor else "attendee",
        organisation_id=passing.row.event.series.organisation_id,
        reason=reason,
        details={"to": passing.place.pk},
    )
