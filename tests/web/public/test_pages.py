"""Every public page: in three languages, light to carry, honest about the language of each text."""

import gzip
import re
from datetime import datetime
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from backend.core.i18n import Text
from events import actions
from events.models import Event, EventSeries
from tests.catalogue.world import published

PAGES = {
    "front": ("/fi/", "/sv/", "/en/"),
    "events": ("/fi/tapahtumat/", "/sv/evenemang/", "/en/events/"),
    "series": (
        "/fi/tapahtumat/aamukahvit-2027/",
        "/sv/evenemang/aamukahvit-2027/",
        "/en/events/aamukahvit-2027/",
    ),
    "event": (
        "/fi/tapahtumat/aamukahvit-2027/aamukahvit-2027-04-13/",
        "/sv/evenemang/aamukahvit-2027/aamukahvit-2027-04-13/",
        "/en/events/aamukahvit-2027/aamukahvit-2027-04-13/",
    ),
    "register": (
        "/fi/tapahtumat/aamukahvit-2027/ilmoittaudu/",
        "/sv/evenemang/aamukahvit-2027/anmalan/",
        "/en/events/aamukahvit-2027/register/",
    ),
    "practices": ("/fi/kaytannot/", "/sv/praxis/", "/en/practices/"),
    "practice": ("/fi/kaytannot/aistipolku/", "/sv/praxis/aistipolku/", "/en/practices/aistipolku/"),
    "criteria": ("/fi/tunnusmerkisto/", "/sv/kriterier/", "/en/criteria/"),
    "stories": ("/fi/tarinat/", "/sv/berattelser/", "/en/stories/"),
    "alliances": ("/fi/allianssit/", "/sv/allianser/", "/en/alliances/"),
    "about": ("/fi/tietoa/", "/sv/om/", "/en/about/"),
    "my_link": ("/fi/oma-linkki/", "/sv/min-lank/", "/en/my-link/"),
    "accessibility": ("/fi/saavutettavuus/", "/sv/tillganglighet/", "/en/accessibility/"),
    "privacy": ("/fi/tietosuoja/", "/sv/dataskydd/", "/en/privacy/"),
}


@pytest.fixture
def sensory_path(db: None, noon: datetime) -> None:
    published(
        "aistipolku", at=noon, title=Text("Esteetön aistipolku", "", ""), summary=Text("Polku kaikille.")
    )


@pytest.mark.parametrize("name", PAGES)
def test_a_page_stands_at_its_own_address_in_each_language(
    browser: Client, mornings: EventSeries, sensory_path: None, name: str
) -> None:
    for language, address in zip(("fi", "sv", "en"), PAGES[name], strict=True):
        answer = browser.get(address)
        page = answer.text
        assert answer.status_code == 200, address
        assert f'<html lang="{language}">' in page
        assert page.count("<h1") == 1
        assert not re.search(r"\sstyle=|\son\w+=", page)  # the policy would refuse them
        for other in PAGES[name]:
            assert f'="{other}"' in page or other == address


def test_no_page_mixes_the_words_of_two_languages(browser: Client, mornings: EventSeries) -> None:
    telling = {"fi": "Ilmoittaudu", "sv": "Anmäl dig", "en": "Register"}
    for language, address in zip(("fi", "sv", "en"), PAGES["series"], strict=True):
        page = browser.get(address).text
        assert [code for code, word in telling.items() if word in page] == [language]


def test_a_text_in_another_language_says_which(
    browser: Client, mornings: EventSeries, sensory_path: None
) -> None:
    page = browser.get("/sv/praxis/aistipolku/").text
    assert '<h1><span lang="fi">Esteetön aistipolku</span></h1>' in page
    assert '<span lang="fi">' not in browser.get("/fi/kaytannot/aistipolku/").text


def test_the_root_leads_to_the_language_of_the_browser(db: None) -> None:
    assert Client(headers={"accept-language": "sv"}).get("/")["Location"] == "/sv/"
    assert Client(headers={"accept-language": "de"}).get("/")["Location"] == "/fi/"


def test_the_front_page_without_anything_still_says_something(browser: Client, db: None) -> None:
    assert "Seuraavia tapahtumia suunnitellaan." in browser.get("/fi/").text


def test_no_programme_is_shown_before_it_is_released(
    browser: Client, mornings: EventSeries, noon: datetime
) -> None:
    event = mornings.events.all()[0]
    _talk(event, "Avaus", at=noon)
    assert "Avaus" not in browser.get(PAGES["series"][0]).text
    assert "Ohjelma julkaistaan myöhemmin." in browser.get(PAGES["event"][0]).text
    actions.release_programme(event=event, notify=False, at=noon, actor=None)
    assert "Avaus" in browser.get(PAGES["series"][0]).text
    assert "Avaus" in browser.get(PAGES["event"][0]).text


def test_what_changed_since_the_first_release_is_marked(
    browser: Client, mornings: EventSeries, noon: datetime
) -> None:
    event = mornings.events.all()[0]
    _talk(event, "Avaus", at=noon)
    actions.release_programme(event=event, notify=False, at=noon, actor=None)
    assert "Muutokset" not in browser.get(PAGES["event"][0]).text
    _talk(event, "Lähiluonto kaikille", at=noon)
    actions.release_programme(event=event, notify=False, at=noon, actor=None)
    page = browser.get(PAGES["event"][0]).text
    assert "Uutta ohjelmassa: Lähiluonto kaikille" in page


