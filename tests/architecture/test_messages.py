"""A kind of message exists in all three languages, tells the same in each, and can be looked at."""

import re
from functools import cache
from pathlib import Path

import pytest
from django.template.loader import get_template

from backend.core.i18n import LANGUAGES, Language
from notifications import kinds
from notifications.rendering import sample

EXPECTED = {
    "confirmation", "waiting", "promoted", "offer", "offer_ended", "changed",
    "cancelled_by_attendee", "cancelled_by_organiser",
    "place_given", "place_received", "place_not_needed",
    "reminder", "manage_link", "survey", "practice_receipt", "review_result",
}  # fmt: skip
_EXPRESSION = re.compile(r"\{\{\s*([\w.]+)|\{%\s*(?:if|elif|for \w+ in|with)\s+([^%]+)%\}")
_WORD = re.compile(r"[a-z_][\w.]*")
_GRAMMAR = {
    "and",
    "or",
    "not",
    "in",
    "is",
    "if",
    "for",
    "else",
    "with",
    "as",
    "forloop.last",
    "forloop.first",
}


@cache
def _variables(kind: str, language: str) -> frozenset[str]:
    text = Path(get_template(f"{kinds.get(kind).template}.{language}.md").template.origin.name).read_text()  # type: ignore[attr-defined]  # the stubs know the engine's base only
    found = [part for pair in _EXPRESSION.findall(text) for part in pair if part]
    words = {
        word for part in found for word in _WORD.findall(re.sub(r"\"[^\"]*\"|'[^']*'|\|\w+(:\S+)?", "", part))
    }
    return frozenset(words - _GRAMMAR)


def _keys() -> list[str]:
    return [kind.key for kind in kinds.all_kinds()]


def test_every_kind_that_was_promised_is_there() -> None:
    assert set(_keys()) >= EXPECTED


@pytest.mark.parametrize("kind", _keys())
def test_the_three_languages_tell_the_same(kind: str) -> None:
    told = {language: _variables(kind, language) for language in LANGUAGES}

    assert told["sv"] == told["fi"]
    assert told["en"] == told["fi"]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", _keys())
def test_a_sample_can_be_looked_at(kind: str, language: Language) -> None:
    shown = sample(kinds.get(kind), language)

    assert shown.subject.strip()
    assert shown.text.strip()
    assert "<html" in shown.html
    assert "{{" not in shown.subject + shown.text + shown.html
