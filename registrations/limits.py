"""How often one network or one address may try: enough for a whole town hall, too little for a machine.

Called by the entrances. A count in two windows of the cache is one atomic step for each try, so that a
hundred requests at the same moment are counted as a hundred: a bucket of ``tries`` that fills again within
``seconds``. Without a cache everybody may pass: losing a registration would be worse than a busy minute.
"""

import ipaddress
import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.utils.crypto import salted_hmac
from redis.exceptions import RedisError

from backend.core.errors import TooMany
from backend.core.i18n import _
from backend.core.text import email_address, email_key

logger = logging.getLogger("vipu.registrations")
_NETWORK_V4 = 24
_NETWORK_V6 = 56
_EVENTS = 20  # more in one press are counted as this many


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """So many tries within so many seconds."""

    tries: int
    seconds: int


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
    if not settings.RATE_LIMITS:
        return
    _count(limit.name, "network", network_of(request), rate=limit.network)
    if email:
        written = email_address(email)
        _count(limit.name, "address", email_key(written) if written else email[:254], rate=limit.address)


def crowded(crowd: Crowd, *, request: HttpRequest, events: Sequence[str]) -> bool:
    """Count one press, and say whether so many come just now that it should wait a moment."""
    pressed = [("network", network_of(request), crowd.network), ("service", "", crowd.service)]
    pressed += [("event", event, crowd.event) for event in sorted(set(events))[:_EVENTS]]
    over = [_tries(crowd.name, kind, who, rate=rate)[0] > rate.tries for kind, who, rate in pressed]
    return any(over)


def hasty(*, request: HttpRequest) -> bool:
    """Count one press that came too quickly, and say whether its network has pressed so often of late."""
    return _tries("hasty", "network", network_of(request), rate=HASTY)[0] > HASTY.tries


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
    tries, wait = _tries(name, kind, who, rate=rate)
    if tries > rate.tries:
        raise TooMany(
            _("Too many tries in a short time. Wait a moment and try again."), retry_after=max(1, int(wait))
        )


def _tries(name: str, kind: str, who: str, *, rate: Rate) -> tuple[float, float]:
    """Count one try; give how many weigh now, and in how many seconds they weigh less."""
    window, into = divmod(time.time(), rate.seconds)
    secret = salted_hmac("registrations.limits", who, algorithm="sha256").hexdigest()[:32]
    keys = [f"limit:{name}:{kind}:{secret}:{int(window) - back}" for back in (0, 1)]
    try:
        cache.add(keys[0], 0, timeout=2 * rate.seconds)
        tries = cache.incr(keys[0]) + cache.get(keys[1], 0) * (1 - into / rate.seconds)
    except (RedisError, OSError, ValueError) as error:  # ValueError: the count ended between the two steps
        logger.warning("tries could not be counted: %s", type(error).__name__)
        return 0, 0
    return tries, rate.seconds - into
