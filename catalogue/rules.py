"""What may be done with a practice: the moves of a version, what it must tell, and what earns the label."""

import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields, replace
from enum import StrEnum

from backend.core.errors import Forbidden, Refusal, Sentence
from backend.core.i18n import LANGUAGES, Language, _
from backend.core.text import email_key, has_control_characters, one_line, paragraphs

DIMENSIONS = ("ecological", "social", "cultural", "economic")
DIMENSIONS_NEEDED = 2  # the only threshold that was ever published for the criteria
MULTIDIMENSIONAL = "multidimensional-impact"
THEME_OF_ACCENT = {  # a first guess for a lead, after the programme's own lists of sub-themes
    "nature": "healthy",
    "participation": "social",
    "digital": "smart",
    "building": "low-carbon",
}


class Deed(StrEnum):
    """What can be done to a version."""

    SUBMIT = "submit"
    PUBLISH = "publish"
    REQUEST_CHANGES = "request_changes"
    DECLINE = "decline"
    REPLACE = "replace"


# The whole life of a version. A version never changes once sent: asking for additions closes it and opens
# the next one with the same text, so a review always points at exactly what its reviewer read.
MOVES: Mapping[tuple[str, Deed], str] = {
    ("draft", Deed.SUBMIT): "submitted",
    ("submitted", Deed.PUBLISH): "published",
    ("submitted", Deed.REQUEST_CHANGES): "changes_requested",
    ("submitted", Deed.DECLINE): "declined",
    ("published", Deed.REPLACE): "replaced",
}


class WrongState(Refusal):
    """The version is not where this deed starts from."""

    code = "wrong-state"
    status = 409


class AlreadySent(WrongState):
    """The text has left the writer's hands."""

    code = "already-sent"


class AlreadyDecided(WrongState):
    """Another reviewer was first."""

    code = "already-decided"


class Invalid(Refusal):
    """Something in the text cannot be kept as it is."""

    code = "invalid"


class Incomplete(Refusal):
    """Something that a reviewer needs has not been told yet."""

    code = "incomplete"


class OwnPractice(Forbidden):
    """Nobody decides on their own practice."""

    code = "own-practice"


class ReviewIncomplete(Refusal):
    """The decision lacks an assessment, a reason or a message."""

    code = "review-incomplete"


def move(state: str, deed: Deed) -> str:
    """Give the state that the deed leads to, or refuse."""
    if (state, deed) in MOVES:
        return MOVES[state, deed]
    if deed is Deed.SUBMIT:
        raise AlreadySent(_("This text has already been sent for review."))
    raise AlreadyDecided(_("This practice is not waiting for a decision any more."))


# --- The text ------------------------------------------------------------------------------------

type Written = Mapping[Language, str]  # a language that is not named stays as it was

LIMITS = {
    "title": 200,
    "summary": 600,
    "description": 6000,
    "results": 6000,
    "effects": 6000,
    "scaling": 6000,
    "partners": 2000,
    "years": 40,
    "owner_name": 200,
}
TEXTS = ("title", "summary", "description", "results", "effects", "scaling")
STAGES = ("", "planned", "running", "established", "ended")
_ONE_LINE = frozenset({"title", "years", "owner_name"})


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftTexts:
    """What the writer changed; None means left as it was."""

    title: Written | None = None
    summary: Written | None = None
    description: Written | None = None
    results: Written | None = None
    effects: Written | None = None
    scaling: Written | None = None
    partners: str | None = None
    years: str | None = None
    stage: str | None = None
    dimensions: Collection[str] | None = None
    themes: Collection[str] | None = None  # keys
    municipalities: Collection[str] | None = None  # codes, or names in Finnish or Swedish
    owner_name: str | None = None
    show_name: bool | None = None  # my name may stand on the public page
    may_publish: bool | None = None  # I may publish this, and it may stand in the catalogue


def cleaned(texts: DraftTexts) -> DraftTexts:
    """Trim and normalise what was typed, or refuse and say what is wrong with each field."""
    errors: dict[str, list[Sentence]] = {}
    clean: dict[str, object] = {}
    for field in fields(texts):
        name, value = field.name, getattr(texts, field.name)
        if isinstance(value, str):
            clean[name] = _tidy(name, value)
            errors[name] = _faults(name, value)
        elif isinstance(value, Mapping):
            clean[name] = {language: _tidy(name, text) for language, text in value.items()}
            errors[name] = [fault for text in value.values() for fault in _faults(name, text)]
            if not set(value) <= set(LANGUAGES):
                errors[name].append(_("Write in Finnish, Swedish or English."))
    if texts.stage not in (None, *STAGES):
        errors["stage"] = [_("Choose one of the stages.")]
    if texts.dimensions is not None:
        clean["dimensions"] = [one for one in DIMENSIONS if one in texts.dimensions]
        if not set(texts.dimensions) <= set(DIMENSIONS):
            errors["dimensions"] = [_("Choose among the four dimensions.")]
    if found := {name: faults for name, faults in errors.items() if faults}:
        raise Invalid(_("Some of the information needs correcting."), fields=found)
    return replace(texts, **clean)  # type: ignore[arg-type]  # each value keeps the type of its own field


def _tidy(name: str, value: str) -> str:
    return one_line(value) if name in _ONE_LINE else paragraphs(value)


def _faults(name: str, value: str) -> list[Sentence]:
    faults: list[Sentence] = []
    if len(_tidy(name, value)) > LIMITS.get(name, LIMITS["years"]):
        faults.append(_("This text is too long. Shorten it."))
    if has_control_characters(value, multiline=name not in _ONE_LINE):
        faults.append(_("Remove the characters that cannot be seen."))
    return faults


