"""The end of a message to many: told once, with the numbers, and nobody is named."""

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Organisation
from events.models import EventSeries
from notifications import delivery
from notifications.models import EndpointDelivery, Message
from notifications.rules import IN_HAND
from registrations.actions.campaign_ends import announce_finished
from registrations.actions.campaigns import pause, resend, resume, stop, undo
from registrations.models import Campaign
from registrations.tasks import keep_campaigns_still
from tests import factories
from tests.registrations.mass import MINUTE, drain, gathered, sent, written
from tests.registrations.people import AINO, VEERA
from tests.registrations.test_outward import kinds, listen

pytestmark = pytest.mark.django_db


@pytest.fixture
def series(mornings: EventSeries, demos: Organisation, noon: datetime) -> EventSeries:
    """Aino and Veera have places, Olli waits; another system listens."""
    found = gathered(mornings, noon)
    listen(found, factories.organiser(demos, email="jarjestaja@example.org"), at=noon, with_people=True)
    return found


def told() -> list[tuple[str, dict[str, int]]]:
    """Take what was told since the last look: how the campaign stood, and the numbers."""
    rows = EndpointDelivery.objects.filter(kind="campaign.finished").order_by("pk")
    found = [(row.payload["data"]["state"], row.payload["data"]["messages"]) for row in rows]
    rows.delete()
    return found


def test_the_end_is_told_once_with_the_numbers(series: EventSeries, noon: datetime) -> None:
    one, later = sent(series, at=noon), noon + MINUTE
    assert announce_finished(at=noon) == 0
    delivery.drain(lane="bulk", owner="worker", limit=1, at=later)
    assert announce_finished(at=later) == 0, "half of it waits"
    drain(later)

    assert [announce_finished(at=later), announce_finished(at=later)] == [1, 0]
    [row] = EndpointDelivery.objects.all()
    assert row.payload["data"] == {
        "campaign": one.pk,
        "series": series.slug,
        "state": "sent",
        "people": 2,
        "messages": {"accepted": 2},
    }
    assert "@" not in str(row.payload)
    assert Campaign.objects.get().finished_at == later


def test_what_failed_or_is_not_known_has_come_to_an_end_too(series: EventSeries, noon: datetime) -> None:
    one = sent(series, at=noon)
    rows = Message.objects.filter(batch=one.batch)
    rows.filter(recipient=AINO.email).update(state="failed")
    for state in ("queued", "held", "claimed", "sending", "retry_wait"):
        lease = noon if state in IN_HAND else None
        rows.filter(recipient=VEERA.email).update(state=state, lease_until=lease)
        assert announce_finished(at=noon) == 0, state
    rows.filter(recipient=VEERA.email).update(state="uncertain")

    announce_finished(at=noon)
    assert told() == [("sent", {"failed": 1, "uncertain": 1})]


def test_undone_and_stopped_are_ends_and_a_pause_is_none(series: EventSeries, noon: datetime) -> None:
    first, second = sent(series, at=noon), sent(series, at=noon)
    undo(campaign=first, at=noon, actor=None)
    pause(campaign=second, at=noon, actor=None)
    announce_finished(at=noon)
    assert told() == [("undone", {"cancelled": 2})]

    resume(campaign=second, at=noon, actor=None)
    stop(campaign=second, at=noon, actor=None)
    announce_finished(at=noon)
    assert told() == [("stopped", {"cancelled": 2})]


def test_sent_again_it_ends_once_more(series: EventSeries, noon: datetime) -> None:
    one, later = sent(series, at=noon), noon + timedelta(hours=1)
    drain(later)
    Message.objects.filter(batch=one.batch, recipient=AINO.email).update(state="failed")
    announce_finished(at=later)
    resend(campaign=one, states=["failed"], at=later, actor=None)
    assert announce_finished(at=later) == 0
    drain(later)
    announce_finished(at=later)

    assert told() == [("sent", {"accepted": 1, "failed": 1}), ("sent", {"accepted": 2})]


def test_a_draft_has_no_end_and_where_nobody_listens_nothing_is_written(
    mornings: EventSeries, noon: datetime
) -> None:
    written(gathered(mornings, noon), at=noon)
    one = sent(mornings, at=noon)
    drain(noon + MINUTE)

    assert announce_finished(at=noon + MINUTE) == 1
    assert kinds() == []
    assert list(Campaign.objects.exclude(finished_at=None)) == [one]
    with CaptureQueriesContext(connection) as asked:
        announce_finished(at=noon + MINUTE)
    assert len(asked) == 1


def test_the_tick_tells_it(series: EventSeries, noon: datetime) -> None:
    sent(series, at=noon)
    drain(noon + MINUTE)
    keep_campaigns_still()

    assert told() == [("sent", {"accepted": 2})]
