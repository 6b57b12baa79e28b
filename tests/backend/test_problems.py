"""When no view could answer: a rush, an address that leads nowhere, our own failure."""

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
