"""What an organiser may ask: which questions make sense, and in which order they can stand."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from backend.core.errors import Sentence
from backend.core.i18n import Language, Text, _
from backend.core.text import has_control_characters, one_line
from registrations.rules.questions import DECIDING, Asked
from registrations.rules.refusals import Invalid

LABEL_LIMIT = 300
HELP_LIMIT = 500
OPTION_LIMIT = 200
CONSENT_LIMIT = 1000
OPTIONS_LIMIT = 100
QUESTIONS_LIMIT = 50
KINDS = (
    "text",
    "long_text",
    "yes_no",
    "one_of",
    "many_of",
    "number",
    "date",
    "email",
    "phone",
    "municipality",
)
SPECIALS = ("", "diet", "accessibility")

type Problems = dict[str, list[Sentence]]


@dataclass(frozen=True, slots=True, kw_only=True)
class OptionDraft:
    """One answer to choose; without a key it is a new one."""

    label: Text
    key: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionDraft:
    """A question as an organiser writes it."""

    label: Text
    kind: str
    help: Text = field(default_factory=Text)
    required: bool = False
    special: str = ""
    options: Sequence[OptionDraft] = ()
    condition: str = ""  # the key of an earlier question
    condition_values: Sequence[str] = ()


def clean_question(
    draft: QuestionDraft, *, event: str | None, earlier: Mapping[str, Asked], every_language: bool
) -> QuestionDraft:
    """Give the question as it is to be kept, or refuse with a sentence beside each field."""
    problems: Problems = {}
    problems |= text_problems("label", draft.label, limit=LABEL_LIMIT, every_language=every_language)
    said_help = any(text for _language, text in draft.help)
    if said_help:
        problems |= text_problems("help", draft.help, limit=HELP_LIMIT, every_language=every_language)
    if draft.kind not in KINDS:
        problems["kind"] = [_("Choose what the answer looks like.")]
    if draft.special not in SPECIALS:
        problems["special"] = [_("Choose one of the options.")]
    if draft.special and draft.kind == "phone":
        problems["special"] = [_("A phone number says nothing about diet or accessibility.")]
    problems |= _option_problems(draft, every_language=every_language)
    problems |= _condition_problems(draft, event=event, earlier=earlier)
    if problems:
        raise Invalid(_("Some of the information needs correcting."), fields=problems)
    return replace(
        draft,
        label=tidy(draft.label),
        help=tidy(draft.help),
        options=[replace(one, label=tidy(one.label)) for one in draft.options],
        condition_values=tuple(draft.condition_values) if draft.condition else (),
    )


def tidy(text: Text) -> Text:
    """Fold white space in each language."""
    return Text(*(one_line(said) for _language, said in text))


def text_problems(name: str, text: Text, *, limit: int, every_language: bool) -> Problems:
    """Say what is wrong with a text in three languages; what the public reads already lacks none of them."""
    problems: Problems = {}
    for language, said in text:
        if sentence := _text_problem(said, language, limit=limit, every_language=every_language):
            problems[f"{name}.{language}"] = [sentence]
    return problems


def _text_problem(said: str, language: Language, *, limit: int, every_language: bool) -> Sentence | None:
    if not said.strip():
        if language == "fi":
            return _("Write this in Finnish at least.")
        return _("The series is public: write this in each language.") if every_language else None
    if len(said.strip()) > limit:
        return str(_("Shorten this to %(limit)d characters or fewer.") % {"limit": limit})
    if has_control_characters(said.strip()):
        return _("This has characters that cannot be seen. Type it again.")
    return None


def _option_problems(draft: QuestionDraft, *, every_language: bool) -> Problems:
    if draft.kind not in {"one_of", "many_of"}:
        return {"options": [_("This kind of question has no options.")]} if draft.options else {}
    least = 2 if draft.kind == "one_of" else 1
    if len(draft.options) < least:
        return {"options": [_("Write the options, each on a line of its own.")]}
    if len(draft.options) > OPTIONS_LIMIT:
        return {"options": [_("There are too many options.")]}
    labels = [one_line(one.label.fi) for one in draft.options]
    if len(set(labels)) < len(labels):
        return {"options": [_("Two options read the same.")]}
    problems: Problems = {}
    for one in draft.options:
        wrong = text_problems("options", one.label, limit=OPTION_LIMIT, every_language=every_language)
        problems |= {name: said for name, said in wrong.items() if name not in problems}
    return problems


def _condition_problems(draft: QuestionDraft, *, event: str | None, earlier: Mapping[str, Asked]) -> Problems:
    if not draft.condition:
        return {}
    on = earlier.get(draft.condition)
    if on is None or on.kind not in DECIDING or on.event not in (None, event):
        return {"condition": [_("Choose an earlier question with options, or one answered yes or no.")]}
    if on.depends_on:
        return {"condition": [_("That question depends on another one itself. One step is the limit.")]}
    if on.special and not draft.special:
        return {"condition": [_("A question that depends on diet or accessibility must be sealed too.")]}
    possible = {"yes", "no"} if on.kind == "yes_no" else set(on.options)
    if not draft.condition_values or not set(draft.condition_values) <= possible:
        return {"condition_values": [_("Choose the answers that bring this question up.")]}
    return {}


def require_order(keys: Sequence[str], *, questions: Sequence[Asked]) -> None:
    """Refuse an order that leaves a question out, or puts one before the question it depends on."""
    if sorted(keys) != sorted(one.key for one in questions):
        sentence = _("Name each question once.")
        raise Invalid(sentence, fields={"keys": [sentence]})
    place = {key: number for number, key in enumerate(keys)}
    depending = [one for one in questions if one.depends_on in place]
    if any(place[one.key] < place[one.depends_on] for one in depending):
        sentence = _("A question must stand after the one it depends on.")
        raise Invalid(sentence, fields={"keys": [sentence]})


def require_kept(old: Asked, new: QuestionDraft, *, answered: bool, depending: Sequence[Asked]) -> None:
    """Refuse what would make answers unreadable, or leave another question without its condition."""
    problems: Problems = {}
    if answered and new.kind != old.kind:
        problems["kind"] = [_("Somebody has answered already. Retire this question and make a new one.")]
    if answered and bool(new.special) != old.special:
        problems["special"] = [_("Somebody has answered already. Retire this question and make a new one.")]
    wanted = {value for one in depending for value in one.shown_for}
    remaining = {one.key for one in new.options} | {"yes", "no"}
    if depending and (new.kind != old.kind or not wanted <= remaining):
        problems["options"] = [_("Another question depends on this. Change that one first.")]
    if depending and new.condition:
        problems["condition"] = [_("Another question depends on this. One step is the limit.")]
    if depending and new.special and not all(one.special for one in depending):
        problems["special"] = [_("A question that depends on diet or accessibility must be sealed too.")]
    if problems:
        raise Invalid(_("Some of the information needs correcting."), fields=problems)


def require_free(depending: Sequence[Asked]) -> None:
    """Refuse to take a question away while another one depends on it."""
    if depending:
        raise Invalid(_("Another question depends on this. Change that one first."))
