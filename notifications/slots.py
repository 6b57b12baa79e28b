"""What differs from reader to reader, kept apart: a mail is made once for all whose other facts are the same.

A slot is a word that stands in the place of a value while the mail is made; it has letters and digits only,
so nothing on the way changes it, and it cannot be guessed, so nobody can type one.
"""

import re
import secrets
import unicodedata
from collections.abc import Iterable, Mapping

from backend.core.text import one_line
from notifications.drafts import Json

_MARK = f"Slot{secrets.token_hex(8)}x"
_SLOT = re.compile(f"({_MARK}[a-z0-9]+Z)")
_PERSONAL = ("name", "registered_by", "giver")  # facts of which each reader has another

type Pieces = tuple[str, ...]  # text and slots in turn


def taken_out(facts: Mapping[str, Json]) -> tuple[dict[str, Json], dict[str, str]]:
    """Put slots in the place of what is personal; gives the facts all share, and the value of each slot.

    What is empty stays, since wordings ask for it; what is more than one plain line stays too, since only
    Markdown knows how to show it.
    """
    values = {
        slot(name): value
        for name in _PERSONAL
        if isinstance(value := facts.get(name), str) and _plain_line(value)
    }
    return {name: slot(name) if slot(name) in values else fact for name, fact in facts.items()}, values


def slot(name: str) -> str:
    """Name the slot of a fact or a link; ``_`` would mean something in Markdown."""
    return f"{_MARK}{name.replace('_', '')}Z"


def pieces(text: str) -> Pieces:
    """Cut a made text at its slots."""
    return tuple(_SLOT.split(text))


def filled(parts: Iterable[str], values: Mapping[str, str]) -> str:
    """Put the values in."""
    return "".join(values.get(part, part) for part in parts)


def _plain_line(value: str) -> bool:
    return bool(value) and value == one_line(value) and not any(map(_unseen, value))


def _unseen(character: str) -> bool:
    return unicodedata.category(character).startswith("C")
