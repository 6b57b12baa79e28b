"""Whom a message is for, in the words an organiser chooses; and for everybody else, why not."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any, Self

from backend.core.errors import Refusal, Sentence
from backend.core.i18n import _
from backend.core.text import one_line
from registrations.rules.questions import Value
from registrations.rules.refusals import Invalid

KIND = "note"  # of message, as the ledger knows it
CONFIRMED = "confirmed"
ATTENDANCE: Mapping[str, Sentence] = {
    "attended": _("was present"),
    "absent": _("was absent"),
    "unmarked": _("not marked"),
}
SURVEY: Mapping[str, Sentence] = {"answered": _("has answered"), "unanswered": _("has not answered")}
REASONS: Mapping[str, Sentence] = {
    "event": _("not registered to the chosen events"),
    "state": _("no place in the event, or not in the chosen state"),
    "attendance": _("attendance is another"),
    "survey": _("the survey: answered or not, as was not chosen"),
    "language": _("another language"),
    "municipality": _("another municipality"),
    "organisation": _("another organisation"),
    "answer": _("answered otherwise"),
    "blocked": _("the address is blocked"),
    "opted_out": _("does not want such messages"),
    "gone": _("removed or joined with another registration since"),
}
PIN_HOLDS = timedelta(hours=1)
UNDO = timedelta(seconds=60)
GIVES_UP_AFTER = timedelta(days=7)  # what could not leave by then would be told too late
SENT_AHEAD = timedelta(days=365)
FAILED = ("failed",)  # states of messages that may be sent once more
UNCLEAR = ("uncertain", "bounced_soft")  # so may these, but somebody may get theirs twice
LIST_LIMIT = 100  # how many values one choice may name


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """A choice of people. What is left empty chooses everybody; what is chosen must all be true.

    Event, state, attendance and survey speak of one and the same registration.
    """

    events: tuple[str, ...] = ()  # slugs
    states: tuple[str, ...] = (CONFIRMED,)
    attendance: tuple[str, ...] = ()
    survey: str = ""
    languages: tuple[str, ...] = ()
    municipalities: tuple[str, ...] = ()  # codes
    organisations: tuple[str, ...] = ()  # names, however they are spelled in capitals
    question: str = ""  # a key
    options: tuple[str, ...] = ()  # keys of its options, or "yes" and "no"

    def kept(self) -> dict[str, Any]:
        """Give what is stored."""
        return {name: list(value) if isinstance(value, tuple) else value for name, value in _parts(self)}

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> Self:
        """Read what was stored."""
        read: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value for name, value in kept.items()
        }
        return cls(**read)


def _parts(segment: Segment) -> Iterable[tuple[str, Any]]:
    return asdict(segment).items()


@dataclass(frozen=True, slots=True, kw_only=True)
class Stand:
    """One registration of a candidate, as far as a segment asks about it."""

    registration: int
    event: str
    state: str
    attended: bool | None = None
    answered_survey: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """One person of a series, and what a segment may ask about them."""

    attendee: int
    language: str
    municipality: str = ""
    organisation: str = ""
    answer: Value | None = None  # to the question of the segment
    stands: Sequence[Stand] = ()
    blocked: bool = False
    opted_out: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """Whether somebody is written to, about which registration, and otherwise why not."""

    attendee: int
    language: str
    registration: int | None = None
    reason: str = ""


class BadSegment(Invalid):
    """The choice of people names something that is not there."""


class PinOver(Refusal):
    """The list on the page is not the one that would be written to now; it has to be looked at anew."""

    code = "campaign-list-old"
    status = 409


class WrongNumber(Refusal):
    """The number typed is not the number of people on the list."""

    code = "campaign-number"


class CampaignMoved(Refusal):
    """What is asked for does not fit where the message stands."""

    code = "campaign-state"
    status = 409


def judge(segment: Segment, person: Candidate) -> Verdict:
    """Decide about one person; the reason named is the first that would have to change."""
    found, reason = _best_stand(segment, person.stands)
    reason = reason or _about_the_person(segment, person) or _may_not_be_written_to(person)
    return Verdict(
        attendee=person.attendee,
        language=person.language,
        registration=found.registration if found and not reason else None,
        reason=reason,
    )


_STEPS = ("event", "state", "attendance", "survey")


def _best_stand(segment: Segment, stands: Iterable[Stand]) -> tuple[Stand | None, str]:
    """Find the registration that fits, or the reason why even the nearest one does not."""
    nearest = 0
    for stand in stands:
        fits = _fits(segment, stand)
        if all(fits):
            return stand, ""
        nearest = max(nearest, fits.index(False))
    return None, _STEPS[nearest]


def _fits(segment: Segment, stand: Stand) -> list[bool]:
    marked = "unmarked" if stand.attended is None else "attended" if stand.attended else "absent"
    answered = "answered" if stand.answered_survey else "unanswered"
    return [
        not segment.events or stand.event in segment.events,
        not segment.states or stand.state in segment.states,
        not segment.attendance or marked in segment.attendance,
        not segment.survey or answered == segment.survey,
    ]


def _about_the_person(segment: Segment, person: Candidate) -> str:
    wanted = {organisation_key(name) for name in segment.organisations}
    asked: tuple[tuple[str, bool], ...] = (
        ("language", not segment.languages or person.language in segment.languages),
        ("municipality", not segment.municipalities or person.municipality in segment.municipalities),
        ("organisation", not wanted or organisation_key(person.organisation) in wanted),
        ("answer", not segment.question or bool(_said(person.answer) & set(segment.options))),
    )
    return next((name for name, fits in asked if not fits), "")


def _may_not_be_written_to(person: Candidate) -> str:
    return "blocked" if person.blocked else "opted_out" if person.opted_out else ""


def _said(answer: Value | None) -> set[str]:
    if isinstance(answer, bool):
        return {"yes" if answer else "no"}
    if isinstance(answer, list):
        return set(answer)
    return set() if answer is None else {str(answer)}


def organisation_key(name: str) -> str:
    """Write the name of an organisation as two spellings of it are recognised."""
    return one_line(name).casefold()


def require_segment(
    segment: Segment,
    *,
    events: Collection[str],
    states: Collection[str],
    languages: Collection[str],
    options: Mapping[str, Collection[str]],
) -> Segment:
    """Refuse a choice of something that is not there; ``options`` are those of each question that has any."""
    wrong: dict[str, list[Sentence]] = {}
    offered: Mapping[str, tuple[Collection[str], Collection[str]]] = {
        "events": (segment.events, events),
        "states": (segment.states, states),
        "languages": (segment.languages, languages),
        "attendance": (segment.attendance, ATTENDANCE),
        "survey": ([segment.survey] if segment.survey else [], SURVEY),
        "question": ([segment.question] if segment.question else [], options),
        "options": (segment.options, options.get(segment.question, ())),
    }
    for name, (chosen, known) in offered.items():
        if not set(chosen) <= set(known):
            wrong[name] = [_("Something was chosen that is not there any more. Choose anew.")]
    if "question" in wrong:
        wrong["question"] = [_("This question is not asked any more.")]
    if segment.question and not segment.options:
        wrong.setdefault("options", [_("Choose at least one answer.")])
    if wrong:
        raise BadSegment(_("Some of the choices need correcting."), fields=wrong)
    return segment


def require_number(typed: int | None, *, people: int) -> None:
    """Refuse to send when the number typed is another than that of the list, or when nobody is on it."""
    if not people:
        raise WrongNumber(_("Nobody is on the list, so nothing can be sent."))
    if typed != people:
        sentence = _("The list has %(people)d people. Type that number to send.") % {"people": people}
        raise WrongNumber(sentence, fields={"number": [sentence]})


def require_fresh(*, pinned_at: datetime | None, at: datetime) -> None:
    """Refuse a list that nobody has looked at for an hour."""
    if pinned_at is None or at - pinned_at > PIN_HOLDS:
        raise PinOver(_("The list is more than an hour old. Make it anew and look at it again."))


def require_same(*, came: int, left: int, changed: int) -> None:
    """Refuse a list whose people would be others now, and say how many."""
    if came or left or changed:
        sentence = _(
            "The list has changed since it was made: %(came)d people more, %(left)d fewer, %(changed)d "
            "otherwise. Make it anew and look at it again."
        )
        raise PinOver(sentence % {"came": came, "left": left, "changed": changed})


def leaves_at(*, send_at: datetime | None, at: datetime) -> datetime:
    """Tell when a message sent now leaves: after the time to undo, or at the hour chosen."""
    earliest = at + UNDO
    if send_at is None:
        return earliest
    if send_at > at + SENT_AHEAD:
        sentence = _("Choose a time within a year from now.")
        raise Invalid(sentence, fields={"send_at": [sentence]})
    if send_at < at:
        sentence = _("Choose a time that is still to come.")
        raise Invalid(sentence, fields={"send_at": [sentence]})
    return max(earliest, send_at)
