"""What a person's calendar answers: taken down, and a no frees the place when the grace is over.

Whoever deals with an answer holds the places of its event, so that an answer, the tick that releases and
the button that keeps the place follow each other. What an answer means is decided in ``rules.replies``.
"""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from backend.core.i18n import _
from backend.core.text import email_key
from backend.core.turns import in_turn
from events.calendar import NotAnAnswer, Reply, read_reply
from events.models import Event
from notifications import outbox
from notifications.reply_address import is_addressed
from registrations import invitations, messages, rules
from registrations.actions.cancelling import end, may_give_up
from registrations.actions.people import hold
from registrations.actions.placing import lock_quotas, whole
from registrations.models import Attendee, CalendarReply, Quota, Registration
from registrations.queries.attendees import newest_by_event
from registrations.rules.replies import (
    COUNTS,
    Answered,
    Outcome,
    Stands,
    outcome_of,
    releases_at,
    undoes_decline,
)

UNKNOWN = "unknown"


@transaction.atomic
def take_reply(*, raw: bytes, recipient: str, at: datetime) -> str:
    """Take down an answer to one of our invitations; tells in one word what it was, or "" when not ours.

    The UID says which invitation, and the address it was sent to proves that it reached the invited person.
    """
    try:
        reply = read_reply(raw)
    except NotAnAnswer as no:
        return no.why.value
    known = Registration.objects.filter(calendar_entry__uid=reply.uid).first()
    if known is None:
        return ""
    quota = lock_quotas([known.event_id]).get(known.event_id)
    row = whole(Registration.objects.all()).get(pk=known.pk)
    if not is_addressed(invitations.reply_seed(row), {*reply.addresses, recipient}):
        return UNKNOWN
    return _taken(row, reply, quota=quota, at=at).value


def _taken(row: Registration, reply: Reply, *, quota: Quota | None, at: datetime) -> Outcome:
    said = reply.said.get(row.attendee.email_key)
    stamped_at = min(reply.stamped_at or at, at)  # a clock that is ahead must not outdo later answers
    answer = Answered(
        method=reply.method,
        attends=said.partstat.value if said else "",
        sender=reply.sender,
        sequence=reply.sequence,
        stamped_at=stamped_at,
    )
    outcome = outcome_of(answer, _stands(row, quota=quota, at=at))
    if undoes_decline(outcome, answer.attends):
        _settle(row, Outcome.UNDONE, at=at)
        row.calendar_replies.filter(outcome=Outcome.LATE).update(outcome=Outcome.UNDONE, settled_at=at)
    kept = CalendarReply.objects.create(
        registration=row,
        method=reply.method,
        attends=answer.attends or _of_another(reply),
        comment=reply.comment,
        sender=reply.sender[:254] if reply.sender != row.attendee.email_key else "",
        delegated_to=said.delegated_to if said else "",
        proposed_start=reply.starts_at,
        proposed_end=reply.ends_at,
        sequence=reply.sequence,
        stamped_at=stamped_at,
        received_at=at,
        outcome=outcome,
        due_at=releases_at(at, starts_at=row.event.starts_at) if outcome is Outcome.GRACE else None,
    )
    if outcome is Outcome.GRACE:
        outbox.queue(messages.declined_in_calendar(kept, at=at), at=at)
    return outcome


def _of_another(reply: Reply) -> str:
    """Tell what somebody else answered: it moves no place, but an organiser has to know what it was."""
    said = reply.said.get(reply.sender) or (next(iter(reply.said.values())) if len(reply.said) == 1 else None)
    return said.partstat.value if said else ""


def _stands(row: Registration, *, quota: Quota | None, at: datetime) -> Stands:
    counted = row.calendar_replies.filter(outcome__in=COUNTS)
    last = counted.order_by("sequence", "stamped_at", "pk").last()
    return Stands(
        address=email_key(row.attendee.email),
        sequence=row.calendar_entry.sequence,
        has_place=row.state in Registration.COMES and at < row.event.starts_at,
        may_give_up=quota is not None and may_give_up(row, quota, at=at),
        last=(last.sequence, last.stamped_at, last.attends) if last else None,
        in_grace=row.calendar_replies.filter(outcome=Outcome.GRACE).exists(),
    )


def _settle(row: Registration, outcome: Outcome, *, at: datetime) -> bool:
    """End the grace of this registration, if there is one, and take back the mail that has not left."""
    open_ones = row.calendar_replies.filter(outcome=Outcome.GRACE)
    if not open_ones.update(outcome=outcome, settled_at=at):
        return False
    outbox.withdraw(
        subjects=[messages.subject_of(row)],
        kinds={messages.DECLINED_IN_CALENDAR},
        at=at,
        note="kept-after-all",
    )
    return True


def overtake(registrations: Collection[Registration], *, at: datetime) -> None:
    """End the grace of every no to what has just changed: who still cannot come says so to what stands now.

    The caller holds the quota of the event.
    """
    open_ones = CalendarReply.objects.filter(registration__in=registrations, outcome=Outcome.GRACE)
    open_ones.update(outcome=Outcome.OVERTAKEN, settled_at=at)


@transaction.atomic
def keep_place(*, attendee: Attendee, event: Event, at: datetime) -> Registration:
    """Keep the place that one's calendar declined; the mail brings the entry back. Twice changes nothing."""
    hold(attendee)
    lock_quotas([event.pk])
    rows = whole(Registration.objects.filter(attendee=attendee, event=event))
    row = newest_by_event(rows).get(event.pk)
    if row is None or row.state not in Registration.COMES:
        raise rules.NotRestorable(
            _("The place can no longer be taken back. You may register again if places are left.")
        )
    if _settle(row, Outcome.KEPT, at=at):
        invitations.revise([row], at=at)
        outbox.queue_many(messages.calendar_again([row], at=at), at=at)
    return row


def release_declined(*, at: datetime) -> int:
    """Release the places whose grace is over, each in a transaction of its own; tells how many came free."""
    due = CalendarReply.objects.filter(outcome=Outcome.GRACE, due_at__lte=at).order_by("due_at", "pk")
    return in_turn(list(due.select_related("registration")), lambda reply: _release(reply, at=at))


@transaction.atomic
def _release(reply: CalendarReply, *, at: datetime) -> bool:
    """Cancel as the person would have; not when they were told of another time meanwhile."""
    quotas = lock_quotas([reply.registration.event_id])
    rows = list(whole(Registration.objects.filter(pk=reply.registration_id, state__in=Registration.COMES)))
    stands = [row for row in rows if row.calendar_entry.sequence == reply.sequence]
    outcome = Outcome.RELEASED if stands else Outcome.OVERTAKEN
    mine = CalendarReply.objects.filter(pk=reply.pk, outcome=Outcome.GRACE)
    if not mine.update(outcome=outcome, settled_at=at):
        return False
    by = Registration.CancelledBy.CALENDAR
    outbox.queue_many(end(stands, quotas=quotas.values(), by=by, at=at), at=at)
    return bool(stands)


@transaction.atomic
def seen(*, reply: CalendarReply, at: datetime) -> None:
    """Write down that an organiser has had a look; the second look changes nothing."""
    CalendarReply.objects.filter(pk=reply.pk, seen_at__isnull=True).update(seen_at=at)
