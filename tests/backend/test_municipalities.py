"""The list of municipalities is that of 2026, and old codes keep telling the truth."""

from collections import Counter
from datetime import date

import pytest

from accounts.actions import load_municipalities
from accounts.models import Municipality

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _loaded(db: None) -> None:
    load_municipalities()


def test_the_municipalities_of_2026_are_all_there() -> None:
    living = Municipality.objects.filter(valid_to__isnull=True)

    assert living.count() == 308
    assert len(set(living.values_list("region_fi", flat=True))) == 19
    assert len(set(living.values_list("region_sv", flat=True))) == 19
    assert Counter(living.values_list("languages", flat=True)) == {
        "fi": 259,
        "fi-sv": 18,
        "sv-fi": 15,
        "sv": 16,
    }


@pytest.mark.parametrize(
    ("code", "fi", "sv", "region", "languages"),
    [
        ("853", "Turku", "Åbo", "Varsinais-Suomi", "fi-sv"),
        ("638", "Porvoo", "Borgå", "Uusimaa", "fi-sv"),
        ("710", "Raasepori", "Raseborg", "Uusimaa", "sv-fi"),
        ("272", "Kokkola", "Karleby", "Keski-Pohjanmaa", "fi-sv"),
        ("091", "Helsinki", "Helsingfors", "Uusimaa", "fi-sv"),
        ("599", "Pedersören kunta", "Pedersöre", "Pohjanmaa", "sv-fi"),
        ("545", "Närpiö", "Närpes", "Pohjanmaa", "sv-fi"),
        ("753", "Sipoo", "Sibbo", "Uusimaa", "fi-sv"),
        ("478", "Maarianhamina", "Mariehamn", "Ahvenanmaa", "sv"),
    ],
)
def test_a_municipality_has_the_names_its_people_use(
    code: str, fi: str, sv: str, region: str, languages: str
) -> None:
    found = Municipality.objects.get(pk=code)

    assert (found.name_fi, found.name_sv, found.region_fi, found.languages) == (fi, sv, region, languages)
    assert (found.name_in("fi"), found.name_in("sv"), found.name_in("en")) == (fi, sv, fi)


def test_pertunmaa_is_kept_with_its_successor() -> None:
    pertunmaa = Municipality.objects.select_related("successor").get(pk="588")

    assert pertunmaa.successor is not None
    assert (pertunmaa.name_fi, pertunmaa.valid_to, pertunmaa.successor.pk, pertunmaa.successor.name_fi) == (
        "Pertunmaa",
        date(2025, 1, 1),
        "507",
        "Mäntyharju",
    )


def test_what_is_not_known_is_not_guessed() -> None:
    assert set(Municipality.objects.values_list("size_group", "valid_from")) == {("", None)}


def test_loading_again_changes_only_what_differs() -> None:
    Municipality.objects.filter(pk="853").update(name_sv="Turku")

    assert load_municipalities() == 1
    assert load_municipalities() == 0
    assert Municipality.objects.get(pk="853").name_sv == "Åbo"
