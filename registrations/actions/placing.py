"""Places given and freed: the few statements by which no place is ever given twice.

Whoever changes the places of an event holds its quota row, quotas always in ascending id. Taking a place
is one conditional UPDATE; a CHECK constraint proves that it was never passed by. ``taken`` counts those who
come, those who were offered a place, and places that were cancelled a moment ago and can still be taken back.
Every place that comes free, whatever freed it, goes through ``fill``.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime

from django.db.models import F, QuerySet
from django.db.models.functions import Greatest

from events.models import Event
from registrations import invitations, outward, rules
from registrations.models import Attendee, Quota, Registration
from registrations.queries.places import may_pass, offer_terms

State = Registration.State
By = Registration.CancelledBy


def lock_quotas(event_ids: Iterable[int]) -> dict[int, Quota]:
    """Hold the places of these events until the transaction ends, and read them as they are now."""
    rows = Quota.objects.select_for_update().filter(event__in=set(event_ids)).order_by("pk")
    return {quota.event_id: quota for quota in rows}


def insert(
    attendee: Attendee, *, events: Iterable[Event], at: datetime, applied: Collection[int] = ()
) -> list[Registration]:
    """Write the rows down before any quota is held; to the events in ``applied`` the person only applies.

    A second registration of the same person fails here, before anybody waits for it. The row of the event
    is looked at once more at the commit (its key is there), while the quota is held: so whoever changes an
    event holds it without its key (``events.actions.rows.hold``).
    """
    return Registration.objects.bulk_create(
        Registration(
            attendee=attendee,
            event=event,
            state=State.RECEIVED if event.pk in applied else State.CONFIRMED,
            registered_at=at,
            state_changed_at=at,
        )
        for event in sorted(events, key=lambda event: event.pk)
    )


def seat(
    registrations: Sequence[Registration], *, quotas: Mapping[int, Quota], at: datetime
) -> list[Registration]:
    """Give each a place or a place in line; those that got neither are gone and left out.

    Somebody who comes back while their own cancelled place is still held gets that very place. The facts of
    the events are read again once their quotas are held: somebody who moves or cancels the event has either
    seen these registrations, or is seen by them.
    """
    in_order = sorted(registrations, key=lambda row: quotas[row.event_id].pk)
    own = _held_of({row.attendee_id for row in in_order}) if in_order else set()
    kept = [
        row
        for row in in_order
        if ((row.attendee_id, row.event_id) in own and _take_back(row))
        or _take_place_or_wait(row, quota=quotas[row.event_id])
    ]
    return _settled(kept, at=at)


def seat_list(
    registrations: Sequence[Registration], *, quotas: Mapping[int, Quota], at: datetime, wait: bool
) -> list[Registration]:
    """Seat a long list like ``seat``, the places of each event taken at once: others wait for a moment only.

    Without ``wait`` nobody is put in line; nobody passes those who stand there either.
    """
    own = _held_of({row.attendee_id for row in registrations})
    kept: list[Registration] = []
    for quota in sorted(quotas.values(), key=lambda one: one.pk):
        rows = [row for row in registrations if row.event_id == quota.event_id]
        back = {row.pk for row in rows if (row.attendee_id, row.event_id) in own and _take_back(row)}
        kept += [row for row in rows if row.pk in back]
        kept += _seat_at_once([row for row in rows if row.pk not in back], quota=quota, at=at, wait=wait)
    return _settled(kept, at=at)


def _seat_at_once(
    rows: Sequence[Registration], *, quota: Quota, at: datetime, wait: bool
) -> list[Registration]:
    quota = lock_quotas([quota.event_id])[quota.event_id]
    applied = [row for row in rows if row.state == State.RECEIVED]
    coming = [row for row in rows if row.state != State.RECEIVED]
    behind = quota.has_waiting_list and anybody_waits(quota)
    free = 0 if behind else max(0, quota.capacity - quota.taken)
    placed, late = coming[:free], coming[free:]
    take_together(quota, number=len(placed))
    if wait and quota.has_waiting_list:
        stand_in_line(late, quota=quota, at=at)
        return [*applied, *placed, *late]
    Registration.objects.filter(pk__in=[row.pk for row in late]).delete()
    return [*applied, *placed]


def _settled(kept: Sequence[Registration], *, at: datetime) -> list[Registration]:
    fresh = Event.objects.select_related("series").in_bulk([row.event_id for row in kept])
    for row in kept:
        row.event = fresh[row.event_id]
    invitations.make(kept, at=at)
    outward.tell(kept, at=at)
    return sorted(kept, key=lambda row: (row.event.starts_at, row.event_id))


def _held_of(attendee_ids: Collection[int]) -> set[tuple[int, int]]:
    rows = Registration.objects.filter(attendee__in=attendee_ids, held=True)
    return set(rows.order_by().values_list("attendee", "event"))


def _take_back(registration: Registration) -> bool:
    """Take the held place over, unless it has been released meanwhile; ``taken`` stays as it is."""
    lock_quotas([registration.event_id])  # before the held row: its release holds them in this order too
    held = Registration.objects.filter(
        attendee=registration.attendee_id, event=registration.event_id, held=True
    )
    if not held.update(held=False):
        return False
    if registration.state != State.CONFIRMED:  # who was chosen once need not apply again
        registration.state = State.CONFIRMED
        registration.save(update_fields=["state"])
    return True


def _take_place_or_wait(registration: Registration, *, quota: Quota) -> bool:
    """Confirm, or put in line; False when there is no line and the registration is gone again.

    An application takes no place, but holds the quota like the others: see ``seat``. Where places are
    offered, one may be free while people wait (after the last moment for offers): then a newcomer stands
    behind them. Whether anybody waits is only asked once the quota is held.
    """
    if registration.state == State.RECEIVED:
        lock_quotas([registration.event_id])
        return True
    if may_pass(quota) and _take(quota):
        return True
    if not quota.has_waiting_list:
        registration.delete()
        return False
    Quota.objects.filter(pk=quota.pk).update(last_waiting_number=F("last_waiting_number") + 1)
    if not anybody_waits(quota) and _take(quota):  # from here on the row is ours
        return True
    registration.state = State.WAITING
    registration.waiting_number = Quota.objects.values_list("last_waiting_number", flat=True).get(pk=quota.pk)
    registration.save(update_fields=["state", "waiting_number"])
    return True


def anybody_waits(quota: Quota) -> bool:
    """Tell whether a newcomer would stand behind somebody."""
    return Registration.objects.filter(event=quota.event_id, state=State.WAITING).exists()


def _take(quota: Quota) -> bool:
    free = Quota.objects.filter(pk=quota.pk, taken__lt=F("capacity"))
    return free.update(taken=F("taken") + 1) == 1


def take_together(quota: Quota, *, number: int) -> bool:
    """Take so many places at once, or none of them; the caller holds the quota."""
    free = Quota.objects.filter(pk=quota.pk, taken__lte=F("capacity") - number)
    return free.update(taken=F("taken") + number) == 1


def stand_in_line(registrations: Sequence[Registration], *, quota: Quota, at: datetime) -> None:
    """Put these at the end of the line, in this order; the caller holds the quota."""
    quota.refresh_from_db(fields=["last_waiting_number"])
    for number, row in enumerate(registrations, start=quota.last_waiting_number + 1):
        row.state, row.waiting_number, row.state_changed_at = State.WAITING, number, at
    Registration.objects.bulk_update(registrations, ["state", "waiting_number", "state_changed_at"])
    Quota.objects.filter(pk=quota.pk).update(
        last_waiting_number=F("last_waiting_number") + len(registrations)
    )


def give_up(
    registrations: Collection[Registration], *, by: Registration.CancelledBy, at: datetime
) -> list[Registration]:
    """End these registrations; the caller holds the quotas. Returns those who had a place (not an offer).

    A place that its attendee cancels stays held for ten minutes, so that it can be taken back; giving up an
    offer is declining it. Everything else is free at once.
    """
    seated = [row for row in registrations if row.state == State.CONFIRMED]
    free: list[int] = []
    for row in registrations:
        had = row.state
        keep = had == State.CONFIRMED and by == By.ATTENDEE and at < row.event.starts_at
        row.state = (
            State.DECLINED if had == State.OFFERED and by in {By.ATTENDEE, By.TIME} else State.CANCELLED
        )
        row.cancelled_by, row.state_changed_at = by, at
        row.held = keep
        row.restorable_until = rules.restorable_until(at, starts_at=row.event.starts_at) if keep else None
        if had in Registration.HOLDS_A_PLACE and not keep:
            free.append(row.event_id)
    Registration.objects.bulk_update(
        registrations, ["state", "cancelled_by", "state_changed_at", "held", "restorable_until"]
    )
    for event_id in sorted(set(free)):
        _free(event_id, free.count(event_id))
    outward.tell(list(registrations), at=at)
    return seated


def write_down(attendee: Attendee, *, event: Event, at: datetime) -> Registration:
    """Write down a row that nobody's place is yet, before any quota is held; see ``insert`` for why."""
    return Registration.objects.create(
        attendee=attendee, event=event, state=State.CANCELLED, registered_at=at, state_changed_at=at
    )


