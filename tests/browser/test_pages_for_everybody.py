"""U5, U11, U13, U16, U17: every page, as people with different eyes, hands and languages meet it."""

from __future__ import annotations

import logging
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page

from backend.demo.people import ORGANISER, REVIEWER
from tests.browser import looking, places
from tests.browser.conftest import NARROW, Service, Tab, sit_down
from tests.browser.week import Lived

_SCORE = logging.getLogger("score")
LOOKS = [("fi", True), ("sv", False), ("en", False)]
looks = pytest.mark.parametrize(("language", "small_and_dark"), LOOKS, ids=["fi-320-dark", "sv", "en"])
NOWHERE = ("nothing", "expired link")
PAST = ("kestava-kaupunki-aamukahvit-2021-01-27", "kestava-kaupunki-aamukahvit-2021-01-27-vlr")


def _faults(page: Page, language: str, *, small: bool) -> list[str]:
    found = looking.barriers(page, colours=small or language == "en") + looking.small_targets(page)
    found += looking.enter_elsewhere(page) + looking.foreign_words(page, language)
    return found + (looking.sideways(page) if small else [])


def _look(page: Page, pages: dict[str, str], language: str, *, small: bool) -> list[str]:
    """Open each page; give what is wrong, after the name of the page."""
    found: list[str] = []
    for name, path in pages.items():
        answer = page.goto(path)
        if answer and answer.status != (404 if name in NOWHERE else 200):
            found.append(f"{name}: {path} answers {answer.status}")
        if urlsplit(page.url).path != urlsplit(path).path:
            found.append(f"{name}: {path} leads to {page.url}")
        found += [f"{name}: {fault}" for fault in _faults(page, language, small=small)]
    _SCORE.info("U5 %s: %s pages looked at with axe", language, len(pages))
    return found


def _nothing(found: list[str]) -> None:
    assert not found, "\n".join(["", *found])


def _open(tab: Tab, *, small: bool) -> Page:
    return tab(size=NARROW, dark=True) if small else tab()


@looks
def test_public_pages(tab: Tab, lived: Lived, language: str, *, small_and_dark: bool) -> None:
    page = _open(tab, small=small_and_dark)
    ours = places.public(
        language, series=lived.week.slug, event=lived.week.mornings[0], practice=places.DEMO_PRACTICE
    )
    real = places.public(language, series=PAST[0], event=PAST[1], practice=places.DEMO_PRACTICE)
    pages = ours | {f"{name} of 2021": real[name] for name in ("series", "event")}

    _nothing(_look(page, pages, language, small=small_and_dark))


@looks
def test_pages_behind_a_mailed_link(tab: Tab, lived: Lived, language: str, *, small_and_dark: bool) -> None:
    page = _open(tab, small=small_and_dark)

    _nothing(_look(page, places.personal(language, lived), language, small=small_and_dark))


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_the_mails_themselves(tab: Tab, service: Service, lived: Lived, *, dark: bool) -> None:
    """One of each: a mail is no page, so good practice of pages is not asked of it."""
    page = tab(size=NARROW, dark=dark)
    found: list[str] = []
    kinds = {path.read_bytes().partition(b"Subject: ")[2][:12]: path.stem for path in service.letters}
    for name in kinds.values():
        page.goto(f"/mailbox/{name}/html/")
        faults = looking.barriers(page, good_practice=False) + looking.too_wide(page)
        found += [f"{page.title()}: {fault}" for fault in faults]

    assert len(kinds) >= 4
    _nothing(found)


@looks
def test_forms_that_say_what_is_missing(
    tab: Tab, lived: Lived, language: str, *, small_and_dark: bool
) -> None:
    page = _open(tab, small=small_and_dark)
    pages = places.public(
        language, series=lived.week.slug, event=lived.week.mornings[0], practice=places.DEMO_PRACTICE
    )
    forms = {name: pages[name] for name in ("register", "my_link")}
    own = places.personal(language, lived)
    found: list[str] = []
    for name, path in (forms | {"survey": own["survey"], "draft": own["draft"]}).items():
        page.goto(path)
        page.locator("main form[method=post] .button").last.click()
        page.wait_for_selector(".errors")
        found += [f"{name}: {fault}" for fault in _faults(page, language, small=small_and_dark)]

    _nothing(found)


@looks
def test_the_desk(tab: Tab, lived: Lived, language: str, *, small_and_dark: bool) -> None:
    page = _open(tab, small=small_and_dark)
    sit_down(page, ORGANISER, language=language)
    found = _look(page, {path: path for path in lived.desk}, language, small=small_and_dark)
    page.context.clear_cookies()
    sit_down(page, REVIEWER, language=language)
    found += _look(page, {path: path for path in lived.reviews}, language, small=small_and_dark)

    _nothing(found)
