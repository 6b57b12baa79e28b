"""U6, U7, U29: what a page weighs on the way, how often it asks, and how much paper it takes."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser import places
from tests.browser.conftest import Service, Tab
from tests.browser.week import Lived
from tests.journeys.visitor import Visitor

WHOLE, WITHOUT_FONT, REQUESTS, SHEETS = 50_000, 28_000, 6, 2


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
        self.page.goto(path, wait_until="networkidle")
        return self.load


def _demo(service: Service) -> tuple[str, str]:
    """Find the open series of the demonstration, with its programme, and its first morning."""
    visitor = Visitor(service.url)
    links = [link.href.strip("/").split("/") for link in visitor.open("/fi/").links]
    series, event = next(parts[2:4] for parts in links if len(parts) == 4 and parts[3].startswith(parts[2]))
    return series, event


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_every_public_page_is_light_and_asks_little(
    tab: Tab, service: Service, lived: Lived, language: str
) -> None:
    series, event = _demo(service)
    pages = places.public(language, series=series, event=event, practice=places.DEMO_PRACTICE)
    own = places.personal(language, lived)
    pages |= {name: own[name] for name in ("receipt", "own", "survey")}
    scales = _Scales(tab())
    loads = {name: scales.weigh(path) for name, path in pages.items()}
    for name, load in loads.items():
        print(
            f"U6 {language} {name}: {load.whole} bytes in {len(load.received)} requests; "
            f"without the font {load.without_font}; the page itself {load.page}; unpacked {load.unpacked}"
        )

    assert {name: load.whole for name, load in loads.items() if load.whole > WHOLE} == {}
    assert {n: load.without_font for n, load in loads.items() if load.without_font > WITHOUT_FONT} == {}
    assert {n: len(load.received) for n, load in loads.items() if len(load.received) > REQUESTS} == {}


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_the_programme_of_four_mornings_fits_on_two_sheets(
    tab: Tab, service: Service, language: str
) -> None:
    series, event = _demo(service)
    page = tab()
    page.goto(places.public(language, series=series, event=event, practice="x")["series"])
    sheets = len(re.findall(rb"/Type\s*/Page[^s]", page.pdf(format="A4")))
    print(f"U29 {language}: {sheets} sheets of A4")

    assert sheets <= SHEETS
