"""The moment at a busy door: with scripts the form is sent by itself, and without them a press does it."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE, Service, Tab, served

TRAPPED = "document.querySelector('[name=homepage]').value = 'https://example.org'"


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A service whose door looks at who presses, unlike that of the other tests."""
    with served(tmp_path_factory.mktemp("moment")) as running:
        yield running


def _asked_to_wait(page: Page, address: str) -> None:
    """Fill in the form, and the field no person sees."""
    page.goto("/fi/")
    page.locator("main .hero", has_text="Vipuvoimaa").get_by_role("link", name="Ilmoittaudu").click()
    page.locator("input[name=events]").first.check()
    page.fill("input[name=name]", "Aino Esimerkki")
    page.fill("input[name=email]", address)
    page.evaluate(TRAPPED)
    with page.expect_navigation() as answered:
        page.locator(".send .button").click()
    assert answered.value
    assert answered.value.status == 429


def test_with_scripts_the_form_is_sent_by_itself(tab: Tab) -> None:
    page = tab(size=PHONE)
    _asked_to_wait(page, "aino.hetki@example.org")

    expect(page.locator("h1")).to_have_text("Ilmoittautuminen on vastaanotettu", timeout=20_000)


def test_without_scripts_the_page_says_how_long_and_a_press_sends_everything(tab: Tab) -> None:
    page = tab(javascript=False)
    _asked_to_wait(page, "veera.hetki@example.org")

    waits = re.search(r"\d+", page.locator("#moment").inner_text())
    assert waits
    page.wait_for_timeout(int(waits[0]) * 1000)
    page.locator(".send .button").click()
    expect(page.locator("h1")).to_have_text("Ilmoittautuminen on vastaanotettu")
