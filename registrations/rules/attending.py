"""When one may join, and which of several tellings of one arrival counts."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from backend.core.errors import Refusal
from backend.core.i18n import _

JOINS_BEFORE = timedelta(minutes=15)
CLOCKS_MAY_DIFFER = timedelta(minutes=2)
SCANS_AT_ONCE = 200
SCANS_KEPT = timedelta(days=30)  # older than that, the clock of the device is wrong rather than the scan late

type Door = Literal["early", "open", "over"]
type Outcome = Literal["in", "already", "undone", "no_place", "unknown"]


class DoorClosed(Refusal):
    """The joining page was pressed before its time, or after the end."""

    code = "door-closed"
    status = 409


class TooManyScans(Refusal):
    """More scans came at once than are read in one go."""

    code = "too-many-scans"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scan:
    """One thing that happened at the door: somebody was let in, or that was taken back."""

    ticket: str = ""  # the token of a ticket, or its digest
    registration: int | None = None
    scanned_at: datetime
    undo: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is known so far of one person's coming."""

    attended: bool | None
    attended_at: datetime | None
    unmarked_at: datetime | None


def joining_opens_at(starts_at: datetime) -> datetime:
    """Name the moment from which the joining page has its button."""
    return starts_at - JOINS_BEFORE


def door_of(*, starts_at: datetime, ends_at: datetime, at: datetime) -> Door:
    """Tell whether the joining button is there: from a quarter of an hour before, until the end."""
    if at < joining_opens_at(starts_at):
        return "early"
    return "open" if at < ends_at else "over"


def require_open_door(*, starts_at: datetime, ends_at: datetime, at: datetime) -> None:
    """Refuse to join before the time, or after the end."""
    match door_of(starts_at=starts_at, ends_at=ends_at, at=at):
        case "early":
            raise DoorClosed(_("It is not time to join yet. The button appears 15 minutes before the start."))
        case "over":
            raise DoorClosed(_("The event has ended."))


def on_our_clock(moment: datetime, *, sent_at: datetime | None, at: datetime) -> datetime:
    """Read what a device's clock showed on ours: how wrong it goes is seen from when it says it sent.

    A small difference is the time the message took. Nothing was scanned in the future, or a month ago.
    """
    theirs = sent_at if sent_at and abs(at - sent_at) > CLOCKS_MAY_DIFFER else at
    ago = theirs - moment  # reckoned as a span: a clock at the end of all time cannot be added to
    return at - min(max(ago, timedelta()), SCANS_KEPT)


def counts(known: Known, *, scanned_at: datetime) -> bool:
    """Tell whether a scan says anything new: that somebody came, or that they came earlier than was known.

    What was scanned before a mark was taken back had been meant by it: sent once more, it stays taken back.
    """
    if known.attended:
        return known.attended_at is None or scanned_at < known.attended_at
    return known.unmarked_at is None or scanned_at > known.unmarked_at


def undoes(known: Known, *, undone_at: datetime) -> bool:
    """Tell whether taking back applies: somebody is marked, by something that was before it."""
    return bool(known.attended) and (known.attended_at is None or known.attended_at <= undone_at)
