"""The page by which somebody gives their place to a colleague: a form, a last look, and the button."""

import re
from datetime import datetime, timedelta
from html import unescape

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from events.models import EventSeries
from registrations.models import Attendee, Quota
from registrations.rules import Person
from tests.registrations.people import AINO, VEERA, day, mail, registration, states
from tests.web.public.conftest import Comes

MAIJA = {"name": "Maija Esimerkki", "email": "maija@example.org", "language": "sv"}
GIVE = "Anna paikka työkaverille"


@pytest.fixture
def aino(comes: Comes) -> Attendee:
    """Aino and Veera have the two places of Tuesday."""
    comes(0, name=VEERA.name, email=VEERA.email)
    return comes(0)


def address(one: Attendee, series: EventSeries, number: int = 0) -> str:
    return reverse("personal:give", args=[one.token, day(series, number).slug])


def own_page(browser: Client, one: Attendee) -> str:
    return browser.get(reverse("personal:places", args=[one.token])).content.decode()


def test_the_own_page_leads_to_the_form_and_the_form_changes_nothing(
    browser: Client, mornings: EventSeries, aino: Attendee
) -> None:
    assert address(aino, mornings) in own_page(browser, aino)

    form = browser.get(address(aino, mornings))

    assert form.status_code == 200
    assert GIVE in form.content.decode()
    assert "no-store" in form["Cache-Control"]
    assert states(AINO) == ["confirmed"]


def test_the_last_look_says_what_happens_and_nothing_has_happened(
    browser: Client, mornings: EventSeries, aino: Attendee
) -> None:
    page = browser.post(address(aino, mornings), {**MAIJA, "step": "look"}).content.decode()

    assert "Annetaanko paikka?" in page
    assert 'name="email" value="maija@example.org"' in page
    assert "Svenska" in page
    assert "Jos työkaverilla on jo paikka, sinun paikkasi menee jonon seuraavalle." in page
    assert states(AINO) == ["confirmed"]


def test_back_brings_the_form_with_all_that_was_typed(
    browser: Client, mornings: EventSeries, aino: Attendee
) -> None:
    page = browser.post(address(aino, mornings), {**MAIJA, "name": "", "step": "back"}).content.decode()

    assert 'value="maija@example.org"' in page
    assert re.search(r'<option value="sv" selected', page)
    assert 'class="errors"' not in page


def test_the_button_gives_the_place_and_the_own_page_says_so(
    browser: Client, mornings: EventSeries, aino: Attendee
) -> None:
    answer = browser.post(address(aino, mornings), {**MAIJA, "step": "save"})

    assert (answer.status_code, answer["Location"]) == (303, reverse("personal:places", args=[aino.token]))
    page = own_page(browser, aino)
    assert "Annoit paikkasi työkaverille. Molemmat saavat viestin." in page
    assert "Paikkasi on annettu toiselle" in page.partition("<h3")[2]
    assert address(aino, mornings) not in page
    assert states(AINO) == ["cancelled"]
    assert mail(Person(name="", email=MAIJA["email"]), "place_received").language == "sv"


@pytest.mark.parametrize("step", ["look", "save"])
def test_what_needs_correcting_is_said_beside_the_field(
    browser: Client, mornings: EventSeries, aino: Attendee, step: str
) -> None:
    answer = browser.post(
        address(aino, mornings), {"name": "", "email": aino.email, "language": "xx", "step": step}
    )
    page = unescape(answer.content.decode())

    assert answer.status_code == 422
    assert "Kirjoita työkaverin nimi." in page
    assert "Paikka on jo tällä osoitteella. Kirjoita työkaverin osoite." in page
    assert 'href="#id_name"' in page
    assert states(AINO) == ["confirmed"]


