"""Programs have lists made and fetch them; somebody else's list is not there."""

from collections.abc import Iterator
from datetime import datetime

import pytest
import time_machine
from django.test import Client

from accounts.models import Organisation
from events.models import EventSeries
from registrations.models import RegistrationExport
from registrations.tasks import make_export
from tests import factories
from tests.registrations.people import AINO, sign_up, slugs

pytestmark = pytest.mark.django_db
EXPORTS = "/api/v1/organiser/exports/"


@pytest.fixture(autouse=True)
def _at_noon(noon: datetime) -> Iterator[None]:
    with time_machine.travel(noon, tick=False):
        yield


@pytest.fixture
def client(demos: Organisation) -> Client:
    client = Client()
    client.force_login(factories.organiser(demos, email="jarjestaja@example.org"))
    return client


def test_a_list_is_asked_for_made_and_fetched(client: Client, mornings: EventSeries, noon: datetime) -> None:
    sign_up(mornings, AINO, 0, at=noon)
    asked = client.post(
        EXPORTS,
        {"series": mornings.slug, "format": "csv", "columns": ["email", "name"]},
        content_type="application/json",
    )
    where = f"{EXPORTS}{asked.json()['id']}/"
    early = client.get(f"{where}file")
    make_export(export_id=asked.json()["id"])
    state, file = client.get(where), client.get(f"{where}file")

    assert (asked.status_code, asked.json()["state"], asked.json()["columns"]) == (
        202,
        "queued",
        ["name", "email"],
    )
    assert (early.status_code, early.json()["code"]) == (409, "export-not-ready")
    assert (state.json()["state"], state.json()["done"]) == ("done", 1)
    assert b"".join(file).decode("utf-8-sig").splitlines()[1] == f'"{AINO.name}";"{AINO.email}"'


def test_without_columns_a_program_gets_the_usual_ones(client: Client, mornings: EventSeries) -> None:
    event = slugs(mornings, 1)[0]
    asked = client.post(EXPORTS, {"series": mornings.slug, "event": event}, content_type="application/json")

    assert asked.json()["event"] == event
    assert asked.json()["columns"][:2] == ["name", "email"]


@pytest.mark.parametrize("where", [{"series": "nowhere"}, {"series": "aamukahvit-2027", "event": "nowhere"}])
def test_a_list_of_nothing_is_not_found(client: Client, mornings: EventSeries, where: dict[str, str]) -> None:
    asked = client.post(EXPORTS, where, content_type="application/json")

    assert asked.status_code == 404
    assert not RegistrationExport.objects.exists()


def test_an_unknown_column_is_refused_beside_its_field(client: Client, mornings: EventSeries) -> None:
    asked = client.post(
        EXPORTS, {"series": mornings.slug, "columns": ["password"]}, content_type="application/json"
    )

    assert (asked.status_code, list(asked.json()["errors"])) == (422, ["columns"])
