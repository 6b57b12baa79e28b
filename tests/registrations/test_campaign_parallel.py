"""A sending paused, let go and stopped while three workers are at it: each mail left once or never."""

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Event as Signal
from time import monotonic, sleep

import pytest
from django.core import mail
from django.db import connection, connections

from accounts.models import Organisation
from events.models import EventSeries
from notifications import batches, delivery
from notifications.models import Message
from notifications.rules import WAITING
from registrations.actions.campaigns import pause, resume, stop
from registrations.models import Campaign, Quota
from registrations.queries.campaigns import progress
from registrations.rules.segments import CampaignMoved
from tests import factories
from tests.registrations.mass import MINUTE, sent
from tests.registrations.people import sign_up, somebody

pytestmark = pytest.mark.django_db(transaction=True)
PEOPLE = 40


@pytest.fixture
def campaign(noon: datetime) -> Iterator[Campaign]:
    """Forty people are written to; the minute in which it can be undone is over."""
    organisation: Organisation = factories.organisation()
    series: EventSeries = factories.four_mornings(organisation=organisation, capacity=PEOPLE)
    Quota.objects.update(capacity=PEOPLE, hard_cap=PEOPLE)
    for number in range(PEOPLE):
        sign_up(series, somebody(number), 0, at=noon)
    Message.objects.all().delete()
    yield sent(series, at=noon)
    connections.close_all()


def wait_until_sent(count: int) -> None:
    until = monotonic() + 5
    while len(mail.outbox) < count and monotonic() < until:
        sleep(0.005)


def test_whoever_pauses_and_stops_finds_every_mail_sent_once_or_not_at_all(
    campaign: Campaign, noon: datetime
) -> None:
    later, over = noon + 2 * MINUTE, Signal()

    def work(name: str) -> None:
        try:
            while not over.is_set():
                delivery.drain(lane="bulk", owner=name, limit=3, at=later)
        finally:
            connection.close()

    def steer() -> None:
        try:
            for second in range(3):
                wait_until_sent(1 + 3 * second)
                at = later + timedelta(seconds=second)
                pause(campaign=Campaign.objects.get(pk=campaign.pk), at=at, actor=None)
                batches.hold(batch=campaign.batch, at=at)  # what the tick does about what came back meanwhile
                resume(campaign=Campaign.objects.get(pk=campaign.pk), at=at, actor=None)
            stop(campaign=Campaign.objects.get(pk=campaign.pk), at=later + MINUTE, actor=None)
        except CampaignMoved:  # the workers were quicker: all of it has left
            assert not Message.objects.filter(batch=campaign.batch, state__in=WAITING).exists()
        finally:
            over.set()
            connection.close()

    with ThreadPoolExecutor(4) as threads:
        doing = [threads.submit(work, f"worker-{number}") for number in range(3)]
        doing.append(threads.submit(steer))
        for one in doing:
            one.result()

    rows = Message.objects.filter(batch=campaign.batch)
    ended = Counter(rows.values_list("state", flat=True))
    assert set(ended) <= {"accepted", "cancelled"}
    assert sum(ended.values()) == PEOPLE
    left = Counter(address for one in mail.outbox for address in one.to)
    assert left == dict.fromkeys(rows.filter(state="accepted").values_list("recipient", flat=True), 1)
    assert all(row.attempts.count() == (row.state == "accepted") for row in rows)
    campaign.refresh_from_db()
    assert progress(campaign, at=later).total == PEOPLE
