"""What people type stays text: in every mail, on every page (T41)."""

from collections.abc import Iterator, Mapping
from copy import copy
from datetime import datetime
from html.parser import HTMLParser
from typing import Any

import pytest
from django.db import models
from django.test import Client

from backend.core.i18n import LANGUAGES, Text
from catalogue.models import PracticeVersion
from events.models import Event, EventSeries, ProgrammeVersion, Session, SessionSpeaker, Speaker
from notifications import kinds
from notifications.kinds import placeholders_of
from notifications.models import Message, Wording
from notifications.rendering import in_own_words, render
from registrations.models import Attendee
from tests.security.expectations import routes
from tests.security.letters import every_kind
from tests.security.matrix import address, every_route
from tests.security.world import House

HARMLESS = "Aino Esimerkki"
TYPED = (
    '<b>Aino</b><img src=x onerror=alert(1)><a href="https://evil.example">x</a>',
    "[Vahvista](https://evil.example/) ![x](https://evil.example/x.png)",
    "<https://evil.example> [x]: https://evil.example",
    "https://evil.example/ www.evil.example mailto:evil@evil.example",
    "Aino \u202ereverse\u202c \u200b\ufeff\u2066x\u2069",
    "{{7*7}} {% now 'Y' %} {event.__class__} %(name)s {0.__class__} ${7*7}",
    "# Otsikko | --- | `x` ***x*** ~~x~~ - 1. > &lt;b&gt;",
    "\\](https://evil.example) `` ``` \\\\[x](//evil.example)",
)
PEOPLES = {
    "name",
    "title",
    "series",
    "organisers",
    "place",
    "who",
    "reason",
    "summary",
    "short_title",
    "event",
}
BREAKS_OUT = (
    "zq\"'><zq-evil zqon=1 onload=alert(1)></script></title></textarea><zq-evil>"
    "<a href='https://evil.example'>x</a>{{7*7}}"
)


class Structure(HTMLParser):
    """The tags of a page in their order, with every address they lead to."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.addresses: list[str] = []
        self.attributes: set[str] = set()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        for name, value in attrs:
            self.attributes.add(name)
            if name in {"href", "src", "action", "formaction", "data", "srcset", "poster"}:
                self.addresses.append(value or "")


# --- Mails ------------------------------------------------------------------------------------------


def test_no_words_become_links_or_tags_in_any_mail(houses: tuple[House, House], noon: datetime) -> None:
    letters = every_kind(houses[0], at=noon)

    changed = [
        f"{kind} {language}: {typed}"
        for kind, message in letters.items()
        for language in LANGUAGES
        for typed in TYPED
        if _shape(message, language, typed) != _shape(message, language, HARMLESS)
    ]

    assert changed == []


def test_no_words_become_links_or_tags_in_the_own_words_of_an_organiser(
    houses: tuple[House, House], noon: datetime
) -> None:
    letters = every_kind(houses[0], at=noon)
    own = {kind: _all_that_can_be_said(kind) for kind in letters}

    changed = [
        f"{kind} {language}: {typed}"
        for kind, message in letters.items()
        for language in LANGUAGES
        for typed in TYPED
        if _shape(message, language, typed, own[kind]) != _shape(message, language, HARMLESS, own[kind])
    ]

    assert changed == []


def test_nothing_that_an_organiser_types_is_worked_out_or_leads_where_it_may_not(
    houses: tuple[House, House], noon: datetime
) -> None:
    letters = every_kind(houses[0], at=noon)

    for kind, message in letters.items():
        plain = Structure(in_own_words(message, _all_that_can_be_said(kind)).html)
        for typed in TYPED:
            hostile = _all_that_can_be_said(kind, more=typed)
            found = Structure(in_own_words(message, hostile).html)
            led = [one for one in found.addresses if one not in plain.addresses]
            assert all(one.startswith("https://evil.example") for one in led)  # typed as Markdown, whole
            assert {"img", "script", "b"}.isdisjoint(found.tags)
        said = in_own_words(message, _all_that_can_be_said(kind, more=TYPED[5])).text
        assert "{% now 'Y' %} {event." in said
        assert said.count("49") == in_own_words(message, _all_that_can_be_said(kind)).text.count("49")


def _all_that_can_be_said(kind: str, *, more: str = "") -> Wording:
    """An organiser's words that name everything the kind has: alone, in bold, and in the words of a link."""
    known = [one for one in placeholders_of(kinds.get(kind)) if not one.sometimes]
    texts = [one for one in known if not one.link and not one.block]
    labels = "".join(one.written for one in texts)
    paragraphs = [*(one.written for one in known), f"**{labels}** [{labels}](https://example.org/)", more]
    line, body = f"x {labels}", "\n\n".join(paragraphs)
    columns = {**Text(line, line, line).columns("subject"), **Text(body, body, body).columns("body")}
    return Wording(kind=kind, scope="series:0", version=1, **columns)


