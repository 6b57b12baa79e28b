"""P4 and P5: the form, its mistakes, its languages and its receipt."""

import re

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from events.models import EventSeries
from registrations.models import Attendee, Quota, Registration
from tests.web.public.conftest import REGISTER, Comes

AINO = {"name": "Aino Esimerkki", "email": "aino@example.org", "organisation": "", "wish": "", "key": "k1"}


def slugs(series: EventSeries) -> list[str]:
    return [event.slug for event in series.events.all()]


def without_tokens(html: str) -> str:
    html = re.sub(r"(ilmoittautuminen|anmalan|registration)/[\w-]+/", r"\1/…/", html)
    return re.sub(r'value="[A-Za-z0-9]{64}"', "", html)


def test_three_pages_lead_from_the_programme_to_the_receipt(
    browser: Client, mornings: EventSeries, settings: Settings
) -> None:
    settings.PRODUCTION = False
    programme = browser.get("/fi/tapahtumat/aamukahvit-2027/").text
    assert REGISTER in programme
    assert browser.get(REGISTER).status_code == 200
    answer = browser.post(REGISTER, {**AINO, "events": slugs(mornings)[:2]})
    assert answer.status_code == 303
    receipt = browser.get(answer["Location"]).text
    assert "<h1>Ilmoittautuminen on vastaanotettu</h1>" in receipt
    assert receipt.count("Paikka on varattu") == 2
    assert "Viesti on matkalla." in receipt
    assert 'href="/mailbox/?lang=fi"' in receipt


def test_three_inputs_are_needed_and_two_may_be_filled_in(browser: Client, mornings: EventSeries) -> None:
    page = browser.get(REGISTER).text
    form = page[page.index('<form id="registration"') :]
    assert form.count('type="checkbox"') == 4
    assert re.findall(r'<input type="(?:text|email)" name="(\w+)"', form) == [
        "name",
        "email",
        "organisation",
        "wish",
    ]
    assert form.count("(valinnainen)") == 2


def test_the_address_ticks_mornings_beforehand(browser: Client, mornings: EventSeries) -> None:
    page = browser.get(REGISTER + "?aamut=13,16,99").text
    ticked = re.findall(r'value="([\w-]+)" id="id_events_\d"[^>]* checked', page)
    assert ticked == [slugs(mornings)[0], slugs(mornings)[3]]


def test_mistakes_are_named_at_the_top_and_beside_the_field(browser: Client, mornings: EventSeries) -> None:
    answer = browser.post(REGISTER, {**AINO, "name": "", "email": "aino(at)example"})
    page = answer.text
    assert answer.status_code == 422
    assert "<title>Virhe: " in page
    summary = page[page.index('class="errors"') : page.index("<form id=")]
    assert re.findall(r'href="#([\w]+)"', summary) == ["id_events_0", "id_name", "id_email"]
    for target in ("id_events_0", "id_name", "id_email"):
        assert f'id="{target}"' in page
    assert page.count('aria-invalid="true"') == 2
    assert 'value="aino(at)example"' in page
    assert not Attendee.objects.exists()


def test_the_language_changes_without_losing_a_word(browser: Client, mornings: EventSeries) -> None:
    typed = {**AINO, "wish": "Tulkkaus, kiitos", "events": slugs(mornings)[1:2]}
    answer = browser.post("/sv/evenemang/aamukahvit-2027/anmalan/", {**typed, "switch-language": "sv"})
    page = answer.text
    assert answer.status_code == 200
    assert '<html lang="sv">' in page
    for value in ("Aino Esimerkki", "aino@example.org", "Tulkkaus, kiitos", "k1"):
        assert f'value="{value}"' in page
    assert f'value="{slugs(mornings)[1]}" id="id_events_1" aria-describedby="events-1-state" checked' in page
    assert 'class="errors"' not in page
    assert not Attendee.objects.exists()


def test_the_enter_key_registers_and_does_not_change_the_language(
    browser: Client, mornings: EventSeries
) -> None:
    page = browser.get(REGISTER).text
    first = re.search(r'<button[^>]*form="registration"[^>]*>', page)
    assert first is not None
    assert "formaction" not in first.group()
    assert 'aria-hidden="true"' in first.group()


def test_pressing_twice_registers_once(browser: Client, mornings: EventSeries) -> None:
    data = {**AINO, "events": slugs(mornings)[:1]}
    first, second = browser.post(REGISTER, data), browser.post(REGISTER, data)
    assert first["Location"] == second["Location"]
    assert Registration.objects.count() == 1


