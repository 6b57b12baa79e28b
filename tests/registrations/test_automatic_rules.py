"""When rules are due and who gets them: against calculations that do it another way (T56, T57)."""

import os
import time as clock
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from registrations import rules
from registrations.rules import Late, LatePolicy, Reader, Readers, RuleDraft, Verdict, When, Window

ZONES = ("Europe/Helsinki", "UTC", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu")
DAY_BEFORE = When(days=-1, clock=time(9))
HOUR_BEFORE = When(minutes=-60)
NINE = datetime(2027, 4, 12, 6, 0, tzinfo=UTC)  # in Helsinki, on the day before the first morning
START = datetime(2027, 4, 13, 5, 30, tzinfo=UTC)
MORNING = Window(NINE, datetime(2027, 4, 12, 21, 0, tzinfo=UTC))
LONG_AGO = datetime(2027, 1, 1, tzinfo=UTC)
IN_TIME = LatePolicy(late=Late.SKIP, minutes=0, since=LONG_AGO)
THANKS = RuleDraft(
    kind="note", name="Kiitos", anchor="end", when=When(minutes=60), attendance="attended", late="skip"
)
AINO = Reader(state="confirmed", language="fi", mode="online", since=LONG_AGO)


@pytest.fixture(params=["Europe/Helsinki", "UTC", "America/New_York"])
def machine_in(request: pytest.FixtureRequest) -> Iterator[None]:
    """The clock of the machine, which must not matter."""
    before = os.environ.get("TZ")
    os.environ["TZ"] = request.param
    clock.tzset()
    yield
    os.environ.pop("TZ") if before is None else os.environ.update(TZ=before)
    clock.tzset()


def _first_instant_showing(day: date, wall: time, zone: str) -> datetime:
    """Find the moment by looking at the clock of the place, minute after minute, as a person would."""
    place = ZoneInfo(zone)
    moment = datetime.combine(day, time(), tzinfo=UTC) - timedelta(hours=15)
    while moment.astimezone(place).replace(tzinfo=None) < datetime.combine(day, wall):
        behind = datetime.combine(day, wall) - moment.astimezone(place).replace(tzinfo=None)
        moment += max(timedelta(minutes=1), behind - timedelta(hours=3))
    return moment


@pytest.mark.parametrize("zone", ZONES)
def test_every_day_of_a_year_has_its_one_reminder_by_another_calculation(zone: str, machine_in: None) -> None:
    place = ZoneInfo(zone)
    found = set()
    for number in range(366):
        day = date(2028, 1, 1) + timedelta(days=number)
        start = datetime.combine(day, time(8, 30), tzinfo=place)
        due = rules.moment_of(DAY_BEFORE, anchor=start, zone=zone)
        assert due == _first_instant_showing(day - timedelta(days=1), time(9), zone)
        assert rules.moment_of(HOUR_BEFORE, anchor=start, zone=zone).timestamp() == start.timestamp() - 3600
        found.add(due)

    assert len(found) == 366, "exactly one each, over both nights when the clocks change"


@pytest.mark.parametrize(
    ("when", "anchor", "due"),
    [
        (When(days=-1), "2027-03-28T08:30+03:00", "2027-03-27T08:30+02:00"),  # a day is a day on the wall
        (When(minutes=-1440), "2027-03-28T08:30+03:00", "2027-03-27T07:30+02:00"),  # minutes as they pass
        (When(days=0, clock=time(3, 30)), "2027-03-28T12:00+03:00", "2027-03-28T04:30+03:00"),  # no such hour
        (When(days=0, clock=time(3, 30)), "2027-10-31T12:00+02:00", "2027-10-31T03:30+03:00"),  # the first
        (When(days=2, clock=time(8)), "2027-04-13T10:00+03:00", "2027-04-15T08:00+03:00"),
    ],
)
def test_days_follow_the_wall_and_minutes_pass(when: When, anchor: str, due: str) -> None:
    found = rules.moment_of(when, anchor=datetime.fromisoformat(anchor), zone="Europe/Helsinki")

    assert found == datetime.fromisoformat(due)


@pytest.mark.parametrize(
    ("when", "ends"),
    [
        (DAY_BEFORE, "2027-04-13T00:00+03:00"),  # then it is not tomorrow
        (HOUR_BEFORE, "2027-04-13T08:30+03:00"),
        (When(minutes=30), "2027-04-13T10:00+03:00"),  # nothing of its beginning when it is over
        (When(days=1, clock=time(9)), "2027-04-15T09:00+03:00"),  # a day for what comes afterwards
    ],
)
def test_a_window_ends_when_the_message_makes_no_sense_any_more(when: When, ends: str) -> None:
    until = START + timedelta(minutes=90)

    window = rules.window_of(when, anchor=START, zone="Europe/Helsinki", until=until)

    assert window.ends == datetime.fromisoformat(ends)


def test_what_never_comes_after_the_event_is_over_for_whoever_registers_too_late_for_it() -> None:
    window = rules.window_of(
        When(days=2), anchor=START, zone="Europe/Helsinki", until=START + timedelta(days=1), never_after=True
    )

    assert window.is_over(at=START)
    assert rules.verdict(AINO, readers=Readers(), window=window, policy=IN_TIME, at=START) == Verdict.OVER


def _seen(reader: Reader = AINO, *, policy: LatePolicy = IN_TIME, at: datetime = NINE) -> Verdict:
    return rules.verdict(reader, readers=Readers(), window=MORNING, policy=policy, at=at)


def _who(**different: Any) -> Reader:  # noqa: ANN401 - whatever a reader has
    return replace(AINO, **different)


@pytest.mark.parametrize(
    ("reader", "at", "verdict"),
    [
        (_who(), NINE - timedelta(seconds=1), "ahead"),
        (_who(), NINE, "due"),
        (_who(), MORNING.ends, "over"),
        (_who(since=NINE - timedelta(seconds=1)), NINE + timedelta(hours=1), "due"),
        (_who(since=NINE), NINE, "late"),
        (_who(state="waiting"), NINE, "no_place"),
        (_who(blocked=True), NINE, "blocked"),
        (_who(handled="sent"), NINE, "sent"),
        (_who(handled="late", state="cancelled"), NINE, "late"),
    ],
)
def test_what_becomes_of_the_message(reader: Reader, at: datetime, verdict: str) -> None:
    assert _seen(reader, at=at) == verdict


@pytest.mark.parametrize(
    ("readers", "reader", "verdict"),
    [
        (Readers(languages=frozenset({"sv"})), _who(), "language"),
        (Readers(languages=frozenset({"sv"})), _who(language="sv"), "due"),
        (Readers(modes=frozenset({"on_site"})), _who(), "mode"),
        (Readers(attendance="attended"), _who(), "unmarked"),
        (Readers(attendance="absent"), _who(), "unmarked"),
        (Readers(attendance="absent"), _who(attended=True), "attendance"),
        (Readers(attendance="unmarked"), _who(attended=False), "attendance"),
        (Readers(attendance="attended"), _who(blocked=True), "blocked"),
        (Readers(), _who(blocked=True, unwanted=True), "unwanted"),
        (Readers(attendance="attended"), _who(attended=True), "due"),
        (Readers(attendance="absent"), _who(attended=False), "due"),
        (Readers(attendance="unmarked"), _who(), "due"),
        (Readers(answers=frozenset({"vegan"})), _who(), "answer"),
        (Readers(answers=frozenset({"vegan"})), _who(answers=frozenset({"vegan", "late"})), "due"),
        (Readers(states=frozenset({"waiting"})), _who(state="waiting"), "due"),
    ],
)
def test_whom_a_rule_is_for(readers: Readers, reader: Reader, verdict: str) -> None:
    assert rules.verdict(reader, readers=readers, window=MORNING, policy=IN_TIME, at=NINE) == verdict


@pytest.mark.parametrize(
    ("late", "hours", "verdict"),
    [
        (Late.SKIP, 1, "late"),
        (Late.CONFIRMATION, 1, "late"),
        (Late.SEND, 1, "due"),
        (Late.SEND, 14, "due"),  # an hour is left
        (Late.SEND, 14.5, "late"),  # half an hour is not enough
    ],
)
def test_those_who_are_late_are_handled_as_the_rule_says(late: Late, hours: float, verdict: str) -> None:
    at = NINE + timedelta(hours=hours)
    policy = LatePolicy(late=late, minutes=60, since=LONG_AGO)

    assert _seen(_who(since=at), policy=policy, at=at) == verdict


@pytest.mark.parametrize(
    ("when", "opens"),
    [
        (When(minutes=60), START + timedelta(hours=1)),
        (When(days=1, clock=time(9)), datetime(2027, 4, 14, 6, 0, tzinfo=UTC)),
        (When(clock=time(7)), START),  # earlier than it: nobody can have come yet
    ],
)
def test_a_mark_is_waited_for_from_the_moment_for_two_weeks(when: When, opens: datetime) -> None:
    window = rules.marking_window(when, anchor=START, zone="Europe/Helsinki")

    assert window == Window(opens, opens + timedelta(days=14))


def test_whoever_is_marked_within_the_two_weeks_is_not_late_and_a_rule_made_after_its_moment_is() -> None:
    window = rules.marking_window(When(minutes=60), anchor=START, zone="Europe/Helsinki")
    marked, asks = replace(AINO, attended=True), Readers(attendance="attended")

    def seen(at: datetime, policy: LatePolicy = IN_TIME) -> Verdict:
        return rules.verdict(marked, readers=asks, window=window, policy=policy, at=at)

    assert seen(START) == "ahead"
    assert seen(START + timedelta(days=14)) == "due"
    assert seen(START + timedelta(days=14, hours=1)) == "over"
    assert seen(START + timedelta(days=2), replace(IN_TIME, since=START + timedelta(days=1))) == "late"


def test_a_rule_made_after_its_moment_is_late_for_everybody() -> None:
    policy = LatePolicy(late=Late.SKIP, minutes=0, since=NINE + timedelta(hours=2))

    assert _seen(policy=policy, at=NINE + timedelta(hours=3)) == "late"


@pytest.mark.parametrize(
    ("draft", "field"),
    [
        (RuleDraft(name="x" * 101, when=DAY_BEFORE), "name"),
        (RuleDraft(when=When(clock=time(9), minutes=5)), "when"),
        (RuleDraft(when=When(days=-61)), "when"),
        (RuleDraft(anchor="registration", when=When(days=-1)), "when"),
        (RuleDraft(anchor="end", when=When(days=-1)), "when"),
        (RuleDraft(when=When(minutes=10)), "when"),
        (RuleDraft(when=DAY_BEFORE, states=frozenset()), "states"),
        (RuleDraft(when=DAY_BEFORE, states=frozenset({"waiting"})), "states"),
        (RuleDraft(when=DAY_BEFORE, question="ruoka"), "answers"),
        (RuleDraft(when=DAY_BEFORE, answers=frozenset({"vegan"})), "answers"),
        (RuleDraft(when=DAY_BEFORE, late_minutes=-1), "late"),
        (RuleDraft(when=DAY_BEFORE, attendance="attended"), "attendance"),
        (RuleDraft(anchor="deadline", attendance="absent"), "attendance"),
        (replace(THANKS, name=""), "name"),
        (replace(THANKS, name="x" * 101), "name"),
        (replace(THANKS, late="confirmation"), "late"),
        (replace(THANKS, states=frozenset()), "states"),
        (replace(THANKS, anchor="registration"), "attendance"),
        (replace(THANKS, when=When(days=-1, clock=time(9))), "attendance"),
    ],
)
def test_a_rule_that_could_not_work_is_refused_beside_its_field(draft: RuleDraft, field: str) -> None:
    with pytest.raises(rules.Invalid) as refused:
        rules.require_sound(draft)

    assert list(refused.value.fields) == [field]


def test_a_sound_rule_is_taken() -> None:
    rules.require_sound(RuleDraft(when=DAY_BEFORE))
    rules.require_sound(THANKS)
    rules.require_sound(replace(THANKS, when=HOUR_BEFORE, anchor="start", attendance=""))
    rules.require_sound(replace(THANKS, states=frozenset({"waiting"}), attendance="unmarked"))
    rules.require_found(event=True, question=True)
    for lost in ({"event": False, "question": True}, {"event": True, "question": False}):
        with pytest.raises(rules.Invalid):
            rules.require_found(**lost)


def test_answers_that_nobody_can_give_are_refused() -> None:
    rules.require_known_answers({"yes"}, known=["yes", "no"])
    rules.require_known_answers(frozenset(), known=[])
    with pytest.raises(rules.Invalid) as refused:
        rules.require_known_answers({"yes", "maybe"}, known=["yes", "no"])
    assert list(refused.value.fields) == ["answers"]
