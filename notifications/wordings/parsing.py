"""An organiser's Markdown, parsed once for each text: the places of placeholders are tokens, never text.

Values come in afterwards, as the content of text tokens. They are never read as Markdown, so nothing that
people typed can become a link or a tag, wherever the placeholder stands.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final
from urllib.parse import quote

from markdown_it import MarkdownIt
from markdown_it.token import Token

from notifications.markdown import seen
from notifications.placeholders import Piece, Placeholder, Slot, scan

SLOT: Final = "slot"
_md = (
    MarkdownIt("commonmark", {"html": False, "linkify": False})
    .enable("table")
    .disable(["image", "code", "fence", "backticks"])
)
_FIRST: Final = 0xE000  # private characters stand for the placeholders while the Markdown is read
_MARKS: Final = re.compile("([\ue000-\uefff])")
_WEB: Final = re.compile(r"https?://[^/?#\s]", re.IGNORECASE)
_UNITS: Final = ("tr_open", "paragraph_open", "heading_open")


@dataclass(frozen=True, slots=True)
class Parsed:
    """A subject line in pieces and a body in tokens; ``complaints`` names what was wrong (see ``checking``).

    ``units`` says for each inline token with placeholders which tokens go when it has nothing to say.
    """

    subject: tuple[Piece, ...]
    tokens: tuple[Token, ...]
    units: dict[int, range]
    complaints: tuple[tuple[str, str], ...]
    used: frozenset[str]  # names of the placeholders in the body


@lru_cache(maxsize=512)
def parsed(subject: str, body: str, known: tuple[Placeholder, ...]) -> Parsed:
    """Read a wording; whatever is wrong in it is harmless text in the result, and is complained of."""
    return _Reader(known).read(subject, body)


class _Reader:
    """Reads one wording."""

    def __init__(self, known: Sequence[Placeholder]) -> None:
        self.known = known
        self.slots: list[Slot] = []
        self.complaints: dict[tuple[str, str], None] = {}
        self.used: set[str] = set()

    def read(self, subject: str, body: str) -> Parsed:
        line = tuple(self._subject(scan(seen(subject), self.known)))
        source = "".join(self._mark(piece) for piece in scan(seen(body), self.known))
        tokens = _md.parse(source)
        for place, token in enumerate(tokens):
            if token.type == "inline":
                token.children = list(self._inline(token.children or []))
                self._blocks_stand_alone(tokens, place)
        units = {place: _unit(tokens, place) for place, token in enumerate(tokens) if _slots(token)}
        return Parsed(line, tuple(tokens), units, tuple(self.complaints), frozenset(self.used))

    def _complain(self, code: str, about: str) -> None:
        self.complaints[code, about] = None

    def _subject(self, pieces: Iterable[Piece]) -> Iterator[Piece]:
        for piece in pieces:
            if isinstance(piece, Slot) and (piece.placeholder.link or piece.placeholder.block):
                self._complain("not_in_subject", piece.placeholder.written)
            else:
                yield piece

    def _mark(self, piece: Piece) -> str:
        if isinstance(piece, str):
            return piece
        if piece not in self.slots:
            self.slots.append(piece)
        return chr(_FIRST + self.slots.index(piece))

    def _inline(self, children: Iterable[Token]) -> Iterator[Token]:
        inside, dropped = False, False
        for child in children:
            if child.type == "link_open":
                inside, dropped = True, not self._leads_somewhere(child)
            if child.type == "link_close":
                inside = False
            if child.type == "text":
                yield from self._pieces(child, inside=inside)
            elif not (dropped and child.type.startswith("link_")):
                yield child

    def _pieces(self, text: Token, *, inside: bool) -> Iterator[Token]:
        for part in filter(None, _MARKS.split(text.content)):
            slot = self._slot(part)
            if slot is None:
                yield Token("text", "", 0, content=part)
            elif slot.placeholder.link and inside:
                self._complain("link_in_link", slot.placeholder.written)
            else:
                self.used.add(slot.placeholder.name)
                yield Token(SLOT, "", 0, meta={SLOT: slot})

    def _slot(self, mark: str) -> Slot | None:
        """Find what a mark stands for; a private character that came in as ``&#xe000;`` may be none."""
        number = ord(mark) - _FIRST if _MARKS.fullmatch(mark) else len(self.slots)
        return self.slots[number] if number < len(self.slots) else None

    def _leads_somewhere(self, link: Token) -> bool:
        """Accept the message's own links and addresses of the web; take titles away."""
        href = str(link.attrGet("href") or "")
        link.attrs.pop("title", None)
        slot = next((one for n, one in enumerate(self.slots) if href == quote(chr(_FIRST + n))), None)
        if slot and slot.placeholder.link:
            link.meta = {SLOT: slot}
            self.used.add(slot.placeholder.name)
            return True
        if _WEB.match(href) and not any(quote(chr(_FIRST + n)) in href for n in range(len(self.slots))):
            return True
        readable = href
        for n, one in enumerate(self.slots):
            readable = readable.replace(quote(chr(_FIRST + n)), one.placeholder.written)
        self._complain("bad_address", readable)
        return False

    def _blocks_stand_alone(self, tokens: Sequence[Token], place: int) -> None:
        """A list of ours is a paragraph of its own, outside of lists and tables."""
        token = tokens[place]
        blocks = [slot.placeholder for slot in _slots(token) if slot.placeholder.block]
        children = token.children or []
        alone = len(children) == 1 and tokens[place - 1].type == "paragraph_open" and token.level == 1
        if blocks and not alone:
            self._complain("not_alone", blocks[0].written)
            token.children = [c for c in children if c.type != SLOT or not c.meta[SLOT].placeholder.block]


def _slots(token: Token) -> list[Slot]:
    return [child.meta[SLOT] for child in token.children or () if SLOT in child.meta]


def _unit(tokens: Sequence[Token], place: int) -> range:
    """Find what goes when a placeholder here has nothing to say: the paragraph, the heading or the row."""
    closed = 0
    for start in range(place - 1, -1, -1):
        nesting = tokens[start].nesting
        if nesting > 0 and not closed and tokens[start].type in _UNITS:
            return range(start, _end(tokens, start) + 1)
        closed = max(closed - nesting, 0)
    raise ValueError("words outside of every block")  # no Markdown makes this


def _end(tokens: Sequence[Token], start: int) -> int:
    depth = 0
    for place in range(start, len(tokens)):
        depth += tokens[place].nesting
        if depth == 0:
            return place
    raise ValueError("a block without an end")  # no Markdown makes this
