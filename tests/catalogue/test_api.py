"""The catalogue for programs."""

import csv
import io
import json
from collections.abc import Callable
from datetime import date, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from accounts.models import Municipality, User
from backend.core.i18n import Text
from catalogue.models import Alliance, CriteriaSet, Practice, Story
from tests.catalogue import world

TITLE = Text("Aistipolku", "Sinnesstig", "Sensory path")
JAMSA = {"code": "182", "name": {"fi": "Jämsä", "sv": "Jämsä", "en": "Jämsä"}}
HEALTHY = {"key": "healthy", "name": {"fi": "healthy fi", "sv": "healthy sv", "en": "healthy en"}}
EMPTY = {"fi": "", "sv": "", "en": ""}


@pytest.fixture
def path(places: None, themes: None, criteria: CriteriaSet, noon: datetime) -> Practice:
    return world.published("aistipolku", at=noon, title=TITLE, municipality="182", theme="healthy")


def queries_of(get: Callable[[], object]) -> int:
    with CaptureQueriesContext(
        connection,
    ) as seen:
        get()
    return len(seen)


ROW = {
    "slug": "aistipolku",
    "title": TITLE.as_dict(),
    "summary": EMPTY,
    "themes": [HEALTHY],
    "municipalities": [JAMSA],
    "label": "not_assessed",
    "stage": "",
    "years": "",
    "published_at": "2027-03-01T14:00:00+02:00",
}


def test_the_list_with_counts(api: APIClient, path: Practice) -> None:
    answer = api.get("/api/v1/practices/", {"q": "AISTI"})

    assert answer.status_code == 200
    assert answer.json() == {
        "next": None,
        "previous": None,
        "results": [ROW],
        "facets": {
            "themes": [HEALTHY | {"count": 1}],
            "municipalities": [{"key": "182", "name": JAMSA["name"], "count": 1}],
            "labels": [
                {
                    "key": "not_assessed",
                    "name": {"fi": "arvioimatta", "sv": "inte bedömd", "en": "not assessed"},
                    "count": 1,
                }
            ],
        },
    }


def test_pages_follow_one_another(api: APIClient, path: Practice, noon: datetime) -> None:
    world.published("toinen", at=noon, title=Text(fi="Toinen"))

    first = api.get("/api/v1/practices/", {"page_size": 1}).json()
    second = api.get(first["next"]).json()

    assert [row["slug"] for page in (first, second) for row in page["results"]] == ["toinen", "aistipolku"]
    assert (second["next"], second["facets"]) == (None, first["facets"])


@pytest.mark.parametrize(
    "address",
    [
        "/api/v1/practices/",
        "/api/v1/practices/aistipolku/",
        "/api/v1/practices.csv",
        "/api/v1/criteria/",
        "/api/v1/alliances/",
        "/api/v1/stories/",
    ],
)
def test_nobody_is_sent_again_what_they_have(api: APIClient, path: Practice, address: str) -> None:
    first = api.get(address)
    again = api.get(address, HTTP_IF_NONE_MATCH=first["ETag"])

    assert (first.status_code, again.status_code, again.content) == (200, 304, b"")


def test_a_practice_with_its_assessment_and_without_its_owner(
    api: APIClient, lead: Practice, reviewer: User, noon: datetime
) -> None:
    world.decided(world.sent(lead, at=noon), "publish", reviewer=reviewer, at=noon)

    answer = api.get("/api/v1/practices/lahimetsa-koulun-pihana/")

    event = lead.came_from
    assert event is not None
    origin = {
        "slug": event.slug,
        "series": "aamukahvit-2027",
        "title": event.title.as_dict(),
        "starts_at": "2027-04-13T08:30:00+03:00",
    }
    assert answer.json() == ROW | {
        "slug": "lahimetsa-koulun-pihana",
        "title": EMPTY | {"fi": "Lähimetsä koulun pihana"},
        "summary": EMPTY | {"fi": "Koululaiset hoitavat lähimetsää."},
        "label": "meets_criteria",
        "stage": "running",
        "description": EMPTY | {"fi": "Metsä on osa koulupäivää."},
        "results": EMPTY | {"fi": "12 koulua\n300 lasta"},
        "effects": EMPTY,
        "scaling": EMPTY | {"fi": "Metsä ja yksi innostunut puutarhuri."},
        "dimensions": ["ecological", "social"],
        "partners": "",
        "version": 1,
        "contact_name": "",
        "came_from": origin,
        "presented_at": [],
        "assessments": [
            {
                "criterion": key,
                "name": {one: f"{key} {one}" for one in ("fi", "sv", "en")},
                "level": "met",
                "reason": f"Because of {key}.",
            }
            for key in world.CRITERIA
        ],
        "source_url": "",
    }