def hand_over(giver: Registration, *, to: Registration, at: datetime) -> int:
    """Let the place of one person be another's; the caller holds the quota.

    ``taken`` stays as it is, so nobody else can get in between. What the receiver was offered, or gave up a
    moment ago and could take back, is a place too many: it comes free, and the number of those is returned.
    """
    own = Registration.objects.filter(attendee=to.attendee_id, event=to.event_id, held=True)
    spare = own.update(held=False) + (to.state == State.OFFERED)
    giver.state, giver.cancelled_by = State.CANCELLED, By.TRANSFER
    to.state, to.cancelled_by = State.CONFIRMED, By.NOBODY
    giver.state_changed_at = to.state_changed_at = at
    Registration.objects.bulk_update([giver, to], ["state", "cancelled_by", "state_changed_at"])
    if spare:
        _free(to.event_id, spare)
    outward.tell([giver, to], at=at)
    return spare


def release(
    event_ids: Iterable[int], *, at: datetime | None = None, of: Collection[int] | None = None
) -> int:
    """Free the held places whose time is over (without ``at``, all of them); the caller holds the quotas.

    ``of`` names the people whose places they are; without it, everybody's. Each is freed once, however often
    and wherever this runs: one conditional UPDATE decides.
    """
    count = 0
    for event_id in sorted(set(event_ids)):
        held = Registration.objects.filter(event=event_id, held=True)
        held = held if of is None else held.filter(attendee__in=of)
        over = held if at is None else held.filter(restorable_until__lte=at)
        if released := over.update(held=False):
            _free(event_id, released)
            count += released
    return count


