"""Claim, mark, send, record: the way of a message from the ledger to the transport.

Short transactions and the network between them, never inside one. A claim and a mark carry a lease and an
owner; who comes late finds that the row is no longer theirs and lets go of it. What became of one message is
recorded together with the mark of the next: each mail waits for the disk once.
"""

import logging
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import random

from django.db import transaction
from django.db.models import Q
from django.template import TemplateDoesNotExist, TemplateSyntaxError

from backend.core.turns import told
from notifications import circuit, journal, rendering, rules, suppression
from notifications.circuit import Gate
from notifications.clock import database_clock
from notifications.handover import Answer, Line, LineDownError, Outcome, clock
from notifications.kinds import Lane
from notifications.models import Message, MessageEvent
from notifications.rendering import Rendered
from notifications.sms.line import SmsLine
from notifications.sweeping import sweep
from notifications.wordings.queries import NO_WORDS, Words

__all__ = ["Terms", "drain", "sweep"]

logger = logging.getLogger("vipu.notifications")
State = Message.State
_UNSENDABLE = (LookupError, ValueError, TypeError, AttributeError, TemplateDoesNotExist, TemplateSyntaxError)


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """How long a worker may hold a message, and how much of that is kept for the last answer."""

    claim: timedelta = timedelta(seconds=30)
    send: timedelta = timedelta(seconds=120)
    answer: timedelta = timedelta(seconds=45)

    @property
    def hand_over(self) -> float:
        """Seconds after the mark in which the message may still be handed over."""
        return (self.send - self.answer).total_seconds()


TERMS = Terms()


def drain(*, lane: str, owner: str, limit: int = 50, at: datetime | None = None, terms: Terms = TERMS) -> int:
    """Send what is due in a lane; tells how many messages were decided (0: nothing due, or no connection).

    Time is the database's, so that no worker's wrong clock matters; a test may set it with ``at``.
    """
    worker = _Worker(owner=f"{owner[:27]}#{secrets.token_hex(6)}", at=at, terms=terms)
    gate = circuit.enter(lane=lane, limit=limit, at=worker.now())
    batch = worker.claim(lane=lane, limit=gate.allowed) if gate.allowed else []
    if not batch:
        gate.leave(at=worker.now())
        return 0
    decided = 0
    try:
        gate.spend(len(batch), at=worker.now())
        with SmsLine() if lane == Lane.SMS else Line() as line:
            blocked = suppression.blocked(batch)
            worker.words = Words.of(batch)
            for message in batch:
                if gate.is_shut(now=worker.now):
                    break
                decided += worker.carry(message, line=line, gate=gate, blocked=blocked.get(message.pk, ""))
            worker.settle()  # before the good-bye, which may take its time
    except LineDownError as error:
        logger.warning("no connection to the mail transport: %s", error)
        gate.missed(str(error))
    finally:
        worker.release()
        gate.leave(at=worker.now())
    return decided


@dataclass(frozen=True, slots=True, kw_only=True)
class _Said:
    """What the transport said about one message, not yet written down."""

    message: Message
    answer: Answer
    started_at: datetime
    ended_at: datetime


