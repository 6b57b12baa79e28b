"""What a rule of an organiser may say: its moment, its readers, and what is refused."""

from collections.abc import Collection
from dataclasses import dataclass, field

from backend.core.errors import NotFound, Refusal, Sentence
from backend.core.i18n import _
from registrations.rules.automatic import COMES, Late, When
from registrations.rules.refusals import Invalid
from registrations.rules.segments import KIND as NOTE

REMINDER = "reminder"
FURTHEST_DAYS = 60
FURTHEST_MINUTES = 60 * 24 * 7
NAME_LIMIT = 100
_AFTERWARDS = {"end"}
_OF_THE_EVENT = {"start", "end"}


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleDraft:
    """A rule as an organiser describes it; events and questions by their keys."""

    kind: str = REMINDER
    name: str = ""
    event: str = ""  # empty: every event of the series
    anchor: str = "start"
    when: When = field(default_factory=When)
    states: frozenset[str] = frozenset({COMES})
    languages: frozenset[str] = frozenset()
    modes: frozenset[str] = frozenset()
    attendance: str = ""
    question: str = ""
    answers: frozenset[str] = frozenset()
    late: str = Late.CONFIRMATION
    late_minutes: int = 0


def require_sound(draft: RuleDraft) -> None:
    """Refuse what could reach nobody, or could not be understood; names every field that is wrong."""
    wrong = {
        field: [sentence]
        for field, sentence in (
            ("name", _name_problem(draft)),
            ("when", _moment_problem(draft)),
            ("states", _states_problem(draft)),
            ("attendance", _attendance_problem(draft)),
            ("answers", _answers_problem(draft)),
            ("late", _late_problem(draft)),
        )
        if sentence
    }
    if wrong:
        raise Invalid(_("The rule is not right yet."), fields=wrong)


def _name_problem(draft: RuleDraft) -> Sentence:
    if draft.kind == NOTE and not draft.name:
        return _("Give it a name, so that it is found in the list.")
    return _("The name may have at most 100 characters.") if len(draft.name) > NAME_LIMIT else ""


def _moment_problem(draft: RuleDraft) -> Sentence:
    when, before = draft.when, _is_before(draft.when)
    if when.clock is not None and when.minutes:
        return _("Give either a time of day, or minutes and hours.")
    if abs(when.days) > FURTHEST_DAYS or abs(when.minutes) > FURTHEST_MINUTES:
        return _("Choose a moment at most 60 days away.")
    if draft.anchor == "registration" and before:
        return _("Nobody can be written to before they register.")
    if draft.kind == REMINDER and draft.anchor in _AFTERWARDS:
        return _("A reminder comes before the event starts.")
    if draft.kind == REMINDER and draft.anchor == "start" and not before:
        return _("A reminder comes before the event starts.")
    return ""


def _is_before(when: When) -> bool:
    return when.days < 0 or when.minutes < 0


def _states_problem(draft: RuleDraft) -> Sentence:
    if not draft.states:
        return _("Choose who gets it.")
    if draft.kind == REMINDER and draft.states != {COMES}:
        return _("Only those who have a place are reminded.")
    return ""


def _attendance_problem(draft: RuleDraft) -> Sentence:
    if draft.attendance and (draft.anchor not in _OF_THE_EVENT or _is_before(draft.when)):
        return _("Who came is known only afterwards: count the moment from the event, and after it.")
    if draft.attendance and draft.kind == REMINDER:
        return _("A reminder comes before anybody can have come.")
    return ""


def _answers_problem(draft: RuleDraft) -> Sentence:
    if draft.question and not draft.answers:
        return _("Choose at least one answer.")
    if draft.answers and not draft.question:
        return _("Choose the question that the answers belong to.")
    return ""


def _late_problem(draft: RuleDraft) -> Sentence:
    if not 0 <= draft.late_minutes <= FURTHEST_MINUTES:
        return _("Give the minutes as a number between 0 and 10 080.")
    if draft.kind == NOTE and draft.late == Late.CONFIRMATION:
        return _("No confirmation says what you write here. Choose one of the others.")
    return ""


def require_found(*, event: bool, question: bool) -> None:
    """Refuse an event or a question that the series does not have."""
    if not event:
        sentence = _("One of the events was not found in this series. Choose again.")
        raise Invalid(sentence, fields={"event": [sentence]})
    if not question:
        sentence = _("This question is not asked any more.")
        raise Invalid(sentence, fields={"question": [sentence]})


def require_known_answers(answers: Collection[str], *, known: Collection[str]) -> None:
    """Refuse answers that nobody can give to the question."""
    if not set(answers) <= set(known):
        sentence = _("Something was chosen that is not there any more. Choose anew.")
        raise Invalid(sentence, fields={"answers": [sentence]})


class RuleWithoutWords(Refusal):
    """Nothing can be sent by a rule that has nothing to say yet."""

    code = "rule-without-words"
    status = 409


def require_words(*, published: bool) -> None:
    """Refuse to switch on what has no text in use."""
    if not published:
        raise RuleWithoutWords(_("Write the text and take it into use first. Then it can be switched on."))


def require_own_words(*, kind: str) -> None:
    """Refuse to give a reminder words that no other of its series has."""
    if kind != NOTE:
        sentence = _("A reminder has the words of its series. Change them on the page Words of the mails.")
        raise Invalid(sentence, fields={"subject": [sentence]})


def require_same_kind(draft: RuleDraft, *, kind: str) -> None:
    """Refuse to make a reminder of a text, or the other way round."""
    if draft.kind != kind:
        sentence = _("What a rule sends cannot be changed. Make a new rule.")
        raise Invalid(sentence, fields={"kind": [sentence]})


def rule_gone() -> NotFound:
    """Say that somebody removed it a moment ago."""
    return NotFound(_("Nothing was found at this address."))
