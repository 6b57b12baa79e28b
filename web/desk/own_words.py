"""An organiser's own words as the desk shows them: what they may name, and how one reader sees them."""

import re

from backend.core.i18n import as_language, current
from backend.core.links import token_for
from notifications import kinds, preferences, rendering
from notifications.drafts import Draft
from notifications.kinds import Kind
from notifications.models import Wording
from notifications.rendering import Rendered
from notifications.wordings import Unfillable


def names_of(kind: Kind) -> list[tuple[str, str, str]]:
    """Tell what the words may name: as it is typed, what it means, and what stands there in the picture."""
    sample = kind.sample(current())
    found = []
    for one in kinds.placeholders_of(kind):
        fact = sample.context.get(one.fact) if one.fact else ""
        found.append((one.written, str(one.meaning), fact if isinstance(fact, str) else ""))
    return found


def with_sample(kind: Kind, wording: Wording | None, language: str) -> Rendered | None:
    """Make the mail with made-up facts; None where the words of this language are not there yet."""
    return read_with(kind.sample(as_language(language)), wording)


def read_with(draft: Draft, wording: Wording | None) -> Rendered | None:
    """Make a mail with these words, in use or not; None where they cannot be read yet."""
    if wording is None:
        return None
    if not all(getattr(wording, f"{part}_{draft.language}").strip() for part in ("subject", "body")):
        return None
    try:
        return rendering.in_own_words(draft, wording)
    except Unfillable:
        return None


def without_own_links(text: str, draft: Draft) -> str:
    """Leave out the addresses that only the reader may open."""
    for link in draft.links.values():
        text = re.sub(rf"\S*{re.escape(token_for(link.purpose, link.seed))}\S*", "[…]", text)
    return text.replace(preferences.address(draft), "[…]")
