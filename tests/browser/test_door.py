"""The door on a phone: without a connection, synced later, and nobody counted twice."""

from __future__ import annotations

from contextlib import closing

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE, NewWeek, Service, Tab, sit_down
from tests.browser.week import Week
from tests.journeys.visitor import Visitor

PEOPLE = ("Aino Esimerkki", "Veera Exempel", "Olli Example")


@pytest.fixture(scope="module")
def week(new_week: NewWeek) -> Week:
    return new_week("Oven aamut")


def _register(service: Service, week: Week) -> int:
    """Three people register to the first morning; gives the number of the event."""
    visitor = Visitor(service.url)
    for number, name in enumerate(PEOPLE):
        form = visitor.open(week.form)
        email = f"ovi{number}@example.org"
        visitor.press(form, "Ilmoittaudu", events=[week.mornings[0]], name=name, email=email)
    [row] = _asked(service, "select id from events_event where slug = ?", week.mornings[0])
    return int(str(row[0]))


def _asked(service: Service, sql: str, *values: object) -> list[tuple[object, ...]]:
    with closing(service.database()) as database:
        return database.execute(sql, values).fetchall()


def _came(service: Service, event: object) -> list[tuple[object, ...]]:
    return _asked(
        service,
        "select a.name, r.came from registrations_registration r join registrations_attendee a "
        "on a.id = r.attendee_id where r.event_id = ? and r.attended order by a.name",
        event,
    )


def _let_in(page: Page, name: str) -> None:
    page.locator("#door-people li", has_text=name).locator("[data-enter]").click()
    expect(page.locator("#door-said")).to_contain_text(name)


def test_the_door_works_without_a_connection_and_counts_once(tab: Tab, service: Service, week: Week) -> None:
    event = _register(service, week)
    address = f"/desk/events/{event}/check-in/"
    first, second = tab(size=PHONE), tab(size=PHONE)
    for page in (first, second):
        sit_down(page)
        page.goto(address)
        expect(page.locator("#door-expected")).to_have_text("3")
        page.wait_for_selector("#door[data-ready]", state="attached")
        page.context.set_offline(True)

    first.reload()  # the page itself opens without a connection
    expect(first.locator("#door-expected")).to_have_text("3")
    for page in (first, second):
        _let_in(page, "Aino Esimerkki")
    _let_in(second, "Olli Example")
    expect(first.locator("#door-waiting")).to_have_text("1")
    expect(first.locator("#door-line")).to_contain_text("Ei yhteyttä")
    assert _came(service, event) == []

    for page in (first, second):
        page.context.set_offline(False)
        expect(page.locator("#door-waiting")).to_have_text("0")
        expect(page.locator("#door-line")).to_contain_text("Kaikki on lähetetty")
    assert _came(service, event) == [("Aino Esimerkki", "scanned"), ("Olli Example", "scanned")]

    second.locator("#door-people li", has_text="Olli Example").locator("[data-undo]").click()
    expect(second.locator("#door-waiting")).to_have_text("0")
    expect(second.locator("#door-came")).to_have_text("1")
    assert _came(service, event) == [("Aino Esimerkki", "scanned")]


# Chromium on this system reads no codes: what the camera would see is put before the page's own reader.
_READER = """
window.BarcodeDetector = class {
  async detect() { return (window.seen || []).map((rawValue) => ({ rawValue })); }
};
"""


def test_the_camera_reads_a_ticket_once_however_long_it_is_held_up(
    tab: Tab, service: Service, week: Week
) -> None:
    week.invite_to_a_place(2)
    address = "ovi.kamera@example.org"
    week.register("Aino Esimerkki", address, 2)
    own = Visitor(service.url)
    ticket = own.follow(own.open(week.mails(address, 1)[0].link("/r/")), "Oma lippu").url
    [[event]] = _asked(service, "select id from events_event where slug = ?", week.mornings[2])
    page = tab(size=PHONE)
    page.add_init_script(_READER)
    sit_down(page)
    page.goto(f"/desk/events/{event}/check-in/")
    expect(page.locator("#door-expected")).to_have_text("1")
    page.click("#door-scan")
    expect(page.locator("#door-camera")).to_be_visible()

    page.evaluate("(ticket) => { window.seen = ['https://example.org/another-code', ticket] }", ticket)
    expect(page.locator("#door-said")).to_contain_text("Aino Esimerkki")
    page.wait_for_timeout(1000)
    expect(page.locator("#door-waiting")).to_have_text("0")

    expect(page.locator("#door-came")).to_have_text("1")
    assert _came(service, event) == [("Aino Esimerkki", "scanned")]


def test_without_scripts_the_list_to_tick_is_one_link_away(tab: Tab, service: Service, week: Week) -> None:
    [[event]] = _asked(service, "select id from events_event where slug = ?", week.mornings[1])
    page = tab(javascript=False)
    sit_down(page)
    page.goto(f"/desk/events/{event}/check-in/")
    page.get_by_role("link", name="Rastittava lista").click()

    expect(page.locator("h1")).to_have_text("Osallistuminen")
