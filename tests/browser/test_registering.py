"""U1-U4, U12-U15, U33: what registering costs a person, counted in a real browser."""

from __future__ import annotations

import logging
import time
from contextlib import closing

import pytest
from playwright.sync_api import Page, Request, expect

from tests.browser.conftest import NewWeek, Service, Tab
from tests.browser.week import Week
from tests.journeys.visitor import Visitor

_SCORE = logging.getLogger("score")
NAME = "Aino Esimerkki"
KEY, MENTAL, PAGE = 0.28, 1.35, 1.0  # seconds of the keystroke-level model
LANGUAGES = {
    "fi": ("ilmoittaudu", "Virhe: ", "Ilmoittautuminen on vastaanotettu"),
    "sv": ("anmalan", "Fel: ", "Din anmälan har tagits emot"),
    "en": ("register", "Error: ", "Your registration has been received"),
}
SERIES = {"fi": "/fi/tapahtumat/{}/", "sv": "/sv/evenemang/{}/", "en": "/en/events/{}/"}


@pytest.fixture(scope="module")
def week(new_week: NewWeek) -> Week:
    return new_week("Ilmoittautumisen aamut")


def _form(week: Week, language: str) -> str:
    return f"{SERIES[language].format(week.slug)}{LANGUAGES[language][0]}/"


def _fill(page: Page, address: str, *, mornings: tuple[int, ...] = (0, 1)) -> None:
    for number in mornings:
        page.locator("input[name=events]").nth(number).check()
    page.fill("input[name=name]", NAME)
    page.fill("input[name=email]", address)


def _received(page: Page, language: str = "fi") -> None:
    expect(page.locator("h1")).to_have_text(LANGUAGES[language][2])


def _registrations(service: Service, address: str) -> int:
    with closing(service.database()) as database:
        counted = database.execute(
            "select count(*) from registrations_registration r join registrations_attendee a "
            "on a.id = r.attendee_id where a.email = ?",
            [address],
        )
        return int(counted.fetchone()[0])


class _Keys:
    """A keyboard that counts."""

    def __init__(self, page: Page) -> None:
        self.page, self.pressed = page, 0

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)
            self.pressed += 1

    def type(self, text: str) -> None:
        self.page.keyboard.type(text)
        self.pressed += len(text)


def _count_pages(page: Page) -> list[str]:
    opened: list[str] = []

    def count(request: Request) -> None:
        if request.is_navigation_request() and request.redirected_from is None:
            opened.append(request.url)

    page.on("request", count)
    return opened


def test_by_keyboard_alone_two_mornings_take_three_pages_and_at_most_75_keys(tab: Tab, week: Week) -> None:
    page = tab()
    opened = _count_pages(page)
    address = "aino.nappaimisto@example.org"
    began = time.monotonic()
    page.goto(week.page)
    keys = _Keys(page)
    keys.press("Tab", "Enter", "Tab", "Enter")  # past the header, to the button
    page.wait_for_url("**/ilmoittaudu/")
    keys.press("Tab", "Enter", "Tab", "Tab", "Space", "Tab", "Space", "Tab", "Tab", "Tab")
    keys.type(NAME)
    keys.press("Tab")
    keys.type(address)
    keys.press("Enter")
    _received(page)
    took = time.monotonic() - began

    posted = [url for url in opened if url.endswith("/ilmoittaudu/")][1:]
    pages = len(opened) - len(posted) + 1  # a sent form leads to one page, the receipt
    estimate = KEY * keys.pressed + MENTAL * 6 + PAGE * 3
    _SCORE.info(
        "U1 %s pages; U3 %s keys, %.0f s by the model, %.1f s by script", pages, keys.pressed, estimate, took
    )
    assert pages <= 3
    assert keys.pressed <= 75
    assert estimate <= 35
    assert took <= 5


def test_with_a_mouse_two_mornings_take_at_most_six_clicks(tab: Tab, week: Week) -> None:
    page = tab()
    page.goto(week.page)
    targets = (
        page.get_by_role("link", name="Ilmoittaudu"),
        page.locator(".pick").nth(0),
        page.locator(".pick").nth(1),
        page.locator("input[name=name]"),
        page.locator("input[name=email]"),
        page.locator("main .send .button"),
    )
    typed = {3: NAME, 4: "aino.hiiri@example.org"}
    for number, target in enumerate(targets):
        target.click()
        page.keyboard.type(typed.get(number, ""))
    _received(page)

    assert len(targets) <= 6


