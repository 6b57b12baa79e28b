"""The three languages, and text that exists in all of them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, NamedTuple

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

type Language = Literal["fi", "sv", "en"]

LANGUAGES: tuple[Language, ...] = ("fi", "sv", "en")
LANGUAGE_CHOICES = [("fi", "Suomi"), ("sv", "Svenska"), ("en", "English")]
DEFAULT: Language = "fi"

__all__ = [
    "DEFAULT",
    "LANGUAGES",
    "LANGUAGE_CHOICES",
    "Language",
    "Shown",
    "Text",
    "_",
    "as_language",
    "current",
]


_IN: dict[Language, dict[Language, str]] = {
    "fi": {"sv": "ruotsiksi", "en": "englanniksi"},
    "sv": {"fi": "på finska", "en": "på engelska"},
    "en": {"fi": "in Finnish", "sv": "in Swedish"},
}


def as_language(code: str | None) -> Language:
    """Take any language code a browser or a form may send; what we do not speak becomes Finnish."""
    short = (code or "")[:2].lower()
    return short if short in LANGUAGES else DEFAULT


def current() -> Language:
    """Return the language of the page or mail being made now."""
    return as_language(get_language())


class Shown(NamedTuple):
    """A text together with the language it is really in, so that a page can mark it up."""

    text: str
    language: Language


@dataclass(frozen=True, slots=True)
class Text:
    """One thing said in up to three languages; an empty string means not said."""

    fi: str = ""
    sv: str = ""
    en: str = ""

    def __iter__(self) -> Iterator[tuple[Language, str]]:
        for language in LANGUAGES:
            yield language, getattr(self, language)

    def shown(self, language: Language) -> Shown:
        """Give the wanted language, or the first one that exists, named, so the reader is told."""
        for candidate in (language, *LANGUAGES):
            if text := getattr(self, candidate):
                return Shown(text, candidate)
        return Shown("", language)

    def in_language(self, language: Language) -> str:
        """Give the text for a reader of this language, falling back rather than showing nothing."""
        return self.shown(language).text

    def told(self, language: Language) -> str:
        """Give the text for plain writing, where only words can say that it is in another language."""
        text, spoken = self.shown(language)
        return text if spoken == language else f"{text} ({_IN[language][spoken]})"

    @property
    def missing(self) -> tuple[Language, ...]:
        """Name the languages in which nothing has been said yet."""
        return tuple(language for language, text in self if not text.strip())

    def as_dict(self) -> dict[str, str]:
        """Shape it as the API shows it."""
        return dict(self)

    @classmethod
    def of(cls, row: object, field: str) -> "Text":
        """Read ``<field>_fi``, ``_sv`` and ``_en`` from a row."""
        return cls(*(getattr(row, f"{field}_{language}") for language in LANGUAGES))

    @classmethod
    def from_dict(cls, value: Mapping[str, str]) -> "Text":
        """Read the shape the API and the data files use."""
        return cls(**{language: value.get(language, "") for language in LANGUAGES})

    def columns(self, field: str) -> dict[str, str]:
        """Spread into the three columns of ``field``, for ``Model(**text.columns("title"))``."""
        return {f"{field}_{language}": text for language, text in self}

    def __str__(self) -> str:
        return self.in_language(current())
