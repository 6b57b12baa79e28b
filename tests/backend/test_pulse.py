"""Who is alive, and how one can tell."""

from datetime import datetime, timedelta

import pytest

from backend import pulse
from notifications.models import Heartbeat

pytestmark = pytest.mark.django_db


def test_one_pulse_shows_that_the_scheduler_and_the_worker_live(noon: datetime) -> None:
    pulse.record(worker="worker@aino", at=noon)

    seen = {(row.kind, row.name, row.at) for row in Heartbeat.objects.all()}
    assert seen == {("beat", "beat", noon), ("worker", "worker@aino", noon)}


def test_a_minute_of_silence_means_not_alive(noon: datetime) -> None:
    pulse.record(worker="worker@aino", at=noon)

    assert pulse.is_alive("worker", at=noon + timedelta(seconds=59))
    assert not pulse.is_alive("worker", at=noon + timedelta(seconds=60))
    assert not pulse.is_alive("worker", at=noon, name="worker@veera")


def test_a_worker_that_has_been_gone_for_a_day_is_forgotten(noon: datetime) -> None:
    pulse.record(worker="worker@aino", at=noon)
    pulse.record(worker="worker@veera", at=noon + timedelta(days=2))

    assert sorted(Heartbeat.objects.values_list("name", flat=True)) == ["beat", "worker@veera"]
