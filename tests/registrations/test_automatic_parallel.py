"""Schedulers, workers and whoever switches a rule off, all at once: each mail leaves exactly once."""

from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from queue import SimpleQueue
from time import monotonic, sleep

import pytest
from django.core import mail
from django.db import connection, connections

from accounts.models import Organisation
from events.models import EventSeries
from notifications import delivery
from notifications.models import Message
from registrations.actions.automatic import plan_due
from registrations.actions.ruling import switch_rule
from registrations.models import MessageRule, Quota, RuleDelivery
from tests import factories
from tests.registrations.people import sign_up, somebody
from tests.together import AT_ONCE, together

pytestmark = pytest.mark.django_db(transaction=True)
NINE = datetime.fromisoformat("2027-04-12T09:00+03:00")
PEOPLE = 12


@pytest.fixture
def series(noon: datetime) -> Iterator[EventSeries]:
    """Twelve people have a place on Tuesday; their confirmations have left."""
    organisation: Organisation = factories.organisation()
    made = factories.four_mornings(organisation=organisation, capacity=PEOPLE)
    Quota.objects.update(capacity=PEOPLE, hard_cap=PEOPLE)
    for number in range(PEOPLE):
        sign_up(made, somebody(number), 0, at=noon)
    Message.objects.update(state="accepted")
    yield made
    connections.close_all()


def test_two_schedulers_and_three_workers_send_each_reminder_once(
    series: EventSeries, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("registrations.actions.automatic.BATCH", 5)

    def schedule(_name: str) -> int:
        try:
            return sum(plan_due(at=NINE + timedelta(seconds=20 * tick)) for tick in range(4))
        finally:
            connection.close()

    def work(name: str) -> int:
        try:
            for _round in range(8):
                delivery.drain(lane="normal", owner=name, limit=5, at=NINE + timedelta(hours=1))
        finally:
            connection.close()
        return 0

    with ThreadPoolExecutor(5) as threads:
        planning = [threads.submit(schedule, f"beat-{number}") for number in range(2)]
        working = [threads.submit(work, f"worker-{number}") for number in range(3)]
        planned = sum(one.result() for one in planning)
        for one in working:
            one.result()
    work("the last round")

    assert planned == PEOPLE
    assert RuleDelivery.objects.filter(outcome="sent").count() == PEOPLE
    reminders = Message.objects.filter(kind="reminder")
    assert Counter(reminders.values_list("state", flat=True)) == {"accepted": PEOPLE}
    sent = Counter(address for one in mail.outbox for address in one.to)
    assert sent == {f"person{number}@example.org": 1 for number in range(PEOPLE)}


def test_a_rule_switched_off_while_it_is_planned_leaves_nothing_waiting_and_is_whole_when_on_again(
    series: EventSeries, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("registrations.actions.automatic.BATCH", 3)
    MessageRule.objects.update(late="send", late_minutes=0)
    rule, reminders = MessageRule.objects.get(series=series), Message.objects.filter(kind="reminder")
    taken_back = 0
    for minute in range(6):
        at, before = NINE + timedelta(minutes=minute), reminders.count()
        ended = together(_a_turn(rule, at=at))

        assert ended == ["done"] * AT_ONCE
        assert not reminders.exclude(state__in=["accepted", "cancelled"]).exists(), "nothing waits"
        assert plan_due(at=at) == 0, "what is off promises nothing"
        left = set(reminders.filter(state="accepted").values_list("pk", flat=True))
        assert set(RuleDelivery.objects.values_list("message", flat=True)) == left
        taken_back += reminders.filter(state="cancelled").count()
        assert reminders.count() > before, "something was promised before it was switched off"
        switch_rule(rule=rule, enabled=True, at=at, actor=None)

    assert taken_back, "or no promise was ever crossed"
    plan_due(at=NINE + timedelta(hours=1))
    while delivery.drain(lane="normal", owner="afterwards", at=NINE + timedelta(hours=1)):
        pass
    sent = Counter(address for one in mail.outbox for address in one.to)
    assert sent == {f"person{number}@example.org": 1 for number in range(PEOPLE)}


def _a_turn(rule: MessageRule, *, at: datetime) -> Callable[[], object]:
    """Two schedulers, a worker that sends one mail at most, and who switches off what is promised."""
    promised = Message.objects.filter(kind="reminder", state="queued")

    def work() -> None:
        until = monotonic() + 5
        while not delivery.drain(lane="normal", owner="worker", limit=1, at=at) and monotonic() < until:
            if not MessageRule.objects.get(pk=rule.pk).enabled:
                return

    def switch_off() -> None:
        until = monotonic() + 5
        while not promised.exists() and monotonic() < until:
            sleep(0.002)
        switch_rule(rule=rule, enabled=False, at=at, actor=None)

    deeds = [lambda: plan_due(at=at), lambda: plan_due(at=at), work, switch_off]
    turn = SimpleQueue[Callable[[], object]]()
    for deed in deeds:
        turn.put(deed)

    def one() -> None:
        turn.get()()

    return one
