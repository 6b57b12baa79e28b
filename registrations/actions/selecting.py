"""Choosing among those who applied: every decision about several people at once, or about none of them."""

from collections.abc import Collection, Sequence
from datetime import datetime

from django.db import transaction

from accounts import audit
from accounts.models import User
from backend.core.i18n import _
from events.models import Event
from notifications import outbox
from registrations import invitations, messages, outward, rules
from registrations.actions.cancelling import withdraw
from registrations.actions.placing import lock_quotas, stand_in_line, take_together, whole
from registrations.models import Quota, Registration

State = Registration.State
DECISIONS = (State.SHORTLISTED, State.CONFIRMED, State.WAITING, State.NOT_CHOSEN)
_FROM: dict[str, Collection[str]] = {
    State.SHORTLISTED: (State.RECEIVED, State.NOT_CHOSEN),
    State.CONFIRMED: (*Registration.APPLIED, State.NOT_CHOSEN),
    State.WAITING: (*Registration.APPLIED, State.NOT_CHOSEN),
    State.NOT_CHOSEN: (*Registration.APPLIED, State.WAITING),
}


@transaction.atomic
def decide(
    *, event: Event, registrations: Sequence[int], to: str, at: datetime, actor: User | None
) -> list[Registration]:
    """Shortlist, choose, put on the reserve or turn down these applicants, and tell each of them.

    ``registrations`` are keys in the order in which they were given; the reserve stands in that order.
    Choosing takes all of the places together: when there are too few, nobody is chosen.
    """
    quota = _open_quota(event, lock_quotas([event.pk]).get(event.pk), to=to, at=at)
    rows = _applicants(event, registrations, to=to)
    if to == State.CONFIRMED and not take_together(quota, number=len(rows)):
        raise _too_few(quota, number=len(rows))
    if to == State.WAITING:
        _require_full(quota)
        stand_in_line(rows, quota=quota, at=at)
    else:
        _set(rows, to=to, at=at)
    outward.tell(rows, at=at)
    withdraw(rows, at=at, note="decided")
    invitations.revise(rows, at=at, method=invitations.REQUEST if to == State.CONFIRMED else "")
    outbox.queue_many(messages.decisions(rows, at=at), at=at)
    audit.record(
        action=f"application.{to}",
        subject=f"event:{event.pk}",
        at=at,
        actor=actor,
        organisation_id=event.series.organisation_id,
        details={"registrations": [row.pk for row in rows]},
    )
    return rows


def require_decision(*, event: Event, registrations: Sequence[int], to: str, at: datetime) -> None:
    """Refuse beforehand what `decide` would refuse as things stand; nothing is held and nothing changes."""
    quota = _open_quota(event, Quota.objects.filter(event=event).first(), to=to, at=at)
    rows = _applicants(event, registrations, to=to)
    if to == State.CONFIRMED and quota.taken + len(rows) > quota.capacity:
        raise _too_few(quota, number=len(rows))
    if to == State.WAITING:
        _require_full(quota)


def _open_quota(event: Event, quota: Quota | None, *, to: str, at: datetime) -> Quota:
    """Give the places of the event back, and refuse what cannot be decided there any more."""
    fresh = Event.objects.get(pk=event.pk)
    if quota is None or to not in DECISIONS:
        raise rules.Undecided(_("There is nothing to choose here."))
    if fresh.state != Event.State.PUBLISHED or at >= fresh.starts_at:
        raise rules.Undecided(_("The event has begun or is not published, so nobody can be chosen now."))
    return quota


def _applicants(event: Event, keys: Sequence[int], *, to: str) -> list[Registration]:
    """Read the applicants in the given order; all of them have to be where the decision begins."""
    order = {key: place for place, key in enumerate(dict.fromkeys(keys))}
    if not order:
        sentence = _("Choose at least one person.")
        raise rules.Undecided(sentence, fields={"people": [sentence]})
    rows = list(whole(Registration.objects.filter(event=event, pk__in=order, state__in=_FROM[to])))
    if len(rows) != len(order):
        sentence = _("Somebody in the selection has been decided already. Look at the list again.")
        raise rules.Undecided(sentence, fields={"people": [sentence]})
    return sorted(rows, key=lambda row: order[row.pk])


def _too_few(quota: Quota, *, number: int) -> rules.NotEnoughPlaces:
    left = max(0, quota.capacity - quota.taken)
    sentence = _("%(number)d people were chosen, but %(left)d places are free. Nobody was chosen yet.")
    said = str(sentence) % {"number": number, "left": left}
    return rules.NotEnoughPlaces(said, fields={"people": [said]})


def _require_full(quota: Quota) -> None:
    """Keep one line for everybody: whoever waits while a place is free would get it at once."""
    left = quota.capacity - quota.taken
    if left > 0:
        sentence = _("%(left)d places are free. Choose people for them, or lower the number of places first.")
        said = str(sentence) % {"left": left}
        raise rules.Undecided(said, fields={"people": [said]})


def _set(rows: Sequence[Registration], *, to: str, at: datetime) -> None:
    Registration.objects.filter(pk__in=[row.pk for row in rows]).update(state=to, state_changed_at=at)
    for row in rows:
        row.state, row.state_changed_at = to, at
