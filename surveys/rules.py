"""When a survey is asked, and which answers can be kept."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from backend.core.errors import Refusal, Sentence
from backend.core.i18n import _
from backend.core.text import has_control_characters, one_line, paragraphs

type Json = str | int | float | bool | Sequence[Json] | Mapping[str, Json] | None
type Places = Callable[[str], str | None]  # what a person wrote → the code of the municipality

AFTER_THE_END = timedelta(hours=2)
TOO_LATE_TO_ASK = timedelta(days=14)
OPEN_FOR = timedelta(days=14)
TEXT_LIMIT = 2000
TITLE_LIMIT = 200
SUMMARY_LIMIT = 600
SCALES = {"scale_5": (1, 5), "scale_10": (0, 10)}
LEAD_PARTS = frozenset({"title", "summary", "municipality", "may_contact"})


class NotHeldYet(Refusal):
    """Nobody can tell how it went before it has begun."""

    code = "event-not-held"


class Closed(Refusal):
    """The time for answering is over."""

    code = "survey-closed"
    status = 410


class AlreadyAnswered(Refusal):
    """One link, one answer; says nothing of what was answered."""

    code = "already-answered"
    status = 409


class Invalid(Refusal):
    """Some answers cannot be kept; ``fields`` names their questions."""

    code = "invalid"


def require_held(*, starts_at: datetime, published: bool, at: datetime) -> None:
    """Refuse to ask about an event that is not public or has not begun."""
    if not published or at < starts_at:
        raise NotHeldYet(_("The survey can be sent once the event has begun."))


def require_open(*, closes_at: datetime, at: datetime) -> None:
    """Refuse an answer that comes too late."""
    if at >= closes_at:
        raise Closed(_("This survey has closed. Thank you for your interest."))


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question as far as its answers go."""

    key: str
    kind: str
    options: Collection[str] = ()
    required: bool = False


def checked(questions: Sequence[Asked], answers: Mapping[str, Json], *, place: Places) -> dict[str, Json]:
    """Give the answers as they are kept, unanswered ones left out; or refuse naming each question."""
    errors: dict[str, list[Sentence]] = {}
    kept: dict[str, Json] = {}
    asked = {question.key: question for question in questions}
    for key in answers:
        if key not in asked:
            errors[key] = [_("This question is not in the survey.")]
    for key, question in asked.items():
        try:
            value = _checked(question, answers.get(key), place=place)
        except _Fault as fault:
            errors[key] = [fault.sentence]
            continue
        if value is not None:
            kept[key] = value
        elif question.required:
            errors[key] = [_("Answer this question.")]
    if errors:
        raise Invalid(_("Some of the answers need correcting."), fields=errors)
    return kept


class _Fault(Exception):  # noqa: N818 - told to the reader by ``checked``
    def __init__(self, sentence: Sentence) -> None:
        super().__init__(sentence)
        self.sentence = sentence


def _checked(question: Asked, value: Json, *, place: Places) -> Json:
    if value is None or value in ("", [], {}):
        return None
    match question.kind:
        case "scale_5" | "scale_10":
            return _point(value, *SCALES[question.kind])
        case "text":
            return _text(value, limit=TEXT_LIMIT) or None
        case "one_of":
            return _choice(value, question.options)
        case "many_of":
            return _choices(value, question.options)
        case _:
            return _lead(value, place=place)


def _point(value: Json, low: int, high: int) -> int:
    """Read a point of a scale; forms send digits, programs send numbers."""
    if isinstance(value, str) and value.isascii() and value.isdecimal() and len(value) <= len(str(high)):
        value = int(value)
    if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
        raise _Fault(_("Choose a number from %(low)s to %(high)s.") % {"low": low, "high": high})
    return value


def _text(value: Json, *, limit: int, line: bool = False) -> str:
    if not isinstance(value, str):
        raise _Fault(_("Answer in words."))
    if has_control_characters(value, multiline=not line):
        raise _Fault(_("Remove the characters that cannot be seen."))
    text = one_line(value) if line else paragraphs(value)
    if len(text) > limit:
        raise _Fault(_("This answer is too long. Shorten it."))
    return text


def _choice(value: Json, options: Collection[str]) -> str:
    if not isinstance(value, str) or value not in options:
        raise _Fault(_("Choose one of the options."))
    return value


def _choices(value: Json, options: Collection[str]) -> list[str]:
    if isinstance(value, str) or not isinstance(value, Sequence):
        raise _Fault(_("Choose among the options."))
    chosen = [_choice(one, options) for one in value]
    return [option for option in options if option in chosen]


def _lead(value: Json, *, place: Places) -> Json:
    if not isinstance(value, Mapping) or not set(value) <= LEAD_PARTS:
        raise _Fault(_("Tell the name of the practice, what it is and where."))
    may_contact = value.get("may_contact") or False
    if not isinstance(may_contact, bool):
        raise _Fault(_("Tell whether we may contact you: yes or no."))
    title = _text(value.get("title") or "", limit=TITLE_LIMIT, line=True)
    summary = _text(value.get("summary") or "", limit=SUMMARY_LIMIT)
    written = _text(value.get("municipality") or "", limit=TITLE_LIMIT, line=True)
    if not title and not summary and not may_contact:
        return None  # a municipality alone tells of no practice
    if not title:
        raise _Fault(_("Write the name of the practice."))
    code = place(written) if written else ""
    if code is None:
        raise _Fault(_("Choose a municipality from the list."))
    return {"title": title, "summary": summary, "municipality": code, "may_contact": may_contact}


PROMOTER = 9
DETRACTOR = 6


def recommendation(points: Sequence[int]) -> int:
    """Give the share of promoters minus that of detractors, in per cent, from -100 to 100."""
    up = sum(point >= PROMOTER for point in points)
    down = sum(point <= DETRACTOR for point in points)
    return round(100 * (up - down) / len(points))
