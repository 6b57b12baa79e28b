"""Stops and rates of a transport, shared by all workers through one row of the database.

A transport that does not answer is left alone for a while and then tried with one message; a provider that
asks for patience gets it; a rate that was promised is kept. Messages wait in the ledger meanwhile. While all
is well a batch costs one look at the row, and one statement more where a rate is set.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from time import monotonic

from django.conf import settings
from django.db import transaction

from notifications import queries, rules
from notifications.capabilities import transport
from notifications.handover import CLOSING, LOST, WRONG_KEY, Answer, Outcome
from notifications.kinds import Lane
from notifications.models import Circuit
from notifications.sms import providers

LOOK_EVERY = 0.2  # seconds between two looks for somebody more urgent
HELD = "held"
_NEVER = datetime(9999, 1, 1, tzinfo=UTC)
_CONNECTION_CODES = frozenset(map(str, {CLOSING, *WRONG_KEY}))


@dataclass(slots=True, kw_only=True)
class Gate:
    """What one batch may do: how many messages, and whether it has to stop before its end."""

    lane: str
    row: Circuit
    allowed: int
    probing: bool = False
    failures: int = 0  # in a row, at the end of this batch
    through: bool = False  # something got through
    pause: timedelta | None = None
    why: str = ""
    looked: float = 0.0  # when somebody more urgent was last looked for; the first message always goes

    def heard(self, answer: Answer) -> None:
        """Learn from one answer of the transport."""
        if answer.pause:
            self.pause, self.why = min(answer.pause, rules.LONGEST_PAUSE), answer.code
        if answer.outcome is Outcome.TEMPORARY and (
            answer.code in _CONNECTION_CODES or answer.code.startswith(LOST)
        ):
            self.missed(answer.code)
        else:
            self.failures, self.through = 0, True

    def missed(self, why: str) -> None:
        """Learn that the connection failed."""
        self.failures, self.why = self.failures + 1, why

    def is_shut(self, *, now: Callable[[], datetime]) -> bool:
        """Tell whether the rest of the batch has to wait: for the transport, or for somebody more urgent."""
        if self.pause or (self.failures and self._total() >= rules.BREAK_AFTER):
            return True
        before = rules.BEFORE[self.lane]
        since, self.looked = self.looked, self.looked or monotonic()
        if not before or not since or monotonic() - since < LOOK_EVERY:
            return False
        self.looked = monotonic()
        return queries.due(at=now()).filter(lane__in=before).exists()

    def spend(self, count: int, *, at: datetime) -> None:
        """Count the messages that are about to go against the rate."""
        rate = rate_of(self.lane)
        while rate and count:
            row = self.row
            left = rules.refilled(row.tokens, rate=rate, waited=_since(row, at)) - count
            ours = Circuit.objects.filter(pk=row.pk, tokens=row.tokens, filled_at=row.filled_at)
            if ours.update(tokens=left, filled_at=at):
                return
            self.row = Circuit.objects.get(pk=row.pk)  # another worker was faster: count again

    def leave(self, *, at: datetime) -> None:
        """Write down what has changed, if anything has."""
        if not (self.pause or self.failures or self.probing or (self.through and self.row.failures)):
            return
        with transaction.atomic():
            row = Circuit.objects.select_for_update().get(pk=self.row.pk)
            if row.why == HELD:
                return
            row.failures = self.failures + (0 if self.through else row.failures)
            stop = max(filter(None, (rules.stop_after(row.failures), self.pause)), default=None)
            if not self.failures and not self.through:  # a probe that found nothing to send: the next may try
                stop = timedelta(0)
            row.not_before, row.why = (at + stop, self.why) if stop is not None else (None, "")
            row.save(update_fields=["failures", "not_before", "why"])

    def _total(self) -> int:
        return self.failures + (0 if self.through else self.row.failures)


def enter(*, lane: str, limit: int, at: datetime) -> Gate:
    """Ask how many messages of this lane may go now; 0 while the transport is stopped."""
    row = _row(lane, at=at)
    gate = Gate(lane=lane, row=row, allowed=0)
    if row.not_before and at < row.not_before:
        return gate
    if row.failures >= rules.BREAK_AFTER:
        gate.probing = _take_probe(row, at=at)
        limit = 1 if gate.probing else 0
    rate = rate_of(lane)
    if rate:
        tokens = rules.refilled(row.tokens, rate=rate, waited=_since(row, at))
        limit = min(limit, rules.allowance(tokens, rate=rate, lane=lane))
    gate.allowed = limit
    return gate


def hold_all(*, at: datetime) -> None:
    """Let nothing go until somebody says so: a backup was put back, and what left since then is not in it."""
    ways = {_row(lane, at=at).pk for lane in Lane}
    Circuit.objects.filter(pk__in=ways).update(not_before=_NEVER, why=HELD)


def release_all() -> bool:
    """Let mail go again; False when it was not held."""
    return bool(Circuit.objects.filter(why=HELD).update(not_before=None, why=""))


def wait(*, lane: str, at: datetime) -> timedelta | None:
    """Tell how long the rate holds this lane up; None where something else does, or nothing."""
    rate, row = rate_of(lane), _row(lane, at=at)
    if not rate or row.failures >= rules.BREAK_AFTER or (row.not_before and at < row.not_before):
        return None
    tokens = rules.refilled(row.tokens, rate=rate, waited=_since(row, at))
    return rules.wait_for_one(tokens, rate=rate, lane=lane)


def rate_of(lane: str) -> float:
    """Tell how many messages in a second the way of a lane takes; 0: as many as we can."""
    return 0.0 if lane == Lane.SMS else float(settings.MAIL_RATE)


def _row(lane: str, *, at: datetime) -> Circuit:
    name = providers.name() if lane == Lane.SMS else transport().name
    found = Circuit.objects.filter(transport=name).first()
    if found:
        return found
    full = {"tokens": rules.room(rate_of(lane)), "filled_at": at}
    return Circuit.objects.get_or_create(transport=name, defaults=full)[0]


def _since(row: Circuit, at: datetime) -> timedelta:
    return at - row.filled_at if row.filled_at else timedelta(days=1)


def _take_probe(row: Circuit, *, at: datetime) -> bool:
    """Let one worker try whether the transport is back; the others see it as stopped meanwhile."""
    free = Circuit.objects.filter(pk=row.pk, failures=row.failures, not_before=row.not_before)
    return bool(free.update(not_before=at + rules.PROBE_LASTS))