def test_a_called_off_morning_keeps_its_page_and_says_why(
    browser: Client, mornings: EventSeries, noon: datetime
) -> None:
    event = mornings.events.all()[0]
    actions.cancel_event(event=event, reason=Text("Puhuja sairastui.", "", ""), at=noon, actor=None)
    for address in (PAGES["series"][0], PAGES["event"][0]):
        page = browser.get(address).text
        assert "Peruttu" in page
        assert "Puhuja sairastui." in page
    assert "EventCancelled" in page
    assert "?aamut=" not in page


def test_a_moved_morning_shows_the_old_time_struck_through(
    browser: Client, mornings: EventSeries, noon: datetime
) -> None:
    event = mornings.events.all()[0]
    later = event.starts_at.replace(hour=7)
    actions.move_event(
        event=event, starts_at=later, ends_at=later.replace(hour=8, minute=30), at=noon, actor=None
    )
    page = browser.get(PAGES["event"][0]).text
    assert '<del><span class="vh">aiempi aika: </span>ti 13.4.2027 klo 8.30</del>' in page


def _talk(event: Event, title: str, *, at: datetime) -> None:
    actions.add_session(
        event=event,
        kind="talk",
        title=Text(title, "", ""),
        abstract=Text(),
        starts_at=None,
        ends_at=None,
        minutes=10,
        language="",
        municipality_code="",
        speakers=(),
        at=at,
        actor=None,
    )


@pytest.mark.parametrize("name", ["front", "events", "series", "event", "register", "practices"])
def test_more_things_ask_the_database_no_more(
    browser: Client, mornings: EventSeries, noon: datetime, name: str
) -> None:
    published("yksi", at=noon, title=Text("Yksi"))
    few = list(mornings.events.all())[1:]
    Event.objects.filter(pk__in=[event.pk for event in few]).update(state=Event.State.DRAFT)
    one = _asked(browser, PAGES[name][0])
    Event.objects.filter(pk__in=[event.pk for event in few]).update(state=Event.State.PUBLISHED)
    published("kaksi", at=noon, title=Text("Kaksi"))
    published("kolme", at=noon, title=Text("Kolme"))
    assert _asked(browser, PAGES[name][0]) == one


def _asked(browser: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as asked:
        assert browser.get(address).status_code == 200
    return len(asked)


def test_a_page_with_all_that_it_needs_weighs_less_than_fifty_kilobytes(
    browser: Client, mornings: EventSeries
) -> None:
    files = {name: _found(name) for name in ("vipu.css", "vipu.js", "vipu.svg", "figtree.woff2")}
    packed = sum(len(gzip.compress(path.read_bytes())) for path in files.values())
    for addresses in PAGES.values():
        for address in addresses:
            answer = browser.get(address)
            assert len(gzip.compress(answer.content)) + packed < 50_000, address
    assert files["vipu.js"].stat().st_size <= 3_000
    assert files["vipu.css"].stat().st_size <= 14_000


def _found(name: str) -> Path:
    path = finders.find(f"web/{name}")
    assert isinstance(path, str)
    return Path(path)


def test_every_pair_of_text_and_ground_can_be_read() -> None:
    css = _found("vipu.css").read_text()
    light = dict(re.findall(r"--([\w-]+):(#[0-9a-f]{3,6})", css[: css.index("(prefers-color-scheme:dark)")]))
    dark = light | dict(
        re.findall(r"--([\w-]+):(#[0-9a-f]{3,6})", css[css.index("(prefers-color-scheme:dark)") :])
    )
    for tokens in (light, dark):
        for ground in ("paper", "mist"):
            for ink in ("ink", "soft", "link", "seen", "spruce", "danger"):
                assert _contrast(tokens[ink], tokens[ground]) >= 4.5, (ink, ground)
            assert _contrast(tokens["edge"], tokens[ground]) >= 3
        for tone in ("ok", "info", "warn", "danger"):
            assert _contrast(tokens[tone], tokens[f"{tone}-bg"]) >= 4.5, tone
        assert _contrast(tokens["on"], tokens["spruce"]) >= 4.5
        assert _contrast(tokens["on"], tokens["strong"]) >= 4.5
        for accent in ("nature", "participation", "digital", "building"):
            assert _contrast(tokens[accent], tokens["paper"]) >= 4.5, accent


def _contrast(one: str, other: str) -> float:
    bright, dim = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (bright + 0.05) / (dim + 0.05)


def _luminance(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(c * 2 for c in colour[1:])
    parts = [int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_an_address_that_leads_nowhere_says_so_in_its_language(browser: Client, db: None) -> None:
    for language, heading in (
        ("fi", "Sivua ei löytynyt"),
        ("sv", "Sidan hittades inte"),
        ("en", "The page was not found"),
    ):
        answer = browser.get(f"/{language}/no-such-page/")
        assert answer.status_code == 404
        assert f"<h1>{heading}</h1>" in answer.text
