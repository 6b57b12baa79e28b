"""The second stage: the facts of one message come into a parsed wording, as text and as nothing else."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from django.template import Context, Engine, Template
from markdown_it.token import Token

from backend.core.i18n import Language
from backend.core.text import one_line, paragraphs
from notifications.drafts import Json
from notifications.markdown import Document, inert, seen
from notifications.placeholders import Placeholder, Slot
from notifications.wordings.parsing import SLOT, Parsed


class Unfillable(Exception):  # noqa: N818 - an answer: Vipu's own words are used instead
    """This message does not have what the wording must say."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What one message knows: its facts as they are, and the full addresses of its links."""

    context: Mapping[str, Json]
    links: Mapping[str, str]
    language: Language

    def line(self, placeholder: Placeholder) -> str:
        """Give the text for a placeholder; empty when this message has nothing to say there."""
        if placeholder.part:
            return self._part(placeholder, dict(self.context)).strip()
        if placeholder.link:
            return self.links.get(placeholder.link, "")
        if placeholder.fact not in self.context:
            raise Unfillable(placeholder.name)
        value = self.context[placeholder.fact]
        return seen(value) if isinstance(value, str) else ""

    def block(self, placeholder: Placeholder) -> list[Token]:
        """Give the paragraphs or the list for a placeholder; they are made by us, with inert values."""
        safe = {name: inert(value) for name, value in self.context.items()}
        safe["links"] = inert(self.links)
        return Document.parse(self._part(placeholder, safe)).tokens

    def _part(self, placeholder: Placeholder, values: Mapping[str, object]) -> str:
        facts = {**values, "language": self.language}
        return str(_part(placeholder.part, self.language).render(Context(facts, autoescape=False)))


@cache
def _part(name: str, language: Language) -> Template:
    return Engine.get_default().get_template(f"{name}.{language}.md")


def subject(parsed: Parsed, facts: Facts) -> str:
    """Fill the subject line; it is plain text, so nothing in it means anything."""
    pieces = (piece if isinstance(piece, str) else facts.line(piece.placeholder) for piece in parsed.subject)
    line = one_line("".join(pieces))
    if not line:
        raise Unfillable("subject")
    return line


def document(parsed: Parsed, facts: Facts, *, must_lead_to: frozenset[str] = frozenset()) -> Document:
    """Fill the body; ``must_lead_to`` names the links without which the mail would be of no use."""
    filler = _Filler(facts)
    tokens = filler.fill(parsed)
    if not must_lead_to <= filler.led_to:
        raise Unfillable(", ".join(sorted(must_lead_to - filler.led_to)))
    return Document(tokens)


class _Filler:
    """Fills one body."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self.out: list[Token] = []
        self.led_to: set[str] = set()

    def fill(self, parsed: Parsed) -> list[Token]:
        skipped: set[int] = set()
        for place, unit in parsed.units.items():
            if not all(map(self._says_something, _slots_of(parsed.tokens[place]))):
                skipped.update(unit)
        for place, token in enumerate(parsed.tokens):
            if place not in skipped:
                self._take(token, has_slots=place in parsed.units)
        return self.out

    def _says_something(self, slot: Slot) -> bool:
        placeholder = slot.placeholder
        return bool(self.facts.block(placeholder) if placeholder.block else self.facts.line(placeholder))

    def _take(self, token: Token, *, has_slots: bool) -> None:
        """Add a token; what has become empty because of what was left out goes too."""
        if token.nesting < 0 and self.out[-1].nesting > 0:
            self.out.pop()
            return
        if not has_slots:
            self.out.append(_copy(token))
            return
        [first, *_] = children = token.children or []
        if first.type == SLOT and first.meta[SLOT].placeholder.block:
            self.out.pop()  # the paragraph that only held its name
            self.out.extend(self.facts.block(first.meta[SLOT].placeholder))
            self.out.append(Token("gap_open", "", 1))  # its closing tag meets this one and both go
            return
        filled = [one for child in children for one in self._inline(child)]
        self.out.append(token.copy(children=filled))

    def _inline(self, child: Token) -> Iterator[Token]:
        slot = child.meta.get(SLOT)
        if slot is None:
            yield _copy(child)
        elif child.type == "link_open":
            yield self._opened(slot.placeholder)
        elif slot.placeholder.link:
            label = slot.placeholder.label.in_language(self.facts.language)
            yield self._opened(slot.placeholder)
            yield _text(self.facts.line(slot.placeholder) if slot.address else label)
            yield Token("link_close", "a", -1)
        else:
            lines = paragraphs(self.facts.line(slot.placeholder)).split("\n")
            for number, line in enumerate(one_line(line) for line in lines if line.strip()):
                if number:
                    yield Token("hardbreak", "br", 0)
                yield _text(line)

    def _opened(self, placeholder: Placeholder) -> Token:
        self.led_to.add(placeholder.link)
        return Token("link_open", "a", 1, attrs={"href": self.facts.line(placeholder)})


def _slots_of(token: Token) -> list[Slot]:
    return [child.meta[SLOT] for child in token.children or () if SLOT in child.meta]


def _copy(token: Token) -> Token:
    """Copy what rendering will write styles into."""
    children = [_copy(child) for child in token.children] if token.children else token.children
    return token.copy(attrs=dict(token.attrs), children=children)


def _text(words: str) -> Token:
    return Token("text", "", 0, content=words)
