"""Giving a place away through the API: by the link of the mail, and by an organiser's program."""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
import time_machine
from django.http.response import HttpResponseBase
from django.test import Client
from pytest_django import Settings

from accounts.models import Membership, Organisation
from events.models import EventSeries
from registrations.models import Quota
from tests import factories
from tests.registrations.people import AINO, OLLI, VEERA, attendee, day, mail, registration, sign_up, states

MAIJA = {"name": "Maija Esimerkki", "email": "maija@example.org", "language": "sv"}


@pytest.fixture(autouse=True)
def now(noon: datetime) -> Iterator[None]:
    with time_machine.travel(noon, tick=False):
        yield


@pytest.fixture
def full(mornings: EventSeries, noon: datetime) -> EventSeries:
    """Aino and Veera have the two places of Tuesday, Olli waits."""
    for person in (AINO, VEERA, OLLI):
        sign_up(mornings, person, 0, at=noon)
    return mornings


def _post(client: Client, address: str, body: object) -> HttpResponseBase:
    return client.post(f"/api/v1/{address}", json.dumps(body), content_type="application/json")


def _give(series: EventSeries, body: object, *, slug: str = "") -> HttpResponseBase:
    holder = Client(headers={"Authorization": f"Vipu-Link {attendee(AINO).token}"})
    return _post(holder, f"registration/places/{slug or day(series).slug}/transfer/", body)


def _move(client: Client, series: EventSeries, body: object) -> HttpResponseBase:
    return _post(client, f"organiser/registrations/{registration(AINO, day(series)).pk}/transfer/", body)


def _told(answer: HttpResponseBase) -> Any:  # noqa: ANN401 - whatever the JSON holds
    return json.loads(answer.getvalue())


def _desk(organisation: Organisation, role: str = Membership.Role.ORGANISER) -> Client:
    client = Client()
    client.force_login(
        factories.organiser(organisation, email=f"{organisation.slug}-{role}@example.org", role=role)
    )
    return client


def test_the_holder_of_the_link_gives_a_place_away(full: EventSeries) -> None:
    answer = _give(full, MAIJA)

    assert answer.status_code == 200
    assert [place["state"] for place in _told(answer)["places"]] == ["cancelled"]
    assert mail(AINO, "place_given").context["receiver"] == "Maija Esimerkki"
    assert registration(OLLI, day(full)).state == "waiting"


def test_the_answer_is_the_same_for_an_address_that_has_a_place(full: EventSeries) -> None:
    answers = []
    for email in (VEERA.email, MAIJA["email"]):
        answer = _give(full, {**MAIJA, "email": email})
        [place] = _told(answer)["places"]
        answers.append((answer.status_code, place | {"message": None}))
        registration(AINO, day(full)).delete()
        Quota.objects.filter(event=day(full)).update(capacity=9, hard_cap=9)
        sign_up(full, AINO, 0, at=datetime.fromisoformat("2027-03-01T12:00:00+00:00"), key=email)

    assert answers[0] == answers[1]


def test_giving_twice_is_refused(full: EventSeries) -> None:
    _give(full, MAIJA)
    again = _give(full, MAIJA)

    assert (again.status_code, _told(again)["code"]) == (422, "no-place-to-give")


@pytest.mark.parametrize(
    ("body", "status", "fields"),
    [
        ({}, 422, {"name", "email"}),
        ({"name": "Maija", "email": "nobody"}, 422, {"email"}),
        ({"name": "", "email": "aino@example.org"}, 422, {"name", "email"}),
        ({**MAIJA, "language": "de"}, 400, {"language"}),
        ({**MAIJA, "name": "M", "email": None}, 400, {"email"}),
        ([], 400, set()),
    ],
)
def test_a_receiver_who_cannot_be_written_to_is_refused_by_field(
    full: EventSeries, body: object, status: int, fields: set[str]
) -> None:
    answer = _give(full, body)

    assert answer.status_code == status
    assert fields <= set(_told(answer).get("errors", {}))
    assert states(AINO) == ["confirmed"]


def test_an_event_one_never_registered_to_is_not_found(full: EventSeries) -> None:
    assert _give(full, MAIJA, slug=day(full, 1).slug).status_code == 404


def test_a_foreign_address_is_written_to_only_so_often(full: EventSeries, settings: Settings) -> None:
    settings.RATE_LIMITS = True
    # what is refused counts too: six tries for one address in a minute
    _give(full, MAIJA)
    answers = [_give(full, MAIJA).status_code for _ in range(6)]

    assert answers == [422] * 5 + [429]


def test_an_organiser_moves_a_place_and_reads_whose_it_is(full: EventSeries, demos: Organisation) -> None:
    answer = _move(_desk(demos), full, {**MAIJA, "reason": "asked by phone"})

    assert answer.status_code == 200
    assert {name: _told(answer)[name] for name in ("name", "email", "state", "language")} == {
        **MAIJA,
        "state": "confirmed",
    }
    assert states(AINO) == ["cancelled"]


def test_an_organiser_learns_that_the_receiver_has_a_place(full: EventSeries, demos: Organisation) -> None:
    answer = _move(_desk(demos), full, {**MAIJA, "email": VEERA.email})

    assert (answer.status_code, _told(answer)["code"]) == (422, "has-a-place")
    assert set(_told(answer)["errors"]) == {"email"}


def test_nobody_else_moves_places(full: EventSeries, demos: Organisation) -> None:
    assert _move(Client(), full, MAIJA).status_code == 401
    assert _move(_desk(demos, Membership.Role.VIEWER), full, MAIJA).status_code == 403
    assert _move(_desk(factories.organisation("toinen")), full, MAIJA).status_code == 404
    assert states(AINO) == ["confirmed"]
