"""One Markdown file becomes both halves of a mail, and what people typed stays only text in both."""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Self

from django.utils.html import escape
from django.utils.safestring import SafeString
from markdown_it import MarkdownIt
from markdown_it.token import Token

from backend.core.text import one_line, paragraphs

_md = MarkdownIt("commonmark", {"html": False, "linkify": False}).enable("table").disable(["image", "code"])
_SPAN = re.compile(r"\d[\d.:]*–\d[\d.:]*\d")  # 8.30–10.00 stays on one line
_PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")
_LOOKS = {True: ("td.button", "a.label", "#0B5D44"), False: ("td.second", "a.other", "#FFFFFF")}
_UNSEEN = {"Cc", "Cf", "Cs", "Cn", "Co"}
_JOINERS = "\u200c\u200d"  # they belong to the spelling of some languages, and to emoji


def _words(renderer: object, tokens: Sequence[Token], at: int, *_more: object) -> str:
    """Write words as HTML, without a line break inside a span of time."""
    return _SPAN.sub(r'<span style="white-space: nowrap">\g<0></span>', escape(tokens[at].content))


_md.add_render_rule("text", _words)


class Inert(SafeString):
    """A value as it may stand in Markdown: every sign that could mean something is escaped.

    It still compares as what it was, so that a template can ask ``{% if state == "bounced_soft" %}``.
    """

    raw: str

    @classmethod
    def of(cls, raw: str) -> Self:
        """Make a value inert, whatever it holds."""
        value = cls(_escaped(raw))
        value.raw = raw
        return value

    def __eq__(self, other: object) -> bool:
        return self.raw == (other.raw if isinstance(other, Inert) else other)

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __hash__(self) -> int:
        return hash(self.raw)


def inert(value: object) -> object:
    """Make every text inside a value inert; numbers and yes or no stay as they are."""
    if isinstance(value, str):
        return Inert.of(value)
    if isinstance(value, Mapping):
        return {key: inert(inner) for key, inner in value.items()}
    if isinstance(value, Sequence):
        return [inert(inner) for inner in value]
    return value


def seen(raw: str) -> str:
    """Leave out the characters that nobody sees and that turn lines around."""
    return "".join(c for c in raw if c in "\n\r\t" or c in _JOINERS or unicodedata.category(c) not in _UNSEEN)


def _escaped(raw: str) -> str:
    lines = [one_line(line) for line in paragraphs(seen(raw)).split("\n")]
    blocks = re.split(r"\n{2,}", _PUNCTUATION.sub(r"\\\1", "\n".join(lines).strip("\n")))
    return "\n\n".join(block.replace("\n", "\\\n") for block in blocks)


def plain_line(source: str) -> str:
    """Read one line of Markdown as plain text: the subject line of a mail."""
    return one_line(_inline_text(_md.parseInline(source)[0].children or []))


@dataclass(slots=True)
class Document:
    """A parsed message, ready to be read as text and as HTML."""

    tokens: list[Token]

    @classmethod
    def parse(cls, source: str) -> Self:
        """Read Markdown whose values are inert already."""
        return cls(_md.parse(source))

    @property
    def first_words(self) -> str:
        """The first paragraph, for the line that a list of mails shows after the subject."""
        return next((one_line(_inline_text(t.children or [])) for t in self.tokens if t.type == "inline"), "")

    def text(self) -> str:
        """Give the plain-text half."""
        return _Text().of(self.tokens)

    def html(self, styles: Mapping[str, str], *, css_class: str = "") -> str:
        """Give the HTML half; ``styles`` holds one inlined style for each tag, paragraphs carry the class."""
        tokens = list(_with_buttons(self.tokens, styles))
        for token in tokens:
            if token.type == "paragraph_open" and css_class:
                token.attrSet("class", css_class)
            if token.type == "th_open":
                token.attrSet("scope", "col")  # Markdown knows heads of columns only
            for inner in (token, *(token.children or ())):
                if inner.nesting >= 0 and (style := styles.get(inner.tag)):
                    inner.attrSet("style", style)
        return str(_md.renderer.render(tokens, _md.options, {}))


def _only_link(inline: Token) -> str:
    """Give the address when the paragraph is nothing but one link."""
    children = [child for child in inline.children or [] if child.type != "text" or child.content.strip()]
    if len(children) < 2 or children[0].type != "link_open" or children[-1].type != "link_close":  # noqa: PLR2004 - the two ends
        return ""
    only = sum(child.type == "link_open" for child in children) == 1 and children[0].markup != "autolink"
    return str(children[0].attrGet("href")) if only else ""


