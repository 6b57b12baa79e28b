"""While mail waits the desk says so on every page, since when and why; otherwise it says nothing."""

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from backend import pulse
from events.models import EventSeries
from notifications import circuit
from notifications.models import Circuit, Message
from tests.registrations.people import AINO, sign_up
from tests.web.desk.seen import page, text
from web.desk.banner import banner

WAITS = "Mail is waiting"


@pytest.fixture
def waiting(mornings: EventSeries, noon: datetime) -> EventSeries:
    """Let Aino's confirmation wait for fourteen minutes."""
    sign_up(mornings, AINO, 0, at=noon - timedelta(minutes=14))
    return mornings


def test_every_page_says_since_when_mail_waits(desk: Client, waiting: EventSeries, noon: datetime) -> None:
    pulse.record(worker="one", at=noon)
    said = page(desk, "series", waiting.pk)
    assert "(14 min)" in said
    assert "There is a rush, or the mail server is slow." in said
    assert WAITS in text(desk.get(reverse("desk:home")))


def test_a_worker_or_scheduler_that_is_gone_is_said_plainly(
    desk: Client, waiting: EventSeries, noon: datetime
) -> None:
    pulse.record(worker="one", at=noon - timedelta(seconds=61))
    assert "A worker or the scheduler is missing, so nothing is sent." in page(desk, "series", waiting.pk)


def test_a_mail_server_that_takes_nothing_is_said_with_the_next_try(
    desk: Client, waiting: EventSeries, noon: datetime
) -> None:
    pulse.record(worker="one", at=noon)
    Circuit.objects.create(transport="SMTP", failures=5, not_before=noon + timedelta(minutes=3))
    said = page(desk, "series", waiting.pk)
    assert "The mail server does not take mail at the moment." in said
    assert "Next try:" in said


def test_mail_held_back_by_a_person_is_said_so_and_no_next_try_is_made_up(
    desk: Client, waiting: EventSeries, noon: datetime
) -> None:
    pulse.record(worker="one", at=noon)
    circuit.hold_all(at=noon)
    said = page(desk, "series", waiting.pk)
    assert "Whoever runs Vipu holds all messages back for now" in said
    assert "Next try" not in said
    assert "mail server" not in said


def test_two_minutes_are_no_trouble_and_neither_is_tomorrows_reminder(
    desk: Client, mornings: EventSeries, noon: datetime
) -> None:
    sign_up(mornings, AINO, 0, at=noon - timedelta(minutes=2))
    assert WAITS not in page(desk, "series", mornings.pk)
    Message.objects.update(not_before=noon + timedelta(days=1))
    assert banner(at=noon) is None


def test_while_all_is_well_it_costs_one_question(db: None, noon: datetime) -> None:
    with CaptureQueriesContext(connection) as asked:
        assert banner(at=noon) is None
    assert len(asked) == 1


def test_who_is_not_signed_in_is_not_told(client: Client, waiting: EventSeries) -> None:
    assert WAITS not in text(client.get(reverse("desk:home"), follow=True))
