"""The life of a message as data: which moves exist, how long to wait, which news outranks which."""

from collections.abc import Mapping
from datetime import timedelta

QUEUED, HELD, CLAIMED, SENDING, RETRY_WAIT = "queued", "held", "claimed", "sending", "retry_wait"
ACCEPTED, DELIVERED, DEFERRED = "accepted", "delivered", "deferred"
BOUNCED_SOFT, BOUNCED_HARD, COMPLAINED = "bounced_soft", "bounced_hard", "complained"
UNCERTAIN, FAILED, CANCELLED, EXPIRED = "uncertain", "failed", "cancelled", "expired"
SUPPRESSED, CLOSED = "suppressed", "closed"

DUE = frozenset({QUEUED, RETRY_WAIT})
NOT_BEGUN = frozenset({QUEUED, HELD, RETRY_WAIT, CLAIMED})
IN_HAND = frozenset({CLAIMED, SENDING})
WAITING = frozenset({QUEUED, HELD, RETRY_WAIT, CLAIMED, SENDING})
TROUBLED = frozenset({UNCERTAIN, FAILED, SUPPRESSED, BOUNCED_SOFT, BOUNCED_HARD, COMPLAINED})
REPORTED = frozenset({DELIVERED, DEFERRED, BOUNCED_SOFT, BOUNCED_HARD, COMPLAINED})

MOVES: Mapping[str, frozenset[str]] = {
    QUEUED: frozenset({CLAIMED, HELD, CANCELLED, EXPIRED, ACCEPTED}),
    HELD: frozenset({QUEUED, CANCELLED, EXPIRED}),
    RETRY_WAIT: frozenset({CLAIMED, HELD, CANCELLED, EXPIRED}),
    CLAIMED: frozenset({QUEUED, SENDING, CANCELLED, SUPPRESSED, FAILED, ACCEPTED}),
    SENDING: frozenset({ACCEPTED, RETRY_WAIT, FAILED, UNCERTAIN}),
    UNCERTAIN: frozenset({ACCEPTED, QUEUED, CLOSED}) | REPORTED,
    ACCEPTED: REPORTED,
    DEFERRED: REPORTED - {DEFERRED},
    DELIVERED: REPORTED - {DEFERRED, DELIVERED},
    BOUNCED_SOFT: frozenset({BOUNCED_HARD, COMPLAINED}),
    BOUNCED_HARD: frozenset({COMPLAINED}),
    COMPLAINED: frozenset(),
    FAILED: frozenset({QUEUED}),
    CANCELLED: frozenset(),
    EXPIRED: frozenset(),
    SUPPRESSED: frozenset(),
    CLOSED: frozenset(),
}

RANK: Mapping[str, int] = {
    ACCEPTED: 0,
    DEFERRED: 1,
    DELIVERED: 2,
    BOUNCED_SOFT: 3,
    BOUNCED_HARD: 4,
    COMPLAINED: 5,
}

LADDER = (
    timedelta(seconds=30),
    timedelta(minutes=2),
    timedelta(minutes=10),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=6),
)
SPREAD = 0.2
HOLD_CLOSES_AFTER = timedelta(hours=72)


def may_move(before: str, after: str) -> bool:
    """Tell whether a message may go from one state to the other."""
    return after in MOVES[before]


def sources_of(after: str) -> frozenset[str]:
    """Name every state from which a message may come to this one."""
    return frozenset(before for before, goals in MOVES.items() if after in goals)


def wait_before(*, attempt: int, chance: float) -> timedelta | None:
    """Tell how long to wait after this failed attempt (1 is the first); None when it was the last.

    ``chance`` lies between 0 and 1 and spreads the waits by a fifth, so that thousands of refused
    messages do not come back in the same second.
    """
    if attempt > len(LADDER):
        return None
    return LADDER[attempt - 1] * (1 - SPREAD + 2 * SPREAD * chance)


def outranks(news: str, state: str) -> bool:
    """Tell whether a provider's news is worth more than what is known; a lower rank never overwrites."""
    return state == UNCERTAIN or (state in RANK and RANK[news] > RANK[state])