def test_the_page_says_the_same_whether_the_colleague_has_a_place_or_not(
    mornings: EventSeries, comes: Comes, aino: Attendee
) -> None:
    Quota.objects.update(capacity=9, hard_cap=9)
    said = []
    for number, email in enumerate((VEERA.email, "nobody@example.org")):
        giver = comes(0, name="Olli Esimerkki", email=f"olli{number}@example.org")
        browser = Client(headers={"accept-language": "fi"})
        where = address(giver, mornings)
        typed = {"name": "Kollega", "email": email, "language": "fi"}
        pages = [browser.post(where, {**typed, "step": step}, follow=True) for step in ("look", "save")]
        text = "".join(page.content.decode() for page in pages).replace(email, "…")
        for own in (giver.token, giver.feed_token, giver.email):
            text = text.replace(own, "…")
        said.append(re.sub(r'name="csrfmiddlewaretoken" value="\w+"|nonce="[^"]+"', "", text))

    assert said[0] == said[1]
    assert len(said[0]) > 5000


def test_a_place_that_cannot_be_given_leads_back_to_the_own_page(
    browser: Client, mornings: EventSeries, comes: Comes, aino: Attendee
) -> None:
    """Waiting, given already, chosen by the organiser, or too late: the own page tells how things stand."""
    waiting = comes(0, name="Olli Esimerkki", email="olli@example.org")
    assert browser.get(address(waiting, mornings)).status_code == 303

    Quota.objects.filter(event=day(mornings)).update(mode=Quota.Mode.APPLICATION)
    assert browser.post(address(aino, mornings), {**MAIJA, "step": "save"}).status_code == 303
    assert GIVE not in own_page(browser, aino)

    Quota.objects.filter(event=day(mornings)).update(mode=Quota.Mode.OPEN)
    with time_machine.travel(day(mornings).starts_at):
        assert browser.post(address(aino, mornings), {**MAIJA, "step": "save"}).status_code == 303
    assert states(AINO) == ["confirmed"]


def test_a_marked_place_is_not_given_on(browser: Client, mornings: EventSeries, aino: Attendee) -> None:
    row = registration(AINO, day(mornings))
    row.attended = True
    row.save()

    assert GIVE not in own_page(browser, aino)
    assert browser.post(address(aino, mornings), {**MAIJA, "step": "save"}).status_code == 303
    assert states(AINO) == ["confirmed"]


def test_an_exception_opens_the_page_after_the_deadline(
    browser: Client, mornings: EventSeries, aino: Attendee, noon: datetime
) -> None:
    Quota.objects.filter(event=day(mornings)).update(closes_at=noon)
    assert GIVE not in own_page(browser, aino)

    Attendee.objects.filter(pk=aino.pk).update(may_change_until=noon + timedelta(hours=1))
    assert GIVE in own_page(browser, aino)


def test_a_foreign_event_and_an_unknown_link_are_not_found(
    browser: Client, mornings: EventSeries, aino: Attendee
) -> None:
    assert browser.get(address(aino, mornings, 1)).status_code == 404
    assert browser.get(reverse("personal:give", args=["nobodys", day(mornings).slug])).status_code == 404


def test_too_many_tries_are_told_with_everything_kept(
    browser: Client, mornings: EventSeries, aino: Attendee, settings: Settings
) -> None:
    settings.RATE_LIMITS = True
    Quota.objects.filter(event=day(mornings)).update(mode=Quota.Mode.OPEN)
    group = {"name": "Maija Esimerkki", "email": "maija@example.org", "events": [], "key": "k"}
    for _ in range(6):
        browser.post(f"/fi/tapahtumat/{mornings.slug}/ilmoittaudu/", group)

    answer = browser.post(address(aino, mornings), {**MAIJA, "step": "save"})

    assert answer.status_code == 429
    assert 'value="maija@example.org"' in answer.content.decode()
    assert states(AINO) == ["confirmed"]


@pytest.mark.parametrize(
    ("language", "words"), [("sv", "Ge platsen till en kollega"), ("en", "Give my place to a colleague")]
)
def test_the_form_speaks_the_persons_language(
    mornings: EventSeries, comes: Comes, language: str, words: str
) -> None:
    one = comes(1, name="Olli", email="olli@example.org", language=language)

    assert words in Client().get(address(one, mornings, 1)).content.decode()
    assert one.language == language
