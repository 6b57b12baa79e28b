"""U6, U7, U29: what a page weighs on the way, how often it asks, and how much paper it takes."""

from __future__ import annotations

import logging
import re
import time
from dataclasses import dataclass, field
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser import places
from tests.browser.conftest import Service, Tab
from tests.browser.week import Lived
from tests.journeys.visitor import Visitor

_SCORE = logging.getLogger("score")
WHOLE, WITHOUT_FONT, REQUESTS, SHEETS = 50_000, 28_000, 6, 2
PARTS = 5  # the page, its style, its script, the font, the sign in the tab: fewer were not waited for
HEAVY, OWN = ("series", "register", "practices"), ("receipt", "own", "survey")


@dataclass(slots=True)
class Load:
    """What the browser received for one page, headers included."""

    received: dict[str, int] = field(default_factory=dict)  # by request, as it came: compressed
    unpacked: int = 0
    kinds: dict[str, str] = field(default_factory=dict)

    @property
    def whole(self) -> int:
        return sum(self.received.values())

    @property
    def without_font(self) -> int:
        return sum(size for name, size in self.received.items() if self.kinds.get(name) != "Font")

    @property
    def page(self) -> int:
        return sum(size for name, size in self.received.items() if self.kinds.get(name) == "Document")


class _Scales:
    """Weighs every page that is opened as if it were the first."""

    def __init__(self, page: Page) -> None:
        self.page, self.load = page, Load()
        wire = page.context.new_cdp_session(page)
        wire.send("Network.enable")
        wire.send("Network.setCacheDisabled", {"cacheDisabled": True})
        wire.on("Network.responseReceived", self._began)
        wire.on("Network.dataReceived", self._came)
        wire.on("Network.loadingFinished", self._ended)

    def _began(self, told: dict[str, Any]) -> None:
        self.load.kinds[told["requestId"]] = told["type"]

    def _came(self, told: dict[str, Any]) -> None:
        self.load.unpacked += told["dataLength"]

    def _ended(self, told: dict[str, Any]) -> None:
        self.load.received[told["requestId"]] = int(told["encodedDataLength"])

    def weigh(self, path: str) -> Load:
        self.load = Load()
        self.page.goto(path)
        deadline = time.monotonic() + 3
        while len(self.load.received) < PARTS and time.monotonic() < deadline:
            self.page.wait_for_timeout(20)
        self.page.wait_for_timeout(50)  # for what should not come
        return self.load


def _demo(service: Service) -> tuple[str, str]:
    """Find the open series of the demonstration, with its programme, and its first morning."""
    visitor = Visitor(service.url)
    links = [link.href.strip("/").split("/") for link in visitor.open("/fi/").links]
    series, event = next(parts[2:4] for parts in links if len(parts) == 4 and parts[3].startswith(parts[2]))
    return series, event


def test_every_public_page_is_light_and_asks_little(tab: Tab, service: Service, lived: Lived) -> None:
    series, event = _demo(service)
    pages: dict[str, str] = {}
    for language in ("fi", "sv", "en"):
        anybody = places.public(language, series=series, event=event, practice=places.DEMO_PRACTICE)
        kept = HEAVY if pages else (*anybody, *OWN)  # one language tells enough of the light ones
        every = anybody | places.personal(language, lived)
        pages |= {f"{language} {name}": every[name] for name in kept}
    scales = _Scales(tab())
    loads = {name: scales.weigh(path) for name, path in pages.items()}
    for name, load in loads.items():
        told = (name, load.whole, len(load.received), load.without_font, load.page, load.unpacked)
        _SCORE.info("U6 %s: %s bytes, %s requests; without font %s; the page %s; unpacked %s", *told)

    assert {name: load.whole for name, load in loads.items() if load.whole > WHOLE} == {}
    assert {n: load.without_font for n, load in loads.items() if load.without_font > WITHOUT_FONT} == {}
    assert {n: len(load.received) for n, load in loads.items() if len(load.received) > REQUESTS} == {}
    assert {n for n, load in loads.items() if len(load.received) < PARTS} == set()


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_the_programme_of_four_mornings_fits_on_two_sheets(tab: Tab, service: Service, language: str) -> None:
    series, event = _demo(service)
    page = tab()
    page.goto(places.public(language, series=series, event=event, practice="x")["series"])
    sheets = len(re.findall(rb"/Type\s*/Page[^s]", page.pdf(format="A4")))
    _SCORE.info("U29 %s: %s sheets of A4", language, sheets)

    assert sheets <= SHEETS