# --- What a reviewer needs to be told ------------------------------------------------------------


class SectionState(StrEnum):
    """How far a section of the draft has come."""

    NOT_STARTED = "not_started"
    IN_PROGRESS = "in_progress"
    DONE = "done"


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One part of the draft, on a page of its own."""

    key: str
    name: Sentence
    fields: tuple[str, ...]
    required: tuple[str, ...]


SECTIONS = (
    Section(
        key="what",
        name=_("What was done"),
        fields=("title", "summary", "description"),
        required=("title", "summary", "description"),
    ),
    Section(
        key="where",
        name=_("For whom and where"),
        fields=("municipalities", "themes", "partners", "stage", "years"),
        required=(),
    ),
    Section(
        key="results",
        name=_("Results and evidence"),
        fields=("results", "effects", "dimensions"),
        required=("results",),
    ),
    Section(key="scaling", name=_("What scaling needs"), fields=("scaling",), required=("scaling",)),
    Section(
        key="permission",
        name=_("Contact and permission"),
        fields=("owner_name", "show_name", "may_publish"),
        required=("may_publish",),
    ),
)
ASKED_FOR: Mapping[str, Sentence] = {
    "title": _("Write the name of the practice."),
    "summary": _("Tell in a sentence or two what the practice is."),
    "description": _("Tell what was done."),
    "results": _("Tell what came of it and how you know."),
    "scaling": _("Tell what is needed to take it into use elsewhere."),
    "may_publish": _("Give your permission to publish the practice."),
}


def state_of(section: Section, *, filled: Collection[str]) -> SectionState:
    """Tell how far a section is, when these fields have something in them."""
    told = [name for name in section.fields if name in filled and name != "owner_name"]
    if not told:
        return SectionState.NOT_STARTED
    done = all(name in filled for name in section.required)
    return SectionState.DONE if done else SectionState.IN_PROGRESS


def missing(filled: Collection[str]) -> dict[str, Sentence]:
    """Name the fields a reviewer still needs, with what to write in each."""
    return {name: sentence for name, sentence in ASKED_FOR.items() if name not in filled}


def require_complete(filled: Collection[str]) -> None:
    """Refuse a submission that a reviewer could not judge."""
    if lacking := missing(filled):
        raise Incomplete(
            _("Some parts are still empty."), fields={name: [text] for name, text in lacking.items()}
        )


# --- The decision --------------------------------------------------------------------------------

LEVELS = ("not_assessed", "not_met", "partly", "met")
REASON_LIMIT = MESSAGE_LIMIT = 4000


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """One criterion's level and why."""

    level: str = "not_assessed"
    reason: str = ""


def require_other_than_owner(*, owner_email: str, reviewer_email: str) -> None:
    """Refuse a decision on one's own practice."""
    if owner_email and email_key(owner_email) == email_key(reviewer_email):
        raise OwnPractice(_("You cannot decide on your own practice. Ask another reviewer."))


def require_reasoned(
    *,
    deed: Deed,
    criteria: Collection[str],
    given: Mapping[str, Judgement],
    dimensions: Collection[str],
    message: str,
) -> None:
    """Refuse a decision whose grounds are not all there.

    Publishing needs every criterion assessed; the other two need words to the submitter. A level that is
    given always needs its reason, and impact on several dimensions needs two of them to be marked.
    """
    errors: dict[str, list[Sentence]] = {}
    for key in [*criteria, *(key for key in given if key not in criteria)]:
        faults = _judgement_faults(key, given.get(key, Judgement()), known=key in criteria, deed=deed)
        if key == MULTIDIMENSIONAL and key in given and given[key].level == "met":
            faults += _dimension_faults(dimensions)
        if faults:
            errors[f"assessments.{key}"] = faults
    if not message and deed is not Deed.PUBLISH:
        errors["message"] = [_("Write to the submitter what you decided and why.")]
    elif len(message) > MESSAGE_LIMIT or has_control_characters(message, multiline=True):
        errors["message"] = [_("Shorten the message, and remove characters that cannot be seen.")]
    if errors:
        raise ReviewIncomplete(_("The decision is not complete yet."), fields=errors)


def _judgement_faults(key: str, judgement: Judgement, *, known: bool, deed: Deed) -> list[Sentence]:
    if not known:
        return [_("This criterion is not in the current set.")]
    if judgement.level not in LEVELS:
        return [_("Choose one of the levels.")]
    faults: list[Sentence] = []
    if judgement.level == "not_assessed":
        if deed is Deed.PUBLISH:
            faults.append(_("Assess this criterion before publishing."))
    elif not judgement.reason:
        faults.append(_("Write why you think so."))
    if len(judgement.reason) > REASON_LIMIT or has_control_characters(judgement.reason, multiline=True):
        faults.append(_("Shorten the reason, and remove characters that cannot be seen."))
    return faults


def _dimension_faults(dimensions: Collection[str]) -> list[Sentence]:
    if len(set(dimensions)) >= DIMENSIONS_NEEDED:
        return []
    return [_("This criterion can be met only when at least two dimensions are marked.")]


def label_for(*, levels: Mapping[str, str], criteria: Collection[str], dimensions: Collection[str]) -> str:
    """Give the label a published practice earns: all criteria met, or lessons to learn from."""
    all_met = bool(criteria) and all(levels.get(key) == "met" for key in criteria)
    broad = MULTIDIMENSIONAL not in criteria or len(set(dimensions)) >= DIMENSIONS_NEEDED
    return "meets_criteria" if all_met and broad else "learning"


def folded(value: str) -> str:
    """Give the form in which texts are compared: no capitals, one kind of white space; ä and ö stay."""
    return " ".join(unicodedata.normalize("NFC", value).casefold().split())
