"""Offers of a place and the line that waits for one: until when, and why not yet.

An offer lasts so many hours. Where they are to be working hours they run only from Monday to Friday, eight
to sixteen on the clock of the place, also over a night, a weekend or a change of the clock. An offer never
outlasts the start of its event, and none is made later than the cutoff: whoever got it would have no time to
answer. A place that comes free after the cutoff is given to nobody by itself; the organiser can still let the
line in at once by choosing that the next in line gets the place.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from backend.core.errors import Refusal, Sentence
from backend.core.i18n import _
from registrations.rules.refusals import Invalid

RESTORABLE = timedelta(minutes=10)
OPENS, CLOSES = time(8), time(16)
_WEEKEND = 5  # Saturday, counted from Monday
HOURS_LIMIT = 24 * 60


class OfferEnded(Refusal):
    """The offer was not answered in time, and the place has gone on."""

    code = "offer-ended"


class NoOffer(Refusal):
    """There is no offer to answer or to extend."""

    code = "no-offer"


class NotRestorable(Refusal):
    """The cancelled place can no longer be taken back."""

    code = "not-restorable"


class NotInLine(Refusal):
    """Somebody who does not wait cannot be moved in line."""

    code = "not-in-line"


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferTerms:
    """How an event calls those who wait."""

    offers: bool  # False: the next in line simply gets the place
    hours: int
    working_hours: bool
    cutoff_hours: int
    starts_at: datetime
    zone: str

    @property
    def cutoff(self) -> datetime:
        """The first moment at which no offer is made any more."""
        return self.starts_at.astimezone(UTC) - timedelta(hours=self.cutoff_hours)


def fills(terms: OfferTerms, *, at: datetime) -> bool:
    """Tell whether a place that is free now goes to the next in line by itself."""
    return at < (terms.cutoff if terms.offers else terms.starts_at)


def offer_expires_at(terms: OfferTerms, *, at: datetime) -> datetime | None:
    """Name the first moment that is too late to accept; None where places are given without asking."""
    if not terms.offers:
        return None
    length = timedelta(hours=terms.hours)
    end = (
        after_working_hours(at, length, zone=terms.zone)
        if terms.working_hours
        else at.astimezone(UTC) + length
    )
    return min(end, terms.starts_at)


def after_working_hours(at: datetime, length: timedelta, *, zone: str) -> datetime:
    """Let this much time pass while offices are open."""
    place, left = ZoneInfo(zone), length
    day = at.astimezone(place).date()
    while True:
        opens = datetime.combine(day, OPENS, tzinfo=place).astimezone(UTC)
        closes = datetime.combine(day, CLOSES, tzinfo=place).astimezone(UTC)
        begins = max(opens, at.astimezone(UTC))
        if day.weekday() < _WEEKEND and begins < closes:
            if left <= closes - begins:
                return begins + left
            left -= closes - begins
        day += timedelta(days=1)


def restorable_until(at: datetime, *, starts_at: datetime) -> datetime:
    """Name the moment until which a place cancelled now can be taken back, never past the start."""
    return min(at.astimezone(UTC) + RESTORABLE, starts_at)


type WhyWaiting = Literal[
    "event-closed", "after-cutoff", "offer-out", "others-ahead", "next", "no-place-free"
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """How the places of an event stand for those who wait."""

    published: bool
    terms: OfferTerms
    capacity: int
    taken: int
    promised: int  # offers that are out, and places that can still be taken back


def why_waiting(line: Line, *, position: int, at: datetime) -> WhyWaiting:
    """Say why somebody at this position has neither a place nor an offer yet."""
    if not line.published or at >= line.terms.starts_at:
        return "event-closed"
    if not fills(line.terms, at=at):
        return "after-cutoff"
    if line.capacity > line.taken:
        return "next" if position <= line.capacity - line.taken else "others-ahead"
    if not line.promised:
        return "no-place-free"
    return "offer-out" if position <= line.promised else "others-ahead"


WHY_WAITING: Mapping[WhyWaiting, Sentence] = {
    "event-closed": _("The event has begun or was called off, so no more places are given."),
    "after-cutoff": _("The event is so near that free places are no longer offered."),
    "offer-out": _("A place may come free: it is offered to somebody, or was given up a moment ago."),
    "others-ahead": _("Others are ahead in the line."),
    "next": _("A place is free and will be given in a moment."),
    "no-place-free": _("No place is free."),
}


def require_offer_terms(*, hours: int, cutoff_hours: int) -> None:
    """Refuse hours that make no sense, with a sentence beside each field."""
    fields: dict[str, list[Sentence]] = {}
    if not 1 <= hours <= HOURS_LIMIT:
        fields["offer_hours"] = [_("Give a number of hours between 1 and 1440.")]
    if not 0 <= cutoff_hours <= HOURS_LIMIT:
        fields["offer_cutoff_hours"] = [_("Give a number of hours between 0 and 1440.")]
    if fields:
        raise Invalid(_("Some of the information needs correcting."), fields=fields)


def require_open_offer(expires_at: datetime, *, at: datetime) -> None:
    """Refuse an answer that comes too late."""
    if at >= expires_at:
        raise OfferEnded(_("The time to answer has ended, and the place has gone to the next in line."))


def require_longer(until: datetime, *, now_until: datetime, starts_at: datetime, at: datetime) -> None:
    """Refuse an extension that is none, or that outlasts the start."""
    if not max(now_until, at) < until <= starts_at:
        sentence = _("Choose a moment after the present end of the offer and no later than the start.")
        raise Invalid(sentence, fields={"until": [sentence]})
