"""Registering through the API: the same action as behind the page."""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.http.response import HttpResponseBase
from django.test import Client
from pytest_django import Settings

from events.models import Event, EventSeries
from notifications.models import Message
from registrations.models import Attendee, Quota, Registration, Submission
from tests.registrations.people import day, slugs

BODY = {"name": "Aino Esimerkki", "email": "aino@example.org", "language": "fi"}


@pytest.fixture(autouse=True)
def now(noon: datetime, settings: Settings) -> Iterator[None]:
    settings.RATE_LIMITS = False
    with time_machine.travel(noon, tick=False):
        yield


def _post(series: EventSeries, body: object, *, key: str = "", language: str = "fi") -> HttpResponseBase:
    headers = {"Accept-Language": language} | ({"Idempotency-Key": key} if key else {})
    return Client().post(
        f"/api/v1/series/{series.slug}/registrations/",
        body,
        content_type="application/json",
        headers=headers,
    )


def _told(answer: HttpResponseBase) -> Any:  # noqa: ANN401 - whatever the JSON holds
    return json.loads(answer.getvalue())


def test_registering_answers_what_each_event_got(mornings: EventSeries) -> None:
    Quota.objects.filter(event=day(mornings, 1)).update(capacity=0)
    tuesday, wednesday = slugs(mornings, 0, 1)

    answer = _post(mornings, BODY | {"events": [tuesday, wednesday], "answers": {}, "consents": []})

    assert answer.status_code == 201
    assert _told(answer) == {
        "results": [
            {"event": tuesday, "state": "confirmed"},
            {"event": wednesday, "state": "waiting"},
        ],
        "receipt": Submission.objects.get().receipt,
    }
    assert Attendee.objects.get().name == "Aino Esimerkki"


def test_the_same_key_answers_the_same_and_another_body_is_refused(mornings: EventSeries) -> None:
    body = BODY | {"events": slugs(mornings, 0)}

    first, again = (_post(mornings, body, key="one") for _ in range(2))
    other = _post(mornings, body | {"email": "veera@example.org"}, key="one")

    assert (first.status_code, _told(first)) == (again.status_code, _told(again))
    assert (other.status_code, _told(other)["code"]) == (422, "idempotency-key-reused")
    assert Registration.objects.count() == 1


def test_without_a_key_each_request_stands_alone(mornings: EventSeries) -> None:
    body = BODY | {"events": slugs(mornings, 0)}

    answers = [_told(_post(mornings, body)) for _ in range(2)]

    assert answers[0]["results"] == answers[1]["results"]
    assert answers[0]["receipt"] != answers[1]["receipt"]
    assert Registration.objects.count() == 1


def test_a_key_that_is_too_long_is_refused(mornings: EventSeries) -> None:
    answer = _post(mornings, BODY | {"events": slugs(mornings, 0)}, key="k" * 201)

    assert (answer.status_code, list(_told(answer)["errors"])) == (422, ["Idempotency-Key"])


@pytest.mark.parametrize(
    ("wrong", "status", "code", "fields"),
    [
        ({"events": []}, 422, "no-event-chosen", ["events"]),
        ({"events": ["no-such-morning"]}, 422, "unknown-event", ["events"]),
        ({"name": ""}, 422, "invalid", ["name"]),
        ({"name": "", "email": ""}, 422, "invalid", ["name", "email"]),
        ({"email": "aino"}, 422, "invalid", ["email"]),
        ({"email": "a" * 250 + "@example.org"}, 422, "invalid", ["email"]),
        ({"name": "a" * 100_000}, 422, "invalid", ["name"]),
        ({"name": "x\u202ey"}, 422, "invalid", ["name"]),
        ({"municipality": "999"}, 422, "invalid", ["municipality"]),
        ({"name": None}, 400, "invalid", ["name"]),
        ({"name": ["Aino"]}, 400, "invalid", ["name"]),
        ({"name": "nul\x00"}, 400, "invalid", ["name"]),
        ({"events": "tuesday"}, 400, "invalid", ["events"]),
        ({"events": [None]}, 400, "invalid", ["events.0"]),
        ({"events": {"a": 1}}, 400, "invalid", ["events"]),
        ({"language": "de"}, 400, "invalid", ["language"]),
        ({"answers": {"diet": "vegan"}}, 422, "invalid", ["answers.diet"]),
        ({"consents": ["news"]}, 422, "invalid", ["consents"]),
    ],
)
def test_every_refusal_names_its_fields_and_writes_nothing(
    mornings: EventSeries, wrong: dict[str, Any], status: int, code: str, fields: list[str]
) -> None:
    answer = _post(mornings, BODY | {"events": slugs(mornings, 0)} | wrong)

    told = _told(answer)
    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")
    assert (told["code"], list(told["errors"]), told["status"]) == (code, fields, status)
    assert all(sentence for sentences in told["errors"].values() for sentence in sentences)
    assert not any(model.objects.exists() for model in (Submission, Attendee, Registration, Message))


