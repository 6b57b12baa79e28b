"""How often one network or one address may try: enough for a whole town hall, too little for a machine.

Called by the entrances; ``backend.core.rates`` does the counting.
"""

import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest

from backend.core import rates
from backend.core.i18n import _
from backend.core.rates import Rate
from backend.core.text import email_address, email_key

_NETWORK_V4 = 24
_NETWORK_V6 = 56
_EVENTS = 20  # more in one press are counted as this many


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """What one network and one address may do of one thing."""

    name: str
    network: Rate
    address: Rate


@dataclass(frozen=True, slots=True, kw_only=True)
class Crowd:
    """What is still no crowd: tries of one network, for one event, and of everybody together."""

    name: str
    network: Rate
    event: Rate
    service: Rate


# An announcement reaches a town hall of 2,000 people behind one address. Of those, some 400 register within
# the hour, at most one in ten of them in the same minute: 40 presses. So 60 a minute pass unnoticed,
# up to 300 wait a moment (registrations.door), and beyond that no building presses by hand.
# Everybody together: the rush of 2,000 people on one morning may be over in three minutes.
REGISTER = Limit(name="register", network=Rate(tries=300, seconds=60), address=Rate(tries=6, seconds=60))
REGISTERING = Crowd(
    name="registering",
    network=Rate(tries=60, seconds=60),
    event=Rate(tries=600, seconds=60),
    service=Rate(tries=1200, seconds=60),
)
# A form that comes back at once, or without its stamp, is more likely a machine's; a few of them hurt nobody.
HASTY = Rate(tries=5, seconds=60)
ASK_LINK = Limit(name="ask-link", network=Rate(tries=30, seconds=60), address=Rate(tries=3, seconds=300))
# Writing to an address that somebody names: counted by the new address, and by who asks.
NEW_ADDRESS = Limit(
    name="new-address", network=Rate(tries=30, seconds=60), address=Rate(tries=3, seconds=300)
)
OPEN_LINK = Limit(name="open-link", network=Rate(tries=240, seconds=60), address=Rate(tries=240, seconds=60))


def spend(limit: Limit, *, request: HttpRequest, email: str = "") -> None:
    """Count one try of this network and of this address; refuse when either has had enough."""
    _count(limit.name, "network", network_of(request), rate=limit.network)
    if email:
        written = email_address(email)
        _count(limit.name, "address", email_key(written) if written else email[:254], rate=limit.address)


def crowded(crowd: Crowd, *, request: HttpRequest, events: Sequence[str]) -> bool:
    """Count one press, and say whether so many come just now that it should wait a moment."""
    pressed = [("network", network_of(request), crowd.network), ("service", "", crowd.service)]
    pressed += [("event", event, crowd.event) for event in sorted(set(events))[:_EVENTS]]
    over = [
        rates.tries(f"{crowd.name}:{kind}", who=who, rate=rate)[0] > rate.tries for kind, who, rate in pressed
    ]
    return any(over)


def hasty(*, request: HttpRequest) -> bool:
    """Count one press that came too quickly, and say whether its network has pressed so often of late."""
    return rates.tries("hasty:network", who=network_of(request), rate=HASTY)[0] > HASTY.tries


def network_of(request: HttpRequest) -> str:
    """Name the network a request comes from; forwarded addresses count only as far as proxies are ours."""
    hops = [hop.strip() for hop in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if hop.strip()]
    trusted = settings.TRUSTED_PROXIES
    behind = trusted and len(hops) >= trusted
    return prefix_of(hops[-trusted] if behind else request.META.get("REMOTE_ADDR", ""))


def prefix_of(address: str) -> str:
    """Give the network of an address; whoever holds one may hold its neighbours too."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    if isinstance(parsed, ipaddress.IPv6Address) and parsed.ipv4_mapped:
        parsed = parsed.ipv4_mapped
    length = _NETWORK_V4 if parsed.version == 4 else _NETWORK_V6  # noqa: PLR2004 - the protocol's number
    return str(ipaddress.ip_network(f"{parsed}/{length}", strict=False))


def _count(name: str, kind: str, who: str, *, rate: Rate) -> None:
    sentence = _("Too many tries in a short time. Wait a moment and try again.")
    rates.spend(f"{name}:{kind}", who=who, rate=rate, sentence=sentence)
