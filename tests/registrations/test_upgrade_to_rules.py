"""Reminders of an older Vipu, planned with the registration, move over to the rule: nobody gets one twice."""

from dataclasses import replace
from datetime import datetime, timedelta
from importlib import import_module

import pytest
from django.apps import apps
from time_machine import travel

from events.models import EventSeries
from notifications import delivery, outbox
from notifications.models import Message, MessageEvent
from registrations import messages
from registrations.actions.automatic import plan_due
from registrations.models import MessageRule, RuleDelivery
from tests.registrations.people import AINO, VEERA, all_sent, day, registration, sign_up

upgrade = import_module("registrations.migrations.0011_rules_of_old_series")
NINE = datetime.fromisoformat("2027-04-12T09:00+03:00")
pytestmark = pytest.mark.django_db


@pytest.fixture
def old(mornings: EventSeries, noon: datetime) -> EventSeries:
    """Aino's and Veera's reminders stand in the ledger as they were once planned; there is no rule yet."""
    for person in (AINO, VEERA):
        sign_up(mornings, person, 0, at=noon)
    all_sent()
    [rule] = MessageRule.objects.filter(series=mornings)
    rows = [registration(person, day(mornings)) for person in (AINO, VEERA)]
    days, ends = {row.pk: NINE.date() for row in rows}, {row.pk: NINE + timedelta(hours=15) for row in rows}
    for row in rows:
        row.event = day(mornings)
    for draft in messages.automatic(rows, rule=rule, days=days, ends=ends, at=noon):
        outbox.queue(replace(draft, occasion="", not_before=NINE), at=noon)
    MessageRule.objects.all().delete()
    return mornings


def upgraded() -> None:
    upgrade.make_rules(apps, None)
    upgrade.move_reminders(apps, None)


def test_what_still_waits_is_sent_once_by_the_rule(old: EventSeries) -> None:
    with travel(NINE - timedelta(days=7), tick=False):
        upgraded()

    assert set(Message.objects.filter(kind="reminder").values_list("state", flat=True)) == {"cancelled"}
    assert MessageEvent.objects.filter(state="cancelled", note="planned-by-rule").count() == 2
    assert plan_due(at=NINE - timedelta(minutes=1)) == 0
    assert plan_due(at=NINE + timedelta(minutes=1)) == 2
    assert plan_due(at=NINE + timedelta(minutes=2)) == 0


def test_who_was_reminded_already_is_not_reminded_again(old: EventSeries) -> None:
    assert delivery.drain(lane="normal", owner="old worker", limit=1, at=NINE) == 1
    with travel(NINE + timedelta(minutes=1), tick=False):
        upgraded()

    assert RuleDelivery.objects.get().registration.attendee.email in {AINO.email, VEERA.email}
    assert plan_due(at=NINE + timedelta(minutes=2)) == 1
    while delivery.drain(lane="normal", owner="new worker", at=NINE + timedelta(minutes=3)):
        pass
    reminded = Message.objects.filter(kind="reminder", state="accepted").values_list("recipient", flat=True)
    assert sorted(reminded) == sorted({AINO.email, VEERA.email})
