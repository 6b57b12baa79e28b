"""Programs bring people in: a dry run first, then the word to do it, refused in the words of the desk."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
import time_machine
from django.test import Client

from accounts.models import Organisation
from events.models import EventSeries
from registrations.models import Attendee, AttendeeImport
from tests import factories
from tests.registrations.people import AINO, sign_up, slugs

pytestmark = pytest.mark.django_db
JSON = "application/json"
PEOPLE = [
    {"name": "Aino Esimerkki", "email": "aino@example.org"},
    {"name": "Veera Exempel", "email": "veera@example.org", "language": "svenska"},
    {"name": "", "email": "nobody"},
]


@pytest.fixture(autouse=True)
def _at_noon(noon: datetime) -> Iterator[None]:
    with time_machine.travel(noon, tick=False):
        yield


@pytest.fixture
def client(demos: Organisation) -> Client:
    client = Client()
    client.force_login(factories.organiser(demos, email="jarjestaja@example.org"))
    return client


def check(client: Client, series: EventSeries, **more: object) -> Any:  # noqa: ANN401 - the test client's own answer
    body = {"events": slugs(series, 0), "people": PEOPLE, **more}
    return client.post(f"/api/v1/organiser/series/{series.pk}/imports/", body, content_type=JSON)


def test_a_program_checks_confirms_and_looks(client: Client, mornings: EventSeries, noon: datetime) -> None:
    sign_up(mornings, AINO, 0, at=noon)
    asked = check(client, mornings)
    where = f"/api/v1/organiser/imports/{asked.json()['id']}/"

    assert (asked.status_code, asked.json()["state"], asked.json()["total"]) == (201, "checked", 3)
    assert [(one["row"], one["outcome"], one["gets"]) for one in asked.json()["rows"]] == [
        (1, "there", 0),
        (2, "new", 1),
        (3, "problem", 0),
    ]
    assert [(one["row"], one["field"], one["code"]) for one in asked.json()["problems"]] == [
        (3, "name", "missing-name"),
        (3, "email", "bad-email"),
    ]
    stopped = client.post(f"{where}confirm/", {}, content_type=JSON)
    assert (stopped.status_code, stopped.json()["code"]) == (422, "problems-left")
    done = client.post(f"{where}confirm/", {"leave_out": True}, content_type=JSON)
    assert (done.status_code, done.json()["state"], done.json()["results"]["new"]) == (202, "done", 1)
    assert client.get(where).json() == done.json() | {"rows": [], "percent": 100, "why": ""}
    again = client.post(f"{where}confirm/", {"leave_out": True}, content_type=JSON)
    assert (again.status_code, again.json()["code"]) == (409, "import-state")
    assert Attendee.objects.get(email="veera@example.org").language == "sv"


@pytest.mark.parametrize(
    ("more", "code", "field"),
    [
        ({"events": ["nowhere"]}, "unknown-event", "events"),
        ({"events": []}, "no-event-chosen", "events"),
        ({"people": []}, "invalid", "people"),
        ({"people": [{"name": "x"}] * 2001}, "invalid", "people"),
    ],
)
def test_what_cannot_be_done_is_refused_beside_its_field(
    client: Client, mornings: EventSeries, more: dict[str, object], code: str, field: str
) -> None:
    answer = check(client, mornings, **more)

    assert answer.json()["code"] == code
    assert list(answer.json()["errors"]) == [field]
    assert not AttendeeImport.objects.exists()


def test_a_series_of_others_is_not_there(client: Client) -> None:
    other = factories.four_mornings(organisation=factories.organisation("toinen"), slug="muut-2027")

    assert check(client, other).status_code == 404
