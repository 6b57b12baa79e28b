"""Sending by rules: what is due is looked for at every tick, and done once for each registration and day.

Nothing is planned ahead. Whoever plans holds the rule and then the places of the event, so two schedulers
never work on the same rule at once, and a place that is given up at that moment is either seen as gone, or
its message is seen and taken back.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime

from django.db import transaction
from django.db.models import QuerySet

from backend.core import bulk
from backend.core.turns import in_turn
from notifications import outbox
from notifications import rules as ledger
from notifications.outbox import Draft
from registrations import invitations, messages, rules
from registrations.actions.placing import lock_quotas
from registrations.actions.rule_words import words_in_use
from registrations.models import MessageRule, Registration, RuleDelivery
from registrations.queries import automatic
from registrations.queries.automatic import Plan, Recipient

BATCH = 1000
_DONE = {
    rules.Verdict.LATE: RuleDelivery.Outcome.LATE,
    rules.Verdict.BLOCKED: RuleDelivery.Outcome.BLOCKED,
}


def plan_due(*, at: datetime) -> int:
    """Promise everything that rules make due now; tells how many messages that were.

    Running it twice at once, or again at any time, promises nothing twice.
    """
    return in_turn(automatic.due(at=at), lambda plan: carry_out(plan, at=at))


def carry_out(plan: Plan, *, at: datetime, among: Collection[int] | None = None) -> int:
    """Do what one rule has to do for one event now, in short transactions; ``among`` leaves others out."""
    promised = after = 0
    while True:
        looked = automatic.recipients(plan, at=at, after=after, limit=BATCH, pending=True, among=among)
        if any(_is_to_do(one, at=at) for one in looked):
            promised += _carry_out(plan, [one for one in looked if _is_to_do(one, at=at)], at=at)
        if len(looked) < BATCH:
            return promised
        after = looked[-1].registration


def _is_to_do(one: Recipient, *, at: datetime) -> bool:
    """Tell whether anything is to be written down: what lies ahead needs no row."""
    return one.verdict == rules.Verdict.DUE or (one.verdict in _DONE and one.moment <= at)


@transaction.atomic
def _carry_out(plan: Plan, looked: Collection[Recipient], *, at: datetime) -> int:
    """Look at these once more, with the rule and the places held, and write down what is done."""
    held = MessageRule.objects.select_for_update(skip_locked=True, no_key=True, of=("self",))
    if held.filter(pk=plan.rule.pk, enabled=True, changed_at=plan.rule.changed_at).first() is None:
        return 0  # somebody else is at it, or it has just been changed: the next tick looks again
    lock_quotas([plan.event.pk])
    plan, looked_at = automatic.read_again(plan), plan
    if not plan.decides_as(looked_at):
        return 0
    still = automatic.still_pending(plan, among=[one.registration for one in looked])
    to_do = [one for one in looked if one.registration in still]
    days = {one.registration: plan.day(one.registered_at) for one in to_do}
    sent = _promise(plan, [one for one in to_do if one.verdict == rules.Verdict.DUE], days=days, at=at)
    bulk.insert(
        RuleDelivery.objects,
        [
            {
                "rule_id": plan.rule.pk,
                "registration_id": one.registration,
                "day": days[one.registration],
                "outcome": _DONE.get(one.verdict, RuleDelivery.Outcome.SENT),
                "message_id": sent.get(one.registration),
                "at": at,
            }
            for one in to_do
        ],
    )
    return len(sent)


def _promise(
    plan: Plan, found: Sequence[Recipient], *, days: dict[int, date], at: datetime
) -> dict[int, int]:
    """Write the messages, and give their numbers by registration."""
    if not found:
        return {}
    shared = plan.shared
    ends = {one.registration: (shared or plan.window(one.registered_at)).ends for one in found}
    wanted = Registration.objects.filter(pk__in=ends).select_related("attendee", "calendar_entry")
    rows = list(wanted.order_by("pk"))
    for row in rows:
        row.event = plan.event
    drafts = _drafts(rows, plan=plan, days=days, ends=ends, at=at)
    queued = outbox.queue_batch(drafts, at=at)
    return {row.pk: message for row, message in zip(rows, queued, strict=True)}


def _drafts(
    rows: Sequence[Registration],
    *,
    plan: Plan,
    days: Mapping[int, date],
    ends: Mapping[int, datetime],
    at: datetime,
) -> list[Draft]:
    """Write what the rule says to each; its own words are those in use now."""
    if plan.rule.kind == MessageRule.Kind.NOTE:
        pinned = words_in_use(plan.rule)
        return messages.rule_notes(rows, rule=plan.rule, wording=pinned, days=days, ends=ends, at=at)
    return messages.automatic(rows, rule=plan.rule, days=days, ends=ends, at=at)


def take_back(registrations: Collection[Registration], *, at: datetime, note: str) -> set[int]:
    """Take back what rules promised and nobody has begun to send; it is promised anew while it is due.

    Tells whose messages those were. The caller holds the places of the events, and counts the deed on the
    calendar entries (``invitations.revise``), so that what is written next is another message.
    """
    own = RuleDelivery.objects.filter(registration__in=[row.pk for row in registrations])
    return _take_back(own, at=at, note=note)


def take_back_all(rule: MessageRule, *, at: datetime) -> None:
    """Take back from everybody what this rule promised and nobody has begun to send: it ends now.

    The caller holds the rule, so that nothing is promised meanwhile; the places come after it, as when
    planning.
    """
    own = RuleDelivery.objects.filter(rule=rule)
    waiting = own.filter(message__state__in=ledger.NOT_BEGUN)
    lock_quotas(waiting.values_list("registration__event", flat=True))
    taken = _take_back(own, at=at, note="rule-ended")
    rows = Registration.objects.filter(pk__in=taken).select_related("calendar_entry")
    invitations.revise(rows, at=at)  # what it promises when it is on again is another message


def _take_back(own: QuerySet[RuleDelivery], *, at: datetime, note: str) -> set[int]:
    waiting = list(own.filter(message__state__in=ledger.NOT_BEGUN).values_list("message", flat=True))
    if not waiting:
        return set()
    gone = outbox.recall(messages=waiting, at=at, note=note)
    taken = own.filter(message__in=gone)
    rows = set(taken.values_list("registration", flat=True))
    taken.delete()
    return rows


def look_again(registrations: Collection[Registration]) -> None:
    """Forget that an address was blocked, since the person has another one now."""
    blocked = RuleDelivery.Outcome.BLOCKED
    RuleDelivery.objects.filter(registration__in=[row.pk for row in registrations], outcome=blocked).delete()


def keep_done(replaced: Mapping[int, int]) -> None:
    """Remember for the registration that stays what rules did for the doubled one: nobody gets it twice."""
    done = RuleDelivery.objects.filter(registration__in=replaced, outcome=RuleDelivery.Outcome.SENT)
    RuleDelivery.objects.bulk_create(
        (
            RuleDelivery(
                rule_id=row.rule_id,
                registration_id=replaced[row.registration_id],
                day=row.day,
                outcome=row.outcome,
                message_id=row.message_id,
                at=row.at,
            )
            for row in done
        ),
        ignore_conflicts=True,
    )


def leave_out(event_id: int, registrations: Sequence[Registration], *, at: datetime) -> None:
    """Note that a rule has nothing left to tell these people of an event that was moved into its window.

    They are told of the move now, and that says it all; a rule that sends to the late sends to them too.
    """
    standing = MessageRule.objects.filter(
        series__events=event_id, enabled=True, kind=MessageRule.Kind.REMINDER
    ).exclude(late=MessageRule.Late.SEND)
    for plan in automatic.plans(standing):
        window = plan.shared
        if plan.event.pk == event_id and window and window.opens <= at < window.ends:
            RuleDelivery.objects.bulk_create(
                (
                    RuleDelivery(
                        rule=plan.rule,
                        registration=row,
                        day=plan.day(row.registered_at),
                        outcome=RuleDelivery.Outcome.LATE,
                        at=at,
                    )
                    for row in registrations
                    if row.state in plan.rule.readers.states
                ),
                ignore_conflicts=True,
            )
