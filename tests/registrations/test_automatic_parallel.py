"""Two schedulers and three workers at once: each reminder leaves exactly once (T28)."""

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from django.core import mail
from django.db import connection, connections

from accounts.models import Organisation
from events.models import EventSeries
from notifications import delivery
from notifications.models import Message
from registrations.actions.automatic import plan_due
from registrations.models import Quota, RuleDelivery
from tests import factories
from tests.registrations.people import sign_up, somebody

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
