"""One's own draft for programs: the link in the mail opens it, and nothing else."""

import pytest
from rest_framework.test import APIClient

from catalogue.models import Practice
from tests.catalogue import world

EMPTY = {"fi": "", "sv": "", "en": ""}


def test_a_draft_is_written_and_sent_by_its_link(lead: Practice) -> None:
    client = world.holder(lead)

    before = client.get("/api/v1/practice-draft/").json()
    assert (before["state"], before["editable"], sorted(before["missing"])) == (
        "draft",
        True,
        ["description", "may_publish", "results", "scaling"],
    )
    answer = client.patch(
        "/api/v1/practice-draft/",
        {
            "title": {"sv": "Närskogen som skolgård"},
            "description": {"fi": "Metsä."},
            "results": {"fi": "12 koulua"},
            "scaling": {"fi": "Puutarhuri."},
            "dimensions": ["social"],
            "themes": ["healthy"],
            "municipalities": ["182"],
            "stage": "running",
            "may_publish": True,
            "show_name": True,
        },
    )
    assert (answer.status_code, answer.json()["missing"]) == (200, {})
    assert answer.json()["title"] == EMPTY | {
        "fi": "Lähimetsä koulun pihana",
        "sv": "Närskogen som skolgård",
    }
    assert {section["key"]: section["state"] for section in answer.json()["sections"]} == dict.fromkeys(
        ("what", "where", "results", "scaling", "permission"), "done"
    )

    sent = client.post("/api/v1/practice-draft/submit/")
    again = client.post("/api/v1/practice-draft/submit/")
    late = client.patch("/api/v1/practice-draft/", {"years": "2021"})
    assert (sent.status_code, sent.json()["state"], sent.json()["editable"]) == (200, "submitted", False)
    assert [(one.status_code, one.json()["code"]) for one in (again, late)] == [(409, "already-sent")] * 2


@pytest.mark.parametrize(
    ("body", "status", "fields"),
    [
        ({"title": {"fi": "x" * 201}}, 422, ["title"]),
        ({"title": {"fi": "a\u202eb"}}, 422, ["title"]),
        ({"title": {"de": "Wald"}}, 400, ["title.de"]),
        ({"title": "Metsä"}, 400, ["title.non_field_errors"]),
        ({"dimensions": ["digital"]}, 400, ["dimensions.0"]),
        ({"stage": "great"}, 400, ["stage"]),
        ({"themes": ["wealthy"]}, 422, ["themes"]),
        ({"municipalities": ["999"]}, 422, ["municipalities"]),
        ({"municipalities": ["Jämsä"]}, 400, ["municipalities.0"]),
        ({"may_publish": "kyllä ehkä"}, 400, ["may_publish"]),
    ],
)
def test_what_cannot_be_kept_is_a_problem_beside_its_field(
    lead: Practice, body: dict[str, object], status: int, fields: list[str]
) -> None:
    answer = world.holder(lead).patch("/api/v1/practice-draft/", body)

    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")
    assert list(answer.json()["errors"]) == fields
    assert not lead.themes.exists()


def test_an_incomplete_draft_is_not_sent(lead: Practice) -> None:
    answer = world.holder(lead).post("/api/v1/practice-draft/submit/")

    assert (answer.status_code, answer.json()["code"]) == (422, "incomplete")
    assert sorted(answer.json()["errors"]) == ["description", "may_publish", "results", "scaling"]


@pytest.mark.parametrize(
    ("header", "status", "code"),
    [
        ("", 401, "not-authenticated"),
        ("Vipu-Link", 404, "not-found"),
        ("Vipu-Link nonsense", 404, "not-found"),
        ("Vipu-Link \u00e4\u00e4", 404, "not-found"),
    ],
)
def test_without_the_link_there_is_no_draft(
    api: APIClient, lead: Practice, header: str, status: int, code: str
) -> None:
    api.credentials(HTTP_AUTHORIZATION=header)
    for answer in (
        api.get("/api/v1/practice-draft/"),
        api.patch("/api/v1/practice-draft/", {}),
        api.post("/api/v1/practice-draft/submit/"),
    ):
        assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_a_link_is_never_a_sign_in(lead: Practice) -> None:
    answer = world.holder(lead).get("/api/v1/organiser/submissions/")

    assert answer.status_code == 401
