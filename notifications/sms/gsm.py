"""What fits into a text message: the alphabet of GSM 03.38, its septets and its segments. Pure.

One character outside of that alphabet makes a message cost more than twice as much, so whatever there is no
letter for becomes the nearest one.
"""

import unicodedata
from collections.abc import Callable
from typing import Final

from backend.core.text import one_line, shortened

_BASIC: Final = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED: Final = frozenset("^{}\\[~]|€")  # two septets each, which must not be torn apart
_NEAREST: Final = str.maketrans(
    {
        **dict.fromkeys("–—‒―‐‑−•·", "-"),
        **dict.fromkeys("“”„«»″", '"'),
        **dict.fromkeys("‘’‚´`′ʼ", "'"),
        "…": "...",
        "đ": "d",
        "Đ": "D",
        "ŋ": "n",
        "Ŋ": "N",
        "ŧ": "t",
        "Ŧ": "T",
        "ı": "i",
        "ł": "l",
        "Ł": "L",
        "œ": "oe",
        "Œ": "OE",
        "ð": "d",
        "Ð": "D",
        "þ": "th",
        "Þ": "Th",
        "ẞ": "SS",
    }
)
ALONE, JOINED = 160, 153  # septets of a message that stands alone, and of each part of a longer one
MOST = 2  # segments that one of our messages may have


def gsm7(text: str) -> str:
    """Write a text in the alphabet of phones: one line, the nearest letter where there is none."""
    line = one_line(text).translate(_NEAREST)
    return one_line("".join(_letter(one) for one in line))


def _letter(one: str) -> str:
    if one in _BASIC or one in _EXTENDED:
        return one
    plain = "".join(c for c in unicodedata.normalize("NFKD", one) if not unicodedata.combining(c))
    if plain and plain != one:
        return "".join(_letter(c) for c in plain)
    return "?" if unicodedata.category(one)[0] in "LN" else ""  # pictures are left out


def septets(text: str) -> int:
    """Count what a text of that alphabet takes."""
    return sum(2 if one in _EXTENDED else 1 for one in text)


def segments(text: str) -> int:
    """Count the messages that a provider charges for."""
    if septets(text) <= ALONE:
        return 1
    count, room = 1, JOINED
    for one in text:
        size = septets(one)
        if size > room:
            count, room = count + 1, JOINED
        room -= size
    return count


def fitted(say: Callable[[str], str], words: str) -> str:
    """Say it with as much of these words as two segments hold; ``ValueError`` where none of them fits."""
    text = gsm7(say(words))
    limit = len(words)
    while segments(text) > MOST:
        limit -= 1
        if limit < 1:
            raise ValueError("This does not fit into a text message.")
        text = gsm7(say(shortened(words, limit=limit)))
    return text
