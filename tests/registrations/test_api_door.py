"""The door as programs use it: the list to take along, and scans that may be sent again."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Organisation
from events.models import Event, EventSeries
from registrations.models import Quota, Registration
from tests import factories
from tests.registrations.people import AINO, OLLI, VEERA, attendee, day, registration, sign_up, somebody


@pytest.fixture(autouse=True)
def now(noon: datetime) -> Iterator[None]:
    with time_machine.travel(noon, tick=False):
        yield


@pytest.fixture
def tuesday(mornings: EventSeries, noon: datetime) -> Event:
    """Aino and Veera have the two places, Olli waits."""
    for person in (AINO, VEERA, OLLI):
        sign_up(mornings, person, 0, at=noon)
    return day(mornings)


@pytest.fixture
def phone(demos: Organisation) -> Client:
    client = Client()
    client.force_login(
        factories.organiser(demos, email="ovi@example.org"),
        backend="allauth.account.auth_backends.AuthenticationBackend",
    )
    return client


def door(event: Event) -> str:
    return f"/api/v1/organiser/events/{event.pk}/check-in/"


def send(phone: Client, event: Event, *scans: dict[str, Any], **more: object) -> tuple[int, Any]:
    answer = phone.post(door(event), json.dumps({"scans": scans, **more}), content_type="application/json")
    return answer.status_code, answer.json()


def test_the_list_knows_tickets_by_their_digests_and_carries_no_token(tuesday: Event, phone: Client) -> None:
    answer = phone.get(door(tuesday))

    told = answer.json()
    assert (told["expected"], told["came"]) == (2, 0)
    assert told["people"][0] == {
        "registration": registration(AINO, tuesday).pk,
        "ticket_hash": attendee(AINO).ticket_hash,
        "name": "Aino Esimerkki",
        "organisation": "",
        "attended": None,
        "attended_at": None,
        "came": "",
    }
    assert attendee(AINO).ticket_token not in answer.text


def test_the_list_asks_the_same_however_many_come(
    mornings: EventSeries, phone: Client, noon: datetime
) -> None:
    Quota.objects.update(capacity=9, hard_cap=9)
    counted = []
    for number in range(3):
        sign_up(mornings, somebody(number), 0, at=noon)
        with CaptureQueriesContext(connection) as queries:
            phone.get(door(day(mornings)))
        counted.append(len(queries))

    assert counted[0] == counted[2]


def test_a_batch_sent_twice_counts_once(tuesday: Event, phone: Client, noon: datetime) -> None:
    came = (noon - timedelta(minutes=5)).isoformat()
    batch: list[dict[str, Any]] = [
        {"ticket": attendee(AINO).ticket_token, "scanned_at": came},
        {"registration": registration(VEERA, tuesday).pk, "scanned_at": came},
        {"ticket": attendee(OLLI).ticket_hash, "scanned_at": came},
        {"ticket": "nobody", "scanned_at": came},
    ]

    first, again = (send(phone, tuesday, *batch, device="ovi-1") for _time in range(2))

    assert [one["outcome"] for one in first[1]["results"]] == ["in", "in", "no_place", "unknown"]
    assert [one["outcome"] for one in again[1]["results"]] == ["already", "already", "no_place", "unknown"]
    assert {(status, told["expected"], told["came"]) for status, told in (first, again)} == {(200, 2, 2)}
    assert datetime.fromisoformat(again[1]["results"][0]["attended_at"]) == datetime.fromisoformat(came)


def test_a_phone_a_day_behind_is_read_on_our_clock(tuesday: Event, phone: Client, noon: datetime) -> None:
    behind = noon - timedelta(days=1)
    scan = {
        "ticket": attendee(AINO).ticket_token,
        "scanned_at": (behind - timedelta(minutes=5)).isoformat(),
    }

    send(phone, tuesday, scan, sent_at=behind.isoformat())

    assert registration(AINO, tuesday).attended_at == noon - timedelta(minutes=5)


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"scans": "all"},
        {"scans": [{}]},
        {"scans": [{"registration": "x", "scanned_at": "2027-04-13T05:30:00Z"}]},
        {"scans": [{"registration": 10**30, "scanned_at": "2027-04-13T05:30:00Z"}]},
        {"scans": [{"ticket": "a" * 65, "scanned_at": "2027-04-13T05:30:00Z"}]},
        {"scans": [{"ticket": "a", "scanned_at": "yesterday"}]},
        {"scans": [{"ticket": "a", "scanned_at": "2027-04-13T05:30:00Z"}] * 201},
        {"scans": [], "device": "x" * 41},
    ],
)
def test_what_is_no_batch_is_refused_whole(tuesday: Event, phone: Client, body: object) -> None:
    answer = phone.post(door(tuesday), json.dumps(body), content_type="application/json")

    assert answer.status_code == 400
    assert not Registration.objects.filter(attended=True).exists()


def test_the_door_wants_the_forms_secret(tuesday: Event, demos: Organisation) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(
        factories.organiser(demos, email="ovi2@example.org"),
        backend="allauth.account.auth_backends.AuthenticationBackend",
    )

    assert send(strict, tuesday)[0] == 403