def _with_buttons(tokens: Sequence[Token], styles: Mapping[str, str]) -> Iterator[Token]:
    """Turn each paragraph that is only a link into a button with the address readable below it.

    The first is the one that matters most and is filled; the others are outlined.
    """
    rest, first = iter(tokens), True
    for token in rest:
        if token.type != "paragraph_open":
            yield token
            continue
        inline, close = next(rest), next(rest)
        if href := _only_link(inline):
            label = _inline_text(
                [child for child in inline.children or [] if not child.type.startswith("link")]
            )
            button = _button(label=label, href=href, styles=styles, first=first)
            yield Token("html_block", "", 0, content=button)
            first = False
        else:
            yield from (token, inline, close)


def _button(*, label: str, href: str, styles: Mapping[str, str], first: bool) -> str:
    def tag(name: str, attributes: str = "") -> str:
        style = f' style="{escape(styles[name])}"' if name in styles else ""
        element, _, css_class = name.partition(".")
        return f"<{element}{f' class="{css_class}"' if css_class else ''}{attributes}{style}>"

    address = escape(href)
    link = f' href="{address}"'
    bare = ' role="presentation" cellpadding="0" cellspacing="0" border="0"'
    cell, words, ground = _LOOKS[first]
    ground = f' bgcolor="{ground}"'
    return (
        f"{tag('table.action', bare)}<tbody><tr>{tag(cell, ground)}"
        f"{tag(words, link)}{escape(label)}</a></td></tr></tbody></table>\n"
        f"{tag('p.address')}{tag('a', link)}{address}</a></p>\n"
    )


def _inline_text(children: Sequence[Token]) -> str:
    parts: list[str] = []
    href, start = "", 0
    for child in children:
        if child.type == "link_open":
            href, start = str(child.attrGet("href")), len(parts)
        elif child.type == "link_close":
            label = "".join(parts[start:])
            parts[start:] = [href if label in {href, ""} else f"{label} <{href}>"]
        elif child.type == "hardbreak":
            parts.append("\n")
        elif child.type == "softbreak":
            parts.append(" ")
        else:
            parts.append(child.content)
    return "".join(parts)


@dataclass(slots=True)
class _Text:
    """Walks the tokens once and writes what a person would have typed."""

    blocks: list[str] = field(default_factory=list)
    lists: list[int | None] = field(default_factory=list)  # the number of the next item, or None for dashes
    quotes: int = 0
    marker: str = ""
    tight: bool = False
    row: list[str] | None = None  # the cells so far, while inside a row of a table

    def of(self, tokens: Sequence[Token]) -> str:
        for token in tokens:
            if step := getattr(self, f"_{token.type}", None):
                step(token)
        return "".join(self.blocks).strip("\n") + "\n"

    def _bullet_list_open(self, token: Token) -> None:
        self.lists.append(None)

    def _ordered_list_open(self, token: Token) -> None:
        self.lists.append(int(token.attrGet("start") or 1))

    def _bullet_list_close(self, token: Token) -> None:
        self.lists.pop()
        self._part()

    _ordered_list_close = _bullet_list_close

    def _list_item_open(self, token: Token) -> None:
        number = self.lists[-1]
        self.marker = "- " if number is None else f"{number}. "
        self.lists[-1] = None if number is None else number + 1

    def _blockquote_open(self, token: Token) -> None:
        self.quotes += 1

    def _blockquote_close(self, token: Token) -> None:
        self.quotes -= 1

    def _paragraph_open(self, token: Token) -> None:
        self.tight = token.hidden

    def _tr_open(self, token: Token) -> None:
        self.row = []

    def _tr_close(self, token: Token) -> None:
        self.blocks.append(": ".join(cell for cell in self.row or () if cell) + "\n")
        self.row = None

    def _table_close(self, token: Token) -> None:
        self._part()

    def _hr(self, token: Token) -> None:
        self._block("—")

    def _fence(self, token: Token) -> None:
        self._block(token.content.rstrip("\n"))

    def _inline(self, token: Token) -> None:
        text = _inline_text(token.children or [])
        if self.row is not None:
            self.row.append(one_line(text))
            return
        if href := _only_link(token):
            label = text.removesuffix(f" <{href}>")
            text = f"{label}:\n{href}"
        self._block(text)

    def _block(self, text: str) -> None:
        indent = "> " * self.quotes + "  " * max(len(self.lists) - 1, 0)
        hanging = " " * len(self.marker) if self.marker else "  " * bool(self.lists)
        first, *others = text.split("\n")
        lines = [indent + self.marker + first, *(indent + hanging + line for line in others)]
        self.marker = ""
        self.blocks.append("\n".join(lines) + "\n")
        if not (self.lists and self.tight):
            self._part()

    def _part(self) -> None:
        """Leave one empty line, never two."""
        if self.blocks and not self.blocks[-1].endswith("\n\n") and self.blocks[-1] != "\n":
            self.blocks.append("\n")
