"""What keeps a wording from being taken into use: every reason at once, each beside its field."""

from collections.abc import Iterator, Mapping
from typing import Final

from django.utils.translation import gettext

from backend.core.errors import Refusal
from backend.core.i18n import LANGUAGES, Language, Text
from backend.core.text import one_line
from notifications.frame import frame
from notifications.kinds import Kind, essential_to, placeholders_of
from notifications.links import links_of
from notifications.placeholders import Placeholder, halves, strangers
from notifications.wordings import filling
from notifications.wordings.parsing import Parsed, parsed

SUBJECT_LENGTH: Final = 60  # what a phone shows
BODY_SIZE: Final = 80_000  # as HTML: Gmail cuts a mail at 102 kB, and facts may be longer than the samples


class WordingIncomplete(Refusal):
    """The wording cannot be taken into use as it stands."""

    code = "wording-incomplete"


def must_lead_to(kind: Kind) -> frozenset[str]:
    """Name the links without which a mail of this kind would be of no use."""
    return frozenset(one.link for one in essential_to(kind) if one.link)


def problems_of(kind: Kind, *, subject: Text, body: Text) -> dict[str, list[str]]:
    """Say everything that is wrong, by field (``subject.fi``); nothing wrong gives nothing."""
    known = placeholders_of(kind)
    found: dict[str, list[str]] = {}
    for language in LANGUAGES:
        line, text = getattr(subject, language), getattr(body, language)
        read = parsed(line, text, known)
        found[f"subject.{language}"] = list(_of_subject(line, read, kind=kind, language=language))
        found[f"body.{language}"] = list(_of_body(text, read, kind=kind, language=language))
    return {field: sentences for field, sentences in found.items() if sentences}


def _of_subject(typed: str, read: Parsed, *, kind: Kind, language: Language) -> Iterator[str]:
    if not typed.strip():
        yield gettext("The subject line is missing.")
        return
    if "\n" in typed.strip():
        yield gettext("A subject line is one line.")
    yield from _unknown(typed, placeholders_of(kind))
    yield from _complaints(read, {"not_in_subject"})
    line = sample_subject(read, kind=kind, language=language)
    if not line:
        yield gettext("With the sample data the subject line is empty.")
    elif len(line) > SUBJECT_LENGTH:
        sentence = gettext(
            "With the sample data the subject line is %(length)d characters long. It may be %(limit)d."
        )
        yield sentence % {"length": len(line), "limit": SUBJECT_LENGTH}


def sample_subject(read: Parsed, *, kind: Kind, language: Language) -> str:
    """Fill a subject line with the sample data of its kind."""
    try:
        return one_line(filling.subject(read, _sample_facts(kind, language)))
    except filling.Unfillable:
        return ""


def _sample_facts(kind: Kind, language: Language) -> filling.Facts:
    draft = kind.sample(language)
    return filling.Facts(context=draft.context, links=links_of(draft), language=language)


def _of_body(typed: str, read: Parsed, *, kind: Kind, language: Language) -> Iterator[str]:
    if not typed.strip():
        yield gettext("The text is missing.")
        return
    yield from _unknown(typed, placeholders_of(kind))
    yield from _complaints(read, {"link_in_link", "bad_address", "not_alone"})
    for one in essential_to(kind):
        if one.name not in read.used:
            sentence = gettext("The text must hold %(placeholder)s.")
            yield sentence % {"placeholder": one.written}
    if _sample_size(read, kind=kind, language=language) > BODY_SIZE:
        yield gettext("The mail would be so long that mail programs cut its end off. Make the text shorter.")


def _sample_size(read: Parsed, *, kind: Kind, language: Language) -> int:
    """Measure the HTML of the body; many short paragraphs are much longer than what is typed."""
    try:
        body = filling.document(read, _sample_facts(kind, language))
    except filling.Unfillable:
        return 0
    return len(body.html(frame().styles).encode())


def _unknown(typed: str, known: tuple[Placeholder, ...]) -> Iterator[str]:
    for name, near in strangers(typed, known):
        facts = {"name": f"{{{name}}}", "near": near}
        if near:
            yield gettext("There is no placeholder %(name)s. Did you mean %(near)s?") % facts
        else:
            yield gettext("There is no placeholder %(name)s.") % facts
    for half, meant in halves(typed, known):
        yield gettext("“%(half)s” lacks a brace. Write %(meant)s.") % {"half": half, "meant": meant}


def _complaints(read: Parsed, codes: set[str]) -> Iterator[str]:
    sentences: Mapping[str, str] = {
        "not_in_subject": gettext("%(about)s cannot stand in a subject line."),
        "link_in_link": gettext("%(about)s is a link itself and cannot stand in the text of a link."),
        "bad_address": gettext("“%(about)s” is no web address. Write it whole, with https:// in front."),
        "not_alone": gettext("%(about)s is a list: put it on a line of its own, with empty lines around it."),
    }
    for code, about in read.complaints:
        if code in codes:
            yield sentences[code] % {"about": about}
