"""The organiser's side: one's own events only, and only with the role for it."""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.http.response import HttpResponseBase
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Membership, Organisation, User
from events.models import EventSeries
from registrations.models import Quota, Registration, RegistrationForm
from tests import factories
from tests.registrations.people import (
    AINO,
    OLLI,
    VEERA,
    day,
    registration,
    sign_up,
    slugs,
    somebody,
    states,
)

API = "/api/v1/organiser/"


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


@pytest.fixture
def organiser(demos: Organisation) -> Client:
    return _signed_in(factories.organiser(demos, email="jarjestaja@example.org"))


def _signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def _told(answer: HttpResponseBase) -> Any:  # noqa: ANN401 - whatever the JSON holds
    return json.loads(answer.getvalue())


def _send(client: Client, method: str, path: str, body: object = None) -> HttpResponseBase:
    return client.generic(
        method, API + path, json.dumps(body) if body is not None else "", content_type="application/json"
    )


def test_the_list_shows_who_comes(full: EventSeries, organiser: Client) -> None:
    rows = _told(organiser.get(API + "registrations/"))["results"]

    assert [(row["name"], row["state"], row["waiting_number"]) for row in rows] == [
        ("Aino Esimerkki", "confirmed", None),
        ("Veera Exempel", "confirmed", None),
        ("Olli Example", "waiting", 1),
    ]
    assert rows[0] == {
        "id": registration(AINO, day(full)).pk,
        "series": full.slug,
        "event": slugs(full)[0],
        "state": "confirmed",
        "waiting_number": None,
        "cancelled_by": "",
        "attended": None,
        "attended_at": None,
        "came": "",
        "registered_at": "2027-03-01T14:00:00+02:00",
        "state_changed_at": "2027-03-01T14:00:00+02:00",
        "name": "Aino Esimerkki",
        "email": "aino@example.org",
        "organisation": "",
        "municipality": None,
        "role": "",
        "language": "fi",
        "wish": "",
        "may_change_until": None,
    }


@pytest.mark.parametrize(
    ("question", "names"),
    [
        ("q=veera", ["Veera Exempel"]),
        ("state=waiting", ["Olli Example"]),
        ("state=active&q=example.org", ["Aino Esimerkki", "Veera Exempel", "Olli Example"]),
        ("event=no-such", []),
        ("series=aamukahvit-2027&q=olli", ["Olli Example"]),
    ],
)
def test_the_list_is_narrowed(full: EventSeries, organiser: Client, question: str, names: list[str]) -> None:
    rows = _told(organiser.get(f"{API}registrations/?{question}"))["results"]

    assert [row["name"] for row in rows] == names


@pytest.mark.parametrize("question", ["state=nonsense", "q=" + "a" * 201, "q=%00"])
def test_a_question_that_makes_no_sense_is_refused(
    full: EventSeries, organiser: Client, question: str
) -> None:
    answer = organiser.get(f"{API}registrations/?{question}")

    assert (answer.status_code, _told(answer)["code"]) == (400, "invalid")


def test_pages_are_turned_by_a_cursor(full: EventSeries, organiser: Client) -> None:
    first = _told(organiser.get(f"{API}registrations/?page_size=2"))
    second = _told(organiser.get(first["next"]))

    assert [row["name"] for row in first["results"] + second["results"]] == [
        "Aino Esimerkki",
        "Veera Exempel",
        "Olli Example",
    ]


def test_those_who_wait_are_listed_in_their_order(full: EventSeries, organiser: Client) -> None:
    rows = _told(organiser.get(f"{API}waiting/?event={slugs(full)[0]}"))["results"]

    assert [(row["name"], row["waiting_number"]) for row in rows] == [("Olli Example", 1)]


def test_a_place_is_taken_away_and_the_next_gets_it(full: EventSeries, organiser: Client) -> None:
    own = registration(AINO, day(full))

    answer = _send(organiser, "POST", f"registrations/{own.pk}/cancel/")

    assert (_told(answer)["state"], _told(answer)["cancelled_by"]) == ("cancelled", "organiser")
    assert states(OLLI) == ["confirmed"]


def test_attendance_is_marked(full: EventSeries, organiser: Client) -> None:
    path = f"registrations/{registration(AINO, day(full)).pk}/attendance/"

    marks = [_told(_send(organiser, "POST", path, {"attended": mark}))["attended"] for mark in (True, None)]
    waiting = _send(
        organiser,
        "POST",
        f"registrations/{registration(OLLI, day(full)).pk}/attendance/",
        {"attended": True},
    )

    assert marks == [True, None]
    assert (waiting.status_code, _told(waiting)["code"]) == (422, "no-place")
    assert _send(organiser, "POST", path, {"attended": "perhaps"}).status_code == 400


