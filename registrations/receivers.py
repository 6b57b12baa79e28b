"""What this app does when a programme or an event changes: calendars follow, and people are told once.

And what it does when a calendar answers.
"""

from collections.abc import Sequence
from datetime import datetime

from django.dispatch import receiver

from events.models import Event
from events.queries import released_programme
from events.signals import (
    EventCancelled,
    EventChanged,
    ProgrammeReleased,
    event_cancelled,
    event_changed,
    programme_released,
)
from notifications import outbox
from notifications.signals import MailArrived, mail_arrived
from registrations import invitations, messages, rules
from registrations.actions.automatic import leave_out, take_back
from registrations.actions.cancelling import end, withdraw
from registrations.actions.placing import lock_quotas, whole
from registrations.actions.replying import overtake, take_reply
from registrations.models import Quota, Registration
from registrations.queries.automatic import reminders_of
from registrations.queries.replies import staying
from registrations.queries.texting import texted


@receiver(event_changed, dispatch_uid="registrations.tell_of_the_change")
def tell_of_the_change(fact: EventChanged, **_kwargs: object) -> None:
    """Send the new time, place or name to everybody who comes or waits, as an update of their calendar."""
    quotas = lock_quotas([fact.event_id])
    rows = _active(fact.event_id)
    if fact.moved and quotas:
        _carry_deadline(fact)
        _cut_offers(rows)
    told_as_moved = fact.moved and not fact.clock_kept
    change = messages.Change(
        old_starts_at=fact.old_starts_at if told_as_moved else None,
        old_ends_at=fact.old_ends_at if told_as_moved else None,
        place=fact.place_changed,
        title=fact.title_changed,
    )
    if fact.link_only:
        rows = [row for row in rows if row.state in Registration.COMES]
    if fact.link_only and rows and not _knows_link(rows[0].event, at=fact.at):
        return  # nobody has been told the old link; the reminder will tell the new one
    _tell(rows, change=change, raised=True, at=fact.at)
    if fact.moved:
        leave_out(fact.event_id, rows, at=fact.at)


@receiver(programme_released, dispatch_uid="registrations.tell_of_the_programme")
def tell_of_the_programme(fact: ProgrammeReleased, **_kwargs: object) -> None:
    """Send the programme to those who have a place, when the organiser wants it told.

    Not to those who declined a moment ago: it says that the place is kept, and would take back the mail
    that says when it goes.
    """
    if not fact.notify:
        return
    lock_quotas([fact.event_id])
    rows = [row for row in _active(fact.event_id) if row.state in Registration.COMES]
    rows = staying(rows)
    if not rows:
        return
    released = released_programme(rows[0].event)
    change = messages.Change(released=fact.number, programme=released.changes if released else ())
    _tell(rows, change=change, raised=False, at=fact.at)


@receiver(event_cancelled, dispatch_uid="registrations.tell_of_the_cancellation")
def tell_of_the_cancellation(fact: EventCancelled, **_kwargs: object) -> None:
    """End every registration of an event that is not held, and take it out of people's calendars."""
    quotas = lock_quotas([fact.event_id])
    rows = _active(fact.event_id)
    numbers = texted(rows, at=fact.at)  # of those who have a place: nobody has one a moment later
    drafts = end(rows, quotas=quotas.values(), by=Registration.CancelledBy.EVENT, at=fact.at)
    outbox.queue_many([*drafts, *messages.called_off_texts(rows, numbers=numbers)], at=fact.at)


@receiver(mail_arrived, dispatch_uid="registrations.take_the_answer")
def take_the_answer(fact: MailArrived, **_kwargs: object) -> str:
    """Take down what a calendar answered to an invitation of ours."""
    return take_reply(raw=fact.raw, recipient=fact.recipient, at=fact.at)


def _knows_link(event: Event, *, at: datetime) -> bool:
    return invitations.tells_link(event, at=at, reminder=reminders_of([event]).get(event.pk))


def _active(event_id: int) -> list[Registration]:
    return list(whole(Registration.objects.filter(event=event_id, state__in=Registration.ACTIVE)))


def _carry_deadline(fact: EventChanged) -> None:
    event = Event.objects.select_related("series").get(pk=fact.event_id)
    quota = Quota.objects.get(event=event)
    closes_at = rules.shifted(
        quota.closes_at, old=fact.old_starts_at, new=event.starts_at, zone=event.series.timezone
    )
    Quota.objects.filter(pk=quota.pk).update(closes_at=closes_at)


def _cut_offers(registrations: Sequence[Registration]) -> None:
    """Let no offer outlast the new start of its event."""
    for row in registrations:
        if row.offer_expires_at and row.offer_expires_at > row.event.starts_at:
            row.offer_expires_at = row.event.starts_at
            row.save(update_fields=["offer_expires_at"])


def _tell(
    registrations: Sequence[Registration], *, change: messages.Change, raised: bool, at: datetime
) -> None:
    """Take back what has not left and say the newest instead: nobody gets two versions of one day."""
    ahead = [row for row in registrations if at < row.event.ends_at]
    over = [row for row in registrations if row not in ahead]
    taken = take_back(over, at=at, note="newer-facts")
    invitations.revise([row for row in over if row.pk in taken], at=at)  # what is written anew is another
    untold = messages.untold_changes(ahead)
    again = withdraw(ahead, at=at, note="newer-facts")
    invitations.revise(ahead, at=at, raised=raised)
    if raised:
        overtake(ahead, at=at)
    drafts = messages.changes(ahead, change=change, again=again, untold=untold, at=at)
    outbox.queue_many(drafts, at=at)
