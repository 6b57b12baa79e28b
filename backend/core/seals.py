"""Sealing what must not be read from a copy of the database: diet and accessibility.

The key is derived from the secret of the service with a label of its own, so that no other use of the secret
opens a seal. Fernet says when a seal was broken. Secrets that were in use before still open what they sealed.
"""

from base64 import urlsafe_b64encode
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings


class BrokenSeal(Exception):  # noqa: N818 - named after what is found
    """Sealed with a secret this service no longer knows, or changed since."""


def seal(text: str, *, purpose: str) -> str:
    """Close a text so that only this service can read it."""
    return _box(purpose).encrypt(text.encode()).decode()


def unseal(sealed: str, *, purpose: str) -> str:
    """Open what ``seal`` closed for the same purpose."""
    try:
        return _box(purpose).decrypt(sealed.encode()).decode()
    except InvalidToken as no:
        raise BrokenSeal from no


def _box(purpose: str) -> MultiFernet:
    secrets = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    return MultiFernet([_fernet(secret, purpose) for secret in secrets])


@lru_cache(maxsize=32)
def _fernet(secret: str, purpose: str) -> Fernet:
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=f"vipu.seal:{purpose}".encode())
    return Fernet(urlsafe_b64encode(derived.derive(secret.encode())))
