"""Who gets a text message beside the mail: whoever would otherwise stand before a closed door. Pure."""

from collections.abc import Iterable
from datetime import datetime, timedelta

WITHIN = timedelta(hours=48)  # before the start: a mail may be read too late


def is_short_before(starts_at: datetime, *, at: datetime) -> bool:
    """Tell whether what is called off now would have started so soon that a mail may be read too late."""
    return at < starts_at < at + WITHIN


def once_for_each_number(numbers: Iterable[tuple[int, str]]) -> dict[int, str]:
    """Keep the first of those who gave the same number: one phone is told once."""
    found: dict[int, str] = {}
    seen: set[str] = set()
    for one, number in numbers:
        if number not in seen:
            seen.add(number)
            found[one] = number
    return found
