"""Whether one may register for an event now, and what a page shows of it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from backend.core.errors import Refusal, Sentence
from backend.core.i18n import _
from registrations.rules.refusals import AlreadyClosed, NotOpenYet

type State = Literal[
    "not_yet_open",
    "open",
    "few_left",
    "full_with_list",
    "full",
    "closed",
    "live",
    "past",
    "cancelled",
    "no_registration",
]
OPEN_STATES: frozenset[State] = frozenset({"open", "few_left", "full_with_list"})

FEW = 5  # "few left" from five places or a tenth of them


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """When one may register for an event and how full it is; closing moments are already too late."""

    cancelled: bool
    starts_at: datetime
    ends_at: datetime
    times_known: bool
    opens_at: datetime | None  # None: the series takes no registrations
    closes_at: datetime | None
    capacity: int | None  # None: this event takes no registrations
    taken: int = 0
    has_waiting_list: bool = True
    by_application: bool = False  # places are given by choice: being full turns nobody away
    behind_others: bool = False  # whoever comes now stands behind those who wait, even beside a free place

    @property
    def places_left(self) -> int:
        """How many places a newcomer may have; never less than none."""
        return 0 if self.behind_others else max(0, (self.capacity or 0) - self.taken)


def state_of(terms: Terms, *, at: datetime) -> State:
    """Tell what a page shows of an event and whether one may register."""
    return next(state for state, holds in _states(terms, at=at) if holds)


def _states(terms: Terms, *, at: datetime) -> Iterator[tuple[State, bool]]:
    """Walk the states in the order in which they outrank each other; the last one always holds."""
    yield "cancelled", terms.cancelled
    yield "past", at >= terms.ends_at
    yield "live", at >= terms.starts_at and terms.times_known
    yield "no_registration", terms.capacity is None or terms.opens_at is None
    yield "not_yet_open", terms.opens_at is not None and at < terms.opens_at
    yield "closed", terms.closes_at is not None and at >= terms.closes_at
    yield "open", terms.by_application
    yield "full_with_list", terms.places_left == 0 and terms.has_waiting_list
    yield "full", terms.places_left == 0
    yield "few_left", is_few(terms.places_left, capacity=terms.capacity or 0)
    yield "open", True


def is_few(places_left: int, *, capacity: int) -> bool:
    """Tell whether a page should say that only a few places are left."""
    return places_left <= max(FEW, capacity // 10)


def require_open(terms: Terms, *, title: str, at: datetime, contact: str = "") -> None:
    """Refuse a registration that comes too early or too late; being full is not a refusal here."""
    state = state_of(terms, at=at)
    if state == "not_yet_open":
        raise _about_events(NotOpenYet, _("Registration for “%(title)s” has not opened yet."), title)
    if state == "cancelled":
        raise _about_events(AlreadyClosed, _("“%(title)s” has been cancelled."), title)
    if state == "no_registration":
        raise _about_events(AlreadyClosed, _("“%(title)s” does not take registrations."), title)
    if state not in {*OPEN_STATES, "full"}:
        sentence = str(_("Registration for “%(title)s” has closed.") % {"title": title})
        raise AlreadyClosed(sentence + _ask(contact), fields={"events": [sentence]})


def require_changeable(closes_at: datetime, *, title: str, at: datetime, contact: str = "") -> None:
    """Refuse a change or cancellation by the attendee after the deadline, and say who can still help."""
    if at >= closes_at:
        sentence = _("The places of “%(title)s” can no longer be changed here.") % {"title": title}
        raise AlreadyClosed(str(sentence) + _ask(contact), fields={"events": [sentence]})


def own_deadline(closes_at: datetime, *, exception: datetime | None) -> datetime:
    """Name the moment until which a person may change their places; an exception extends it."""
    return max(closes_at, exception) if exception else closes_at


def _about_events(refusal: type[Refusal], sentence: Sentence, title: str) -> Refusal:
    said = str(sentence) % {"title": title}
    return refusal(said, fields={"events": [said]})


def _ask(contact: str) -> str:
    return " " + str(_("The organiser can still help: %(email)s") % {"email": contact}) if contact else ""
