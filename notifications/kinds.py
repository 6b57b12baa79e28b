"""The kinds of message that exist; each app registers its own when it starts."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum, StrEnum
from functools import cache

from backend.core.i18n import Language
from notifications.drafts import Draft
from notifications.placeholders import Placeholder


class Policy(Enum):
    """What happens to a message of which nobody can tell whether it was handed over."""

    RESEND_ONCE = "resend_once"  # losing it is worse than sending it twice
    HOLD = "hold"  # sending it twice is worse; a person decides


class Lane(StrEnum):
    """Which line a message waits in, so that a mass mailing never delays a confirmation."""

    URGENT = "urgent"
    NORMAL = "normal"
    BULK = "bulk"
    SMS = "sms"  # whatever is sent to phones, by a way of its own


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One kind of message; ``template`` names its wordings without ``.fi.md``, ``.sv.md``, ``.en.md``.

    ``topic`` names what its reader can do without (see ``topics``); empty: it belongs to the deed itself.
    ``words`` are the placeholders its app knows; ``placeholders_of`` tells which of them this kind has.
    """

    key: str
    template: str
    policy: Policy
    lane: Lane
    sample: Callable[[Language], Draft]
    topic: str = ""
    words: Sequence[Placeholder] = ()
    needs_own_words: bool = False  # what it says is always an organiser's: there is nothing to fall back on


_kinds: dict[str, Kind] = {}


def register(*kinds: Kind) -> None:
    """Make kinds known; two apps cannot own the same key."""
    for kind in kinds:
        if _kinds.setdefault(kind.key, kind) != kind:
            raise ValueError(f"The message kind {kind.key!r} is registered twice.")


def get(key: str) -> Kind:
    """Find a kind by its key."""
    return _kinds[key]


def all_kinds() -> list[Kind]:
    """List every kind, in the order of the keys."""
    return [_kinds[key] for key in sorted(_kinds)]


def wordable() -> list[Kind]:
    """List the kinds that Vipu words and an organiser may word instead."""
    return [kind for kind in all_kinds() if kind.words and not kind.needs_own_words]


def topic_of(key: str) -> str:
    """Tell what a kind is about that its reader can do without; an unknown kind is about nothing."""
    kind = _kinds.get(key)
    return kind.topic if kind else ""


@cache
def placeholders_of(kind: Kind) -> tuple[Placeholder, ...]:
    """List what an organiser's own words for this kind may name, in the order of its app."""
    sample = kind.sample("fi")
    return tuple(one for one in kind.words if _has(sample, one.source))


@cache
def essential_to(kind: Kind) -> tuple[Placeholder, ...]:
    """List what every wording of this kind has to name; a text that is all an organiser's own need not."""
    if kind.needs_own_words:
        return ()
    known = placeholders_of(kind)
    return tuple(one for one in known if one.essential or (one.link and not one.sometimes))


def _has(sample: Draft, source: str) -> bool:
    """A text that is empty in the sample is one that this kind never has."""
    return source in sample.links or sample.context.get(source, "") != ""
