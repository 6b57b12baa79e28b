"""Personal links: capabilities that travel by mail and are never stored in readable form.

A row keeps a random seed and the SHA-256 of its token. The token itself is derived from the seed and the
secret key (HMAC-SHA-256, cut to 160 bits), so a reminder written months later can carry the same link,
while the database alone opens nothing. A new seed revokes every link made before.
"""

import base64
import hashlib
import hmac
import secrets
from typing import Self

from django.conf import settings
from django.db import models

TOKEN_BYTES = 20  # 160 bits = 27 characters: the whole address stays within 64, so plain text never wraps it


def new_seed() -> str:
    """Make a seed that has never been used."""
    return secrets.token_hex(16)


def token_for(purpose: str, seed: str) -> str:
    """Derive the token that a mail carries for this purpose (``manage``, ``survey``, …)."""
    mac = hmac.digest(settings.SECRET_KEY.encode(), f"vipu:{purpose}:{seed}".encode(), "sha256")
    return base64.urlsafe_b64encode(mac[:TOKEN_BYTES]).rstrip(b"=").decode()


def digest(token: str) -> str:
    """Give the form in which a token is stored and looked up."""
    return hashlib.sha256(token.encode()).hexdigest()


class Linked(models.Model):
    """A row that a person reaches by a mailed link. Subclasses name their ``link_purpose``."""

    link_purpose = ""

    link_seed = models.CharField(max_length=32, default=new_seed, editable=False)
    link_hash = models.CharField(max_length=64, unique=True, editable=False)

    class Meta:
        abstract = True

    @property
    def token(self) -> str:
        """The token of this row's link; to be written into mails only."""
        return token_for(self.link_purpose, self.link_seed)

    def with_link(self) -> Self:
        """Fill in the stored hash of a row about to be created."""
        self.link_hash = digest(self.token)
        return self
