"""What a programme allows: pure decisions on plain values, without database, clock or request."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from backend.core import text
from backend.core.errors import Refusal, Sentence
from backend.core.i18n import Text, _

NAME_LIMIT = 200
PLACE_LIMIT = 200
LONG_LIMIT = 4000
REASON_LIMIT = 500
LINK_LIMIT = 500
SLUG_LIMIT = 80
MINUTES_LIMIT = 24 * 60
FIRST_YEAR, LAST_YEAR = 1990, 2200
LONGEST_EVENT = timedelta(days=31)
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


class NeedsCorrecting(Refusal):
    """Something typed cannot be kept as it is; ``fields`` says what and why, beside the field."""

    code = "invalid"
    status = 400


class SkippedTime(NeedsCorrecting):
    """On the night of the spring change this time of day does not exist."""

    code = "time-does-not-exist"


class AmbiguousTime(NeedsCorrecting):
    """On the night of the autumn change this time of day comes twice."""

    code = "time-comes-twice"


class SlugTaken(NeedsCorrecting):
    """Another series has this address."""

    code = "address-taken"


class AlreadyCancelled(Refusal):
    """The event has been cancelled, so it can no longer be changed."""

    code = "event-cancelled"
    status = 409


class NeverPublished(Refusal):
    """Nobody has seen the event, so there is nothing to call off."""

    code = "event-not-published"
    status = 409


class NothingToPublish(Refusal):
    """A series without events has nothing to show."""

    code = "series-empty"
    status = 409


class ProgrammeEmpty(Refusal):
    """There is nothing in the programme yet."""

    code = "programme-empty"
    status = 409


class ProgrammeUnchanged(Refusal):
    """People already see exactly this programme."""

    code = "programme-unchanged"
    status = 409


# --- What people type ---------------------------------------------------------------------------


FOREIGN_BLOCK = _("Choose a block of the same event.")


class Inputs:
    """Checks several inputs and refuses once, naming every one that needs correcting."""

    def __init__(self) -> None:
        self.fields: dict[str, list[Sentence]] = {}

    def say(self, field: str, sentence: Sentence) -> None:
        """Keep a sentence to be shown beside the field."""
        self.fields.setdefault(field, []).append(sentence)

    def line(self, field: str, value: str, *, limit: int, required: bool = False) -> str:
        """Take one line of text."""
        if text.has_control_characters(value):
            self.say(field, _("This contains characters that cannot be seen. Type the text again."))
            return ""
        return self._fitting(field, text.one_line(value), limit=limit, required=required)

    def long(self, field: str, value: str, *, limit: int = LONG_LIMIT) -> str:
        """Take text of several paragraphs."""
        if text.has_control_characters(value, multiline=True):
            self.say(field, _("This contains characters that cannot be seen. Type the text again."))
            return ""
        return self._fitting(field, text.paragraphs(value), limit=limit, required=False)

    def _fitting(self, field: str, value: str, *, limit: int, required: bool) -> str:
        if required and not value:
            self.say(field, _("Fill this in."))
        if len(value) > limit:
            self.say(field, _("Use at most %(limit)d characters.") % {"limit": limit})
        return value

    def lines(self, field: str, value: Text, *, limit: int = NAME_LIMIT, required: bool = False) -> Text:
        """Take one line in each language; ``required`` asks for the Finnish one."""
        return Text(
            **{
                language: self.line(
                    f"{field}.{language}", given, limit=limit, required=required and language == "fi"
                )
                for language, given in value
            }
        )

    def longs(self, field: str, value: Text) -> Text:
        """Take several paragraphs in each language."""
        return Text(**{language: self.long(f"{field}.{language}", given) for language, given in value})

    def some(self, field: str, value: Text) -> Text:
        """Take one line that must exist in at least one language."""
        kept = self.lines(field, value)
        if not any(said for _language, said in value) and not self.fields:
            self.say(field, _("Fill this in, at least in one language."))
        return kept

    def email(self, field: str, value: str) -> str:
        """Take an address, or nothing."""
        if not value.strip():
            return ""
        address = text.email_address(value)
        if address is None:
            self.say(field, _("Check the e-mail address: it should look like name@example.org."))
        return address or ""

    def link(self, field: str, value: str) -> str:
        """Take the address of a page, or nothing."""
        kept = value.strip()
        if kept and not is_link(kept):
            self.say(field, _("Give the whole link, beginning with https://."))
        return kept

    def slug(self, field: str, value: str) -> str:
        """Take the last part of a page's address."""
        if len(value) > SLUG_LIMIT or not _SLUG.fullmatch(value):
            self.say(field, _("Use small letters a–z, numbers and hyphens, at most 80 characters."))
        return value

    def choice(self, field: str, value: str, choices: Iterable[str]) -> str:
        """Take one of the values that exist."""
        if value not in choices:
            self.say(field, _("Choose one of the options."))
        return value

    def settle(self) -> None:
        """Refuse if anything needs correcting; nothing has been written."""
        if self.fields:
            raise NeedsCorrecting(_("Some of the information needs correcting."), fields=self.fields)


def is_link(value: str) -> bool:
    """Tell whether this is the address of a page on the web."""
    if len(value) > LINK_LIMIT or text.has_control_characters(value) or any(c.isspace() for c in value):
        return False
    try:
        parts = urlsplit(value)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname)