def test_three_things_are_asked_and_two_may_be_told(tab: Tab, week: Week) -> None:
    page = tab()
    page.goto(week.form)
    fields = page.locator("#registration .field")
    optional = fields.filter(has_text="(valinnainen)")

    assert (fields.count() - optional.count(), fields.count()) == (3, 5)


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_an_empty_form_says_what_is_missing_and_where(tab: Tab, week: Week, language: str) -> None:
    page = tab()
    page.goto(_form(week, language))
    page.fill("input[name=wish]", "Tekstitys")
    with page.expect_navigation() as answered:
        page.click("main .send .button")
    assert answered.value
    assert answered.value.status == 422
    assert page.title().startswith(LANGUAGES[language][1])
    assert page.evaluate("document.activeElement.matches('.errors[role=alert]')")
    assert page.input_value("input[name=wish]") == "Tekstitys"
    links = page.locator(".errors a")
    led_to = []
    for number in range(links.count()):
        sentence = links.nth(number).inner_text()
        links.nth(number).click()
        at = page.locator(":focus")
        led_to.append(at.get_attribute("name"))
        told = page.evaluate(
            "(document.activeElement.closest('fieldset') || document.activeElement)"
            ".getAttribute('aria-describedby')"
        )
        beside = [page.locator(f"#{name}").inner_text() for name in told.split()]
        assert sentence in beside, f"{sentence!r} is not told at its field: {beside}"
    assert led_to == ["events", "name", "email"]


@pytest.mark.parametrize("field", ["name", "email", "organisation", "wish"])
@pytest.mark.parametrize("javascript", [True, False], ids=["script", "no script"])
def test_enter_in_a_field_registers(tab: Tab, week: Week, field: str, *, javascript: bool) -> None:
    page = tab(javascript=javascript)
    page.goto(week.form)
    _fill(page, f"aino.enter.{field}.{javascript}@example.org".lower())
    page.press(f"input[name={field}]", "Enter")

    _received(page)


@pytest.mark.parametrize("javascript", [True, False], ids=["script", "no script"])
def test_a_double_click_registers_once(tab: Tab, service: Service, week: Week, *, javascript: bool) -> None:
    page = tab(javascript=javascript)
    address = f"aino.kaksi.{javascript}@example.org".lower()
    page.goto(week.form)
    _fill(page, address)
    page.dblclick("main .send .button")
    _received(page)
    service.mails_to(address, at_least=2)

    assert _registrations(service, address) == 2  # one for each morning
    assert len(service.mails_to(address)) == 2


def test_the_same_form_sent_twice_gives_the_same_receipt(service: Service, week: Week) -> None:
    address = "aino.lomake@example.org"
    visitor = Visitor(service.url)
    form = visitor.open(week.form)
    receipts = {
        visitor.press(form, "Ilmoittaudu", events=[week.mornings[0]], name=NAME, email=address).url
        for _again in range(2)
    }

    assert len(receipts) == 1
    assert _registrations(service, address) == 1


@pytest.mark.parametrize("javascript", [True, False], ids=["script", "no script"])
def test_changing_the_language_keeps_what_was_typed(tab: Tab, week: Week, *, javascript: bool) -> None:
    page = tab(javascript=javascript)
    typed = {
        "name": NAME,
        "email": f"aino.kieli.{javascript}@example.org".lower(),
        "organisation": "Jämsä",
        "wish": "Tekstitys, kiitos",
    }
    page.goto(week.form)
    page.locator("input[name=events]").nth(2).check()
    for name, value in typed.items():
        page.fill(f"input[name={name}]", value)
    for language in ("sv", "en", "fi", "sv"):
        page.click(f".tongues button[lang={language}]")
        expect(page.locator("html")).to_have_attribute("lang", language)
        assert {name: page.input_value(f"input[name={name}]") for name in typed} == typed
        ticks = page.locator("input[name=events]")
        assert [ticks.nth(number).is_checked() for number in range(4)] == [False, False, True, False]
    page.click("main .send .button")

    _received(page, "sv")


def test_a_newcomer_sees_the_mail_after_three_clicks(tab: Tab, service: Service) -> None:
    page = tab()
    page.goto("/")
    page.locator("main .hero", has_text="Vipuvoimaa").get_by_role("link", name="Ilmoittaudu").click()
    _fill(page, "uusi.tulija@example.org", mornings=(0,))
    page.click("main .send .button")
    _received(page)
    service.mails_to("uusi.tulija@example.org")
    page.get_by_role("link", name="postilaatikko").click()

    expect(page.locator("tbody tr", has_text="uusi.tulija@example.org")).to_contain_text("Olet mukana")
