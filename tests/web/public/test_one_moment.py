"""A press that looks like a machine's, or comes in a crowd, waits a moment and loses nothing."""

import re
from datetime import timedelta
from html import unescape

import pytest
import time_machine
from django.http import HttpResponse
from django.test import Client
from pytest_django.fixtures import Settings

from backend.core.rates import Rate
from events.models import EventSeries
from registrations import limits
from registrations.limits import Crowd
from registrations.models import Attendee, Registration
from tests.web.public.conftest import REGISTER

QUIET = Rate(tries=1000, seconds=60)
AINO = {
    "name": "Aino <Esimerkki>",
    "email": "aino@example.org",
    "organisation": "",
    "wish": 'Rivi "1"\r\n& 2',
}
ADDRESSES = {
    "fi": (REGISTER, "Hetki vielä", "Odota 10 sekuntia. Paina sitten painiketta."),
    "sv": ("/sv/evenemang/aamukahvit-2027/anmalan/", "Ett ögonblick", "Vänta 10 sekunder."),
    "en": ("/en/events/aamukahvit-2027/register/", "One moment", "Wait 10 seconds. Then press the button."),
}


@pytest.fixture(autouse=True)
def door(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.RATE_LIMITS = True
    monkeypatch.setattr(limits, "HASTY", Rate(tries=0, seconds=60))


def hidden(page: str) -> dict[str, str | list[str]]:
    """Read what the form of a page would send, as a browser without scripts does."""
    form = page[page.index('<form id="registration"') :]
    form = form[: form.index("</form>")]
    sent: dict[str, str | list[str]] = {}
    for name, written in re.findall(r'type="hidden" name="([\w-]+)" value="([^"]*)"', form):
        value = unescape(written).replace("\n", "\r\n")
        before = sent.get(name)
        sent[name] = value if before is None else [*(before if isinstance(before, list) else [before]), value]
    return sent


def filled(browser: Client, mornings: EventSeries, address: str = REGISTER) -> dict[str, object]:
    """Open the form and fill it in."""
    slugs = [event.slug for event in mornings.events.all()]
    return {**hidden(browser.get(address).text), **AINO, "events": slugs[:2]}


def test_a_person_notices_nothing(
    browser: Client, mornings: EventSeries, today: time_machine.Traveller
) -> None:
    form = filled(browser, mornings)
    today.shift(timedelta(seconds=3))

    assert browser.post(REGISTER, form).status_code == 303


def test_a_few_hasty_presses_hurt_nobody(mornings: EventSeries, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "HASTY", Rate(tries=2, seconds=60))

    answers = []
    for number in range(3):
        browser = Client()
        form = filled(browser, mornings) | {"email": f"aino{number}@example.org"}
        answers.append(browser.post(REGISTER, form).status_code)

    assert answers == [303, 303, 429]


def _too_quick(form: dict[str, object], today: time_machine.Traveller) -> None:
    today.shift(timedelta(seconds=1))


def _a_day_old(form: dict[str, object], today: time_machine.Traveller) -> None:
    today.shift(timedelta(days=1))


def _trapped(form: dict[str, object], today: time_machine.Traveller) -> None:
    today.shift(timedelta(seconds=30))
    form["homepage"] = "https://example.org"


def _unstamped(form: dict[str, object], today: time_machine.Traveller) -> None:
    today.shift(timedelta(seconds=30))
    del form["shown"]


def _forged(form: dict[str, object], today: time_machine.Traveller) -> None:
    today.shift(timedelta(seconds=30))
    form["shown"] = f"x{form['shown']}"


def _crowded(form: dict[str, object], today: time_machine.Traveller) -> None:
    today.shift(timedelta(seconds=30))
    limits.REGISTERING = Crowd(name="none", network=Rate(tries=0, seconds=60), event=QUIET, service=QUIET)


@pytest.mark.parametrize("press", [_too_quick, _a_day_old, _trapped, _unstamped, _forged, _crowded])
def test_without_scripts_somebody_suspected_is_in_after_one_more_press(
    browser: Client,
    mornings: EventSeries,
    today: time_machine.Traveller,
    monkeypatch: pytest.MonkeyPatch,
    press: object,
) -> None:
    monkeypatch.setattr(limits, "REGISTERING", limits.REGISTERING)
    form = filled(browser, mornings)
    assert callable(press)
    press(form, today)
    asked = browser.post(REGISTER, form)
    assert (asked.status_code, asked["Retry-After"], asked["Cache-Control"]) == (
        429,
        "10",
        "no-store, private",
    )
    assert not Attendee.objects.exists()
    today.shift(timedelta(seconds=10))
    answer = browser.post(REGISTER, hidden(asked.text))

    assert answer.status_code == 303
    assert Registration.objects.count() == 2
    aino = Attendee.objects.get()
    assert (aino.name, aino.email) == ("Aino <Esimerkki>", "aino@example.org")


def test_whoever_presses_too_early_waits_only_for_the_rest(
    browser: Client, mornings: EventSeries, today: time_machine.Traveller
) -> None:
    asked = browser.post(REGISTER, filled(browser, mornings))
    today.shift(timedelta(seconds=7))
    early = browser.post(REGISTER, hidden(asked.text))
    today.shift(timedelta(seconds=3))

    assert early.status_code == 429
    assert "Odota 3 sekuntia." in early.text
    assert "Mitään ei kadonnut." in early.text
    assert hidden(early.text)["ticket"] == hidden(asked.text)["ticket"]
    assert browser.post(REGISTER, hidden(early.text)).status_code == 303


def test_a_page_that_was_used_already_gives_a_new_ticket_and_then_the_same_receipt(
    browser: Client, mornings: EventSeries, today: time_machine.Traveller
) -> None:
    form = hidden(browser.post(REGISTER, filled(browser, mornings)).text)
    today.shift(timedelta(seconds=10))
    first, again = browser.post(REGISTER, form), browser.post(REGISTER, form)
    today.shift(timedelta(seconds=10))
    third = browser.post(REGISTER, hidden(again.text))

    assert [first.status_code, again.status_code, third.status_code] == [303, 429, 303]
    assert third["Location"] == first["Location"]
    assert Attendee.objects.count() == 1


def test_mistakes_are_told_before_anybody_waits(browser: Client, mornings: EventSeries) -> None:
    assert browser.post(REGISTER, {**filled(browser, mornings), "email": "aino"}).status_code == 422


@pytest.mark.parametrize("language", ADDRESSES)
def test_the_moment_is_explained_in_three_languages(mornings: EventSeries, language: str) -> None:
    address, heading, wait = ADDRESSES[language]
    browser = Client()
    page = browser.post(address, filled(browser, mornings, address)).text

    assert f"{heading}</h1>" in page
    assert wait in page


def test_the_language_may_be_changed_while_waiting(browser: Client, mornings: EventSeries) -> None:
    asked = browser.post(REGISTER, filled(browser, mornings))
    assert 'form="registration" formaction="/sv/evenemang/aamukahvit-2027/anmalan/"' in asked.text
    page = browser.post(ADDRESSES["sv"][0], {**hidden(asked.text), "switch-language": "sv"}).text

    assert 'value="aino@example.org"' in page
    assert "Aino &lt;Esimerkki&gt;" in page


def test_no_person_meets_the_trap(browser: Client, mornings: EventSeries) -> None:
    page = browser.get(REGISTER).text
    trap = page[page.index('<div class="vh" aria-hidden="true"><label for="id_homepage"') :]
    field = trap[trap.index("<input") : trap.index("</div>")]

    assert 'tabindex="-1"' in field
    assert 'autocomplete="off"' in field


def test_more_than_any_building_presses_is_refused_and_kept(
    browser: Client, mornings: EventSeries, monkeypatch: pytest.MonkeyPatch, today: time_machine.Traveller
) -> None:
    form = filled(browser, mornings)
    today.shift(timedelta(seconds=3))
    answers: list[HttpResponse] = [
        browser.post(REGISTER, {**form, "email": f"aino{number}@example.org"})  # type: ignore[misc]  # the test client's own answer
        for number in range(301)
    ]

    statuses = [answer.status_code for answer in answers]
    assert statuses[0] == 303
    assert statuses[300] == 429
    assert 'value="aino300@example.org"' in answers[300].text
