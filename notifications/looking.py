"""A mail as somebody else than its reader may look at it: every word, no personal address."""

import re
from dataclasses import replace

from backend.core.i18n import Language
from backend.core.links import token_for
from notifications import preferences
from notifications.drafts import Draft
from notifications.kinds import Kind, placeholders_of
from notifications.models import Message, Wording
from notifications.placeholders import Placeholder
from notifications.rendering import Rendered, in_own_words, render
from notifications.wordings import Unfillable
from notifications.wordings.filling import Facts

LEFT_OUT = "[…]"


def for_others(message: Message | Draft) -> Rendered:
    """Make the mail its reader gets, without the personal addresses in it."""
    made = render(message)
    return replace(made, text=_blank(made.text, message), html=_blank(made.html, message))


def sample_mail(kind: Kind, wording: Wording | None, *, language: Language) -> Rendered:
    """Make a mail of this kind with made-up facts; where its own words cannot be filled, with Vipu's."""
    draft = kind.sample(language)
    if wording and getattr(wording, f"subject_{language}") and getattr(wording, f"body_{language}"):
        try:
            return in_own_words(draft, wording)
        except Unfillable:
            pass
    return render(draft)


def samples_of(kind: Kind, *, language: Language) -> list[tuple[Placeholder, str]]:
    """List what the words of a kind may name, each with what stands there in the made-up mail, if a line."""
    facts = Facts(context=kind.sample(language).context, links={}, language=language)
    return [(one, _example(one, facts)) for one in placeholders_of(kind)]


def _example(placeholder: Placeholder, facts: Facts) -> str:
    """Give the line that stands there, or what the button says; empty for paragraphs and lists."""
    if placeholder.link:
        return placeholder.label.in_language(facts.language)
    if placeholder.block or (placeholder.fact and placeholder.fact not in facts.context):
        return ""
    return facts.line(placeholder)


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
