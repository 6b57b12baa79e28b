"""When the joining button is there, whose clock counts, and which of several tellings of one arrival."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import translation

from registrations import rules

START = datetime(2027, 4, 13, 5, 30, tzinfo=UTC)
END = START + timedelta(minutes=90)
MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("minutes", "door"),
    [(-1000, "early"), (-16, "early"), (-15, "open"), (0, "open"), (89, "open"), (90, "over"), (500, "over")],
)
def test_the_door_opens_a_quarter_before_and_closes_at_the_end(minutes: int, door: str) -> None:
    assert rules.door_of(starts_at=START, ends_at=END, at=START + minutes * MINUTE) == door


def test_a_closed_door_says_why() -> None:
    said = []
    for minutes in (-16, -15, 90):
        try:
            rules.require_open_door(starts_at=START, ends_at=END, at=START + minutes * MINUTE)
            said.append("open")
        except rules.DoorClosed as no:
            with translation.override("en"):
                said.append(str(no))

    assert said == [
        "It is not time to join yet. The button appears 15 minutes before the start.",
        "open",
        "The event has ended.",
    ]


def test_a_phone_whose_clock_goes_wrong_is_put_right_by_when_it_says_it_sends() -> None:
    noon = START + timedelta(hours=3)
    day_behind = noon - timedelta(days=1)

    told = rules.on_our_clock(day_behind - 5 * MINUTE, sent_at=day_behind, at=noon)
    right = rules.on_our_clock(noon - 5 * MINUTE, sent_at=noon - MINUTE, at=noon)
    alone = rules.on_our_clock(noon - 5 * MINUTE, sent_at=None, at=noon)

    assert {told, right, alone} == {noon - 5 * MINUTE}


def test_nothing_was_scanned_in_the_future_or_long_ago() -> None:
    told = [rules.on_our_clock(START + timedelta(days=days), sent_at=None, at=START) for days in (1, -400)]

    assert told == [START, START - timedelta(days=30)]


def test_a_clock_at_the_end_or_the_beginning_of_all_time_is_read_too() -> None:
    first, last = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)

    told = [
        rules.on_our_clock(scanned, sent_at=sent, at=START)
        for scanned, sent in ((first, last), (first, first), (last, first), (last, last), (START, last))
    ]

    month_ago = START - timedelta(days=30)
    assert told == [month_ago, START, START, START, month_ago]


@pytest.mark.parametrize(
    ("known", "news"),
    [
        ((None, None, None), True),
        ((False, None, None), True),  # said to be absent by somebody who had not heard of the scan
        ((True, START, None), False),
        ((True, START + MINUTE, None), True),  # known, and they came earlier
        ((True, None, None), True),  # ticked before times were kept
        ((None, None, START), False),  # taken back: the same scan sent again stays taken back
        ((None, None, START - MINUTE), True),
    ],
)
def test_a_scan_counts_when_it_says_something_new(
    known: tuple[bool | None, datetime | None, datetime | None], *, news: bool
) -> None:
    attended, attended_at, unmarked_at = known
    so_far = rules.Known(attended=attended, attended_at=attended_at, unmarked_at=unmarked_at)

    assert rules.counts(so_far, scanned_at=START) is news


def test_taking_back_reaches_only_what_was_before_it() -> None:
    def undone(attended: bool | None, attended_at: datetime | None) -> bool:  # noqa: FBT001 - short in a table
        known = rules.Known(attended=attended, attended_at=attended_at, unmarked_at=None)
        return rules.undoes(known, undone_at=START)

    assert [
        undone(None, None),
        undone(False, None),
        undone(True, None),
        undone(True, START),
        undone(True, START + MINUTE),
    ] == [False, False, True, True, False]
