"""Where calendars answer to: the monitored address with a token that only the invited person was sent.

The token is derived, never stored: whoever finds an entry by its UID can say what its address must be. It
is written in small letters and digits, since not every mail system keeps the case of what stands before @.
"""

import base64
import hashlib
import hmac
from collections.abc import Iterable

from django.conf import settings

from backend.core.links import token_for
from backend.core.text import email_key

TOKEN = 20  # characters of five bits: not to be guessed, and the local part stays within 64


def reply_address(seed: str) -> str:
    """Give the address for answers about one thing; empty where nobody reads answers."""
    if not settings.REPLY_ADDRESS:
        return ""
    local, _at, domain = settings.REPLY_ADDRESS.rpartition("@")
    derived = hashlib.sha256(token_for("reply", seed).encode()).digest()
    return f"{local}+{base64.b32encode(derived).decode().lower()[:TOKEN]}@{domain}"


def is_addressed(seed: str, addresses: Iterable[str]) -> bool:
    """Tell whether one of these addresses is the one for answers about this thing."""
    own = reply_address(seed)
    if not own:
        return False
    wanted = email_key(own).encode()
    return any(hmac.compare_digest(email_key(one).encode(), wanted) for one in addresses if one)
