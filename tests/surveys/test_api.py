"""Surveys for programs."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from accounts.models import Membership, Organisation
from catalogue.models import Practice
from events.models import Event
from registrations.models import Registration
from surveys.models import Invitation, Response
from tests import factories
from tests.surveys import world

SURVEY = "/api/v1/survey/"


@pytest.fixture
def invitation(aino: Registration) -> Invitation:
    return world.asked(aino)


def holder(token: str) -> APIClient:
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Vipu-Link {token}")
    return client


def signed_in(of: Organisation, *, role: str = Membership.Role.ORGANISER) -> APIClient:
    client = APIClient()
    client.force_login(factories.organiser(of, email=f"{role}-{of.slug}@example.org", role=role))
    return client


def test_the_link_shows_the_questions_and_spends_nothing(invitation: Invitation, after: datetime) -> None:
    with time_machine.travel(after, tick=False):
        answers = [holder(invitation.token).get(SURVEY) for _ in range(2)]

    first = answers[0].json()
    assert answers[1].json() == first
    assert first.pop("questions")[0] == {
        "key": "usefulness",
        "kind": "scale_5",
        "text": {
            "fi": "Kuinka hyödyllinen tapahtuma oli työsi kannalta?",
            "sv": "Hur stor nytta hade du av evenemanget i ditt arbete?",
            "en": "How useful was the event for your work?",
        },
        "low": {"fi": "ei hyödyllinen", "sv": "ingen nytta", "en": "not useful"},
        "high": {"fi": "hyvin hyödyllinen", "sv": "stor nytta", "en": "very useful"},
        "options": [],
        "required": True,
    }
    assert first == {
        "event": "aamukahvit-2027-04-13",
        "title": {
            "fi": "Lähiluonnon saavutettavuus",
            "sv": "Närnaturens tillgänglighet",
            "en": "Accessibility of nearby nature",
        },
        "starts_at": "2027-04-13T08:30:00+03:00",
        "closes_at": "2027-04-27T12:00:00+03:00",
        "language": "fi",
        "answered": False,
    }


def test_an_answer_is_taken_once(invitation: Invitation, after: datetime) -> None:
    body = {
        "answers": {"usefulness": 5, "next": ["spar"], "practice": {"title": "Metsä", "may_contact": True}},
        "language": "sv",
    }
    with time_machine.travel(after, tick=False):
        client = holder(invitation.token)
        first, second = client.post(SURVEY, body), client.post(SURVEY, body)
        shown = client.get(SURVEY).json()

    assert (first.status_code, first.json()) == (
        201,
        {"submitted_at": "2027-04-13T12:00:00+03:00", "language": "sv", "practice_draft": True},
    )
    assert (second.status_code, second["Content-Type"], second.json()["code"]) == (
        409,
        "application/problem+json",
        "already-answered",
    )
    assert shown["answered"]
    assert Practice.objects.get().language == "sv"


@pytest.mark.parametrize(
    ("body", "status", "fields"),
    [
        ({}, 400, ["answers"]),
        ({"answers": []}, 400, ["answers"]),
        ({"answers": {"usefulness": 5}, "language": "de"}, 400, ["language"]),
        ({"answers": {}}, 422, ["usefulness"]),
        ({"answers": {"usefulness": 6}}, 422, ["usefulness"]),
        ({"answers": {"usefulness": 5, "beauty": 1}}, 422, ["beauty"]),
        ({"answers": {"usefulness": 5, "takeaway": "x" * 2001}}, 422, ["takeaway"]),
        ({"answers": {"usefulness": 5, "takeaway": "a\u0007b"}}, 422, ["takeaway"]),
        (
            {"answers": {"usefulness": 5, "practice": {"title": "a", "municipality": "Atlantis"}}},
            422,
            ["practice"],
        ),
    ],
)
def test_bad_answers_are_a_problem_beside_their_question(
    invitation: Invitation, after: datetime, body: dict[str, object], status: int, fields: list[str]
) -> None:
    with time_machine.travel(after, tick=False):
        answer = holder(invitation.token).post(SURVEY, body)

    assert (answer.status_code, answer.json()["code"], list(answer.json()["errors"])) == (
        status,
        "invalid",
        fields,
    )
    assert not Response.objects.exists()


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("fi", "Valitse luku väliltä 1–5."),
        ("sv", "Välj ett tal från 1 till 5."),
        ("en", "Choose a number from 1 to 5."),
    ],
)
def test_a_problem_is_told_in_the_readers_language(
    invitation: Invitation, after: datetime, language: str, sentence: str
) -> None:
    with time_machine.travel(after, tick=False):
        answer = holder(invitation.token).post(
            SURVEY, {"answers": {"usefulness": 6}}, HTTP_ACCEPT_LANGUAGE=language
        )

    assert answer.json()["errors"] == {"usefulness": [sentence]}


def test_links_that_open_nothing(invitation: Invitation, after: datetime) -> None:
    late = after + timedelta(days=14)
    got = []
    for token, at in ((invitation.token, late), (invitation.token[:-1], after), ("", after)):
        with time_machine.travel(at, tick=False):
            client = holder(token)
            got += [
                (one.status_code, one.json()["code"]) for one in (client.get(SURVEY), client.post(SURVEY, {}))
            ]
    nobody = APIClient().get(SURVEY)

    assert got == [(410, "link-expired")] * 2 + [(404, "not-found")] * 4
    assert (nobody.status_code, nobody["WWW-Authenticate"]) == (401, "Vipu-Link")


# --- The organiser -------------------------------------------------------------------------------


def test_an_organiser_sends_it_now_and_reads_what_came_back(
    aino: Registration, demos: Organisation, after: datetime
) -> None:
    with time_machine.travel(after, tick=False):
        olli = signed_in(demos)
        sent = olli.post("/api/v1/organiser/surveys/", {"event": aino.event.slug})
        holder(Invitation.objects.get().token).post(SURVEY, {"answers": {"usefulness": 4}})
        again = olli.post("/api/v1/organiser/surveys/", {"event": aino.event.slug})
        listed = olli.get("/api/v1/organiser/surveys/")
        results = olli.get(f"/api/v1/organiser/surveys/{aino.event.slug}/")

    row = {
        "event": aino.event.slug,
        "series": "aamukahvit-2027",
        "title": aino.event.title.as_dict(),
        "opens_at": "2027-04-13T12:00:00+03:00",
        "closes_at": "2027-04-27T12:00:00+03:00",
        "invited": 1,
        "answered": 0,
    }
    assert (sent.status_code, sent.json()) == (200, row)
    assert again.json() == row | {"answered": 1}
    assert listed.json()["results"] == [row | {"answered": 1}]
    summed = results.json()
    assert (summed["invited"], summed["answered"], summed["questions"][0]["mean"]) == (1, 1, 4.0)
    assert summed["questions"][0]["tallies"][3] == {"key": "4", "count": 1}


def test_it_cannot_be_sent_before_the_event(tuesday: Event, demos: Organisation, noon: datetime) -> None:
    with time_machine.travel(noon, tick=False):
        answer = signed_in(demos).post("/api/v1/organiser/surveys/", {"event": tuesday.slug})

    assert (answer.status_code, answer.json()["code"]) == (422, "event-not-held")


def test_who_may_send_and_read(tuesday: Event, demos: Organisation, after: datetime) -> None:
    abroad = factories.organisation("muu")

    with time_machine.travel(after, tick=False):
        people = {role: signed_in(demos, role=role) for role in Membership.Role.values}
        people |= {"stranger": signed_in(abroad), "nobody": APIClient()}
        got = {
            name: [
                client.post("/api/v1/organiser/surveys/", {"event": tuesday.slug}).status_code,
                client.get(f"/api/v1/organiser/surveys/{tuesday.slug}/").status_code,
                client.get("/api/v1/organiser/surveys/").status_code,
            ]
            for name, client in people.items()
        }

    assert got == {
        "admin": [200, 200, 200],
        "organiser": [200, 200, 200],
        "reviewer": [403, 403, 403],
        "viewer": [403, 403, 403],
        "stranger": [404, 404, 200],
        "nobody": [401, 401, 401],
    }


def test_an_event_nobody_was_asked_about_has_no_results(
    tuesday: Event, demos: Organisation, after: datetime
) -> None:
    assert signed_in(demos).get(f"/api/v1/organiser/surveys/{tuesday.slug}/").status_code == 404


def test_nothing_asks_more_for_three_than_for_one(
    tuesday: Event, demos: Organisation, after: datetime
) -> None:
    olli = signed_in(demos)
    events = list(tuesday.series.events.all())

    def held(event: Event) -> None:
        event.starts_at, event.ends_at = tuesday.starts_at, tuesday.ends_at
        event.save()
        for number in range(events.index(event) * 3 + 1):
            person = world.came(event, name="Aino", email=f"{event.pk}-{number}@example.org")
        world.asked(person)

    def asked(get: Callable[[], object]) -> int:
        with CaptureQueriesContext(connection) as seen:
            get()
        return len(seen)

    lists: list[Callable[[], object]] = [
        lambda: olli.get("/api/v1/organiser/surveys/"),
        lambda: olli.get(f"/api/v1/organiser/surveys/{tuesday.slug}/"),
    ]
    held(events[0])
    one = [asked(get) for get in lists]
    held(events[1])
    held(events[2])

    assert [asked(get) for get in lists] == one


def test_the_timeline_of_a_person_tells_that_they_were_asked_and_answered(
    invitation: Invitation, demos: Organisation, after: datetime
) -> None:
    answers = {"usefulness": 5, "takeaway": "Salaisuus"}
    with time_machine.travel(after, tick=False):
        holder(invitation.token).post(SURVEY, {"answers": answers, "language": "fi"}, format="json")
        answer = signed_in(demos).get(
            f"/api/v1/organiser/registrations/{invitation.registration_id}/timeline/"
        )

    moments = answer.json()["moments"]
    assert ("answered", None) in [(one["step"], one["message"]) for one in moments]
    assert "survey" in {one["kind"] for one in moments}
    assert "Salaisuus" not in answer.content.decode(), "that they answered is told, never what"
