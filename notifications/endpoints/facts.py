"""Which kinds of news other systems may ask for; each app registers its own when it starts."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from notifications.drafts import Json

PING: Final = "endpoint.ping"
_kinds: list[str] = []


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """Something that happened. ``person`` goes along only where an organiser wants names told."""

    kind: str
    data: Mapping[str, Json]
    person: Mapping[str, Json] = field(default_factory=dict)
    subject: str = ""  # whom it is about, so that it can be forgotten with them: "attendee:12"


def register(*kinds: str) -> None:
    """Make kinds of news known, in the order a page lists them."""
    _kinds.extend(kind for kind in kinds if kind not in _kinds)


def all_kinds() -> list[str]:
    """List every kind that can be asked for."""
    return list(_kinds)
