"""Until when an offer holds: working hours over nights, weekends and changes of the clock."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from registrations import rules

HELSINKI = ZoneInfo("Europe/Helsinki")
TERMS = rules.OfferTerms(
    offers=True,
    hours=8,
    working_hours=True,
    cutoff_hours=2,
    starts_at=datetime(2027, 4, 13, 8, 30, tzinfo=HELSINKI),
    zone="Europe/Helsinki",
)


def local(month: int, number: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2027, month, number, hour, minute, tzinfo=HELSINKI)


@pytest.mark.parametrize(
    ("at", "hours", "end"),
    [
        (local(3, 1, 8), 8, local(3, 1, 16)),  # a whole Monday
        (local(3, 1, 8), 9, local(3, 2, 9)),
        (local(3, 1, 14), 4, local(3, 2, 10)),  # over a night
        (local(3, 1, 5), 1, local(3, 1, 9)),  # before the office opens
        (local(3, 1, 20), 1, local(3, 2, 9)),
        (local(3, 5, 15), 2, local(3, 8, 9)),  # over a weekend
        (local(3, 6, 12), 8, local(3, 8, 16)),  # given on a Saturday
        (local(3, 26, 15), 2, local(3, 29, 9)),  # the clock springs forward on Sunday 28 March
        (local(10, 29, 15), 2, local(11, 1, 9)),  # and back on 31 October
    ],
)
def test_working_hours_run_while_offices_are_open(at: datetime, hours: int, end: datetime) -> None:
    got = rules.after_working_hours(at, timedelta(hours=hours), zone="Europe/Helsinki")

    assert got == end.astimezone(UTC)


def test_hours_of_the_clock_run_at_night_too() -> None:
    at = local(3, 27, 20)
    plain = replace(TERMS, working_hours=False, hours=12)

    assert rules.offer_expires_at(plain, at=at) == at.astimezone(UTC) + timedelta(hours=12)
    assert rules.offer_expires_at(replace(plain, offers=False), at=at) is None


def test_no_offer_outlasts_the_start_and_none_is_made_after_the_cutoff() -> None:
    late = local(4, 12, 15)

    assert rules.offer_expires_at(TERMS, at=late) == TERMS.starts_at
    assert rules.fills(TERMS, at=TERMS.cutoff - timedelta(seconds=1))
    assert not rules.fills(TERMS, at=TERMS.cutoff)
    assert rules.fills(replace(TERMS, offers=False), at=TERMS.cutoff)
    assert not rules.fills(replace(TERMS, offers=False), at=TERMS.starts_at)


LINE = rules.Line(published=True, terms=TERMS, capacity=10, taken=10, promised=0)


@pytest.mark.parametrize(
    ("line", "position", "why"),
    [
        (LINE, 1, "no-place-free"),
        (replace(LINE, promised=2), 2, "offer-out"),
        (replace(LINE, promised=2), 3, "others-ahead"),
        (replace(LINE, taken=9), 1, "next"),
        (replace(LINE, taken=9), 2, "others-ahead"),
        (replace(LINE, published=False), 1, "event-closed"),
    ],
)
def test_why_somebody_still_waits(line: rules.Line, position: int, why: str) -> None:
    assert rules.why_waiting(line, position=position, at=local(3, 1, 8)) == why
    assert rules.WHY_WAITING[rules.why_waiting(line, position=position, at=local(3, 1, 8))]


def test_near_the_event_the_line_is_told_so() -> None:
    assert rules.why_waiting(LINE, position=1, at=TERMS.cutoff) == "after-cutoff"
    assert rules.why_waiting(LINE, position=1, at=TERMS.starts_at) == "event-closed"


def test_a_cancelled_place_is_kept_ten_minutes_and_never_past_the_start() -> None:
    start = TERMS.starts_at

    assert rules.restorable_until(start - timedelta(hours=1), starts_at=start) == start - timedelta(
        minutes=50
    )
    assert rules.restorable_until(start - timedelta(minutes=3), starts_at=start) == start
