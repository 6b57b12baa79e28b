"""What a key may be: pure decisions, without database, clock or request."""

from datetime import timedelta

from backend.core.errors import Refusal
from backend.core.i18n import _
from backend.core.text import has_control_characters, one_line

NAME_LIMIT = 100
LONGEST_LIFE = timedelta(days=366)


class NeedsCorrecting(Refusal):
    """Something typed cannot be kept as it is."""

    code = "invalid"
    status = 400


def checked_name(name: str) -> str:
    """Take the name of a key, so that its owner recognises it later."""
    clean = one_line(name)
    if not clean or len(clean) > NAME_LIMIT or has_control_characters(name):
        sentence = _("Give the key a name of 1 to 100 characters.")
        raise NeedsCorrecting(sentence, fields={"name": [sentence]})
    return clean


def checked_life(days: int) -> timedelta:
    """Take the life of a key: every key ends, so a forgotten one stops working."""
    life = timedelta(days=days)
    if not timedelta(days=1) <= life <= LONGEST_LIFE:
        sentence = _("A key works for 1 to 366 days.")
        raise NeedsCorrecting(sentence, fields={"days": [sentence]})
    return life
