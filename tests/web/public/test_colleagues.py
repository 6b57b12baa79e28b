"""Colleagues on the registration form: added block by block, without any script."""

from collections.abc import Iterator
from datetime import datetime

import pytest
import time_machine
from django.http.response import HttpResponseBase
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from events.models import EventSeries
from registrations.models import Attendee, Submission
from tests.registrations.people import slugs

AINO = {"name": "Aino Esimerkki", "email": "aino@example.org", "organisation": "", "wish": "", "key": "one"}


@pytest.fixture(autouse=True)
def now(noon: datetime, settings: Settings) -> Iterator[None]:
    settings.RATE_LIMITS = False
    with time_machine.travel(noon, tick=False):
        yield


def press(series: EventSeries, *colleagues: tuple[str, str, str], **more: object) -> HttpResponseBase:
    blocks = {
        f"colleague-{place}-{name}": value
        for place, one in enumerate(colleagues)
        for name, value in zip(("name", "email", "language"), one, strict=True)
    }
    body = {**AINO, "events": slugs(series, 0), "colleagues": len(colleagues), **blocks, **more}
    return Client().post(f"/en/events/{series.slug}/register/", body)


def shown(answer: HttpResponseBase) -> str:
    return answer.getvalue().decode()


VEERA = ("Veera Exempel", "veera@example.org", "sv")
NOBODY = ("", " ", "en")


def test_the_button_shows_the_form_again_with_one_more_block_and_all_that_was_typed(
    mornings: EventSeries,
) -> None:
    page = shown(press(mornings, VEERA, **{"add-colleague": "1"}))

    assert 'name="colleagues" value="2"' in page
    assert 'value="veera@example.org"' in page
    assert 'value="Aino Esimerkki"' in page
    assert 'id="id_colleague-1-email"' in page
    assert "Check these points" not in page
    assert Attendee.objects.count() == 0


def test_eleven_blocks_are_not_offered(mornings: EventSeries) -> None:
    page = shown(press(mornings, *[NOBODY] * 10, **{"add-colleague": "1"}))

    assert 'name="colleagues" value="10"' in page
    assert "Add a colleague" not in page


def test_colleagues_are_registered_and_an_empty_block_is_nobody(mornings: EventSeries) -> None:
    answer = press(mornings, NOBODY, VEERA)

    assert answer.status_code == 303
    assert set(Attendee.objects.values_list("email", "language")) == {
        ("aino@example.org", "en"),
        ("veera@example.org", "sv"),
    }
    receipt = Client().get(reverse("public:receipt", args=[Submission.objects.get().receipt]))
    assert "Each colleague gets a mail" in shown(receipt) or "oman linkin" in shown(receipt)
    assert "Veera" not in shown(receipt)


def test_a_sentence_stands_beside_the_field_of_its_person(mornings: EventSeries) -> None:
    answer = press(mornings, NOBODY, ("Veera", "not an address", "sv"))
    page = shown(answer)

    assert answer.status_code == 422
    assert 'href="#id_colleague-1-email"' in page
    assert 'id="id_colleague-1-email_error"' in page
    assert 'value="not an address"' in page
    assert page.count("Enter an email address like name@example.fi.") == 2


def test_the_same_address_twice_leads_to_the_second(mornings: EventSeries) -> None:
    page = shown(press(mornings, ("Aino Toinen", "AINO@example.org", "fi")))

    assert 'href="#id_colleague-0-email"' in page
    assert Attendee.objects.count() == 0


@pytest.mark.parametrize("count", ["-1", "x", "²", "99999999999999999999", ""])
def test_a_nonsense_number_of_blocks_breaks_nothing(mornings: EventSeries, count: str) -> None:
    assert press(mornings, colleagues=count).status_code == 303


def test_switching_the_language_keeps_the_colleagues(mornings: EventSeries) -> None:
    page = shown(press(mornings, VEERA, **{"switch-language": "en"}))

    assert 'value="veera@example.org"' in page
