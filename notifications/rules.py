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
HOLDABLE = DUE | {CLAIMED}  # what a pause takes out of the line; a worker that holds a claim lets go of it
AGAIN = frozenset({FAILED, BOUNCED_SOFT, UNCERTAIN})  # what a person may have sent once more
REPORTED = frozenset({DELIVERED, DEFERRED, BOUNCED_SOFT, BOUNCED_HARD, COMPLAINED})

MOVES: Mapping[str, frozenset[str]] = {
    QUEUED: frozenset({CLAIMED, HELD, CANCELLED, EXPIRED, ACCEPTED}),
    HELD: frozenset({QUEUED, CANCELLED, EXPIRED}),
    RETRY_WAIT: frozenset({CLAIMED, HELD, CANCELLED, EXPIRED, ACCEPTED}),
    CLAIMED: frozenset({QUEUED, HELD, SENDING, CANCELLED, SUPPRESSED, FAILED, ACCEPTED}),
    SENDING: frozenset({ACCEPTED, RETRY_WAIT, FAILED, UNCERTAIN}),
    UNCERTAIN: frozenset({ACCEPTED, QUEUED, CLOSED}) | REPORTED,
    ACCEPTED: REPORTED,
    DEFERRED: REPORTED - {DEFERRED},
    DELIVERED: REPORTED - {DEFERRED, DELIVERED},
    BOUNCED_SOFT: frozenset({BOUNCED_HARD, COMPLAINED, QUEUED, CANCELLED}),
    BOUNCED_HARD: frozenset({COMPLAINED, QUEUED, CANCELLED}),
    COMPLAINED: frozenset(),
    FAILED: frozenset({QUEUED, CANCELLED}),
    CANCELLED: frozenset(),
    EXPIRED: frozenset(),
    SUPPRESSED: frozenset({QUEUED, CANCELLED}),
    CLOSED: frozenset(),
}

CAME_BACK = frozenset({BOUNCED_SOFT, BOUNCED_HARD, COMPLAINED})

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


BLOCKS = frozenset({BOUNCED_HARD, COMPLAINED})  # news after which an address gets nothing more
LOST = frozenset({FAILED, SUPPRESSED, BOUNCED_SOFT, BOUNCED_HARD})  # for certain nobody read it
REPAIRABLE = frozenset({UNCERTAIN, FAILED, SUPPRESSED, BOUNCED_SOFT, BOUNCED_HARD})

BREAK_AFTER = 5  # connections in a row that failed
FIRST_STOP, LONGEST_STOP = timedelta(seconds=30), timedelta(minutes=10)
PROBE_LASTS = timedelta(seconds=60)  # so long nobody else tries whether a transport is back
LONGEST_PAUSE = timedelta(hours=1)  # whatever a provider asks for: then we look again
RESERVED = 0.2  # of the tokens, for whoever signs in or registers right now
BEFORE: Mapping[str, tuple[str, ...]] = {
    "urgent": (),
    "normal": ("urgent",),
    "bulk": ("urgent", "normal"),
    "sms": (),  # another way out: neither waits for the other
}


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


def stop_after(failures: int) -> timedelta | None:
    """Tell for how long nothing is sent after so many failed connections in a row; None: go on."""
    if failures < BREAK_AFTER:
        return None
    times = 1 << min(failures - BREAK_AFTER, 10)
    return min(FIRST_STOP * times, LONGEST_STOP)


def room(rate: float) -> float:
    """Tell how many mails may go at once: what the rate allows in a second, and never less than one."""
    return max(rate, 1.0)


def refilled(tokens: float, *, rate: float, waited: timedelta) -> float:
    """Count the tokens after a while: they come back at the rate, up to what there is room for."""
    return min(room(rate), tokens + rate * max(waited.total_seconds(), 0.0))


def allowance(tokens: float, *, rate: float, lane: str) -> int:
    """Tell how many mails of this lane may go now; all but the urgent leave a reserve."""
    reserve = RESERVED * room(rate) if BEFORE[lane] and rate > 1 else 0.0
    return max(0, int(tokens - reserve))


def wait_for_one(tokens: float, *, rate: float, lane: str) -> timedelta:
    """Tell how long it takes until one more mail of this lane may go."""
    reserve = RESERVED * room(rate) if BEFORE[lane] and rate > 1 else 0.0
    return timedelta(seconds=max(0.0, 1 + reserve - tokens) / rate)


def outranks(news: str, state: str) -> bool:
    """Tell whether a provider's news is worth more than what is known; a lower rank never overwrites."""
    return state == UNCERTAIN or (state in RANK and RANK[news] > RANK[state])


def steps_by_news(news: str, state: str) -> tuple[str, ...]:
    """Name the states a message goes through by a provider's news; none where it is no better knowledge.

    A message that waits to be sent once more is stopped by the news that it did arrive. That it came back
    does not stop it: it waits because somebody wants it sent again, or its address is blocked anyway.
    """
    if not news:
        return ()
    if state in {QUEUED, CLAIMED, RETRY_WAIT}:
        return (ACCEPTED, news) if news in {DELIVERED, DEFERRED} else ()
    return (news,) if outranks(news, state) else ()
