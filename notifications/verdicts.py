"""What a provider's word means for a message: every provider says the same few things in its own way."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from notifications.rules import BOUNCED_HARD, BOUNCED_SOFT, COMPLAINED, DEFERRED, DELIVERED

type Raw = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Verdict:
    """The state that a message takes; or that its reader does not want such messages."""

    news: str = ""
    opts_out: bool = False


_SOFT_CLASSES = frozenset({"1", "20", "21", "22", "23", "24", "25", "40", "50", "51", "52", "53", "54", "70"})

# anymail calls soft and hard bounces alike; the provider's own words tell them apart
_IS_SOFT: Final[Mapping[str, Callable[[Raw], bool]]] = {
    "amazon ses": lambda raw: raw["bounce"]["bounceType"] != "Permanent",
    "brevo": lambda raw: raw["event"] == "soft_bounce",
    "mailersend": lambda raw: raw["data"]["type"] == "soft_bounced",
    "mailjet": lambda raw: not raw["hard_bounce"],
    "mandrill": lambda raw: raw["event"] == "soft_bounce",
    "postmark": lambda raw: raw["Type"] == "SoftBounce",
    "resend": lambda raw: raw["data"]["bounce"]["type"] != "Permanent",
    "sparkpost": lambda raw: next(iter(raw["msys"].values()))["bounce_class"] in _SOFT_CLASSES,
}
_PLAIN: Final = {
    "delivered": Verdict(DELIVERED),
    "deferred": Verdict(DEFERRED),
    "complained": Verdict(COMPLAINED),
    "unsubscribed": Verdict(opts_out=True),
}
_HARD_REASONS = frozenset({"bounced", "invalid"})


def verdict(*, provider: str, event: str, reason: str, raw: object) -> Verdict | None:
    """Judge one event; None for what changes nothing, such as who opened what, which is nobody's business."""
    if event == "bounced":
        return Verdict(BOUNCED_SOFT if _soft(provider, reason, raw) else BOUNCED_HARD)
    if event == "rejected":  # by the provider's own list of addresses that bounced or complained before
        return Verdict(COMPLAINED if reason == "spam" else _by_reason(reason))
    if event == "failed":
        return Verdict(BOUNCED_HARD if provider == "postal" else BOUNCED_SOFT)
    return _PLAIN.get(event)


def _soft(provider: str, reason: str, raw: object) -> bool:
    """Tell whether an address may work tomorrow; where the provider's words are unknown, by the reason."""
    asked = _IS_SOFT.get(provider)
    if asked and isinstance(raw, Mapping):
        try:
            return bool(asked(raw))
        except (LookupError, TypeError, AttributeError, StopIteration):
            pass
    return _by_reason(reason) == BOUNCED_SOFT


def _by_reason(reason: str) -> str:
    return BOUNCED_HARD if reason in _HARD_REASONS else BOUNCED_SOFT
