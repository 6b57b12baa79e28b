"""Two registrations of one person: which of them stays in each event."""

from collections.abc import Iterable
from dataclasses import dataclass

from backend.core.errors import Gone, Refusal
from backend.core.i18n import _

_RANKS = ("confirmed", "offered", "waiting", "shortlisted", "received")


class NotTwoPeople(Refusal):
    """Nobody can be joined with themselves, nor with somebody of another series."""

    code = "not-two-people"


class LinkJoined(Gone):
    """The person of this link has been joined with their other registration, whose link counts now."""

    code = "link-joined"


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where one of the two stands in one event, as far as it is still open."""

    registration: int
    event: int
    own: bool  # of the person who stays
    state: str
    waiting_number: int | None
    attended: bool | None

    @property
    def worth(self) -> tuple[bool, int, int, bool, int]:
        """Sort by what stays: known to have come, the better state, the earlier number, one's own."""
        number = self.waiting_number or 0
        return (not self.attended, _RANKS.index(self.state), number, not self.own, self.registration)


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubled:
    """An event in which both stand: one registration stays, the other ends."""

    stays: Standing
    goes: Standing


@dataclass(frozen=True, slots=True, kw_only=True)
class Joining:
    """What becomes of the events of two registrations."""

    doubled: tuple[Doubled, ...]
    comes_over: tuple[Standing, ...]  # of the person who goes, in events where only they stand

    @property
    def moved(self) -> set[int]:
        """The registrations that are another person's from now on and still count."""
        better = {pair.stays.registration for pair in self.doubled if not pair.stays.own}
        return better | {one.registration for one in self.comes_over}


def joining(standings: Iterable[Standing]) -> Joining:
    """Decide for each event which registration stays."""
    by_event: dict[int, list[Standing]] = {}
    for one in standings:
        by_event.setdefault(one.event, []).append(one)
    pairs = [sorted(found, key=lambda one: one.worth) for found in by_event.values()]
    return Joining(
        doubled=tuple(Doubled(stays=pair[0], goes=pair[1]) for pair in pairs if len(pair) > 1),
        comes_over=tuple(pair[0] for pair in pairs if len(pair) == 1 and not pair[0].own),
    )


def require_two(*, kept: int, other: int, same_series: bool) -> None:
    """Refuse to join somebody with themselves or across series."""
    if kept == other or not same_series:
        raise NotTwoPeople(_("Choose another person of the same series."))


def joined_link() -> LinkJoined:
    """Say that the links of this registration count no more, and where the link is that does."""
    return LinkJoined(
        _(
            "This registration was joined with your other one. "
            "Use the link in the mails to your other address, or have it sent again."
        )
    )


def somebody_gone() -> NotTwoPeople:
    """Refuse when one of the two has been joined already."""
    return NotTwoPeople(_("One of these registrations has been joined with another already."))
