"""Another address, on the pages and at the API: only a button changes anything; nobody learns of others."""

import re
from datetime import datetime, timedelta

import pytest
import time_machine
from django.test import Client
from pytest_django.fixtures import Settings

from events.models import EventSeries
from registrations.actions import merge
from registrations.models import Attendee, EmailChange
from tests.web.public.conftest import Comes

NEW = "uusi@example.org"
API = "/api/v1/registration/email/"


def page_of(attendee: Attendee) -> str:
    return f"/r/{attendee.token}/osoite/"


def address_of(attendee: Attendee) -> str:
    return Attendee.objects.get(pk=attendee.pk).email


def test_a_person_moves_to_a_new_address_by_two_buttons(browser: Client, comes: Comes) -> None:
    aino = comes(0)
    assert page_of(aino) in browser.get(f"/r/{aino.token}/").text

    page = browser.post(page_of(aino), {"email": NEW}, follow=True)

    assert page.redirect_chain == [(page_of(aino), 303)]
    assert f"Lähetimme viestin osoitteeseen <strong>{NEW}</strong>" in page.text
    link = f"/e/{EmailChange.objects.get().token}/"
    for _look in range(2):
        assert "Vahvista uusi sähköpostiosoite" in browser.get(link).text
    assert address_of(aino) == aino.email
    assert "Osoite on vahvistettu" in browser.post(link, follow=True).text
    assert address_of(aino) == NEW
    again = browser.post(link)  # an impatient second press
    assert (again.status_code, "Osoite on vahvistettu" in again.text) == (200, True)
    assert browser.get(page_of(aino)).status_code == 404


def test_the_page_is_in_the_language_of_the_person(browser: Client, comes: Comes) -> None:
    veera = comes(0, name="Veera Exempel", email="veera@example.org", language="sv")

    assert "Byt e-postadress" in browser.get(page_of(veera)).text
    assert "Change the email address" in browser.get(page_of(veera) + "?lang=en").text


def test_what_was_typed_comes_back_with_what_to_mend(browser: Client, comes: Comes) -> None:
    aino = comes(0)

    page = browser.post(page_of(aino), {"email": "uusi@"})

    assert page.status_code == 422
    assert 'value="uusi@"' in page.text
    assert "Kirjoita sähköpostiosoite muodossa nimi@kunta.fi." in page.text
    assert not EmailChange.objects.exists()


def test_a_known_and_an_unknown_address_are_answered_alike(browser: Client, comes: Comes) -> None:
    aino = comes(0)
    comes(0, name="Veera Exempel", email="veera@example.org")

    def answer(email: str) -> str:
        page = browser.post(page_of(aino), {"email": email}, follow=True)
        plain = re.sub(r'csrfmiddlewaretoken" value="\w+"|nonce="[^"]+"', "", page.text)
        return plain.replace(email, "…")

    assert answer("veera@example.org") == answer("olliv@example.org")


def test_a_link_that_ran_out_says_so_and_what_to_do(
    browser: Client, comes: Comes, today: time_machine.Traveller, noon: datetime
) -> None:
    aino = comes(0)
    browser.post(page_of(aino), {"email": NEW})
    today.move_to(noon + timedelta(hours=24))

    for answer in (browser.get, browser.post):
        page = answer(f"/e/{EmailChange.objects.get().token}/")
        assert page.status_code == 410
        assert "Linkki on vanhentunut, tai pyysit jo uudemman." in page.text
    assert address_of(aino) == aino.email
    assert browser.get("/e/nobodys/").status_code == 404


def test_an_address_taken_meanwhile_leads_to_the_organiser(browser: Client, comes: Comes) -> None:
    aino = comes(0)
    browser.post(page_of(aino), {"email": NEW})
    comes(0, name="Olli Example", email=NEW)

    page = browser.post(f"/e/{EmailChange.objects.get().token}/")

    assert page.status_code == 422
    assert "Pyydä järjestäjää yhdistämään ilmoittautumiset." in page.text
    assert address_of(aino) == aino.email


def test_one_person_cannot_have_many_strangers_mailed(
    browser: Client, comes: Comes, settings: Settings
) -> None:
    aino = comes(0)
    settings.RATE_LIMITS = True

    answers = [browser.post(page_of(aino), {"email": f"uusi{n}@example.org"}).status_code for n in range(5)]

    assert answers == [303, 303, 303, 429, 429]
    assert EmailChange.objects.count() == 3


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"email": NEW}, 202, None),
        ({"email": "uusi@"}, 422, "invalid"),
        ({"email": "aino@example.org"}, 422, "invalid"),
        ({}, 400, "invalid"),
        ({"email": ["a"]}, 400, "invalid"),
    ],
)
def test_a_program_asks_with_the_own_link(
    mornings: EventSeries, comes: Comes, body: object, status: int, code: str | None
) -> None:
    headers = {"authorization": f"Vipu-Link {comes(0).token}"}

    answer = Client(headers=headers).post(API, body, content_type="application/json")

    told = answer.json()
    assert (answer.status_code, told.get("code")) == (status, code)
    if status == 202:
        assert told == {"email": NEW, "expires_at": "2027-03-02T14:00:00+02:00"}
    assert EmailChange.objects.count() == (status == 202)


def test_the_link_of_somebody_who_was_joined_says_where_to_go(
    browser: Client, comes: Comes, noon: datetime
) -> None:
    aino, twin = comes(0), comes(0, 1, email="aino.esimerkki@example.org")
    merge(kept=aino, other=twin, reason="", at=noon, actor=None)

    page = browser.get(f"/r/{twin.token}/")

    assert page.status_code == 410
    assert "Tämä ilmoittautuminen yhdistettiin toiseen ilmoittautumiseesi." in page.text
    assert 'name="email"' in page.text  # the link that counts can be asked for there and then
    assert "Aino Esimerkki" in browser.get(f"/j/{twin.ticket_token}/").text
    assert browser.get(f"/feed/{twin.feed_token}.ics").status_code == 200
    answer = Client(headers={"authorization": f"Vipu-Link {twin.token}"}).get("/api/v1/registration/")
    assert (answer.status_code, answer.json()["code"]) == (410, "link-joined")
