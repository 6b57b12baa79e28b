"""What an organiser's own words may name: facts of the message, lists made by us, and its own links.

Placeholders are found by one small pattern and never evaluated: a name is either in the list of its kind or
stays the letters that were typed.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Final

from backend.core.errors import Sentence
from backend.core.i18n import Text

LINK: Final = "link:"
_NO_LABEL: Final = Text()
_BRACES: Final = re.compile(r"(?<!\\)\{([^{}\n]{0,60})\}")
_HALF: Final = re.compile(r"(?<!\\)\{[ ]?((?:link:)?\w{1,60})|((?:link:)?\w{1,60})[ ]?(?<!\\)\}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Placeholder:
    """One name between braces; exactly one of ``fact``, ``link`` and ``part`` says what stands there.

    A kind has it when its sample holds what it ``needs``. ``sometimes`` means that a message may have
    nothing to say here; then the paragraph or the item of a list that names it is left out. ``essential``
    means that the mail would be wrong or of no use without it.
    """

    name: str
    meaning: Sentence
    fact: str = ""  # a text of the message's facts
    link: str = ""  # a link of the message
    label: Text = _NO_LABEL  # what the button of the link says
    part: str = ""  # a template of ours, without ``.fi.md``, that says it in words
    block: bool = False  # the part is paragraphs or a list: it stands alone
    needs: str = ""
    sometimes: bool = False
    essential: bool = False

    @property
    def source(self) -> str:
        """The fact or link that a kind's sample must hold, so that the kind has this placeholder."""
        return self.needs or self.fact or self.link or self.name

    @property
    def written(self) -> str:
        """The placeholder as it is typed."""
        return f"{{{self.name}}}"


@dataclass(frozen=True, slots=True)
class Slot:
    """A placeholder found in a text; ``address`` when only the address of the link is meant."""

    placeholder: Placeholder
    address: bool = False


type Piece = str | Slot


def scan(source: str, known: Sequence[Placeholder]) -> Iterator[Piece]:
    """Take a text apart into what was typed and the placeholders of this list."""
    by_name = {one.name: one for one in known}
    end = 0
    for found in _BRACES.finditer(source):
        if slot := _slot(found[1].strip(), by_name):
            yield from (source[end : found.start()], slot)
            end = found.end()
    yield source[end:]


def strangers(source: str, known: Sequence[Placeholder]) -> list[tuple[str, str]]:
    """Name what stands between braces and is no placeholder, each with the one that was probably meant."""
    by_name = {one.name: one for one in known}
    typed = dict.fromkeys(found[1].strip() for found in _BRACES.finditer(source))
    return [(name, _nearest(name, by_name)) for name in typed if _slot(name, by_name) is None]


def halves(source: str, known: Sequence[Placeholder]) -> list[tuple[str, str]]:
    """Find placeholders that lack one of their braces, each with what was meant."""
    by_name = {one.name: one for one in known}
    rest = _BRACES.sub(" ", source)
    found = dict.fromkeys((one[0].strip(), one[1] or one[2]) for one in _HALF.finditer(rest))
    return [(typed, f"{{{name}}}") for typed, name in found if _slot(name, by_name)]


def _slot(name: str, by_name: dict[str, Placeholder]) -> Slot | None:
    address = name.startswith(LINK)
    placeholder = by_name.get(name.removeprefix(LINK))
    if placeholder is None or (address and not placeholder.link):
        return None
    return Slot(placeholder, address=address)


def _nearest(name: str, by_name: dict[str, Placeholder]) -> str:
    prefix = LINK if name.startswith(LINK) else ""
    near = get_close_matches(name.removeprefix(LINK).casefold(), list(by_name), n=1, cutoff=0.6)
    return f"{{{prefix if by_name[near[0]].link else ''}{near[0]}}}" if near else ""
