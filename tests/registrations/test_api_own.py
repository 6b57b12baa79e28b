"""One's own registration, by the token of the mail."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.http.response import HttpResponseBase
from django.test import Client
from pytest_django import Settings

from events.models import EventSeries
from registrations.models import Quota, Registration
from tests.registrations.people import AINO, VEERA, attendee, day, sign_up, slugs, states

ADDRESS = "/api/v1/registration/"


@pytest.fixture(autouse=True)
def now(noon: datetime, settings: Settings) -> Iterator[None]:
    settings.RATE_LIMITS = False
    with time_machine.travel(noon, tick=False):
        yield


@pytest.fixture
def token(mornings: EventSeries, noon: datetime) -> str:
    """Aino has Tuesday and Wednesday."""
    sign_up(mornings, AINO, 0, 1, at=noon)
    return attendee(AINO).token


def _ask(method: str, token: str | None, body: object = None) -> HttpResponseBase:
    headers = {} if token is None else {"Authorization": f"Vipu-Link {token}"}
    content = json.dumps(body) if body is not None else ""
    return Client().generic(method, ADDRESS, content, content_type="application/json", headers=headers)


def _told(answer: HttpResponseBase) -> Any:  # noqa: ANN401 - whatever the JSON holds
    return json.loads(answer.getvalue())


def test_the_holder_of_the_link_sees_places_and_mails(mornings: EventSeries, token: str) -> None:
    told = _told(_ask("GET", token))

    places = told.pop("places")
    assert told == {
        "series": mornings.slug,
        "name": "Aino Esimerkki",
        "email": "aino@example.org",
        "organisation": "",
        "municipality": None,
        "role": "",
        "language": "fi",
        "wish": "",
        "answers": {},
        "consents": [],
    }
    assert places[0] == {
        "event": slugs(mornings)[0],
        "title": day(mornings).title.as_dict(),
        "starts_at": "2027-04-13T08:30:00+03:00",
        "ends_at": "2027-04-13T10:00:00+03:00",
        "state": "confirmed",
        "position": None,
        "why": None,
        "offer_expires_at": None,
        "restorable_until": None,
        "message": "queued",
    }
    assert [place["event"] for place in places] == slugs(mornings, 0, 1)


@pytest.mark.parametrize("method", ["GET", "PATCH", "DELETE"])
def test_without_a_right_token_nothing_is_told_or_changed(
    mornings: EventSeries, token: str, method: str
) -> None:
    body = {"events": slugs(mornings, 2)}
    answers = [_ask(method, wrong, body) for wrong in (None, "", "x" * 27, token[:-1], token + "=")]

    assert [answer.status_code for answer in answers] == [401, 404, 404, 404, 404]
    assert answers[0]["WWW-Authenticate"] == "Vipu-Link"
    assert not [answer for answer in answers if "Aino" in answer.getvalue().decode()]
    assert states(AINO) == ["confirmed", "confirmed"]


def test_a_signed_in_organiser_is_not_the_holder_of_a_link(mornings: EventSeries, token: str) -> None:
    assert Client().get(ADDRESS, headers={"Authorization": f"Bearer {token}"}).status_code == 401


def test_an_old_link_is_gone(mornings: EventSeries, token: str) -> None:
    with time_machine.travel(day(mornings, 3).ends_at + timedelta(days=31), tick=False):
        answer = _ask("GET", token)

    assert (answer.status_code, _told(answer)["code"]) == (410, "link-expired")


def test_events_are_changed_by_naming_those_to_come_to(mornings: EventSeries, token: str) -> None:
    answer = _ask("PATCH", token, {"events": slugs(mornings, 1, 2)})

    assert [(place["event"], place["state"]) for place in _told(answer)["places"]] == [
        (slugs(mornings)[0], "cancelled"),
        (slugs(mornings)[1], "confirmed"),
        (slugs(mornings)[2], "confirmed"),
    ]


def test_the_language_is_changed_alone(mornings: EventSeries, token: str) -> None:
    answer = _ask("PATCH", token, {"language": "en"})

    assert (_told(answer)["language"], attendee(AINO).language) == ("en", "en")
    assert states(AINO) == ["confirmed", "confirmed"]


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"events": []}, 422, "no-event-chosen"),
        ({"events": ["no-such"]}, 422, "unknown-event"),
        ({"events": "tuesday"}, 400, "invalid"),
        ({"language": "de"}, 400, "invalid"),
        ([], 400, "parse-error"),
    ],
)
def test_a_change_that_cannot_be_is_refused(token: str, body: object, status: int, code: str) -> None:
    answer = _ask("PATCH", token, body)

    assert (answer.status_code, _told(answer)["code"]) == (status, code)
    assert states(AINO) == ["confirmed", "confirmed"]


def test_after_the_deadline_the_answer_says_so(mornings: EventSeries, token: str, noon: datetime) -> None:
    Quota.objects.update(closes_at=noon)

    answers = [_ask("DELETE", token), _ask("PATCH", token, {"events": slugs(mornings, 0)})]

    assert [(answer.status_code, _told(answer)["code"]) for answer in answers] == [
        (422, "registration-closed"),
        (422, "registration-closed"),
    ]


def test_everything_is_given_up_at_once_and_twice_is_no_mistake(
    mornings: EventSeries, token: str, noon: datetime
) -> None:
    sign_up(mornings, VEERA, 0, at=noon)

    assert [_ask("DELETE", token).status_code for _ in range(2)] == [204, 204]

    assert (states(AINO), states(VEERA)) == (["cancelled", "cancelled"], ["confirmed"])


def test_looking_changes_nothing(mornings: EventSeries, token: str) -> None:
    before = list(Registration.objects.values())

    for method in ("GET", "HEAD", "OPTIONS"):
        _ask(method, token)

    assert list(Registration.objects.values()) == before


def test_the_own_calendar_is_at_its_own_address(mornings: EventSeries, token: str) -> None:
    feed = attendee(AINO).feed_token

    answer = Client().get(f"/feed/{feed}.ics")
    again = Client().get(f"/feed/{feed}.ics", headers={"If-None-Match": answer["ETag"]})

    assert (answer.status_code, answer["Content-Type"]) == (200, "text/calendar; charset=utf-8")
    assert answer.content.count(b"BEGIN:VEVENT") == 2
    assert again.status_code == 304
    assert Client().get(f"/feed/{token}.ics").status_code == 404
