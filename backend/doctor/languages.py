"""Whether everything is said in Finnish, Swedish and English: pages, mails, and what organisers published."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path

from babel.messages.pofile import read_po
from django.template import TemplateDoesNotExist

from backend import translations
from backend.config import ROOT
from backend.core.i18n import LANGUAGES, Text
from backend.doctor.line import Line, bad, ok, warn
from catalogue import queries as catalogue
from catalogue import rules
from catalogue.models import Practice
from events import queries as events
from notifications import kinds, rendering
from registrations.queries import form_of

SHOWN = 5  # names in a line; the count tells the rest


def words(at: datetime) -> Iterator[Line]:
    """Tell whether every word of the pages and every mail exists in the three languages."""
    if missing := unfinished():
        yield bad(f"Languages: {'; '.join(missing)}.")
    else:
        yield ok("Languages: every word of the pages.")
    if unsaid := list(_unsaid()):
        yield bad(f"Languages: mails that cannot be written: {', '.join(unsaid)}.")
    else:
        yield ok(f"Languages: all {len(kinds.all_kinds())} kinds of mail.")


def unfinished(root: Path = ROOT) -> list[str]:
    """List the catalogues in which a text has not been translated, or only guessed at."""
    return [
        f"{count} texts in {path.relative_to(root)}"
        for path in translations.catalogues(root)
        if (count := _untranslated(path))
    ]


def _untranslated(path: Path) -> int:
    with path.open("rb") as file:
        entries = [entry for entry in read_po(file) if entry.id]
    return sum(entry.fuzzy or not all(_forms(entry.string)) for entry in entries)


def _forms(string: str | Iterable[str] | None) -> list[str]:
    """List what a word is translated to: one text, or one for each number."""
    return [string or ""] if string is None or isinstance(string, str) else list(string)


def _unsaid() -> Iterator[str]:
    for kind in kinds.all_kinds():
        for language in LANGUAGES:
            try:
                rendering.sample(kind, language)
            except TemplateDoesNotExist:
                yield f"{kind.key} ({language})"


def published(at: datetime) -> Iterator[Line]:
    """Tell which published texts lack a language; readers see another one there, marked as such."""
    lacking = [f"{name} ({', '.join(missing)})" for name, missing in _lacking() if missing]
    if lacking:
        more = f" and {len(lacking) - SHOWN} more" if len(lacking) > SHOWN else ""
        yield warn(f"Languages: missing from {', '.join(lacking[:SHOWN])}{more}.")
    else:
        yield ok("Languages: everything that has been published.")


def _lacking() -> Iterator[tuple[str, list[str]]]:
    for series in events.published_series():
        yield f"series {series.slug}", _missing(series.title, series.lead)
        yield f"form of {series.slug}", _missing(*form_of(series).texts())
    for event in events.public_events():
        texts = (event.title, event.description, event.place, event.when_note, event.cancel_reason)
        yield f"event {event.slug}", _missing(*texts)
    for version in events.latest_versions().select_related("event"):
        items = [item for told in version.items for item in (told["title"], told["abstract"])]
        yield f"programme of {version.event.slug}", _missing(*map(Text.from_dict, items))
    for practice in catalogue.published():
        yield f"practice {practice.slug}", _missing(*_texts_of(practice))
    for story in catalogue.stories():
        yield f"story {story.slug}", _missing(story.title, story.summary)
    for alliance in catalogue.alliances():
        yield f"alliance {alliance.slug}", _missing(alliance.name, alliance.summary)


def _texts_of(practice: Practice) -> list[Text]:
    return [Text.of(practice.published, name) for name in rules.TEXTS] if practice.published else []


def _missing(*texts: Text) -> list[str]:
    """Name the languages in which something is not said that is said in another one."""
    said = [text for text in texts if any(part.strip() for _language, part in text)]
    return [language for language in LANGUAGES if any(language in text.missing for text in said)]
