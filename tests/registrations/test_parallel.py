"""Many people at the same moment: no place is given twice, nobody is lost, nobody waits for ever."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import partial
from threading import Barrier

import pytest
from django.db import connection, connections
from django.db.models import Max, Min

from accounts.models import AuditEvent
from events.actions import move_event
from events.models import Event, EventSeries
from notifications.models import Message
from registrations import rules
from registrations.actions import cancel, cancel_all, change, check_in, set_capacity, tend
from registrations.models import Attendee, Quota, Registration, Submission
from registrations.queries import drift
from tests import factories
from tests.registrations.people import AINO, attendee, day, sign_up, slugs, somebody

pytestmark = pytest.mark.django_db(transaction=True)
THREADS = 10  # the pool holds twelve connections


@pytest.fixture
def series(noon: datetime) -> EventSeries:
    """Four mornings with fifty places each."""
    return factories.four_mornings(organisation=factories.organisation(), capacity=50)


def together[Got](deeds: Sequence[Callable[[], Got]]) -> list[Got]:
    """Let as many as there are threads begin at the same moment, the rest right behind."""
    threads = min(THREADS, len(deeds))
    ready = Barrier(threads)

    def begin() -> None:
        ready.wait(timeout=10)

    def run(deed: Callable[[], Got]) -> Got:
        try:
            with _patience():
                return deed()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(threads, initializer=begin) as pool:
        return list(pool.map(run, deeds))


@contextmanager
def _patience() -> Iterator[None]:
    """Wait for one another as long as a busy machine of tests needs; a deadlock is found all the same."""
    if connection.vendor == "sqlite":  # one writer at a time, and whoever waits is not called in turn
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA busy_timeout = 120000")
        yield  # each deed's connection is closed after it
        return
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = '60s'; SET statement_timeout = '120s'")
    yield
    with connection.cursor() as cursor:
        cursor.execute("RESET lock_timeout; RESET statement_timeout")


def counted(number: int, series: EventSeries) -> Counter[str]:
    rows = Registration.objects.filter(event=day(series, number))
    return Counter(rows.values_list("state", flat=True))


def test_a_crowd_gets_exactly_the_fifty_places(series: EventSeries, noon: datetime, *, full: bool) -> None:
    """T01: nobody is lost, and the numbers of the line have no gap."""
    crowd = 2000 if full else 120
    people = [somebody(number) for number in range(crowd)]

    answers = together([partial(sign_up, series, person, 0, at=noon) for person in people])

    assert Counter(answer.results[0]["state"] for answer in answers) == {
        "confirmed": 50,
        "waiting": crowd - 50,
    }
    assert counted(0, series) == {"confirmed": 50, "waiting": crowd - 50}
    numbers = Registration.objects.exclude(waiting_number=None).order_by("waiting_number")
    assert list(numbers.values_list("waiting_number", flat=True)) == list(range(1, crowd - 49))
    told = Counter(Message.objects.exclude(kind="reminder").values_list("kind", flat=True))
    assert told == {"confirmation": 50, "waiting": crowd - 50}
    assert drift() == {}


def test_one_person_fifty_times_is_one_registration(series: EventSeries, noon: datetime) -> None:
    tries = [partial(sign_up, series, AINO, 0, at=noon, key=f"try {number}") for number in range(50)]

    answers = together(tries)

    assert [answer.results for answer in answers] == [
        [{"event": slugs(series)[0], "state": "confirmed"}]
    ] * 50
    assert (Attendee.objects.count(), Registration.objects.count(), Submission.objects.count()) == (1, 1, 50)
    told = Counter(Message.objects.exclude(kind="reminder").values_list("kind", flat=True))
    assert told == {"confirmation": 1, "manage_link": 1}
    assert drift() == {}


def test_one_key_a_hundred_times_is_one_submission(series: EventSeries, noon: datetime) -> None:
    tries = [partial(sign_up, series, AINO, 0, 1, at=noon, key="one")] * 100

    answers = together(tries)

    assert len({(answer.pk, answer.receipt, str(answer.results)) for answer in answers}) == 1
    assert (Submission.objects.count(), Registration.objects.count()) == (1, 2)
    assert Message.objects.exclude(kind="reminder").count() == 2


def test_one_key_with_two_bodies_at_once_lets_one_in(series: EventSeries, noon: datetime) -> None:
    def attempt(number: int) -> str:
        try:
            sign_up(series, somebody(number), 0, at=noon, key="one")
        except rules.KeyReused:
            return "refused"
        return "registered"

    answers = together([partial(attempt, number) for number in range(20)])

    assert Counter(answers) == {"registered": 1, "refused": 19}
    assert Registration.objects.count() == 1


def test_everybody_leaves_while_four_times_as_many_come(
    series: EventSeries, noon: datetime, *, full: bool
) -> None:
    """T04: as many are promoted as left, in the order of their numbers, each told once."""
    places = 50 if full else 12
    Quota.objects.update(capacity=places, hard_cap=places)
    for number in range(places):
        sign_up(series, somebody(number), 0, at=noon)
    leaving = list(Registration.objects.order_by("pk"))

    def turn(number: int) -> None:
        if number % 4 == 0:
            cancel(registration=leaving[number // 4], by=Registration.CancelledBy.ATTENDEE, at=noon)
        sign_up(series, somebody(places + number), 0, at=noon)

    together([partial(turn, number) for number in range(4 * places)])
    together([partial(tend, at=noon + timedelta(minutes=10))] * 4)  # the places can no longer be taken back

    assert counted(0, series) == {
        "confirmed": places,
        "waiting": 3 * places,
        "cancelled": places,
    }
    assert drift() == {}
    line = Registration.objects.filter(state="confirmed").exclude(waiting_number=None)
    last_in = line.aggregate(last=Max("waiting_number"))["last"] or 0
    first_waiting = Registration.objects.filter(state="waiting").aggregate(first=Min("waiting_number"))[
        "first"
    ]
    assert first_waiting > last_in  # nobody was passed by
    promoted = Message.objects.filter(kind="promoted").values_list("subject", flat=True)
    assert Counter(promoted) == {f"registration:{row.pk}": 1 for row in line}


def test_four_mornings_in_any_order_never_wait_for_each_other(
    series: EventSeries, noon: datetime, *, full: bool
) -> None:
    """T08: whoever takes, swaps and gives up several mornings does so without a deadlock."""
    Quota.objects.update(capacity=5, hard_cap=5)

    def live(number: int) -> None:
        person = somebody(number)
        sign_up(series, person, *([0, 1, 2, 3] if number % 2 else [0, 3]), at=noon)
        one = attendee(person)
        change(attendee=one, events=slugs(series, *((2, 0) if number % 3 else (3, 1))), at=noon)
        if number % 4 == 0:
            cancel_all(attendee=one, at=noon)

    together([partial(live, number) for number in range(2000 if full else 30)])
    together([partial(tend, at=noon + timedelta(minutes=10))] * 4)

    assert drift() == {}
    for number in range(4):
        free = Quota.objects.get(event=day(series, number))
        assert free.taken == free.capacity or "waiting" not in counted(number, series)


def test_capacity_moves_while_people_come(series: EventSeries, noon: datetime, *, full: bool) -> None:
    """T07: the constraint holds at every moment, and in the end all places are taken."""
    event, crowd = day(series), 2000 if full else 100
    deeds: list[Callable[[], object]] = [
        partial(sign_up, series, somebody(number), 0, at=noon) for number in range(crowd)
    ]
    deeds.insert(15, partial(_fewer_then_more, event, at=noon))

    together(deeds)

    assert counted(0, series) == {"confirmed": 80, "waiting": crowd - 80}
    assert drift() == {}


def _fewer_then_more(event: Event, *, at: datetime) -> None:
    """One organiser, one deed after the other; people keep coming in between."""
    for capacity in (30, 80):
        set_capacity(event=event, capacity=capacity, at=at, actor=None)


def test_an_event_is_moved_to_and_fro_while_people_come(series: EventSeries, noon: datetime) -> None:
    """A new place looks at its event once more at the commit; who changes the event waits for its quota."""
    event = day(series)
    deeds: list[Callable[[], object]] = [
        partial(sign_up, series, somebody(number), 0, at=noon) for number in range(40)
    ]
    for number in range(8):
        starts = event.starts_at + timedelta(minutes=number % 2)
        move = partial(
            move_event, event=day(series), starts_at=starts, ends_at=event.ends_at, at=noon, actor=None
        )
        deeds.insert(number * 5, move)

    together(deeds)

    assert counted(0, series) == {"confirmed": 40}
    assert drift() == {}


@pytest.fixture(autouse=True)
def _no_connection_is_left_open() -> Iterator[None]:
    yield
    connection.close()


def test_two_phones_at_the_door_sync_the_same_people_and_count_each_once(
    series: EventSeries, noon: datetime
) -> None:
    """One names the first half by ticket and the rest by row, the other the reverse: none waits for ever."""
    for number in range(20):
        sign_up(series, somebody(number), 0, at=noon)
    event, doorkeeper = day(series), factories.organiser(series.organisation, email="ovi@example.org")
    rows = list(Registration.objects.filter(event=event).select_related("attendee").order_by("pk"))
    by_row = [rules.Scan(registration=row.pk, scanned_at=event.starts_at) for row in rows]
    by_ticket = [rules.Scan(ticket=row.attendee.ticket_token, scanned_at=event.starts_at) for row in rows]
    phones = ([*by_ticket[:10], *by_row[10:]], [*by_row[:10], *by_ticket[10:]])

    answers = together(
        [
            partial(check_in, event=event, scans=scans, at=event.starts_at, actor=doorkeeper)
            for scans in phones * 5
        ]
    )

    outcomes = Counter(answer.outcome for told in answers for answer in told)
    assert outcomes == {"in": 20, "already": 180}
    assert AuditEvent.objects.filter(action="registration.attendance").count() == 20
    assert Registration.objects.filter(event=event, attended=True).count() == 20