def test_a_sent_form_that_was_changed_may_be_sent_again(browser: Client, mornings: EventSeries) -> None:
    browser.post(REGISTER, {**AINO, "events": slugs(mornings)[:1]})
    answer = browser.post(REGISTER, {**AINO, "name": "Veera Esimerkki", "events": slugs(mornings)[:1]})
    assert answer.status_code == 422
    assert "Olet jo lähettänyt tämän lomakkeen kerran." in answer.text
    assert 'value="k1"' not in answer.text
    assert 'value="Veera Esimerkki"' in answer.text


def test_a_known_address_gets_the_same_receipt_as_a_new_one(
    browser: Client, mornings: EventSeries, comes: Comes
) -> None:
    comes(0, email="veera@example.org", name="Veera Esimerkki")
    data = {**AINO, "events": slugs(mornings)[1:3]}
    new = browser.post(REGISTER, data)
    known = browser.post(REGISTER, {**data, "email": "veera@example.org", "key": "k2"})
    pages = [without_tokens(browser.get(answer["Location"]).text) for answer in (new, known)]
    assert pages[0] == pages[1]
    assert Registration.objects.filter(attendee__email="veera@example.org").count() == 1


def test_a_full_morning_may_still_be_chosen_and_says_so(
    browser: Client, mornings: EventSeries, comes: Comes
) -> None:
    for number in range(3):
        comes(0, email=f"olli{number}@example.org", name="Olli Esimerkki")
    page = browser.get(REGISTER).text
    assert "Täynnä – ilmoittaudu jonoon (jonossa 1)" in page
    answer = browser.post(REGISTER, {**AINO, "events": slugs(mornings)[:2]})
    receipt = browser.get(answer["Location"]).text
    assert receipt.count("Paikka jonossa") == 1
    assert receipt.count("Paikka on varattu") == 1


def test_a_closed_morning_has_no_box(browser: Client, mornings: EventSeries, noon: object) -> None:
    Quota.objects.filter(event__slug=slugs(mornings)[0]).update(closes_at=noon)
    page = browser.get(REGISTER).text
    assert page.count('type="checkbox"') == 3
    assert "Ilmoittautuminen on päättynyt" in page


def test_the_receipt_polls_one_line_that_is_never_kept(browser: Client, mornings: EventSeries) -> None:
    answer = browser.post(REGISTER, {**AINO, "events": slugs(mornings)[:1]})
    line = browser.get(answer["Location"] + "viesti/")
    assert line.status_code == 200
    assert line.text.startswith("<p data-moving>")
    assert line["Cache-Control"] == "no-store, private"


@pytest.mark.parametrize("address", ["/fi/ilmoittautuminen/nowhere/", "/fi/tapahtumat/ei-ole/ilmoittaudu/"])
def test_what_is_not_there_is_a_page_that_helps(browser: Client, mornings: EventSeries, address: str) -> None:
    answer = browser.get(address)
    assert answer.status_code == 404
    assert "<h1>Sivua ei löytynyt</h1>" in answer.text
    assert 'name="email"' in answer.text


def test_characters_nobody_can_see_are_refused_and_break_nothing(
    browser: Client, mornings: EventSeries
) -> None:
    events = [slugs(mornings)[0], "aamu\x00kahvit"]
    answer = browser.post(REGISTER, {**AINO, "name": "Aino\x00 Esimerkki", "events": events})
    assert answer.status_code == 422
    assert 'href="#id_name"' in answer.text
    assert browser.get("/fi/kaytannot/?q=%00&theme=%00&municipality=%00&label=%00").status_code == 200
    assert browser.get("/fi/ilmoittautuminen/%00/").status_code == 404
    assert browser.get("/r/%00/").status_code == 404


def test_pages_that_only_tell_take_nothing_in(browser: Client, db: None) -> None:
    for address in ("/fi/", "/fi/tapahtumat/", "/fi/kaytannot/", "/fi/tietoa/"):
        assert browser.post(address).status_code == 405


def test_a_machine_that_tries_one_address_again_and_again_is_stopped_and_loses_nothing_it_typed(
    browser: Client, mornings: EventSeries, settings: Settings
) -> None:
    settings.RATE_LIMITS = True
    for number in range(6):
        browser.post(REGISTER, {**AINO, "key": f"k{number}", "events": slugs(mornings)[:1]})

    answer = browser.post(REGISTER, {**AINO, "key": "k7", "events": slugs(mornings)[:1]})

    assert answer.status_code == 429
    assert "Liian monta yritystä" in answer.text
    assert 'value="aino@example.org"' in answer.text


def test_the_lost_link_is_not_mailed_without_end(
    browser: Client, mornings: EventSeries, settings: Settings
) -> None:
    settings.RATE_LIMITS = True
    answers = [browser.post("/fi/oma-linkki/", {"email": "aino@example.org"}).status_code for _ in range(4)]

    assert answers == [303, 303, 303, 429]