@pytest.mark.parametrize(("show", "shown"), [(False, ""), (True, "Aino Esimerkki")])
def test_a_name_is_public_only_with_leave_and_an_address_never(
    api: APIClient,
    lead: Practice,
    reviewer: User,
    noon: datetime,
    show: bool,  # noqa: FBT001 - a parameter of the table above
    shown: str,
) -> None:
    world.decided(world.sent(lead, at=noon), "publish", reviewer=reviewer, at=noon)
    Practice.objects.update(show_name=show)

    answers = [
        api.get(address).content.decode()
        for address in (
            "/api/v1/practices/",
            "/api/v1/practices/lahimetsa-koulun-pihana/",
            "/api/v1/practices.csv",
        )
    ]

    assert json.loads(answers[1])["contact_name"] == shown
    assert not any("aino@example.org" in answer or lead.token in answer for answer in answers)
    assert "Aino" not in answers[0] + answers[2]


def test_what_is_not_there_is_a_problem(api: APIClient, lead: Practice) -> None:
    for slug in ("eioo", lead.slug):
        answer = api.get(f"/api/v1/practices/{slug}/")
        assert (answer.status_code, answer["Content-Type"], answer.json()["code"]) == (
            404,
            "application/problem+json",
            "not-found",
        )


def test_the_sheet_is_safe_to_open(api: APIClient, path: Practice, noon: datetime) -> None:
    world.published("kaava", at=noon, title=Text(fi='=HYPERLINK("x")', sv="+1", en="@a"))

    answer = api.get("/api/v1/practices.csv", HTTP_ACCEPT="text/csv")

    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer.content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))
    assert [(row["slug"], row["title_fi"], row["title_sv"], row["title_en"]) for row in rows] == [
        ("kaava", '\'=HYPERLINK("x")', "'+1", "'@a"),
        ("aistipolku", "Aistipolku", "Sinnesstig", "Sensory path"),
    ]
    assert (rows[1]["municipality_codes"], rows[1]["municipalities"]) == ("182", "Jämsä")


def test_a_refusal_stays_a_problem_where_a_sheet_was_asked_for(api: APIClient, path: Practice) -> None:
    answer = api.post("/api/v1/practices.csv", {})

    assert (answer.status_code, answer["Content-Type"]) == (405, "application/problem+json")
    assert json.loads(answer.content)["code"] == "method-not-allowed"


def test_criteria_alliances_and_stories(api: APIClient, path: Practice) -> None:
    alliance = Alliance.objects.create(slug="fisu", name_fi="Fisu", member_count=11)
    alliance.members.set(path.municipalities.all())
    Story.objects.create(slug="tarina", title_fi="Tarina", published_on=date(2021, 12, 21))

    criteria = api.get("/api/v1/criteria/").json()
    assert [one["key"] for one in criteria["criteria"]] == list(world.CRITERIA)
    assert api.get("/api/v1/alliances/").json()["results"] == [
        {
            "slug": "fisu",
            "name": EMPTY | {"fi": "Fisu"},
            "summary": EMPTY,
            "members": [JAMSA],
            "member_count": 11,
            "source_url": "",
        }
    ]
    assert api.get("/api/v1/stories/").json()["results"] == [
        {
            "slug": "tarina",
            "title": EMPTY | {"fi": "Tarina"},
            "summary": EMPTY,
            "published_on": "2021-12-21",
            "source_url": "",
        }
    ]


def test_no_list_asks_more_for_three_than_for_one(
    api: APIClient, lead: Practice, reviewer: User, noon: datetime
) -> None:
    desk = world.signed_in(reviewer)

    def add(slug: str) -> None:
        world.published(slug, at=noon, title=TITLE, municipality="182", theme="healthy")
        Alliance.objects.create(slug=slug, name_fi=slug).members.set(Municipality.objects.filter(pk="182"))
        world.sent(world.lead(event=lead.came_from, at=noon), at=noon)

    lists: list[Callable[[], object]] = [
        lambda: api.get("/api/v1/practices/"),
        lambda: api.get("/api/v1/practices.csv"),
        lambda: api.get("/api/v1/alliances/"),
        lambda: desk.get("/api/v1/organiser/submissions/"),
    ]
    add("yksi")
    one = [queries_of(get) for get in lists]
    add("kaksi")
    add("kolme")

    assert [queries_of(get) for get in lists] == one