def test_nothing_in_a_mail_is_worked_out(houses: tuple[House, House], noon: datetime) -> None:
    letters = every_kind(houses[0], at=noon)
    typed = TYPED[5]

    for message in letters.values():
        mail = render(_with(message, "fi", typed))
        harmless = render(_with(message, "fi", HARMLESS))
        for part, plain in ((mail.subject, harmless.subject), (mail.text, harmless.text)):
            assert part.count("49") == plain.count("49")
        assert "{{7*7}}" in mail.text
        assert "\u202e" not in render(_with(message, "fi", TYPED[4])).text


def test_no_words_break_the_line_of_a_header(houses: tuple[House, House], noon: datetime) -> None:
    letters = every_kind(houses[0], at=noon)

    subjects = [
        render(_with(one, "en", "Aino\r\nBcc: evil@evil.example")).subject for one in letters.values()
    ]

    assert [one for one in subjects if "\n" in one or "\r" in one] == []


def _shape(
    message: Message, language: str, typed: str, own: Wording | None = None
) -> tuple[list[str], list[str]]:
    told = _with(message, language, typed)
    found = Structure((in_own_words(told, own) if own else render(told)).html)
    return found.tags, found.addresses


def _with(message: Message, language: str, typed: str) -> Message:
    """The same message, with these words wherever a person's words stand."""
    changed = copy(message)
    changed.language = language
    changed.context = _replaced(message.context, typed)
    return changed


def _replaced(facts: Any, typed: str, *, name: str = "") -> Any:  # noqa: ANN401 - any JSON
    if isinstance(facts, Mapping):
        return {key: _replaced(value, typed, name=key) for key, value in facts.items()}
    if isinstance(facts, list):
        return [_replaced(value, typed, name=name) for value in facts]
    if isinstance(facts, str) and facts and (name in PEOPLES or name == "message"):
        return typed
    return facts


# --- Pages ------------------------------------------------------------------------------------------


@pytest.fixture
def poisoned(houses: tuple[House, House]) -> House:
    """A house in which every text that somebody typed tries to break out of its place."""
    everywhere: tuple[Any, ...] = (EventSeries, Event, Session, Speaker, SessionSpeaker, Attendee)
    for model in (*everywhere, PracticeVersion, Message):
        model.objects.update(**_poison(model))
    for version in ProgrammeVersion.objects.all():
        version.items = _everywhere(version.items)
        version.save()
    for message in Message.objects.all():
        message.context = _replaced(message.context, BREAKS_OUT)
        message.save()
    return houses[0]


def _poison(model: type[models.Model]) -> dict[str, str]:
    texts = (
        "title",
        "lead",
        "description",
        "place",
        "abstract",
        "bio",
        "summary",
        "results",
        "effects",
        "scaling",
    )
    exact = {"name", "organisation", "role", "wish", "organisers", "partners", "headline", "title"}
    return {
        field.name: BREAKS_OUT[: getattr(field, "max_length", None) or 500]
        for field in model._meta.fields  # noqa: SLF001 - Django's documented way to list columns
        if field.name in exact or field.name.rpartition("_")[0] in texts
        if isinstance(field, models.CharField | models.TextField)
    }


def _everywhere(items: Any) -> Any:  # noqa: ANN401 - any JSON
    if isinstance(items, dict):
        free = {"fi", "sv", "en", "name", "organisation"}
        return {
            key: BREAKS_OUT if key in free and isinstance(value, str) and value else _everywhere(value)
            for key, value in items.items()
        }
    return [_everywhere(one) for one in items] if isinstance(items, list) else items


def test_no_words_become_a_part_of_any_page(poisoned: House) -> None:
    seen = 0
    broken: list[str] = []
    for role in ("organiser", "reviewer"):
        client = poisoned.signed_in(role)
        for where, html in _pages(client, poisoned):
            found = Structure(html)
            seen += "zq-evil" in html
            if "zq-evil" in found.tags or {"zqon", "onload", "onerror"} & found.attributes:
                broken.append(f"{role} {where}: tags")
            if any("evil.example" in one or one.startswith("javascript:") for one in found.addresses):
                broken.append(f"{role} {where}: addresses")

    assert broken == []
    assert seen > 40  # the words are really on the pages, as text


def _pages(client: Client, house: House) -> Iterator[tuple[str, str]]:
    for route in every_route():
        if (
            route.is_api
            or "GET" not in routes()[route.line]
            or route.name.startswith(("admin:", "mfa_", "account_"))
        ):
            continue
        where = address(route, house)
        answer = client.get(where)
        if answer.headers.get("Content-Type", "").startswith("text/html"):
            yield route.name, answer.content.decode()
