"""Addresses that must not be mailed. Only a keyed hash is kept: the list names nobody."""

import hmac
from collections.abc import Collection
from datetime import datetime

from django.conf import settings

from backend.core.text import email_key
from notifications import kinds
from notifications.models import Message, OptOut, Suppression

OPTED_OUT = "opted-out"


def address_hash(address: str) -> str:
    """Give the form in which an address stands on the list."""
    key = f"vipu:suppression:{settings.SECRET_KEY}".encode()
    spelled = email_key(address) if "@" in address else address  # a number has one spelling
    return hmac.digest(key, spelled.encode(), "sha256").hex()


def suppress(*, address: str, reason: str, at: datetime) -> bool:
    """Stop every further mail to this address; tells whether it was not stopped already."""
    _row, new = Suppression.objects.get_or_create(
        address_hash=address_hash(address), defaults={"reason": reason, "at": at}
    )
    return new


def lift(*, address: str) -> bool:
    """Allow mail to this address again, because its owner said so; tells whether it was blocked."""
    deleted, _tables = Suppression.objects.filter(address_hash=address_hash(address)).delete()
    return bool(deleted)


def suppressed(addresses: Collection[str]) -> dict[str, str]:
    """Find which of these addresses must not be mailed, and why."""
    hashes = {address_hash(address): address for address in addresses}
    rows = Suppression.objects.filter(address_hash__in=hashes).values_list("address_hash", "reason")
    return {hashes[found]: reason for found, reason in rows}


def opt_out(*, address: str, scope: str, topic: str, at: datetime) -> None:
    """Send no more of this topic of this series to this address, because its reader does not want it."""
    OptOut.objects.get_or_create(
        address_hash=address_hash(address), scope=scope, topic=topic, defaults={"at": at}
    )


def opt_in(*, address: str, scope: str, topics: Collection[str]) -> None:
    """Send these topics of this series to this address again."""
    OptOut.objects.filter(address_hash=address_hash(address), scope=scope, topic__in=topics).delete()


def topics_left(*, address: str, scope: str) -> frozenset[str]:
    """Tell which topics of this series the reader of this address does not want."""
    rows = OptOut.objects.filter(address_hash=address_hash(address), scope=scope)
    return frozenset(rows.values_list("topic", flat=True))


def opted_out(addresses: Collection[str], *, scope: str, topic: str) -> frozenset[str]:
    """Find who of these does not want this topic of this series; mostly it is nobody at all."""
    left = set(OptOut.objects.filter(scope=scope, topic=topic).values_list("address_hash", flat=True))
    return frozenset(one for one in addresses if address_hash(one) in left) if left else frozenset()


def blocked(messages: Collection[Message]) -> dict[int, str]:
    """Find which of these messages must not be sent, and why: two questions for a whole batch at most."""
    hashes = {message.pk: address_hash(message.recipient) for message in messages}
    reasons = dict(
        Suppression.objects.filter(address_hash__in=set(hashes.values())).values_list(
            "address_hash", "reason"
        )
    )
    topics = {message.pk: kinds.topic_of(message.kind) for message in messages}
    unwanted = _unwanted({hashes[pk] for pk, topic in topics.items() if topic})
    found = {}
    for message in messages:
        address = hashes[message.pk]
        if address in reasons:
            found[message.pk] = reasons[address]
        elif (address, message.scope, topics[message.pk]) in unwanted:
            found[message.pk] = OPTED_OUT
    return found


def _unwanted(hashes: Collection[str]) -> frozenset[tuple[str, str, str]]:
    if not hashes:
        return frozenset()
    rows = OptOut.objects.filter(address_hash__in=hashes)
    return frozenset(rows.values_list("address_hash", "scope", "topic"))
