"""Which addresses may be called: an organiser names one, and must not reach our own network through us.

Two looks, both needed: at the written address when it is saved, and at every number it leads to just before
each connection, which then goes to that very number. Names may lead elsewhere a moment later; numbers cannot.
"""

from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Final
from urllib.parse import SplitResult, urlsplit

from backend.core.errors import Refusal
from backend.core.i18n import _
from backend.core.text import has_control_characters

HTTPS_PORT, FIRST_FREE_PORT, LONGEST = 443, 1024, 500

# What carries another network's number inside its own, or never leaves a house
_NEVER: Final = tuple(
    ip_network(one)
    for one in (
        "100.64.0.0/10",  # shared by a carrier's customers
        "192.88.99.0/24",  # the old way from IPv4 to 6to4
        "192.0.0.0/24",
        "::/96",  # an IPv4 number written as IPv6
        "::ffff:0:0/96",  # the same, mapped
        "::ffff:0:0:0/96",  # the same, translated
        "64:ff9b::/96",  # NAT64
        "64:ff9b:1::/48",  # NAT64 within a house
        "2001::/23",  # Teredo and other tunnels
        "2002::/16",  # 6to4
        "fec0::/10",  # what "site-local" was
    )
)


class EndpointAddressRefused(Refusal):
    """The address is none that may be called."""

    code = "endpoint-address"


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Where to call, in parts that need no more reading."""

    host: str
    port: int
    path: str


def target_of(url: str) -> Target:
    """Take an address apart; raises ValueError for any that may never be called."""
    if len(url) > LONGEST or not url.isascii() or " " in url or "\\" in url or has_control_characters(url):
        raise ValueError("characters")
    parts = urlsplit(url)
    if parts.scheme != "https" or parts.username is not None or parts.password is not None or parts.fragment:
        raise ValueError("form")
    port = HTTPS_PORT if parts.port is None else parts.port
    if port != HTTPS_PORT and port < FIRST_FREE_PORT:
        raise ValueError("port")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(host=_name(parts), port=port, path=path)


def _name(parts: SplitResult) -> str:
    """Take a full name of a machine: no bare number in any notation, and nothing that only we could find."""
    name = (parts.hostname or "").removesuffix(".")
    labels = name.split(".")
    good = all(label and len(label) <= 63 and label.strip("-") == label for label in labels)  # noqa: PLR2004 - of the standard for names
    letters = name.replace(".", "").replace("-", "").isalnum()
    if not (good and letters and len(labels) > 1 and labels[-1][:1].isalpha()):
        raise ValueError("name")
    if labels[-1] in {"localhost", "local", "internal", "lan", "home", "arpa", "onion"}:
        raise ValueError("name")
    return name


def checked_url(url: str) -> str:
    """Take the address an organiser wrote; a refusal says what is asked for."""
    url = url.strip()
    try:
        target_of(url)
    except ValueError as no:
        sentence = _(
            "Write a whole public address that begins with https://, such as https://crm.example.org/vipu. "
            "Numbers, names within a network and passwords in the address are not called."
        )
        raise EndpointAddressRefused(sentence, fields={"url": [sentence]}) from no
    return url


def is_public(number: str) -> bool:
    """Tell whether this number belongs to a machine out in the internet, and to nothing of ours."""
    try:
        address: IPv4Address | IPv6Address = ip_address(number)
    except ValueError:
        return False
    if isinstance(address, IPv6Address) and address.scope_id is not None:
        return False
    inside = any(address in network for network in _NEVER if network.version == address.version)
    return address.is_global and not address.is_multicast and not address.is_reserved and not inside
