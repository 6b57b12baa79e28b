"""A mail as somebody else than its reader may look at it: every word, no personal address."""

import re
from dataclasses import replace

from backend.core.links import token_for
from notifications import preferences
from notifications.drafts import Draft
from notifications.models import Message
from notifications.rendering import Rendered, render

LEFT_OUT = "[…]"


def for_others(message: Message | Draft) -> Rendered:
    """Make the mail its reader gets, without the personal addresses in it."""
    made = render(message)
    return replace(made, text=_blank(made.text, message), html=_blank(made.html, message))


def _blank(words: str, message: Message | Draft) -> str:
    for token in _tokens(message):
        words = re.sub(rf"""[^\s"'<>]*{re.escape(token)}[^\s"'<>]*""", LEFT_OUT, words)
    return words


def _tokens(message: Message | Draft) -> list[str]:
    if isinstance(message, Message):
        pairs = [(link["purpose"], link["seed"]) for link in message.links.values()]
    else:
        pairs = [(link.purpose, link.seed) for link in message.links.values()]
    return [*(token_for(*pair) for pair in pairs), preferences.token(message)]
