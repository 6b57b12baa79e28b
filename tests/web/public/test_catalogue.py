"""P11: the catalogue is searched by its address, and a page says how its practice was judged."""

from datetime import datetime

import pytest
from django.test import Client

from accounts.models import Municipality
from backend.core.i18n import Text
from catalogue.models import Practice, Theme
from tests.catalogue.world import published


@pytest.fixture
def two(db: None, noon: datetime) -> list[Practice]:
    Theme.objects.create(key="healthy", position=1, name_fi="Terveys", name_sv="Hälsa", name_en="Health")
    Municipality.objects.create(code="182", name_fi="Jämsä", name_sv="Jämsä", languages="fi")
    path = published(
        "aistipolku",
        at=noon,
        title=Text("Esteetön aistipolku", "Tillgänglig sinnesstig", "Accessible sensory path"),
        summary=Text("Polku kaikille."),
        municipality="182",
        theme="healthy",
        source_url="https://example.org/aistipolku",
    )
    return [path, published("pyorat", at=noon, title=Text("Lainapyörät"), summary=Text("Pyöriä."))]


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("", {"Esteetön aistipolku", "Lainapyörät"}),
        ("?q=AISTIPOLKU", {"Esteetön aistipolku"}),
        ("?theme=healthy", {"Esteetön aistipolku"}),
        ("?municipality=182&q=polku", {"Esteetön aistipolku"}),
        ("?label=meets_criteria", set()),
        ("?page=99", {"Esteetön aistipolku", "Lainapyörät"}),
    ],
)
def test_filters_stand_in_the_address(
    browser: Client, two: list[Practice], query: str, shown: set[str]
) -> None:
    page = browser.get(f"/fi/kaytannot/{query}").text
    assert {title for title in ("Esteetön aistipolku", "Lainapyörät") if f">{title}</a>" in page} == shown


def test_nothing_found_says_what_to_do(browser: Client, two: list[Practice]) -> None:
    page = browser.get("/fi/kaytannot/?q=avaruus").text
    assert "0 käytäntöä" in page
    assert "Poista jokin rajaus tai hae vähemmillä sanoilla." in page


def test_a_loaded_practice_names_its_source_and_that_nobody_judged_it(
    browser: Client, two: list[Practice]
) -> None:
    page = browser.get("/fi/kaytannot/aistipolku/").text
    assert 'href="https://example.org/aistipolku"' in page
    assert "Kukaan ei ole vielä arvioinut tätä käytäntöä" in page
    assert "omistaja@example.org" not in page


def test_what_is_not_published_is_not_there(browser: Client, two: list[Practice]) -> None:
    two[0].published = None
    two[0].save()
    assert browser.get("/fi/kaytannot/aistipolku/").status_code == 404


def test_criteria_that_have_not_been_loaded_are_told_plainly(browser: Client, db: None) -> None:
    assert "Kriteerejä ei ole vielä ladattu." in browser.get("/fi/tunnusmerkisto/").text