# --- Time ---------------------------------------------------------------------------------------


def require_year(year: int, *, field: str) -> None:
    """Refuse a date that is surely mistyped; no calendar program could hold the ends of time."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        sentence = _("Check the year.")
        raise NeedsCorrecting(sentence, fields={field: [sentence]})


def on_the_clock(wall: datetime, *, zone: str, fold: int | None = None, field: str = "starts_at") -> datetime:
    """Turn a day and an hour on the wall into the moment it is, in the zone of the event.

    An hour that the spring change skips is refused; one that the autumn change repeats is asked
    about, unless ``fold`` says which: 0 for the first time, 1 for the second.
    """
    require_year(wall.year, field=field)
    there = ZoneInfo(zone)
    first, second = (wall.replace(tzinfo=there, fold=fold) for fold in (0, 1))
    if first.utcoffset() == second.utcoffset():
        return first.astimezone(UTC)
    if first.astimezone(UTC).astimezone(there).replace(tzinfo=None) != wall:
        raise _skipped(wall, second.astimezone(UTC).astimezone(there), field=field)
    if fold is None:
        sentence = _(
            "The clocks go back on %(day)s, so %(clock)s comes twice that night. "
            "Say whether you mean the first or the second."
        ) % {"day": _day(wall), "clock": _clock(wall)}
        raise AmbiguousTime(sentence, fields={field: [sentence]})
    return (second if fold else first).astimezone(UTC)


def _skipped(wall: datetime, real: datetime, *, field: str) -> SkippedTime:
    sentence = _(
        "The clocks go forward on %(day)s and skip %(clock)s: that time does not exist. "
        "Choose another time, for example %(real)s."
    ) % {"day": _day(wall), "clock": _clock(wall), "real": _clock(wall + _gap(wall, real))}
    return SkippedTime(sentence, fields={field: [sentence]})


def _gap(wall: datetime, real: datetime) -> timedelta:
    return abs(wall - real.replace(tzinfo=None))


def _day(wall: datetime) -> str:
    return f"{wall.day}.{wall.month}.{wall.year}"


def _clock(wall: datetime) -> str:
    return f"{wall.hour}.{wall.minute:02d}"


def require_order(starts_at: datetime, ends_at: datetime) -> None:
    """Refuse an event that ends before it starts, or that never seems to end."""
    if ends_at <= starts_at:
        sentence = _("The end must come after the start.")
        raise NeedsCorrecting(sentence, fields={"ends_at": [sentence]})
    if ends_at - starts_at > LONGEST_EVENT:
        sentence = _("An event lasts at most 31 days. Check the dates.")
        raise NeedsCorrecting(sentence, fields={"ends_at": [sentence]})


def check_times(
    inputs: Inputs, *, starts_at: datetime | None, ends_at: datetime | None, minutes: int | None
) -> None:
    """Check the times of an item: a start and an end, or a length, or none of them."""
    if ends_at is not None and minutes is not None:
        inputs.say("minutes", _("Give either the end or the length in minutes, not both."))
    if starts_at is not None and ends_at is not None and ends_at <= starts_at:
        inputs.say("ends_at", _("The end must come after the start."))
    if minutes is not None and not 1 <= minutes <= MINUTES_LIMIT:
        inputs.say("minutes", _("Give a length between 1 and 1440 minutes."))


# --- Warnings: shown to the organiser, never in the way -------------------------------------------


class Clash(StrEnum):
    """What looks wrong in a programme; the organiser may know better."""

    SPEAKER_TWICE = "speaker_twice"
    OVERLAP = "overlap"
    OUTSIDE = "outside"


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """The part of an item that matters here."""

    session_id: int
    starts_at: datetime
    ends_at: datetime
    block_id: int | None = None
    parallel: bool = False  # whether its siblings may run at the same time
    speakers: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Warning:  # noqa: A001 - the word an organiser would use
    """One thing to look at, with the items and the speaker concerned."""

    clash: Clash
    session_ids: tuple[int, ...]
    speaker: str = ""


def warnings(slots: Sequence[Slot], *, starts_at: datetime, ends_at: datetime) -> tuple[Warning, ...]:
    """List what overlaps, who would have to be in two places, and what lies outside of the event."""
    found = [
        Warning(clash=Clash.OUTSIDE, session_ids=(slot.session_id,))
        for slot in slots
        if slot.starts_at < starts_at or slot.ends_at > ends_at
    ]
    ordered = sorted(slots, key=lambda slot: (slot.starts_at, slot.session_id))
    for index, one in enumerate(ordered):
        for other in ordered[index + 1 :]:
            if other.starts_at >= one.ends_at:
                break
            found += _clashes(one, other)
    return tuple(found)


def _clashes(one: Slot, other: Slot) -> Iterable[Warning]:
    pair = (one.session_id, other.session_id)
    for speaker in sorted(one.speakers & other.speakers):
        yield Warning(clash=Clash.SPEAKER_TWICE, session_ids=pair, speaker=speaker)
    nested = one.session_id == other.block_id or other.session_id == one.block_id
    if one.block_id == other.block_id and not nested and not (one.parallel and other.parallel):
        yield Warning(clash=Clash.OVERLAP, session_ids=pair)
