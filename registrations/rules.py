"""What registration allows: pure decisions, without database, clock or request."""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from backend.core.errors import Refusal, Sentence
from backend.core.i18n import Language, _, as_language
from backend.core.text import email_address, has_control_characters, one_line, paragraphs

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

NAME_LIMIT = 200
ROLE_LIMIT = 100
WISH_LIMIT = 2000
EMAIL_LIMIT = 254
LOCAL_PART_LIMIT = 64  # RFC 5321 4.5.3.1.1: a relay may refuse more
EVENTS_LIMIT = 100
KEY_LIMIT = 200
FEW = 5  # "few left" from five places or a tenth of them
REMINDER_HOUR = time(9)


class Invalid(Refusal):
    """Something that was typed needs correcting; ``fields`` says what and how."""

    code = "invalid"


class NoEventChosen(Refusal):
    """Nothing was ticked."""

    code = "no-event-chosen"


class UnknownEvent(Refusal):
    """An event that the series does not have, or that the public does not see."""

    code = "unknown-event"


class NotOpenYet(Refusal):
    """Registration has not opened yet."""

    code = "not-yet-open"


class AlreadyClosed(Refusal):
    """The deadline has passed."""

    code = "registration-closed"


class FullyBooked(Refusal):
    """Every place is taken and there is no line to wait in."""

    code = "fully-booked"


class KeyReused(Refusal):
    """The same idempotency key came with another body."""

    code = "idempotency-key-reused"


class NothingToTake(Refusal):
    """Attendance can be marked for those who had a place."""

    code = "no-place"


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody who registers, as typed; ``municipality`` is a code or a name in Finnish or Swedish."""

    name: str
    email: str
    organisation: str = ""
    municipality: str = ""
    role: str = ""
    language: str = "fi"
    wish: str = ""

    @property
    def reads(self) -> Language:
        """The language this person is written to."""
        return as_language(self.language)


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

    @property
    def places_left(self) -> int:
        """How many places are free; never less than none."""
        return max(0, (self.capacity or 0) - self.taken)


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


def _about_events(refusal: type[Refusal], sentence: Sentence, title: str) -> Refusal:
    said = str(sentence) % {"title": title}
    return refusal(said, fields={"events": [said]})


def _ask(contact: str) -> str:
    return " " + str(_("The organiser can still help: %(email)s") % {"email": contact}) if contact else ""


def clean(person: Person, *, events: Sequence[str]) -> Person:
    """Give the person as it is to be kept, or refuse with a sentence beside every field at once."""
    problems: dict[str, list[Sentence]] = {}
    if not events:
        problems["events"] = [_("Choose at least one event.")]
    elif len(events) > EVENTS_LIMIT:
        problems["events"] = [_("Too many events were chosen.")]
    problems |= {field: [sentence] for field, sentence in _problems(person)}
    if set(problems) == {"events"} and not events:
        raise NoEventChosen(_("Choose at least one event."), fields=problems)
    if problems:
        raise Invalid(_("Some of the information needs correcting."), fields=problems)
    return replace(
        person,
        name=one_line(person.name),
        email=email_address(person.email) or "",
        organisation=one_line(person.organisation),
        municipality=one_line(person.municipality),
        role=one_line(person.role),
        language=person.reads,
        wish=paragraphs(person.wish),
    )


def _problems(person: Person) -> list[tuple[str, Sentence]]:
    found: list[tuple[str, Sentence | None]] = [
        ("name", _("Enter your name.") if not person.name.strip() else _name_problem(person.name)),
        ("email", email_problem(person.email)),
        ("organisation", _text_problem(person.organisation, limit=NAME_LIMIT)),
        ("municipality", _text_problem(person.municipality, limit=NAME_LIMIT)),
        ("role", _text_problem(person.role, limit=ROLE_LIMIT)),
        ("wish", _text_problem(person.wish, limit=WISH_LIMIT, multiline=True)),
    ]
    return [(field, sentence) for field, sentence in found if sentence is not None]


def email_problem(value: str) -> Sentence | None:
    """Say what to write when an address cannot be mailed to."""
    if len(value.strip()) > EMAIL_LIMIT or len(value.strip().rpartition("@")[0]) > LOCAL_PART_LIMIT:
        return _("This email address is too long. Enter a shorter one.")
    if email_address(value) is None:
        return _("Enter an email address like name@example.fi.")
    return None


def _name_problem(name: str) -> Sentence | None:
    if "://" in name:
        return _("Enter a name without a web address.")
    return _text_problem(name, limit=NAME_LIMIT)


def _text_problem(value: str, *, limit: int, multiline: bool = False) -> Sentence | None:
    if len(value.strip()) > limit:
        return str(_("Shorten this to %(limit)d characters or fewer.") % {"limit": limit})
    if has_control_characters(
        value.strip().replace("\t", " "), multiline=multiline
    ):  # a cell pasted from a sheet
        return _("This has characters that cannot be seen. Type it again.")
    return None


def looks_like_code(municipality: str) -> bool:
    """Tell a municipality's official code from a name."""
    return bool(re.fullmatch(r"[0-9]+", municipality))


