"""When no view could answer: a rush, an address that leads nowhere, our own failure."""

from base64 import b64encode
from urllib.parse import urlencode

import pytest
from django.db import OperationalError
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.utils import translation

from backend.core.api import problem
from web.public.views.refusals import RefusalPages, broken


def test_a_program_is_told_to_come_back() -> None:
    with translation.override("sv"):
        answer = problem(OperationalError("canceling statement due to lock timeout"), {})

    assert answer is not None
    assert (answer.status_code, answer["Retry-After"], answer.data["code"]) == (503, "5", "busy")
    assert answer.data["detail"] == "Det är rusning just nu och inget sparades. Försök igen om en stund."


def test_a_person_is_told_the_same_on_a_page(rf: RequestFactory) -> None:
    pages = RefusalPages(lambda _request: HttpResponse())

    with translation.override("fi"):
        answer = pages.process_exception(rf.get("/fi/"), OperationalError("database is locked"))

    assert answer is not None
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert "eikä mitään tallennettu" in answer.text


def test_an_address_of_the_api_that_leads_nowhere_is_a_problem_not_a_page(client: Client, db: None) -> None:
    answer = client.get("/api/v1/nowhere/", headers={"accept-language": "sv"})

    assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json")
    assert answer.json()["code"] == "not-found"


def test_our_own_failure_is_a_problem_for_a_program_and_a_page_for_a_person(rf: RequestFactory) -> None:
    program, person = broken(rf.get("/api/v1/series/")), broken(rf.get("/fi/"))

    assert (program.status_code, program["Content-Type"]) == (500, "application/problem+json")
    assert (person.status_code, person["Content-Type"].split(";")[0]) == (500, "text/html")


def cursor(text: str) -> str:
    return urlencode({"cursor": b64encode(text.encode()).decode()})


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["series/", "events/", "practices/", "stories/"])
@pytest.mark.parametrize(
    "asked",
    [
        "cursor=zzz",
        cursor("o=-5"),
        cursor("p=abc"),
        cursor("p=2026-13-45"),
        cursor("p=\0"),
        cursor(f"r=1&p={'9' * 60}x"),
        cursor("p=-1e999"),
    ],
)
def test_a_cursor_that_is_none_of_ours_is_refused_by_its_name(client: Client, path: str, asked: str) -> None:
    answer = client.get(f"/api/v1/{path}?{asked}", headers={"accept-language": "en"})
    body = answer.json()
    assert (answer.status_code, body["code"]) == (400, "invalid")
    assert body["errors"] == {"cursor": ["There is no such page. Begin with the first one."]}


@pytest.mark.django_db
def test_a_number_that_no_row_has_is_the_end_of_the_list(client: Client) -> None:
    assert client.get(f"/api/v1/practices/?{cursor('p=99999999999999999999999')}").json()["results"] == []
