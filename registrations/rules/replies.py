"""What an answer from somebody's calendar means for their place: a table, with a quarter of an hour's grace.

Only the person's own answer to what stands now counts: the same address that was invited, about the newest
time, and not older than what they said last. Saying no frees a place only after the grace. Whatever else a
calendar can say (another time, somebody else) is shown to the organiser and changes nothing.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

GRACE = timedelta(minutes=15)
ACCEPTED, TENTATIVE, DECLINED, DELEGATED = "ACCEPTED", "TENTATIVE", "DECLINED", "DELEGATED"


class Outcome(StrEnum):
    """What became of an answer."""

    RECORDED = "recorded"
    GRACE = "grace"  # no: the place is released when the grace is over
    RELEASED = "released"
    KEPT = "kept"  # the person pressed the button
    UNDONE = "undone"  # the person said yes after all
    OVERTAKEN = "overtaken"  # the event changed meanwhile, or the place was given up
    PROPOSAL = "proposal"  # another time is proposed
    DELEGATED = "delegated"  # somebody else is named
    LATE = "late"  # no, after the deadline
    STRANGER = "stranger"  # another address answers
    STALE = "stale"  # about an older time, or older than the last answer


NEEDS_A_LOOK = frozenset({Outcome.PROPOSAL, Outcome.DELEGATED, Outcome.LATE, Outcome.STRANGER})
COUNTS = frozenset(Outcome) - NEEDS_A_LOOK - {Outcome.STALE} | {Outcome.LATE}  # what the person means to do


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """An answer as it came: by whom, to which version, when, and what."""

    method: str
    attends: str  # PARTSTAT of the person; empty when another one answers
    sender: str
    sequence: int
    stamped_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Stands:
    """What we know of the invited person and their entry."""

    address: str
    sequence: int
    has_place: bool
    may_give_up: bool  # before the deadline of the event
    last: tuple[int, datetime, str] | None  # the newest answer that counts: version, moment, what
    in_grace: bool


def outcome_of(answer: Answered, stands: Stands) -> Outcome:
    """Decide what an answer means."""
    if not answer.attends or answer.sender != stands.address:
        return Outcome.STRANGER
    if _is_stale(answer, stands):
        return Outcome.STALE
    if answer.method == "COUNTER":
        return Outcome.PROPOSAL
    if answer.attends == DELEGATED:
        return Outcome.DELEGATED
    if answer.attends != DECLINED or not stands.has_place or stands.in_grace:
        return Outcome.RECORDED
    return Outcome.GRACE if stands.may_give_up else Outcome.LATE


def _is_stale(answer: Answered, stands: Stands) -> bool:
    if answer.sequence != stands.sequence:  # a higher one than ours was never sent
        return True
    if stands.last is None:
        return False
    sequence, stamped_at, attends = stands.last
    now, before = (answer.sequence, answer.stamped_at), (sequence, stamped_at)
    again = answer.method == "REPLY" and now == before and answer.attends == attends
    return again or now < before


def releases_at(at: datetime, *, starts_at: datetime) -> datetime:
    """Name the moment at which a declined place is released: never after the start."""
    return min(at + GRACE, starts_at)


def undoes_decline(outcome: Outcome, attends: str) -> bool:
    """Tell whether this answer takes back an earlier no."""
    return outcome is Outcome.RECORDED and attends in {ACCEPTED, TENTATIVE}
