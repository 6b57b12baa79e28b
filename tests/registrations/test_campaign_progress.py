"""Messages to many on their way: paused, stopped, sent again, and what comes between."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from accounts.models import AuditEvent
from events.models import EventSeries
from notifications import delivery
from notifications.models import Message, Suppression
from notifications.suppression import suppress
from registrations.actions import merge
from registrations.actions.campaigns import (
    keep_still,
    pause,
    resend,
    resume,
    stop,
    undo,
)
from registrations.models import Campaign
from registrations.queries.campaigns import reasons_of, recipients_of
from registrations.rules.segments import CampaignMoved
from tests.registrations.mass import MINUTE, drain, gathered, sent, states
from tests.registrations.people import (
    AINO,
    VEERA,
    attendee,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def series(mornings: EventSeries, noon: datetime) -> EventSeries:
    """Aino and Veera have the two places of the first morning, Olli waits; Aino comes to the second too."""
    return gathered(mornings, noon)


def test_paused_it_waits_and_goes_on(series: EventSeries, noon: datetime) -> None:
    one = sent(series, at=noon)
    delivery.drain(lane="bulk", owner="worker", limit=1, at=noon + MINUTE)
    one = pause(campaign=one, at=noon + MINUTE, actor=None)
    drain(noon + timedelta(hours=1))
    assert states(one) == {"accepted": 1, "held": 1}

    one = resume(campaign=one, at=noon + timedelta(hours=1), actor=None)
    drain(noon + timedelta(hours=1))
    assert (one.state, states(one)) == ("sent", {"accepted": 2})


@pytest.mark.parametrize("paused", [True, False])
def test_stopped_it_never_goes_on(series: EventSeries, noon: datetime, *, paused: bool) -> None:
    one = sent(series, at=noon)
    if paused:
        one = pause(campaign=one, at=noon, actor=None)
    one = stop(campaign=one, at=noon, actor=None)
    drain(noon + timedelta(hours=1))

    assert (one.state, states(one)) == ("stopped", {"cancelled": 2})
    for deed in (pause, resume, stop, undo):
        with pytest.raises(CampaignMoved):
            deed(campaign=one, at=noon, actor=None)


@pytest.mark.parametrize("deed", [pause, stop])
def test_what_has_left_whole_is_not_stopped_so_that_the_failed_can_be_sent_again(
    series: EventSeries, noon: datetime, deed: Callable[..., Campaign]
) -> None:
    one = sent(series, at=noon)
    drain(noon + MINUTE)
    Message.objects.filter(recipient=AINO.email).update(state="failed")

    with pytest.raises(CampaignMoved):
        deed(campaign=one, at=noon + MINUTE, actor=None)
    one.refresh_from_db()
    assert one.state == "sent"
    assert not AuditEvent.objects.filter(action__in=["campaign.paused", "campaign.stopped"]).exists()
    assert resend(campaign=one, states=["failed"], at=noon + MINUTE, actor=None) == 1
    assert deed(campaign=one, at=noon + MINUTE, actor=None).state == {pause: "paused", stop: "stopped"}[deed]


def test_paused_while_the_last_ones_were_in_hand_it_goes_on_but_is_not_stopped(
    series: EventSeries, noon: datetime
) -> None:
    one = sent(series, at=noon)
    Message.objects.filter(batch=one.batch).update(state="sending", owner="worker", lease_until=noon + MINUTE)
    one = pause(campaign=one, at=noon, actor=None)
    Message.objects.filter(batch=one.batch).update(state="accepted", owner="", lease_until=None)

    with pytest.raises(CampaignMoved):
        stop(campaign=one, at=noon, actor=None)
    assert resume(campaign=one, at=noon, actor=None).state == "sent"


@pytest.mark.parametrize(("deed", "state"), [(pause, "held"), (stop, "cancelled")])
def test_what_comes_back_by_itself_is_kept_still(
    series: EventSeries, noon: datetime, deed: object, state: str
) -> None:
    """It was being handed over when somebody stopped the rest, and the server said: later."""
    one = sent(series, at=noon)
    in_hand = Message.objects.filter(recipient=AINO.email)
    in_hand.update(state="sending", owner="worker", lease_until=noon + MINUTE)
    deed(campaign=one, at=noon, actor=None)  # type: ignore[operator]  # one of those above
    assert keep_still(at=noon) == 0
    in_hand.update(state="retry_wait", owner="", lease_until=None)

    assert keep_still(at=noon) == 1
    assert states(one) == {state: 2}


def test_only_what_failed_is_sent_again(series: EventSeries, noon: datetime) -> None:
    one = sent(series, at=noon)
    Message.objects.filter(recipient=AINO.email).update(state="failed", attempts_made=7)
    Message.objects.filter(recipient=VEERA.email).update(state="accepted")

    assert resend(campaign=one, states=["failed"], at=noon + MINUTE, actor=None) == 1
    mail = Message.objects.get(recipient=AINO.email)
    assert (mail.state, mail.attempts_made, mail.resends) == ("queued", 0, 1)
    drain(noon + MINUTE)
    assert states(one) == {"accepted": 2}
    with pytest.raises(CampaignMoved):
        resend(campaign=one, states=["failed"], at=noon + MINUTE, actor=None)


def test_what_is_unclear_is_sent_again_only_when_asked(series: EventSeries, noon: datetime) -> None:
    one = sent(series, at=noon)
    Message.objects.filter(recipient=AINO.email).update(state="uncertain")
    Message.objects.filter(recipient=VEERA.email).update(state="bounced_soft")

    with pytest.raises(CampaignMoved):
        resend(campaign=one, states=["failed"], at=noon, actor=None)
    assert resend(campaign=one, states=["uncertain", "bounced_soft"], at=noon, actor=None) == 2


def test_what_arrived_is_never_sent_again(series: EventSeries, noon: datetime) -> None:
    one = sent(series, at=noon)
    Message.objects.update(state="delivered")

    with pytest.raises(CampaignMoved):
        resend(campaign=one, states=["delivered", "cancelled", "queued"], at=noon, actor=None)


def test_too_late_nothing_is_sent_again(series: EventSeries, noon: datetime) -> None:
    one = sent(series, at=noon)
    Message.objects.update(state="failed")

    with pytest.raises(CampaignMoved):
        resend(campaign=one, states=["failed"], at=noon + timedelta(days=8), actor=None)


def test_blocked_after_it_was_sent_nothing_goes_out(series: EventSeries, noon: datetime) -> None:
    one = sent(series, at=noon)
    suppress(address=AINO.email, reason="bounced", at=noon)
    drain(noon + MINUTE)

    assert states(one) == {"accepted": 1, "suppressed": 1}
    assert Suppression.objects.count() == 1


def test_joined_after_it_was_sent_the_former_registration_gets_nothing(
    series: EventSeries, noon: datetime
) -> None:
    one = sent(series, at=noon)
    merge(kept=attendee(AINO), other=attendee(VEERA), reason="sama", at=noon, actor=None)

    assert Message.objects.get(batch=one.batch, recipient=VEERA.email).state == "cancelled"
    assert reasons_of(one) == [("state", 1), ("gone", 1)]
    assert [row.attendee for row in recipients_of(one)] == [attendee(AINO)]
    assert recipients_of(one, reason="gone").get().attendee is None
