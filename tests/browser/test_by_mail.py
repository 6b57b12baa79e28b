"""U10, U20, U21, U32: what people do from the links in their mails; no scripts, no account."""

from __future__ import annotations

import logging
import re
import time
import urllib.request
from collections.abc import Iterator
from contextlib import closing
from email import message_from_bytes, policy
from html import unescape

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import NewWeek, Service, Tab
from tests.browser.week import Lived, Week, mail_with

_SCORE = logging.getLogger("score")
BEATS = ("notifications_heartbeat",)  # the service tells itself that it lives


@pytest.fixture(scope="module")
def week(new_week: NewWeek) -> Week:
    return new_week("Kirjeiden aamut")


def _comes(week: Week, address: str, *mornings: int) -> str:
    """Register somebody; return the link in the mail."""
    week.register("Aino Esimerkki", address, *mornings)
    return week.mails(address, len(mornings))[0].link("/r/")


def _press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name).click()


def test_one_morning_is_cancelled_with_two_clicks_and_nothing_typed(tab: Tab, week: Week) -> None:
    address = "aino.peruu@example.org"
    page = tab(javascript=False)
    page.goto(_comes(week, address, 0, 1))
    page.get_by_role("link", name="Peru paikkani").first.click()
    _press(page, "Peru paikkani")

    expect(page.locator(".note.success")).to_be_visible()
    assert week.mails(address, 3)[-1].method == "CANCEL"
    expect(page.get_by_role("link", name="Peru paikkani")).to_have_count(1)


def test_a_morning_is_swapped_with_four_clicks(tab: Tab, week: Week) -> None:
    address = "aino.vaihtaa@example.org"
    page = tab()
    page.goto(_comes(week, address, 0))
    page.get_by_role("link", name="Muuta valintoja").click()
    page.locator(".pick").nth(0).click()
    page.locator(".pick").nth(2).click()
    page.locator("main form .button[type=submit], main form button.button").first.click()

    expect(page.locator(".note.success")).to_be_visible()
    cancelled, confirmed = sorted(week.mails(address, 3)[1:], key=lambda mail: mail.method)
    assert (cancelled.method, confirmed.method) == ("CANCEL", "REQUEST")


def test_everything_an_attendee_does_works_without_scripts(tab: Tab, service: Service, week: Week) -> None:
    address = "aino.skriptitta@example.org"
    page = tab(javascript=False)
    page.goto("/fi/tapahtumat/")
    page.get_by_role("link", name=week.title).first.click()
    page.get_by_role("link", name="Ilmoittaudu").first.click()
    for number in (0, 1):
        page.locator("input[name=events]").nth(number).check()
    page.fill("input[name=name]", "Aino Esimerkki")
    page.fill("input[name=email]", address)
    _press(page, "Ilmoittaudu")
    service.mails_to(address, at_least=2)
    page.get_by_role("link", name="postilaatikko").click()
    page.fill("input[name=q]", address)
    _press(page, "Hae")
    page.locator("tbody a").first.click()
    page.locator("pre a[href*='/r/']").first.click()
    expect(page.locator("h1")).to_have_text("Oma ilmoittautuminen")
    own = page.url
    page.get_by_role("link", name="Muuta valintoja").click()
    page.locator("input[name=events]").nth(3).check()
    _press(page, "Tallenna")
    _press(page, "Svenska")
    expect(page.locator("html")).to_have_attribute("lang", "sv")
    page.goto(own)
    page.locator("a.button.second[href$='/peru/'], a[href*='/peru/'].button").click()
    page.locator("main form button").click()
    expect(page.locator("a[href*='/peru/']")).to_have_count(0)
    page.goto("/fi/oma-linkki/")
    page.fill("input[name=email]", address)
    page.locator("main form button").click()

    expect(page.locator(".note.success")).to_be_visible()


def test_a_survey_and_a_practice_are_told_without_scripts(tab: Tab, new_week: NewWeek) -> None:
    week = new_week("Skriptittömän kyselyn aamut")
    address = "aino.kertoo@example.org"
    _comes(week, address, 0)
    week.hold(0)
    week.send_survey(0)
    page = tab(javascript=False)
    page.goto(mail_with(week.postbox, address, "/s/").link("/s/"))
    page.locator("input[name=usefulness][value='4']").check()
    page.fill("input[name=practice-title]", "Yhteinen kompostori")
    page.fill("textarea[name=practice-summary]", "Taloyhtiöt jakavat kompostorin.")
    page.fill("input[name=practice-municipality]", "Jämsä")
    page.locator("input[name=practice-may_contact]").check()
    _press(page, "Lähetä vastaukset")
    expect(page.locator("main")).to_contain_text("Kiitos")
    draft = mail_with(week.postbox, address, "/d/").link("/d/")
    week.complete_draft(draft)
    page.goto(draft)

    expect(page.locator(".tag").first).to_contain_text("arvioi")


def _links(service: Service) -> Iterator[str]:
    """Read every address of ours from the text and the HTML of every mail."""
    for path in service.letters:
        for part in message_from_bytes(path.read_bytes(), policy=policy.default).walk():
            if part.get_content_maintype() == "text":
                content = re.sub(r"\r?\n ", "", part.get_content())  # calendars fold their lines
                yield from re.findall(rf"{service.url}[^\s\"'<>)\]\\]*", unescape(content))


def _kept(service: Service) -> list[str]:
    with closing(service.database()) as database:
        return [line for line in database.iterdump() if not any(f'"{table}"' in line for table in BEATS)]


def _quiet(service: Service) -> list[str]:
    """Wait until the service has no mail left to send."""
    before, deadline = _kept(service), time.monotonic() + 30
    while time.monotonic() < deadline:
        time.sleep(1.5)
        if (now := _kept(service)) == before:
            return now
        before = now
    raise AssertionError("the service did not come to rest")


def test_a_scanner_that_opens_every_link_of_every_mail_three_times_changes_nothing(
    service: Service, lived: Lived
) -> None:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    before = _quiet(service)
    links = sorted(set(_links(service)))
    letters = len(service.letters)
    for _time in range(3):
        for link in links:
            for method in ("HEAD", "GET"):
                asked = urllib.request.Request(link, method=method)  # noqa: S310 - our own address
                with opener.open(asked, timeout=20) as answer:
                    answer.read()
    _SCORE.info("U32: %s links of %s mails, each opened 3 times with HEAD and GET", len(links), letters)
    kinds = {link.removeprefix(service.url)[:3] for link in links}

    assert {"/r/", "/s/", "/d/"} <= kinds
    assert [line for line in _quiet(service) if line not in set(before)] == []
    assert len(service.letters) == letters
