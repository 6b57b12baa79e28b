"""An hour of two schedulers and three workers: what rules make due along it leaves once, and in time (T28).

The hour is simulated: all five do their work of one moment side by side, and then the clock moves on. Whole
it has 180 moments and 480 messages (``make faults``); otherwise a few of each.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Barrier

import pytest
from django.core import mail
from django.db import connection, connections

from backend.core.i18n import Text
from events.models import EventSeries
from notifications import delivery
from notifications.models import Attempt, Message
from registrations.actions.automatic import plan_due
from registrations.actions.campaign_words import Words
from registrations.actions.ruling import make_rule, switch_rule, use_words
from registrations.models import MessageRule, Registration, RuleDelivery
from registrations.rules import RuleDraft, When
from tests import factories
from tests.registrations.people import sign_up, somebody

pytestmark = pytest.mark.django_db(transaction=True)
SEVEN = datetime.fromisoformat("2027-04-13T07:00+03:00")
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
WORDS = Words(subject=Text("Pian", "Snart", "Soon"), body=Text("Nähdään!", "Vi ses!", "See you!"))
AT_ONCE = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How much happens in the hour, and how often everybody looks."""

    people: int
    rules: int
    tick: timedelta


@pytest.fixture
def size(*, full: bool) -> Size:
    if full:
        return Size(people=40, rules=12, tick=timedelta(seconds=20))
    return Size(people=6, rules=4, tick=timedelta(minutes=5))


@pytest.fixture
def series(size: Size, noon: datetime) -> Iterator[EventSeries]:
    """People register from six to seven; by rules they are written to from seven to eight."""
    made = factories.four_mornings(organisation=factories.organisation(), capacity=size.people)
    MessageRule.objects.all().delete()
    _write(
        made,
        RuleDraft(kind="note", name="each", anchor="registration", when=When(minutes=60), late="skip"),
        noon,
    )
    for number in range(1, size.rules):
        when = When(minutes=58 * number // size.rules - 89)  # between 7.01 and 7.59: it begins at half past
        kind = "note" if number % 2 else "reminder"
        _write(made, RuleDraft(kind=kind, name=f"rule {number}", when=when, late="send"), noon)
    for number in range(size.people):
        at = SEVEN - HOUR + number * 55 * MINUTE / size.people + timedelta(seconds=7)
        sign_up(made, somebody(number), 0, at=at)
    Message.objects.update(state="accepted")
    yield made
    connections.close_all()


def _write(series: EventSeries, draft: RuleDraft, at: datetime) -> None:
    rule = make_rule(series=series, draft=draft, at=at, actor=None)
    if rule.kind == MessageRule.Kind.NOTE:
        use_words(rule=rule, words=WORDS, at=at, actor=None)
        switch_rule(rule=rule, enabled=True, at=at, actor=None)


def test_an_hour_of_two_schedulers_and_three_workers_sends_each_message_once_and_in_time(
    series: EventSeries, size: Size, caplog: pytest.LogCaptureFixture
) -> None:
    moments = _moments()
    assert len(moments) == size.people * size.rules
    assert all(SEVEN <= moment < SEVEN + HOUR for moment in moments.values())

    planned = _walk(size.tick)

    assert not [one.getMessage() for one in caplog.records if one.levelname == "ERROR"], (
        "nobody trips over another"
    )
    done = {(row.rule_id, row.registration_id): row for row in RuleDelivery.objects.all()}
    assert planned == RuleDelivery.objects.count() == len(moments)
    assert done.keys() == moments.keys()
    tries = {one.message_id: one for one in Attempt.objects.all()}
    assert Attempt.objects.count() == len(tries) == len(moments), "each was handed over once"
    for key, moment in moments.items():
        tried = tries[done[key].message_id or 0]
        assert tried.outcome == "accepted"
        assert moment <= tried.started_at <= moment + 3 * size.tick
    left = Counter(address for one in mail.outbox for address in one.to)
    assert left == {f"person{number}@example.org": size.rules for number in range(size.people)}


def _moments() -> dict[tuple[int, int], datetime]:
    """Tell when each person is to be written to by each rule, counted by hand."""
    places = Registration.objects.select_related("event")
    return {
        (rule.pk, row.pk): (row.registered_at if rule.anchor == "registration" else row.event.starts_at)
        + rule.minutes * MINUTE
        for rule in MessageRule.objects.all()
        for row in places
    }


def _walk(tick: timedelta) -> int:
    """Let five work side by side until eight, and two ticks longer; tells how many messages were planned."""
    clock = Barrier(AT_ONCE, timeout=60)
    ticks = range(HOUR // tick + 3)

    def live(deed: Callable[[datetime], int], behind: int) -> int:
        try:
            done = 0
            for number in ticks:
                clock.wait()
                done += deed(SEVEN + number * tick + timedelta(seconds=behind))
        except BaseException:
            clock.abort()
            raise
        else:
            return done
        finally:
            connection.close()

    def work(at: datetime) -> int:
        return sum(_drained(lane, at=at) for lane in ("normal", "bulk"))

    with ThreadPoolExecutor(AT_ONCE) as threads:
        planning = [threads.submit(live, lambda at: plan_due(at=at), behind) for behind in (0, 7)]
        working = [threads.submit(live, work, behind) for behind in (1, 5, 11)]
        for one in working:
            one.result()
        return sum(one.result() for one in planning)


def _drained(lane: str, *, at: datetime) -> int:
    decided = 0
    while found := delivery.drain(lane=lane, owner="worker", limit=10, at=at):
        decided += found
    return decided
