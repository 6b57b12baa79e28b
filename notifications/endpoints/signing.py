"""Signatures by which a receiver knows that news is ours, whole and fresh (the Standard Webhooks form)."""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Iterable

PREFIX = "whsec_"


def new_secret() -> str:
    """Make the secret that only we and the receiver know."""
    return PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()


def signature(secret: str, *, event: str, timestamp: int, body: bytes) -> str:
    """Sign the number of the news, the moment and the body together."""
    key = base64.b64decode(secret.removeprefix(PREFIX))
    signed = f"{event}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()


def headers(secrets_in_use: Iterable[str], *, event: str, timestamp: int, body: bytes) -> dict[str, str]:
    """Write the three headers; while a secret is being changed, both sign."""
    signatures = [signature(secret, event=event, timestamp=timestamp, body=body) for secret in secrets_in_use]
    return {
        "webhook-id": event,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(signatures),
    }
