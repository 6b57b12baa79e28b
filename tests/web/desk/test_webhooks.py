"""Webhooks at the desk: added with a secret shown once, tried, read in a log, sent again, removed."""

from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from events.models import EventSeries
from notifications.models import Endpoint, EndpointDelivery
from tests.registrations.people import AINO, sign_up
from tests.web.desk.seen import page, text

GIVEN = {"name": "CRM", "url": "https://crm.example.org/vipu", "kinds": ["registration.confirmed"]}


def add(desk: Client, series: EventSeries, **more: object) -> str:
    return text(desk.post(reverse("desk:webhooks", args=[series.pk]), {**GIVEN, **more}))


def do(desk: Client, what: str, **more: object) -> str:
    own = reverse("desk:webhook-deed", args=[Endpoint.objects.get().pk])
    return text(desk.post(own, {"deed": what, **more}, follow=True))


@pytest.fixture
def told(desk: Client, mornings: EventSeries, noon: datetime) -> EndpointDelivery:
    """Aino's place as the webhook was told of it."""
    add(desk, mornings)
    sign_up(mornings, AINO, 0, at=noon)
    return EndpointDelivery.objects.get()


def test_the_secret_is_shown_once(desk: Client, mornings: EventSeries) -> None:
    assert "whsec_" in add(desk, mornings)
    assert "whsec_" not in page(desk, "webhooks", mornings.pk)
    assert "it is in use" in page(desk, "webhooks", mornings.pk)
    assert "do not leave Vipu" in page(desk, "webhook", Endpoint.objects.get().pk)


def test_an_address_within_the_house_comes_back_beside_its_field(desk: Client, mornings: EventSeries) -> None:
    answer = desk.post(
        reverse("desk:webhooks", args=[mornings.pk]), {**GIVEN, "url": "https://192.168.0.1/crm"}
    )
    assert answer.status_code == 422
    assert "Write a whole public address that begins with https://" in text(answer)
    assert 'value="https://192.168.0.1/crm"' in answer.content.decode()


def test_the_log_tells_what_was_sent_and_what_was_said(desk: Client, told: EndpointDelivery) -> None:
    own = ("webhook", told.endpoint_id)
    assert "Somebody got a place" in page(desk, *own)
    EndpointDelivery.objects.update(
        state="failed", status=500, milliseconds=120, answer="<b>broken</b>", tried_at=told.created_at
    )
    said = page(desk, *own)
    assert "500 120 ms" in said
    assert "<b>broken" in said  # as words: the page shows it escaped
    EndpointDelivery.objects.update(status=None, problem="certificate")
    assert "the certificate does not fit the name" in page(desk, *own)


def test_one_or_all_that_failed_is_sent_again(desk: Client, told: EndpointDelivery) -> None:
    own = reverse("desk:webhook", args=[told.endpoint_id])
    EndpointDelivery.objects.update(state="failed")
    assert "1 piece of news is sent again." in do(desk, "again", delivery=told.pk)
    assert "There is nothing to send again." in do(desk, "again", delivery="nonsense")
    EndpointDelivery.objects.update(state="failed")
    tomorrow = told.created_at + timedelta(days=1)
    late = desk.post(own, {"deed": "since", "since": f"{tomorrow:%Y-%m-%d}"})
    assert (late.status_code, "There is nothing to send again." in text(late)) == (422, True)
    assert desk.post(own, {"deed": "since", "since": "yesterday"}).status_code == 422
    all_of_it = desk.post(own, {"deed": "since", "since": ""}, follow=True)
    assert "1 piece of news is sent again." in text(all_of_it)


def test_it_is_tried_switched_changed_and_removed(desk: Client, mornings: EventSeries) -> None:
    add(desk, mornings)
    assert "A test is on its way." in do(desk, "ping")
    assert "The webhook is switched off." in do(desk, "off")
    assert "Switch it on first." in do(desk, "ping")
    assert "The webhook is in use." in do(desk, "on")
    own = reverse("desk:webhook", args=[Endpoint.objects.get().pk])
    rolled = text(desk.post(own, {"deed": "roll"}))
    assert "The former secret signs as well until" in rolled
    assert "The webhook and its log are removed." in do(desk, "remove")
    assert "Secret of a webhook changed" in page(desk, "history", mornings.pk)


def test_nothing_else_can_be_done_there(desk: Client, mornings: EventSeries) -> None:
    add(desk, mornings)
    own = reverse("desk:webhook-deed", args=[Endpoint.objects.get().pk])
    assert desk.post(own, {"deed": "dance"}).status_code == 303
    assert desk.get(reverse("desk:webhook", args=[999])).status_code == 404
