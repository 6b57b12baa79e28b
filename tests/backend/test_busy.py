"""A database that does not answer in time: a sentence and a time to come back, never an error page."""

from django.db import OperationalError
from django.http import HttpResponse
from django.test import RequestFactory
from django.utils import translation

from backend.core.api import problem
from web.public.views.refusals import RefusalPages


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
