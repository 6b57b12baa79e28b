"""A line is cut at a word, and a text in another language says so."""

import pytest

from backend.core.i18n import LANGUAGES, Text
from backend.core.text import shortened


@pytest.mark.parametrize(
    ("title", "limit", "short"),
    [
        ("Lähiluonnon saavutettavuus", 27, "Lähiluonnon saavutettavuus"),
        ("Osallisuus, liikunta ja kestävyys", 27, "Osallisuus, liikunta ja…"),
        ("Kestävyyden digitalisaatio ja tiedolla johtaminen", 27, "Kestävyyden digitalisaatio…"),
        ("Yhdyskuntasuunnittelupolitiikka", 27, "Yhdyskuntasuunnittelupolit…"),
        ("Kymmenenxx", 10, "Kymmenenxx"),
        ("Yksi – kaksi kolme", 12, "Yksi…"),
    ],
)
def test_a_long_line_is_cut_at_a_word(title: str, limit: int, short: str) -> None:
    assert shortened(title, limit=limit) == short


def test_a_text_that_is_missing_in_the_readers_language_says_in_which_it_is() -> None:
    assert [Text(fi="Luontopolku").told(language) for language in LANGUAGES] == [
        "Luontopolku",
        "Luontopolku (på finska)",
        "Luontopolku (in Finnish)",
    ]
    assert [Text(sv="Naturstig", en="Nature trail").told(language) for language in LANGUAGES] == [
        "Naturstig (ruotsiksi)",
        "Naturstig",
        "Nature trail",
    ]
    assert Text().told("en") == ""
