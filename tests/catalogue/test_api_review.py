"""The reviewers' side for programs."""

from datetime import datetime

import pytest
from rest_framework.test import APIClient

from accounts.models import Membership, Organisation, User
from catalogue.models import Practice, Review
from events.models import EventSeries
from tests import factories
from tests.catalogue import world


def test_a_reviewer_reads_and_decides(lead: Practice, reviewer: User, noon: datetime) -> None:
    version = world.sent(lead, at=noon)
    desk = world.signed_in(reviewer)

    row = desk.get("/api/v1/organiser/submissions/").json()["results"][0]
    assert (row["id"], row["state"], row["came_from"]["series"]) == (
        version.pk,
        "submitted",
        "aamukahvit-2027",
    )
    whole = desk.get(f"/api/v1/organiser/submissions/{version.pk}/").json()
    assert (whole["owner_name"], whole["owner_email"]) == ("Aino Esimerkki", "aino@example.org")
    assert (whole["reviews"], whole["earlier_reviews"]) == ([], [])

    body = {
        "decision": "publish",
        "assessments": {key: {"level": "met", "reason": "Kyllä."} for key in world.CRITERIA},
        "message": "Kiitos.",
    }
    answer = desk.post(f"/api/v1/organiser/submissions/{version.pk}/decision/", body)
    again = desk.post(f"/api/v1/organiser/submissions/{version.pk}/decision/", body)

    assert (answer.status_code, answer.json()["decision"], len(answer.json()["assessments"])) == (
        201,
        "publish",
        5,
    )
    assert (again.status_code, again.json()["code"]) == (409, "already-decided")
    assert desk.get("/api/v1/organiser/submissions/").json()["results"] == []
    for state, found in (("published", 1), ("all", 1), ("declined", 0), ("nonsense", 0)):
        assert len(desk.get("/api/v1/organiser/submissions/", {"state": state}).json()["results"]) == found


@pytest.mark.parametrize(
    ("body", "status", "fields"),
    [
        ({}, 400, ["decision"]),
        ({"decision": "maybe"}, 400, ["decision"]),
        ({"decision": "decline"}, 422, ["message"]),
        (
            {"decision": "decline", "assessments": {"demand": {"level": "great"}}},
            400,
            ["assessments.demand.level"],
        ),
        (
            {"decision": "decline", "message": "Ei.", "assessments": {"x": {"level": "met"}}},
            422,
            ["assessments.x"],
        ),
        ({"decision": "publish"}, 422, [f"assessments.{key}" for key in world.CRITERIA]),
    ],
)
def test_an_incomplete_decision_is_a_problem(
    lead: Practice, reviewer: User, noon: datetime, body: dict[str, object], status: int, fields: list[str]
) -> None:
    version = world.sent(lead, at=noon)

    answer = world.signed_in(reviewer).post(f"/api/v1/organiser/submissions/{version.pk}/decision/", body)

    assert (answer.status_code, list(answer.json()["errors"])) == (status, fields)
    assert not Review.objects.exists()


def test_who_may_read_and_decide(
    api: APIClient, lead: Practice, demos: Organisation, mornings: EventSeries, noon: datetime
) -> None:
    version = world.sent(lead, at=noon)
    abroad = factories.organisation("muu")
    people = {
        role: factories.organiser(demos, email=f"{role}@example.org", role=role)
        for role in Membership.Role.values
    }
    people["stranger"] = factories.organiser(
        abroad, email="stranger@example.org", role=Membership.Role.REVIEWER
    )
    address = f"/api/v1/organiser/submissions/{version.pk}/"

    got = {
        name: [
            world.signed_in(user).get(address).status_code,
            world.signed_in(user).post(f"{address}decision/", {}).status_code,
        ]
        for name, user in people.items()
    }

    assert got == {
        "admin": [200, 400],
        "reviewer": [200, 400],
        "organiser": [403, 403],
        "viewer": [403, 403],
        "stranger": [404, 404],
    }
    assert [api.get(address).status_code, api.post(f"{address}decision/", {}).status_code] == [401, 401]