def unknown_municipality() -> Invalid:
    """Refuse a code that no municipality has."""
    sentence = _("No municipality has this code. Write its name instead.")
    return Invalid(
        _("Some of the information needs correcting."),
        fields={"municipality": [sentence]},
    )


def key_too_long() -> Invalid:
    """Refuse an idempotency key that is not one."""
    sentence = _("The idempotency key is too long; 200 characters are enough.")
    return Invalid(sentence, fields={"Idempotency-Key": [sentence]})


# Universities hold these, not the city: the address says nothing about a municipality.
_NOT_MUNICIPAL = frozenset({"helsinki", "oulu", "abo", "lut", "finland"})
_OWN_NAMES: Mapping[str, str] = {"hel": "Helsinki", "ouka": "Oulu", "jkl": "Jyväskylä"}


def municipality_label(email: str) -> str:
    """Give what may be a municipality's name in an address: 'hameenlinna' of x@edu.hameenlinna.fi."""
    labels = email.rpartition("@")[2].lower().split(".")
    if len(labels) < 2 or labels[-1] != "fi" or labels[-2] in _NOT_MUNICIPAL:  # noqa: PLR2004 - name and fi
        return ""
    return as_label(_OWN_NAMES.get(labels[-2], labels[-2]))


def as_label(name: str) -> str:
    """Write a municipality's name as its internet domain would: Hämeenlinna → hameenlinna."""
    plain = unicodedata.normalize("NFKD", name.lower())
    return "".join(letter for letter in plain if letter.isascii() and letter.isalnum())


def organisation_with(organisation: str, municipality: str) -> str:
    """Keep a municipality that is not one in the field beside it, rather than losing what was typed."""
    joined = ", ".join(part for part in (organisation, municipality) if part)
    return joined if len(joined) <= NAME_LIMIT else (organisation or municipality)


def reminder_at(starts_at: datetime, *, zone: str) -> datetime:
    """Name the moment of the reminder: nine o'clock on the day before, on the clock of the place."""
    place = ZoneInfo(zone)
    day = starts_at.astimezone(place).date() - timedelta(days=1)
    return datetime.combine(day, REMINDER_HOUR, tzinfo=place)


def reminder_until(starts_at: datetime, *, zone: str) -> datetime:
    """Name the midnight after which a reminder that says 'tomorrow' would not be true."""
    place = ZoneInfo(zone)
    return datetime.combine(starts_at.astimezone(place).date(), time(), tzinfo=place)


def shifted(moment: datetime, *, old: datetime, new: datetime, zone: str) -> datetime:
    """Move a deadline along with its event, so that 'noon of the day before' stays noon."""
    place = ZoneInfo(zone)
    wall = moment.astimezone(place).replace(tzinfo=None)
    by = new.astimezone(place).replace(tzinfo=None) - old.astimezone(place).replace(tzinfo=None)
    return (wall + by).replace(tzinfo=place)
