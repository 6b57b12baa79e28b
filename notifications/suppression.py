"""Addresses that must not be mailed. Only a keyed hash is kept: the list names nobody."""

import hashlib
import hmac
from collections.abc import Collection
from datetime import datetime

from django.conf import settings

from backend.core.text import email_key
from notifications.models import Suppression


def address_hash(address: str) -> str:
    """Give the form in which an address stands on the list."""
    key = f"vipu:suppression:{settings.SECRET_KEY}".encode()
    return hmac.new(key, email_key(address).encode(), hashlib.sha256).hexdigest()


def suppress(*, address: str, reason: str, at: datetime) -> None:
    """Stop every further mail to this address."""
    Suppression.objects.get_or_create(
        address_hash=address_hash(address), defaults={"reason": reason, "at": at}
    )


def lift(*, address: str) -> None:
    """Allow mail to this address again, because its owner said so."""
    Suppression.objects.filter(address_hash=address_hash(address)).delete()


def suppressed(addresses: Collection[str]) -> dict[str, str]:
    """Find which of these addresses must not be mailed, and why."""
    hashes = {address_hash(address): address for address in addresses}
    rows = Suppression.objects.filter(address_hash__in=hashes).values_list("address_hash", "reason")
    return {hashes[found]: reason for found, reason in rows}
