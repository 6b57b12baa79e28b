"""Who may come in at a busy door: whoever waited a moment, or whose machine worked for it.

A ticket asks for one of two things. A script finds a number in about a second; a person without scripts waits
ten seconds and presses the button. Neither is a riddle, and neither asks anybody else.
"""

import hashlib
from datetime import datetime, timedelta

from backend.core.errors import TooMany
from backend.core.i18n import _

BITS = 18  # some 260,000 hashes: seconds of one machine, and hours of it for ten thousand registrations
WAIT = timedelta(seconds=10)  # instead of the work
LIVES = timedelta(minutes=30)  # time to read the page in peace
QUICKEST = timedelta(seconds=2)  # nobody reads and fills in a form faster, not even with autofill
OLDEST = timedelta(days=1)
_DIGITS = 16


class OneMoment(TooMany):
    """Nothing is refused for good: the same press goes through with this ticket in a moment."""

    code = "one-moment"

    def __init__(self, ticket: str, *, wait: timedelta = WAIT) -> None:
        seconds = max(1, -(-wait // timedelta(seconds=1)))
        sentence = _("Many are registering just now. Nothing was lost: send the same again in a moment.")
        super().__init__(sentence, retry_after=seconds)
        self.ticket = ticket
        self.members = {
            "challenge": {"ticket": ticket, "algorithm": "SHA-256", "bits": BITS, "wait_seconds": seconds}
        }


def proves(ticket: str, number: str) -> bool:
    """Say whether this number is the work that the ticket asks for."""
    if not (number.isascii() and number.isdigit() and len(number) <= _DIGITS):
        return False
    digest = hashlib.sha256(f"{ticket}:{number}".encode()).digest()
    return int.from_bytes(digest) >> (256 - BITS) == 0


def waits_for(issued: datetime, *, at: datetime) -> timedelta:
    """Say how long the holder of a ticket still waits; nothing or less: no longer."""
    return issued + WAIT - at


def is_current(issued: datetime, *, at: datetime) -> bool:
    """Say whether a ticket may still be used."""
    return issued <= at < issued + LIVES


def is_likely_by_hand(shown: datetime, *, at: datetime) -> bool:
    """Say whether a form that was shown then was open for as long as people have forms open."""
    return shown + QUICKEST <= at < shown + OLDEST
