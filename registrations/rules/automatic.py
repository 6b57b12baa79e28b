"""When the message of a rule is due, until when it makes sense, and who gets it: from plain values."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache
from zoneinfo import ZoneInfo

_A_DAY = timedelta(days=1)
PATIENCE = timedelta(days=14)  # so long a rule that asks who came waits for the mark
COMES = "confirmed"


class Late(StrEnum):
    """What happens to those who come to be among the readers after the moment of a rule."""

    SKIP = "skip"
    SEND = "send"  # at once, if enough of the window is left
    CONFIRMATION = "confirmation"  # what they are told then says it all


class Verdict(StrEnum):
    """What becomes of one rule for one registration, seen at one moment."""

    DUE = "due"
    AHEAD = "ahead"
    SENT = "sent"
    LATE = "late"
    BLOCKED = "blocked"
    NO_PLACE = "no_place"
    LANGUAGE = "language"
    MODE = "mode"
    ATTENDANCE = "attendance"
    UNMARKED = "unmarked"  # they get it once they are marked so
    ANSWER = "answer"
    UNWANTED = "unwanted"
    OVER = "over"


@dataclass(frozen=True, slots=True, kw_only=True)
class When:
    """A moment counted from another: whole days by the clock of the place, then minutes as they pass.

    With ``clock`` it is that hour on the day; without, the days keep the hour of the anchor.
    """

    days: int = 0
    clock: time | None = None
    minutes: int = 0


@dataclass(frozen=True, slots=True)
class Window:
    """From when a message may be sent, and the first moment that is too late."""

    opens: datetime
    ends: datetime

    def is_over(self, *, at: datetime) -> bool:
        """Tell that it is too late, or that there never was a moment for it."""
        return at >= self.ends or self.opens >= self.ends


@dataclass(frozen=True, slots=True, kw_only=True)
class Readers:
    """Whom a rule is for; an empty set asks nothing."""

    states: frozenset[str] = frozenset({COMES})
    languages: frozenset[str] = frozenset()
    modes: frozenset[str] = frozenset()
    attendance: str = ""  # "", attended, absent, unmarked
    answers: frozenset[str] | None = None  # None: whatever they answered


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """What is known of one registration when a rule looks at it."""

    state: str
    language: str
    mode: str
    since: datetime  # when they came to stand as they do
    attended: bool | None = None
    answers: frozenset[str] = frozenset()
    handled: str = ""  # what was done before for this rule and day: "", sent, late, blocked
    blocked: bool = False
    unwanted: bool = False  # they said that they can do without such messages


@dataclass(frozen=True, slots=True, kw_only=True)
class LatePolicy:
    """What a rule does with those who are late, and since when it stands as it does."""

    late: Late
    minutes: int
    since: datetime


def moment_of(when: When, *, anchor: datetime, zone: str) -> datetime:
    """Name the moment, on the clock of the place; an hour that a clock change skips is moved past it."""
    place = ZoneInfo(zone)
    moment = anchor.astimezone(place)
    if when.days or when.clock is not None:
        clock = moment.time() if when.clock is None else when.clock
        moment = datetime.combine(moment.date() + timedelta(days=when.days), clock, tzinfo=place)
    return moment.astimezone(UTC) + timedelta(minutes=when.minutes)


@lru_cache(maxsize=256)
def day_of(anchor: datetime, *, zone: str) -> date:
    """Name the day that a rule counts from: once for each of these is enough."""
    return anchor.astimezone(ZoneInfo(zone)).date()


@lru_cache(maxsize=256)  # thousands of people share one
def window_of(
    when: When, *, anchor: datetime, zone: str, until: datetime, never_after: bool = False
) -> Window:
    """Tell from when to when the message makes sense.

    What comes before its anchor is told on its own day, since it says 'tomorrow'; what comes after, within a
    day. Nothing is told after ``until`` that was due before it; with ``never_after`` nothing at all.
    """
    opens = moment_of(when, anchor=anchor, zone=zone)
    ends = min(anchor, _midnight_after(opens, zone=zone)) if opens < anchor else opens + _A_DAY
    return Window(opens, min(ends, until) if never_after or opens < until else ends)


@lru_cache(maxsize=256)
def marking_window(when: When, *, anchor: datetime, zone: str) -> Window:
    """Tell from when to when a message waits for the mark that somebody came: never before its anchor."""
    opens = max(anchor, moment_of(when, anchor=anchor, zone=zone))
    return Window(opens, opens + PATIENCE)


def _midnight_after(moment: datetime, *, zone: str) -> datetime:
    place = ZoneInfo(zone)
    midnight = datetime.combine(moment.astimezone(place).date() + _A_DAY, time(), tzinfo=place)
    return midnight.astimezone(UTC)


def verdict(reader: Reader, *, readers: Readers, window: Window, policy: LatePolicy, at: datetime) -> Verdict:
    """Tell whether somebody gets the message, when seen at this moment, or why not."""
    if reader.handled:
        return Verdict(reader.handled)
    if no := _outside(reader, readers):
        return no
    if window.is_over(at=at):
        return Verdict.OVER
    if _is_late(reader, window=window, policy=policy, at=at):
        return Verdict.LATE
    if no := _unreached(reader, readers):
        return no
    return Verdict.DUE if at >= window.opens else Verdict.AHEAD


def _outside(reader: Reader, readers: Readers) -> Verdict | None:
    if reader.state not in readers.states:
        return Verdict.NO_PLACE
    if readers.modes and reader.mode not in readers.modes:
        return Verdict.MODE
    if readers.languages and reader.language not in readers.languages:
        return Verdict.LANGUAGE
    if _came_otherwise(reader, readers):
        return Verdict.ATTENDANCE
    if readers.answers is not None and not readers.answers & reader.answers:
        return Verdict.ANSWER
    return None


def _unreached(reader: Reader, readers: Readers) -> Verdict | None:
    if reader.unwanted:
        return Verdict.UNWANTED
    if reader.blocked:
        return Verdict.BLOCKED
    return Verdict.UNMARKED if _awaits_mark(reader, readers) else None


def _came_otherwise(reader: Reader, readers: Readers) -> bool:
    marked = {True: "attended", False: "absent", None: "unmarked"}[reader.attended]
    return bool(readers.attendance) and readers.attendance != marked and not _awaits_mark(reader, readers)


def _awaits_mark(reader: Reader, readers: Readers) -> bool:
    """Tell whether it is not known yet of somebody whether they came, and the rule asks."""
    return reader.attended is None and readers.attendance in {"attended", "absent"}


def _is_late(reader: Reader, *, window: Window, policy: LatePolicy, at: datetime) -> bool:
    """Tell whether the person, or the rule itself, came after the moment, and nothing is sent for that."""
    if at < window.opens or max(reader.since, policy.since) < window.opens:
        return False
    return policy.late != Late.SEND or window.ends - at < timedelta(minutes=policy.minutes)
