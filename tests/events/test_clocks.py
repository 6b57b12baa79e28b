"""The rules of a time zone change, and everybody still comes at the hour they were told (T58)."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from time_machine import travel

from events import actions, clocks, tasks
from events.models import Event
from tests.events.conftest import Audited

HELSINKI = "Europe/Helsinki"
START, END = datetime(2027, 4, 13, 5, 30, tzinfo=UTC), datetime(2027, 4, 13, 7, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
NOTE = "2027-04-13T08:30:00+03:00/2027-04-13T10:00:00+03:00"
ONCE = "2027-04-13T07:30:00+02:00/2027-04-13T09:00:00+02:00"  # had there been no summer time when it was set


def test_the_note_tells_the_hour_and_the_moment() -> None:
    assert clocks.note_of(START, END, zone=HELSINKI) == NOTE


@pytest.mark.parametrize(
    ("note", "expected"),
    [
        ("", None),
        (NOTE, (START, END)),
        (ONCE, (START - HOUR, END - HOUR)),
        (NOTE.replace("2027-04-13", "2027-04-14"), None),  # an organiser has moved it since
    ],
)
def test_the_hour_is_found_again_by_todays_rules(
    note: str, expected: tuple[datetime, datetime] | None
) -> None:
    assert clocks.corrected(note, starts_at=START, ends_at=END, zone=HELSINKI) == expected


@pytest.mark.parametrize("hour", [0, 1])
def test_an_hour_that_comes_twice_stays_the_one_it_was(hour: int) -> None:
    start = datetime(2027, 10, 31, hour, 30, tzinfo=UTC)
    note = clocks.note_of(start, start + HOUR, zone=HELSINKI)
    found = clocks.corrected(note, starts_at=start, ends_at=start + HOUR, zone=HELSINKI)
    assert found == (start, start + HOUR)


def test_what_is_noted_first_moves_nothing(
    morning: Event, noon: datetime, announced: list[Any], audited: Audited
) -> None:
    with travel(noon, tick=False):
        tasks.keep_clocks()
        tasks.keep_clocks()

    morning.refresh_from_db()
    assert (morning.clock, morning.starts_at, morning.sequence) == (NOTE, START, 0)
    assert (announced, audited()) == ([], [])


def test_a_move_by_the_organiser_is_noted_anew(morning: Event, noon: datetime) -> None:
    actions.keep_clock(event=morning, at=noon)
    actions.move_event(event=morning, starts_at=START + HOUR, ends_at=END + HOUR, at=noon, actor=None)

    assert not actions.keep_clock(event=morning, at=noon)
    assert (morning.starts_at, morning.clock[:16]) == (START + HOUR, "2027-04-13T09:30")


def test_other_rules_move_the_moment_and_its_programme_and_keep_the_hour(
    morning: Event, noon: datetime, announced: list[Any], audited: Audited
) -> None:
    sessions = list(morning.sessions.order_by("pk").values_list("starts_at", flat=True))
    Event.objects.filter(pk=morning.pk).update(clock=ONCE)
    with travel(noon, tick=False):
        tasks.keep_clocks()
        tasks.keep_clocks()

    morning.refresh_from_db()
    assert (morning.starts_at, morning.ends_at, morning.moved_from) == (START - HOUR, END - HOUR, None)
    assert (morning.sequence, morning.changed_at) == (1, noon)
    assert list(morning.sessions.order_by("pk").values_list("starts_at", flat=True)) == [
        moment and moment - HOUR for moment in sessions
    ]
    [fact] = announced
    assert (fact.moved, fact.clock_kept, fact.old_starts_at) == (True, True, START)
    assert [action for action, *_more in audited()] == ["event.clock_kept"]


def test_what_is_over_or_called_off_is_left_as_it_was(morning: Event, noon: datetime) -> None:
    Event.objects.filter(pk=morning.pk).update(clock=ONCE)
    Event.objects.exclude(pk=morning.pk).update(clock=ONCE, state="cancelled")
    with travel(END, tick=False):
        tasks.keep_clocks()

    assert not Event.objects.exclude(clock=ONCE).exists()
    assert not Event.objects.filter(sequence__gt=0).exists()