@pytest.mark.parametrize("body", [[], "text", None, 7])
def test_a_body_of_the_wrong_shape_is_refused(mornings: EventSeries, body: object) -> None:
    answer = _post(mornings, body)

    assert answer.status_code in {400, 422}
    assert not Attendee.objects.exists()


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"state": Event.State.CANCELLED}, "registration-closed"),
        ({"starts_at": datetime.fromisoformat("2027-02-01T08:00Z")}, "registration-closed"),
        ({"state": Event.State.DRAFT}, "unknown-event"),
    ],
)
def test_an_event_that_takes_nobody_says_why(
    mornings: EventSeries, change: dict[str, Any], code: str
) -> None:
    slug = day(mornings).slug
    Event.objects.filter(slug=slug).update(**change)

    answer = _post(mornings, BODY | {"events": [slug]})

    assert (answer.status_code, _told(answer)["code"]) == (422, code)


def test_too_early_and_fully_booked_have_codes_of_their_own(mornings: EventSeries) -> None:
    Quota.objects.update(capacity=0, has_waiting_list=False)
    body = BODY | {"events": slugs(mornings, 0)}

    full = _post(mornings, body)
    with time_machine.travel("2027-01-01T12:00:00Z"):
        early = _post(mornings, body)

    assert (full.status_code, _told(full)["code"]) == (422, "fully-booked")
    assert (early.status_code, _told(early)["code"]) == (422, "not-yet-open")


def test_the_sentence_is_in_the_readers_language(mornings: EventSeries) -> None:
    sentences = {
        language: _told(_post(mornings, BODY | {"events": []}, language=language))["detail"]
        for language in ("fi", "sv", "en")
    }

    assert sentences == {
        "fi": "Valitse vähintään yksi tapahtuma.",
        "sv": "Välj minst ett evenemang.",
        "en": "Choose at least one event.",
    }


def test_a_draft_series_is_not_there(mornings: EventSeries) -> None:
    EventSeries.objects.update(state=EventSeries.State.DRAFT)

    answer = _post(mornings, BODY | {"events": slugs(mornings, 0)})

    assert (answer.status_code, _told(answer)["code"]) == (404, "not-found")


def test_too_many_tries_have_to_wait(mornings: EventSeries, settings: Settings) -> None:
    settings.RATE_LIMITS = True
    cache.clear()
    body = BODY | {"events": slugs(mornings, 0)}

    answers = [_post(mornings, body) for _ in range(7)]
    cache.clear()

    assert [answer.status_code for answer in answers] == [201] * 6 + [429]
    assert _told(answers[-1])["code"] == "too-many-requests"
    assert int(answers[-1]["Retry-After"]) >= 1


def test_availability_tells_what_a_page_would(mornings: EventSeries) -> None:
    _post(mornings, BODY | {"events": slugs(mornings, 0)})

    answer = Client().get(f"/api/v1/series/{mornings.slug}/availability/")

    assert _told(answer)["opens_at"] == "2027-02-01T09:00:00+02:00"
    few = {"state": "few_left", "capacity": 2, "waiting": 0, "mode": "open"}
    assert _told(answer)["events"][:2] == [
        few | {"event": slugs(mornings)[0], "places_left": 1},
        few | {"event": slugs(mornings)[1], "places_left": 2},
    ]


def test_colleagues_are_registered_in_the_same_request(mornings: EventSeries) -> None:
    veera = {"name": "Veera Exempel", "email": "veera@example.org", "language": "sv"}
    body = BODY | {"events": slugs(mornings, 0), "colleagues": [veera]}

    answer = _post(mornings, body)
    refused = _post(mornings, body | {"colleagues": [{"name": "", "email": "aino@example.org"}]})

    assert _told(answer)["results"] == [
        {"event": slugs(mornings, 0)[0], "state": "confirmed", "person": place} for place in (0, 1)
    ]
    assert refused.status_code == 422
    assert list(_told(refused)["errors"]) == ["colleagues.0.name"]
