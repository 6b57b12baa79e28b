"""The door before registering: open to everybody, and in a crowd it lets people in one after the other.

Called by the entrances. A press that looks made by a machine, and every press in a crowd, is answered with a
ticket; with it the same press goes through a moment later. A ticket holds digests only: of what is asked for,
and of the network that asks. It is good for that, once, and not for long.
"""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.core import signing
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from registrations import limits
from registrations.actions import spend_ticket
from registrations.rules import OneMoment, is_current, is_likely_by_hand, proves, waits_for

_TICKETS = signing.Signer(salt="registrations.door.ticket")
_STAMPS = signing.Signer(salt="registrations.door.stamp")


@dataclass(frozen=True, slots=True, kw_only=True)
class Press:
    """One press of the button, as far as the door looks at it."""

    request: HttpRequest
    body: str  # all that is asked for, written down in one order
    events: Sequence[str]
    ticket: str = ""
    proof: str = ""
    trapped: bool = False  # a field that no person sees was filled in
    hasty: bool = False  # the form came back sooner than a hand can fill it in, or without its stamp


def let_in(press: Press, *, at: datetime) -> None:
    """Let the press through, or answer it with a ticket (``OneMoment``)."""
    if not settings.RATE_LIMITS:
        return
    if press.ticket:
        _take(press, at=at)
    elif _is_crowd(press) or press.trapped or (press.hasty and limits.hasty(request=press.request)):
        raise OneMoment(_ticket(press, at=at))


def _is_crowd(press: Press) -> bool:
    return limits.crowded(limits.REGISTERING, request=press.request, events=press.events)


def stamp(*, at: datetime) -> str:
    """Write down when a form was shown."""
    return _STAMPS.sign_object({"t": _millis(at)})


def is_stamped(written: str, *, at: datetime) -> bool:
    """Say whether a form carries our stamp, and was open for as long as people have forms open."""
    shown = _read(_STAMPS, written)
    return shown is not None and is_likely_by_hand(_moment(shown["t"]), at=at)


def _ticket(press: Press, *, at: datetime) -> str:
    return _TICKETS.sign_object({"t": _millis(at), "b": _bound(press), "x": secrets.token_urlsafe(9)})


def _take(press: Press, *, at: datetime) -> None:
    """Take the ticket off somebody's hands; a wrong or used one is exchanged for a new one."""
    held = _read(_TICKETS, press.ticket)
    if held is None or held["b"] != _bound(press) or not is_current(_moment(held["t"]), at=at):
        raise OneMoment(_ticket(press, at=at))
    left = waits_for(_moment(held["t"]), at=at)
    if left.total_seconds() > 0 and not proves(press.ticket, press.proof):
        raise OneMoment(press.ticket, wait=left)
    if not spend_ticket(digest=hashlib.sha256(press.ticket.encode()).hexdigest(), at=at):
        raise OneMoment(_ticket(press, at=at))


def _bound(press: Press) -> str:
    """Tie a ticket to what is asked for and to the network that asks."""
    said = f"{limits.network_of(press.request)}\n{press.body}"
    return salted_hmac("registrations.door", said, algorithm="sha256").hexdigest()[:32]


def _read(signer: signing.Signer, written: str) -> dict[str, Any] | None:
    try:
        held: dict[str, Any] = signer.unsign_object(written)
    except signing.BadSignature:
        return None
    return held


def _millis(at: datetime) -> int:
    return int(at.timestamp() * 1000)


def _moment(millis: int) -> datetime:
    return datetime.fromtimestamp(millis / 1000, tz=UTC)