def test_what_was_sent_is_listed_without_its_contents(full: EventSeries, organiser: Client) -> None:
    rows = _told(organiser.get(f"{API}messages/?event={slugs(full)[0]}"))["results"]

    assert [(row["kind"], row["recipient"]) for row in rows][::-1] == [
        ("confirmation", "aino@example.org"),
        ("confirmation", "veera@example.org"),
        ("waiting", "olli@example.org"),
    ]
    assert not {"context", "links", "calendar"} & set(rows[0])
    assert _told(organiser.get(f"{API}messages/?state=accepted"))["results"] == []
    assert len(_told(organiser.get(f"{API}messages/"))["results"]) == 3


def test_more_places_let_the_next_in(full: EventSeries, organiser: Client) -> None:
    answer = _send(organiser, "PUT", f"events/{day(full).pk}/capacity/", {"capacity": 5})

    assert _told(answer) == {"capacity": 5, "taken": 3, "waiting": 0}
    refused = _send(organiser, "PUT", f"events/{day(full).pk}/capacity/", {"capacity": -1})
    assert (refused.status_code, list(_told(refused)["errors"])) == (422, ["capacity"])


def test_a_series_is_set_up_from_a_template(demos: Organisation, organiser: Client) -> None:
    body = {
        "template": "morning_coffee",
        "title": {"fi": "Aamukahvit", "sv": "Morgonkaffe", "en": "Morning coffees"},
        "first_day": "2027-09-14",
        "slug": "aamukahvit-syksy",
    }

    answer = _send(organiser, "POST", "series/from-template/", body)
    again = _send(organiser, "POST", "series/from-template/", body)

    assert answer.status_code == 201
    assert [event["starts_at"] for event in _told(answer)["events"]] == [
        f"2027-09-{number}T08:30:00+03:00" for number in (14, 15, 16, 17)
    ]
    assert (Quota.objects.count(), RegistrationForm.objects.count()) == (4, 1)
    assert (again.status_code, _told(again)["code"]) == (400, "address-taken")


def test_whoever_organises_for_several_names_which(demos: Organisation, organiser: Client) -> None:
    other = factories.organisation("toinen")
    user = User.objects.get(email="jarjestaja@example.org")
    Membership.objects.create(user=user, organisation=other, role=Membership.Role.ORGANISER)
    body = {"template": "sparring", "title": {"fi": "Sparraus"}, "first_day": "2027-09-14", "slug": "spar"}

    unnamed = _send(organiser, "POST", "series/from-template/", body)
    foreign = _send(organiser, "POST", "series/from-template/", body | {"organisation": "kolmas"})
    named = _send(organiser, "POST", "series/from-template/", body | {"organisation": "toinen"})

    assert [answer.status_code for answer in (unnamed, foreign, named)] == [422, 422, 201]
    assert EventSeries.objects.get(slug="spar").organisation == other


# --- Who may ------------------------------------------------------------------------------------------


def _doors(series: EventSeries) -> list[tuple[str, str, object]]:
    own = registration(AINO, day(series)).pk
    return [
        ("GET", "registrations/", None),
        ("GET", "waiting/", None),
        ("GET", "messages/", None),
        ("POST", f"registrations/{own}/cancel/", None),
        ("POST", f"registrations/{own}/attendance/", {"attended": True}),
        ("PUT", f"events/{day(series).pk}/capacity/", {"capacity": 50}),
        ("POST", "series/from-template/", {}),
    ]


def test_nobody_comes_in_without_signing_in(full: EventSeries) -> None:
    answers = [_send(Client(), *door).status_code for door in _doors(full)]

    assert set(answers) <= {401, 403}


def test_a_foreign_row_is_not_there(full: EventSeries, stranger: Client) -> None:
    answers = [_send(stranger, *door) for door in _doors(full)]

    assert [answer.status_code for answer in answers] == [200, 200, 200, 404, 404, 404, 400]
    assert not [answer for answer in answers if "example.org" in answer.getvalue().decode()]
    assert {row.state for row in Registration.objects.exclude(attendee__email=OLLI.email)} == {"confirmed"}


@pytest.mark.parametrize(
    ("role", "expected"),
    [
        ("viewer", [200, 200, 200, 403, 403, 403, 403]),
        ("reviewer", [403, 403, 403, 403, 403, 403, 403]),
        ("organiser", [200, 200, 200, 200, 422, 200, 400]),
        ("admin", [200, 200, 200, 200, 422, 200, 400]),
    ],
)
def test_each_role_opens_its_doors(
    full: EventSeries, demos: Organisation, role: str, expected: list[int]
) -> None:
    client = _signed_in(factories.organiser(demos, email=f"{role}@example.org", role=role))

    assert [_send(client, *door).status_code for door in _doors(full)] == expected


def test_the_list_asks_the_same_number_of_questions_for_more_people(
    mornings: EventSeries, organiser: Client, noon: datetime
) -> None:
    Quota.objects.update(capacity=50, hard_cap=50)
    counted = []
    for number in range(2):
        sign_up(mornings, somebody(number), 0, 1, at=noon)
        with CaptureQueriesContext(connection) as queries:
            organiser.get(API + "registrations/")
        counted.append(len(queries))

    assert counted[0] == counted[1]
