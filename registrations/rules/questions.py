"""What an organiser asks beside the fixed fields: which questions are asked, and what an answer is.

A question hidden by its condition is never required, and what was typed into it is not kept: a page without
scripts shows every question, and only the server decides which of them were asked.
"""

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import isfinite
from typing import Any

from backend.core.errors import Sentence
from backend.core.i18n import _
from backend.core.text import email_address, has_control_characters, one_line, paragraphs
from registrations.rules.person import email_problem
from registrations.rules.phones import international
from registrations.rules.refusals import Invalid

type Value = str | int | float | bool | list[str]
type Answers = Mapping[str, Value]

TEXT_LIMIT = 200
LONG_TEXT_LIMIT = 2000
NUMBER_LIMIT = 10**12
YEARS = (1900, 2200)
DECIDING = frozenset({"yes_no", "one_of", "many_of"})  # the kinds a condition may look at


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One question, as far as it decides what may be answered."""

    key: str
    kind: str
    required: bool = False
    options: tuple[str, ...] = ()  # keys of those that may be chosen now
    event: str | None = None  # the slug of the only event it is about
    special: bool = False
    depends_on: str = ""  # the key of the question that decides whether this one is asked
    shown_for: tuple[str, ...] = ()


class Wrong(Exception):  # noqa: N818 - caught within this module, where it becomes a refusal
    """An answer that cannot be taken, with what to do instead."""

    def __init__(self, sentence: Sentence) -> None:
        super().__init__(sentence)
        self.sentence = sentence


def asked(questions: Iterable[Asked], *, events: Collection[str], answers: Answers) -> list[Asked]:
    """Keep the questions that are asked of somebody who chose these events and answered this so far."""
    of_events = [one for one in questions if one.event is None or one.event in events]
    known = {one.key for one in of_events}
    return [one for one in of_events if _is_shown(one, known=known, answers=answers)]


def leaves_open(questions: Iterable[Asked], *, events: Collection[str], answers: Answers) -> bool:
    """Tell whether something that must be answered has not been."""
    shown = asked(questions, events=events, answers=answers)
    return any(one.required and one.key not in answers for one in shown)


def _is_shown(one: Asked, *, known: Collection[str], answers: Answers) -> bool:
    if not one.depends_on:
        return True
    return one.depends_on in known and bool(spoken(answers.get(one.depends_on)) & set(one.shown_for))


def spoken(value: Value | None) -> set[str]:
    """Name what an answer says, in the words a condition uses: "yes", "no" or the keys of options."""
    if isinstance(value, bool):
        return {"yes" if value else "no"}
    return set(value) if isinstance(value, list) else {str(value)}


def clean_answers(
    questions: Sequence[Asked], *, events: Collection[str], given: Mapping[str, Any]
) -> dict[str, Value]:
    """Give the answers as they are to be kept, or refuse with a sentence beside each question at once."""
    problems: dict[str, list[Sentence]] = {}
    if strangers := given.keys() - {one.key for one in questions}:
        sentence = _("This question is not asked here.")
        problems |= {answer_field(key): [sentence] for key in sorted(strangers)}
    kept: dict[str, Value] = {}
    wrong: dict[str, Sentence] = {}
    for one in questions:
        try:
            value = clean_answer(one, given.get(one.key))
        except Wrong as no:
            wrong[one.key] = no.sentence
        else:
            kept |= {} if value is None else {one.key: value}
    shown = {one.key: one for one in asked(questions, events=events, answers=kept)}
    for key, one in shown.items():
        if key in wrong:
            problems[answer_field(key)] = [wrong[key]]
        elif one.required and key not in kept:
            problems[answer_field(key)] = [missing_sentence(one)]
    if problems:
        raise Invalid(_("Some of the information needs correcting."), fields=problems)
    return {key: kept[key] for key in shown if key in kept}


def answer_field(key: str) -> str:
    """Name the field of a question as refusals do."""
    return f"answers.{key}"[:200]


def missing_sentence(one: Asked) -> Sentence:
    """Say what to do about a question that must be answered."""
    if one.kind in DECIDING:
        return _("Choose an answer.")
    return _("Answer this question.")


def clean_answer(one: Asked, value: Any) -> Value | None:  # noqa: ANN401 - whatever was sent
    """Give one answer as it is to be kept, None when nothing was said; ``Wrong`` says what to correct."""
    if value is None or value == [] or (isinstance(value, str) and not value.strip()):
        return None
    if one.kind == "many_of":
        return _many(one, value)
    if one.kind == "one_of":
        return _one(one, value)
    return _CLEANERS[one.kind](value)


def _one(one: Asked, value: Any) -> str:  # noqa: ANN401 - whatever was sent
    if not isinstance(value, str) or value not in one.options:
        raise Wrong(_("Choose one of the options."))
    return value


def _many(one: Asked, value: Any) -> list[str]:  # noqa: ANN401 - whatever was sent
    chosen = [value] if isinstance(value, str) else value
    if not isinstance(chosen, list | tuple) or any(
        not isinstance(key, str) or key not in one.options for key in chosen
    ):
        raise Wrong(_("Choose among the options."))
    return [key for key in one.options if key in chosen]


def _yes_no(value: Any) -> bool:  # noqa: ANN401 - whatever was sent
    if isinstance(value, bool):
        return value
    if value in ("yes", "no"):
        return bool(value == "yes")
    raise Wrong(_("Answer yes or no."))


def _text(value: Any) -> str:  # noqa: ANN401 - whatever was sent
    return one_line(_checked(value, limit=TEXT_LIMIT))


def _long_text(value: Any) -> str:  # noqa: ANN401 - whatever was sent
    return paragraphs(_checked(value, limit=LONG_TEXT_LIMIT, multiline=True))


def _checked(value: Any, *, limit: int, multiline: bool = False) -> str:  # noqa: ANN401 - whatever was sent
    if not isinstance(value, str):
        raise Wrong(_("Answer with a text."))
    if len(value.strip()) > limit:
        raise Wrong(str(_("Shorten this to %(limit)d characters or fewer.") % {"limit": limit}))
    if has_control_characters(value.strip().replace("\t", " "), multiline=multiline):
        raise Wrong(_("This has characters that cannot be seen. Type it again."))
    return value


def _number(value: Any) -> int | float:  # noqa: ANN401 - whatever was sent
    if isinstance(value, str) and re.fullmatch(r"[+-]?[0-9]{1,13}([.,][0-9]{1,6})?", value.strip()):
        value = float(value.strip().replace(",", "."))
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise Wrong(_("Write a number, like 12."))
    if abs(value) > NUMBER_LIMIT or not isfinite(value):
        raise Wrong(_("This number is too large."))
    return int(value) if value == int(value) else value


def _date(value: Any) -> str:  # noqa: ANN401 - whatever was sent
    sentence = _("Write the day as 13.4.2027.")
    typed = value.strip() if isinstance(value, str) else ""
    finnish = re.fullmatch(r"([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4})", typed)
    iso = re.fullmatch(r"([0-9]{4})-([0-9]{2})-([0-9]{2})", typed)
    if finnish is None and iso is None:
        raise Wrong(sentence)
    parts = finnish.groups()[::-1] if finnish else iso.groups() if iso else ()
    try:
        day = date(*map(int, parts))
    except ValueError as no:
        raise Wrong(sentence) from no
    if not YEARS[0] <= day.year <= YEARS[1]:
        raise Wrong(sentence)
    return day.isoformat()


def _email(value: Any) -> str:  # noqa: ANN401 - whatever was sent
    if not isinstance(value, str):
        raise Wrong(_("Answer with a text."))
    if problem := email_problem(value):
        raise Wrong(problem)
    return email_address(value) or ""


def _phone(value: Any) -> str:  # noqa: ANN401 - whatever was sent
    if not isinstance(value, str):
        raise Wrong(_("Answer with a text."))
    number = international(value)
    if number is None:
        raise Wrong(_("Write the phone number like 040 123 4567, or with its country like +46 70 123 45 67."))
    return number


_CLEANERS: Mapping[str, Callable[[Any], Value]] = {
    "text": _text,
    "long_text": _long_text,
    "yes_no": _yes_no,
    "number": _number,
    "date": _date,
    "email": _email,
    "phone": _phone,
    "municipality": _text,
}


def consents_problem(given: Collection[str], *, purposes: Collection[str]) -> dict[str, list[Sentence]]:
    """Say which consents were named that nobody asks for."""
    unknown = [purpose for purpose in given if purpose not in purposes]
    return {"consents": [_("This consent is not asked for here.")]} if unknown else {}
