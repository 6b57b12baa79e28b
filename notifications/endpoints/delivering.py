"""Claim, post, record: the way of news to other systems, with the lease and the ladder of the ledger.

A receiver may get the same news twice (it then bears the same number), never not at all: who died with news
in hand has only let its lease run out. A receiver that fails is left alone for half a minute, so it delays
nobody else's news, and is switched off after five days.
"""

import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import random

from django.db import transaction
from django.db.models import Q

from backend.core.seals import BrokenSeal, unseal
from notifications import rules
from notifications.clock import database_clock
from notifications.endpoints import signing
from notifications.endpoints.wire import Reply, Wire
from notifications.models import Endpoint, EndpointDelivery

SEAL = "endpoint"
BATCH = 8  # so many times five seconds are within the lease
LEASE = timedelta(seconds=60)
REST = timedelta(seconds=30)
LONGEST_REST = timedelta(hours=6)
GIVEN_UP_AFTER = timedelta(days=5)
KEPT_FOR = timedelta(days=30)
GONE = 410
State = EndpointDelivery.State
Off = Endpoint.Off


def deliver(*, wire: Wire, at: datetime | None = None, limit: int = BATCH) -> int:
    """Post what is due; tells how many were tried."""
    carrier = _Carrier(owner=secrets.token_hex(12), wire=wire, at=at)
    tried, failed = 0, set[int]()
    try:
        for delivery in carrier.claim(limit=limit):
            if delivery.endpoint_id not in failed:
                tried += 1
                if not carrier.carry(delivery):
                    failed.add(delivery.endpoint_id)
    finally:
        carrier.release()
    return tried


@dataclass(frozen=True, slots=True, kw_only=True)
class _Carrier:
    """One run; its name is used by nobody before or after."""

    owner: str
    wire: Wire
    at: datetime | None

    def now(self) -> datetime:
        return self.at or database_clock()

    def claim(self, *, limit: int) -> list[EndpointDelivery]:
        """Take the oldest due, also what somebody took and never came back with."""
        with transaction.atomic():
            now = self.now()
            free = Q(state=State.WAITING, next_at__lte=now) | Q(state=State.SENDING, lease_until__lte=now)
            rested = Q(endpoint__resting_until__isnull=True) | Q(endpoint__resting_until__lte=now)
            due = EndpointDelivery.objects.filter(free, rested, endpoint__off=Off.NOT)
            due = due.select_related("endpoint").order_by("next_at", "pk")
            batch = list(due.select_for_update(skip_locked=True, of=("self",))[:limit])
            EndpointDelivery.objects.filter(pk__in=[one.pk for one in batch]).update(
                state=State.SENDING, owner=self.owner, lease_until=now + LEASE
            )
        return batch

    def carry(self, delivery: EndpointDelivery) -> bool:
        """Post one and write down what came of it; False when its receiver is in trouble."""
        now = self.now()
        body = json.dumps(delivery.payload, ensure_ascii=False, separators=(",", ":")).encode()
        try:
            keys = [unseal(sealed, purpose=SEAL) for sealed in _sealed(delivery.endpoint, at=now)]
        except BrokenSeal:  # the service has another secret now: the organiser makes a new one
            return self._record(delivery, Reply(problem="secret"))
        headers = signing.headers(keys, event=str(delivery.event), timestamp=int(now.timestamp()), body=body)
        return self._record(delivery, self.wire.post(delivery.endpoint.url, headers=headers, body=body))

    @transaction.atomic
    def _record(self, delivery: EndpointDelivery, reply: Reply) -> bool:
        now = self.now()
        attempts = delivery.attempts + 1
        state, next_at = _next(reply, attempts=attempts, now=now)
        ours = EndpointDelivery.objects.filter(pk=delivery.pk, state=State.SENDING, owner=self.owner)
        ours.update(
            state=state,
            next_at=next_at,
            attempts=attempts,
            owner="",
            lease_until=None,
            tried_at=now,
            status=reply.status,
            problem=reply.problem,
            milliseconds=reply.milliseconds,
            answer=reply.text[:1024],
        )
        _remember(delivery.endpoint_id, reply, now=now)
        return reply.ok

    def release(self) -> None:
        """Give back what was claimed and not begun."""
        EndpointDelivery.objects.filter(state=State.SENDING, owner=self.owner).update(
            state=State.WAITING, owner="", lease_until=None
        )


def _sealed(endpoint: Endpoint, *, at: datetime) -> Sequence[str]:
    former = endpoint.former_until is not None and at < endpoint.former_until
    return [endpoint.secret, endpoint.former_secret] if former else [endpoint.secret]


def _next(reply: Reply, *, attempts: int, now: datetime) -> tuple[State, datetime]:
    if reply.ok:
        return State.DELIVERED, now
    wait = rules.wait_before(attempt=attempts, chance=random())  # noqa: S311 - spreads load, guards nothing
    if wait is None or reply.status == GONE:
        return State.FAILED, now
    return State.WAITING, now + max(wait, _asked(reply))


def _asked(reply: Reply) -> timedelta:
    return min(timedelta(seconds=reply.retry_after), LONGEST_REST)


def _remember(endpoint_id: int, reply: Reply, *, now: datetime) -> None:
    """Note how the receiver is: well, in trouble since when, gone, or given up."""
    rows = Endpoint.objects.filter(pk=endpoint_id)
    if reply.ok:
        rows.exclude(failing_since=None).update(failing_since=None, resting_until=None)
        return
    rows.filter(failing_since=None).update(failing_since=now)
    rows.update(resting_until=now + max(REST, _asked(reply)))
    if reply.status == GONE:
        rows.filter(off=Off.NOT).update(off=Off.GONE, changed_at=now)
    rows.filter(off=Off.NOT, failing_since__lte=now - GIVEN_UP_AFTER).update(off=Off.FAILING, changed_at=now)


def forget_old(*, at: datetime) -> None:
    """Remove what is older than a month from the log."""
    EndpointDelivery.objects.filter(created_at__lt=at - KEPT_FOR).delete()