def _free(event_id: int, places: int) -> None:
    Quota.objects.filter(event=event_id).update(
        taken=F("taken") - places, hard_cap=Greatest(F("capacity"), F("taken") - places)
    )


def fill(quotas: Iterable[Quota], *, at: datetime) -> list[Registration]:
    """Give, or offer, free places to those who wait, the lowest number first; the caller holds the quotas."""
    called = [row for quota in quotas for row in _fill_one(quota, at=at)]
    return sorted(called, key=lambda row: row.pk)


def _fill_one(quota: Quota, *, at: datetime) -> list[Registration]:
    quota.refresh_from_db()
    event = Event.objects.select_related("series").get(pk=quota.event_id)
    terms = offer_terms(quota, event)
    if event.state != Event.State.PUBLISHED or not rules.fills(terms, at=at):
        return []
    waiting = Registration.objects.filter(event=event, state=State.WAITING).order_by("waiting_number", "pk")
    free = max(0, quota.capacity - quota.taken)
    rows = list(whole(waiting)[:free]) if free else []
    if rows:
        _call(rows, quota=quota, expires=rules.offer_expires_at(terms, at=at), at=at)
    return rows


def _call(rows: list[Registration], *, quota: Quota, expires: datetime | None, at: datetime) -> None:
    state = State.CONFIRMED if expires is None else State.OFFERED
    Quota.objects.filter(pk=quota.pk).update(taken=F("taken") + len(rows))
    Registration.objects.filter(pk__in=[row.pk for row in rows]).update(
        state=state, state_changed_at=at, offer_expires_at=expires
    )
    for row in rows:
        row.state, row.state_changed_at, row.offer_expires_at = state, at, expires
    outward.tell(rows, at=at)


def whole(registrations: QuerySet[Registration]) -> QuerySet[Registration]:
    """Read registrations with everything a message about them needs."""
    return registrations.select_related("attendee", "event__series", "calendar_entry")
