"""Places that change hands at the same moment: one of the deeds counts, and no place is free in between."""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import partial

import pytest
from django.db import connection

from events.models import EventSeries
from notifications.models import Message
from registrations.actions import cancel, give_place, mark_attendance, pass_on, tend
from registrations.models import Quota, Registration
from registrations.queries import drift
from registrations.rules import HasPlace, NothingToGive, NothingToTake, NotTransferable
from tests import factories
from tests.registrations.people import attendee, day, registration, sign_up, somebody, states
from tests.registrations.test_parallel import counted, together

pytestmark = pytest.mark.django_db(transaction=True)
BY = Registration.CancelledBy


@pytest.fixture(autouse=True)
def _no_connection_is_left_open() -> Iterator[None]:
    yield
    connection.close()


@pytest.fixture
def crowd(noon: datetime) -> EventSeries:
    """Ten places, taken by the first ten; ten more wait."""
    series = factories.four_mornings(organisation=factories.organisation(), capacity=10)
    for number in range(20):
        sign_up(series, somebody(number), 0, at=noon)
    return series


def give(series: EventSeries, giver: int, receiver: int, *, at: datetime) -> str:
    """Try it, and tell how it ended."""
    try:
        give_place(attendee=attendee(somebody(giver)), event=day(series), to=somebody(receiver), at=at)
    except NothingToGive as refused:
        return refused.code
    return "given"


def steady(series: EventSeries) -> None:
    """Nothing of the ten places came free, and nobody of the line was called."""
    assert Quota.objects.get(event=day(series)).taken == 10
    assert drift() == {}
    assert counted(0, series)["confirmed"] == 10
    assert not Message.objects.filter(kind="promoted").exists()


def test_one_place_given_to_many_at_once_goes_to_one(crowd: EventSeries, noon: datetime) -> None:
    answers = together([partial(give, crowd, 0, 100 + number, at=noon) for number in range(20)])

    assert Counter(answers) == {"given": 1, "no-place-to-give": 19}
    assert states(somebody(0)) == ["cancelled"]
    assert Message.objects.filter(kind="place_received").count() == 1
    assert counted(0, crowd)["waiting"] == 10
    steady(crowd)


def test_every_place_changes_hands_while_others_wait_and_none_of_them_gets_in(
    crowd: EventSeries, noon: datetime
) -> None:
    deeds: list[Callable[[], object]] = [
        partial(give, crowd, number, 100 + number, at=noon) for number in range(10)
    ]
    watch: list[Callable[[], object]] = [partial(tend, at=noon)] * 5

    answers = together([*deeds, *watch])

    assert answers[:10] == ["given"] * 10
    assert [states(somebody(100 + number)) for number in range(10)] == [["confirmed"]] * 10
    assert [states(somebody(10 + number)) for number in range(10)] == [["waiting"]] * 10
    steady(crowd)


def test_a_place_given_and_cancelled_at_once_is_either(crowd: EventSeries, noon: datetime) -> None:
    def leave(number: int) -> str:
        row = registration(somebody(number), day(crowd))
        return str(cancel(registration=row, by=BY.ATTENDEE, at=noon).state)

    gives = [partial(give, crowd, number, 100 + number, at=noon) for number in range(10)]
    leaves = [partial(leave, number) for number in range(10)]
    answers = together([deed for pair in zip(gives, leaves, strict=True) for deed in pair])[::2]

    ends = Counter(
        (registration(somebody(number), day(crowd)).cancelled_by, answers[number]) for number in range(10)
    )
    assert set(ends) <= {("transfer", "given"), ("attendee", "no-place-to-give")}
    assert Quota.objects.get(event=day(crowd)).taken == 10  # what was cancelled is held
    assert drift() == {}
    tend(at=noon + timedelta(minutes=10))
    cancelled = ends["attendee", "no-place-to-give"]
    assert Message.objects.filter(kind="promoted").count() == cancelled
    assert counted(0, crowd)["confirmed"] == 10


def test_two_who_give_each_other_their_places_never_wait_for_each_other(noon: datetime) -> None:
    """Whoever holds two people holds them in the order of their keys."""
    series = factories.four_mornings(organisation=factories.organisation(), capacity=10)
    for number in range(6):
        sign_up(series, somebody(number), 0, at=noon)

    answers = together(
        [
            partial(give, series, giver, receiver, at=noon)
            for giver in range(6)
            for receiver in range(6)
            if giver != receiver
        ]
    )

    assert set(answers) == {"given", "no-place-to-give"}
    assert Quota.objects.get(event=day(series)).taken == counted(0, series)["confirmed"]
    assert drift() == {}


def test_two_places_for_one_colleague_at_once_are_one_place(crowd: EventSeries, noon: datetime) -> None:
    def move(number: int) -> str:
        try:
            pass_on(
                registration=registration(somebody(number), day(crowd)), to=somebody(100), at=noon, actor=None
            )
        except HasPlace as refused:
            return refused.code
        return "given"

    answers = together([partial(move, number) for number in range(10)])

    assert Counter(answers) == {"given": 1, "has-a-place": 9}
    assert states(somebody(100)) == ["confirmed"]
    steady(crowd)


def test_a_place_marked_at_the_door_and_given_at_once_is_one_of_both(
    crowd: EventSeries, noon: datetime
) -> None:
    def mark(number: int) -> str:
        try:
            mark_attendance(
                registration=registration(somebody(number), day(crowd)), attended=True, at=noon, actor=None
            )
        except NothingToTake as refused:
            return refused.code
        return "marked"

    def hand(number: int) -> str:
        try:
            return give(crowd, number, 100 + number, at=noon)
        except NotTransferable as refused:
            return refused.code

    answers = together([partial(deed, number) for number in range(10) for deed in (mark, hand)])

    pairs = set(zip(answers[::2], answers[1::2], strict=True))
    assert pairs <= {("marked", "not-transferable"), ("no-place", "given")}
    steady(crowd)
