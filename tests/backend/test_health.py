"""What supervisors are told."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from backend import pulse
from notifications.models import Message

pytestmark = pytest.mark.django_db


def _due_message(*, minutes_ago: int) -> None:
    then = timezone.now() - timedelta(minutes=minutes_ago)
    Message.objects.create(
        dedupe_key="example",
        kind="confirmation",
        subject="registration:1",
        version=1,
        lane="urgent",
        recipient="aino@example.org",
        language="fi",
        context={},
        not_before=then,
        created_at=then,
        state_changed_at=then,
    )


def test_the_process_answers_without_asking_anything() -> None:
    answer = Client().get("/healthz")

    assert (answer.status_code, answer.content) == (200, b"ok\n")


def test_before_the_first_pulse_people_are_served_and_the_lag_is_told() -> None:
    answer = Client().get("/readyz")

    assert answer.status_code == 200
    assert answer.json() == {
        "state": "degraded",
        "database": True,
        "oldest_due_seconds": 0,
        "worker_seconds": None,
        "beat_seconds": None,
    }


def test_with_a_living_worker_and_nothing_overdue_all_is_ready() -> None:
    pulse.record(worker="worker@aino", at=timezone.now())

    assert Client().get("/readyz").json()["state"] == "ready"


def test_a_message_that_waits_too_long_is_told_though_the_worker_lives() -> None:
    pulse.record(worker="worker@aino", at=timezone.now())
    _due_message(minutes_ago=6)

    told = Client().get("/readyz").json()

    assert told["state"] == "degraded"
    assert 355 <= told["oldest_due_seconds"] <= 365


def test_without_a_token_there_are_no_figures(settings: Settings) -> None:
    settings.METRICS_TOKEN = ""

    assert Client().get("/metrics", headers={"Authorization": "Bearer "}).status_code == 404


def test_the_figures_open_to_their_token_only(settings: Settings) -> None:
    settings.METRICS_TOKEN = "made up"
    _due_message(minutes_ago=1)

    refused = Client().get("/metrics", headers={"Authorization": "Bearer guessed"})
    given = Client().get("/metrics", headers={"Authorization": "Bearer made up"})

    assert refused.status_code == 404
    assert 'vipu_messages{state="queued"} 1.0' in given.content.decode()
    assert "aino" not in given.content.decode()


def test_health_is_asked_not_changed() -> None:
    assert [Client().post(path).status_code for path in ("/healthz", "/readyz", "/metrics")] == [
        405,
        405,
        405,
    ]
