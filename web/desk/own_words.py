"""An organiser's own words as the desk shows them: what they may name, and the mail with made-up facts."""

from backend.core.i18n import as_language, current
from notifications import kinds, rendering
from notifications.kinds import Kind
from notifications.models import Wording
from notifications.rendering import Rendered
from notifications.wordings import Unfillable
from registrations.actions.rule_words import reads_in


def names_of(kind: Kind) -> list[tuple[str, str, str]]:
    """Tell what the words may name: as it is typed, what it means, and what stands there in the picture."""
    sample = kind.sample(current())
    found = []
    for one in kinds.placeholders_of(kind):
        fact = sample.context.get(one.fact) if one.fact else ""
        found.append((one.written, str(one.meaning), fact if isinstance(fact, str) else ""))
    return found


def with_sample(kind: Kind, wording: Wording | None, language: str) -> Rendered | None:
    """Make the mail with made-up facts; None where the words of this language cannot be read yet."""
    if wording is None or not reads_in(wording, language):
        return None
    try:
        return rendering.in_own_words(kind.sample(as_language(language)), wording)
    except Unfillable:
        return None