@dataclass(slots=True, kw_only=True)
class _Worker:
    """One run of one drain; its owner name is used by nobody before or after."""

    owner: str
    at: datetime | None
    terms: Terms
    words: Words = NO_WORDS  # the organisers', read once for the batch
    said: _Said | None = None
    read_at: datetime | None = None  # what the database's clock told when ours, which never jumps, stood at
    read_when: float = 0.0

    def now(self) -> datetime:
        """Tell the database's time, without asking it again for each mail."""
        if self.at:
            return self.at
        if self.read_at is None:
            self.read_when, self.read_at = clock(), database_clock()
        return self.read_at + timedelta(seconds=clock() - self.read_when)

    def claim(self, *, lane: str, limit: int) -> list[Message]:
        """Take the oldest due messages; other workers pass over them."""
        with transaction.atomic():
            now = self.now()
            due = Message.objects.filter(_in_time(now), lane=lane, state__in=rules.DUE, not_before__lte=now)
            batch = list(due.order_by("not_before", "pk").select_for_update(skip_locked=True)[:limit])
            Message.objects.filter(pk__in=[message.pk for message in batch]).update(
                state=State.CLAIMED,
                owner=self.owner,
                lease_until=now + self.terms.claim,
                state_changed_at=now,
            )
        return batch

    def carry(self, message: Message, *, line: Line | SmsLine, gate: Gate, blocked: str) -> bool:
        """Bring one message to a decision; False when it was no longer ours."""
        if blocked:
            return self._decide(message, state=State.SUPPRESSED, note=blocked)
        try:
            rendered = rendering.render(message, words=self.words)
            hand_over = line.ready(message, rendered)
        except _UNSENDABLE as error:
            logger.error(  # noqa: TRY400 - see ``told``
                "message %s of kind %s cannot be made: %s", message.pk, message.kind, told(error)
            )
            return self._decide(message, state=State.FAILED, note=f"cannot be made: {type(error).__name__}")
        if not line.is_open:
            self.settle()  # a new connection may take its time
        line.open()
        return self._send(message, rendered=rendered, hand_over=hand_over, gate=gate)

    def _send(
        self, message: Message, *, rendered: Rendered, hand_over: Callable[[float], Answer], gate: Gate
    ) -> bool:
        started, started_at = clock(), self.now()
        if not self._mark(message, rendered=rendered, at=started_at):
            return False
        answer = hand_over(started + self.terms.hand_over)
        gate.heard(answer)
        self.said = _Said(message=message, answer=answer, started_at=started_at, ended_at=self.now())
        return True

    def _decide(self, message: Message, *, state: State, note: str) -> bool:
        """Settle a claimed message without trying to send it."""
        with transaction.atomic():
            now = self.now()
            ours = Message.objects.filter(pk=message.pk, state=State.CLAIMED, owner=self.owner)
            if not ours.update(state=state, state_changed_at=now, owner="", lease_until=None):
                return False
            MessageEvent.objects.create(message=message, at=now, state=state, note=note)
        return True

    def _mark(self, message: Message, *, rendered: Rendered, at: datetime) -> bool:
        """Write down that the next moments are the ones nobody can judge; committed before the network."""
        mark = journal.Mark(
            pk=message.pk,
            owner=self.owner,
            headline=rendered.subject,
            wording_id=rendered.wording_id,
            lease_until=at + self.terms.send,
            at=at,
        )
        return self._write(mark)

    def settle(self) -> None:
        """Write down what was said last, if it stands nowhere yet."""
        if self.said:
            self._write(None)

    def _write(self, mark: journal.Mark | None) -> bool:
        """Write down what was said last and what comes next; tells whether the next is still ours."""
        tried = self._tried()
        settled, marked = journal.write(tried, mark)
        self.said = None
        if tried and not settled and tried.state == State.ACCEPTED:
            _accept_late(tried)
        return marked

    def _tried(self) -> journal.Try | None:
        """Conclude what is known now about the last message."""
        if self.said is None:
            return None
        message, answer, at = self.said.message, self.said.answer, self.said.ended_at
        state, not_before = _next(answer, attempt_number=message.attempts_made + 1, now=at)
        return journal.Try(
            pk=message.pk,
            owner=self.owner,
            started_at=self.said.started_at,
            ended_at=at,
            outcome=answer.outcome,
            code=answer.code,
            provider_id=answer.provider_id,
            state=state,
            not_before=not_before,
        )

    def release(self) -> None:
        """Write down what was said last, and give back what was claimed and not begun."""
        self.settle()
        Message.objects.filter(state=State.CLAIMED, owner=self.owner).update(
            state=State.QUEUED, state_changed_at=self.now(), owner="", lease_until=None
        )


def _in_time(now: datetime) -> Q:
    return Q(not_after__isnull=True) | Q(not_after__gt=now)


def _next(answer: Answer, *, attempt_number: int, now: datetime) -> tuple[State, datetime | None]:
    """Conclude the next state from an answer, and when to try again."""
    match answer.outcome:
        case Outcome.ACCEPTED:
            return State.ACCEPTED, None
        case Outcome.PERMANENT:
            return State.FAILED, None
        case Outcome.UNKNOWN:
            return State.UNCERTAIN, None
        case Outcome.TEMPORARY:
            wait = rules.wait_before(attempt=attempt_number, chance=random())  # noqa: S311 - spreads load, guards nothing
            return (State.RETRY_WAIT, now + wait) if wait else (State.FAILED, None)


def _accept_late(tried: journal.Try) -> None:
    """We were thought dead, and now know that it was accepted: a second sending not yet begun is stopped."""
    stoppable = rules.sources_of(rules.ACCEPTED) - {rules.SENDING}
    late = Message.objects.filter(pk=tried.pk, state__in=stoppable)
    with transaction.atomic():
        if late.update(state=State.ACCEPTED, state_changed_at=tried.ended_at, owner="", lease_until=None):
            journal.happened(tried)
