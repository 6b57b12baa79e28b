"""Places given and freed: the few statements by which no place is ever given twice.

Whoever changes the places of an event holds its quota row, quotas always in ascending id. Taking a place
is one conditional UPDATE; a CHECK constraint proves that it was never passed by.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from django.db.models import F, QuerySet
from django.db.models.functions import Greatest

from events.models import Event
from registrations import invitations
from registrations.models import Attendee, Quota, Registration

State = Registration.State


def lock_quotas(event_ids: Iterable[int]) -> dict[int, Quota]:
    """Hold the places of these events until the transaction ends, and read them as they are now."""
    rows = Quota.objects.select_for_update().filter(event__in=set(event_ids)).order_by("pk")
    return {quota.event_id: quota for quota in rows}


def insert(attendee: Attendee, *, events: Iterable[Event], at: datetime) -> list[Registration]:
    """Write the rows down before any quota is held.

    A second registration of the same person fails here, before anybody waits for it; and the rows of
    the events are only ever touched before their quotas, so that two deeds never wait for each other.
    """
    return Registration.objects.bulk_create(
        Registration(
            attendee=attendee, event=event, state=State.CONFIRMED, registered_at=at, state_changed_at=at
        )
        for event in sorted(events, key=lambda event: event.pk)
    )


def seat(
    registrations: Iterable[Registration], *, quotas: Mapping[int, Quota], at: datetime
) -> list[Registration]:
    """Give each a place or a place in line; those that got neither are gone and left out.

    The facts of the events are read again once their quotas are held: somebody who moves or cancels the
    event has either seen these registrations, or is seen by them.
    """
    in_order = sorted(registrations, key=lambda row: quotas[row.event_id].pk)
    kept = [row for row in in_order if _take_place_or_wait(row, quota=quotas[row.event_id])]
    fresh = Event.objects.select_related("series").in_bulk([row.event_id for row in kept])
    for row in kept:
        row.event = fresh[row.event_id]
    invitations.make(kept, at=at)
    return sorted(kept, key=lambda row: (row.event.starts_at, row.event_id))


def _take_place_or_wait(registration: Registration, *, quota: Quota) -> bool:
    """Confirm, or put in line; False when there is no line and the registration is gone again."""
    if _take(quota):
        return True
    if not quota.has_waiting_list:
        registration.delete()
        return False
    Quota.objects.filter(pk=quota.pk).update(last_waiting_number=F("last_waiting_number") + 1)
    if _take(quota):  # freed between the two statements; from here on the row is ours
        return True
    registration.state = State.WAITING
    registration.waiting_number = Quota.objects.values_list("last_waiting_number", flat=True).get(pk=quota.pk)
    registration.save(update_fields=["state", "waiting_number"])
    return True


def _take(quota: Quota) -> bool:
    free = Quota.objects.filter(pk=quota.pk, taken__lt=F("capacity"))
    return free.update(taken=F("taken") + 1) == 1


def give_up(
    registrations: Collection[Registration], *, by: Registration.CancelledBy, at: datetime
) -> list[Registration]:
    """End these registrations and free their places; the caller holds the quotas. Returns who had a place."""
    held = [row for row in registrations if row.state in Registration.HOLDS_A_PLACE]
    Registration.objects.filter(pk__in=[row.pk for row in registrations]).update(
        state=State.CANCELLED, cancelled_by=by, state_changed_at=at
    )
    for row in registrations:
        row.state, row.cancelled_by, row.state_changed_at = State.CANCELLED, by, at
    for event_id in sorted({row.event_id for row in held}):
        freed = sum(row.event_id == event_id for row in held)
        Quota.objects.filter(event=event_id).update(
            taken=F("taken") - freed, hard_cap=Greatest(F("capacity"), F("taken") - freed)
        )
    return held


def promote(quotas: Iterable[Quota], *, at: datetime) -> list[Registration]:
    """Give free places to those who wait, the lowest waiting number first; the caller holds the quotas."""
    promoted: list[Registration] = []
    for quota in quotas:
        quota.refresh_from_db(fields=["taken", "capacity"])
        free = max(0, quota.capacity - quota.taken)
        waiting = Registration.objects.filter(
            event=quota.event_id,
            event__state=Event.State.PUBLISHED,
            event__starts_at__gt=at,
            state=State.WAITING,
        )
        promoted += _confirm(list(whole(waiting).order_by("waiting_number")[:free]), quota=quota, at=at)
    return promoted


def _confirm(rows: list[Registration], *, quota: Quota, at: datetime) -> list[Registration]:
    if not rows:
        return []
    Quota.objects.filter(pk=quota.pk).update(taken=F("taken") + len(rows))
    Registration.objects.filter(pk__in=[row.pk for row in rows]).update(
        state=State.CONFIRMED, state_changed_at=at
    )
    for row in rows:
        row.state, row.state_changed_at = State.CONFIRMED, at
    return rows


def whole(registrations: QuerySet[Registration]) -> QuerySet[Registration]:
    """Read registrations with everything a message about them needs."""
    return registrations.select_related("attendee", "event__series", "calendar_entry")
