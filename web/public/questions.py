"""An organiser's own questions on a page: their fields, what was typed, and how they stand below each other.

Without scripts every question is shown with a note when to answer it; the small script hides those that are
not asked. What counts is decided by the server.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.http import QueryDict
from django.utils.translation import gettext

from backend.core.i18n import Text, _
from events.models import Event
from notifications import sms
from registrations.models import ConsentText, Question
from registrations.queries import Form
from registrations.rules import Value, answer_field
from web.public.forms import Choices

_PLAIN: Mapping[str, Mapping[str, str]] = {
    "text": {"type": "text"},
    "municipality": {"type": "text", "list": "municipalities", "autocomplete": "off"},
    "number": {"type": "text", "inputmode": "decimal", "autocomplete": "off"},
    "date": {"type": "date"},
    "email": {"type": "email", "spellcheck": "false", "autocapitalize": "none"},
    "phone": {"type": "tel", "inputmode": "tel", "autocomplete": "tel"},
}


def fields_of(form: Form) -> dict[str, forms.Field]:
    """Make a field for each question and one for the consents; nothing is refused here."""
    fields = {answer_field(one.key): _field(one) for one in form.questions}
    if form.consents:
        choices = [(text.purpose, str(text.text)) for text in form.consents]
        fields["consents"] = Choices(
            label=_("What you agree to"),
            choices=choices,
            widget=forms.CheckboxSelectMultiple,
            required=False,
        )
    for one in fields.values():
        one.validators = []  # the rules refuse, in their own words
    return fields


def _field(question: Question) -> forms.Field:
    helped = " ".join(filter(None, (str(question.help), use_of(question))))
    more: dict[str, Any] = {"label": str(question.label), "help_text": helped, "required": False}
    if question.kind == Question.Kind.MANY_OF:
        choices = [(one.key, str(one.label)) for one in question.options.all()]
        return Choices(choices=choices, widget=forms.CheckboxSelectMultiple, **more)
    if question.kind in {Question.Kind.ONE_OF, Question.Kind.YES_NO}:
        return forms.CharField(widget=forms.RadioSelect(choices=_choices(question)), **more)
    private = {"data-private": ""} if question.special else {}
    if question.kind == Question.Kind.LONG_TEXT:
        return forms.CharField(strip=False, widget=forms.Textarea({"rows": 3, **private}), **more)
    attributes = {**_PLAIN[question.kind], **private}
    made = forms.CharField(strip=False, widget=forms.TextInput(attributes), **more)
    made.widget.input_type = attributes["type"]
    return made


def use_of(question: Question) -> str:
    """Tell what Vipu itself does with an answer: a number gets one kind of text message, and no other."""
    if question.kind != Question.Kind.PHONE or not sms.is_on():
        return ""
    return gettext("You get a text message only if the event is called off less than two days before it.")


def _choices(question: Question) -> list[tuple[str, str]]:
    """List what may be chosen; what need not be answered can also be left open again."""
    yes_no = [("yes", gettext("Yes")), ("no", gettext("No"))]
    options = [(one.key, str(one.label)) for one in question.options.all()]
    chosen = yes_no if question.kind == Question.Kind.YES_NO else options
    return chosen if question.required else [*chosen, ("", gettext("No answer"))]


def answers_in(typed: Mapping[str, Any], form: Form) -> dict[str, Any]:
    """Read the answers out of what was typed."""
    return {one.key: typed.get(answer_field(one.key)) for one in form.questions}


def kept(data: QueryDict, form: Form) -> dict[str, Any]:
    """Keep what was typed, for the same page in another language."""
    several = {answer_field(one.key) for one in form.questions if one.kind == Question.Kind.MANY_OF}
    names = [answer_field(one.key) for one in form.questions]
    read = {name: data.getlist(name) if name in several else data.get(name, "") for name in names}
    return read | {"consents": data.getlist("consents")}


def as_typed(answers: Mapping[str, Value]) -> dict[str, Any]:
    """Put answers into their fields again."""
    words = {True: "yes", False: "no"}
    return {
        answer_field(key): words[value] if isinstance(value, bool) else value
        for key, value in answers.items()
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One question on the page: its field, and on what it hangs."""

    question: Question
    box: BoundField
    hangs_on: str = ""  # the name of the field that decides
    values: str = ""
    note: str = ""

    @property
    def use(self) -> str:
        """What Vipu itself does with the answer."""
        return use_of(self.question)

    @property
    def several(self) -> bool:
        """Tell whether it is a group of ticks or radios."""
        return isinstance(self.box.field.widget, forms.CheckboxSelectMultiple | forms.RadioSelect)


@dataclass(slots=True, kw_only=True)
class Section:
    """The questions of the whole series, or those of one event under its title."""

    event: Event | None
    lines: list[Line] = field(default_factory=list)


def sections(filled: forms.Form, form: Form) -> list[Section]:
    """Lay the questions out in the order they are asked."""
    found: dict[int | None, Section] = {}
    for one in form.questions:
        section = found.setdefault(one.event_id, Section(event=one.event))
        section.lines.append(_line(filled, one, form))
    return list(found.values())


def _line(filled: forms.Form, question: Question, form: Form) -> Line:
    box = filled[answer_field(question.key)]
    deciding = form.by_key.get(question.condition.key) if question.condition else None
    if deciding is None:
        return Line(question=question, box=box)
    labels: dict[str, Text | str] = {one.key: one.label for one in deciding.options.all()}
    labels |= {"yes": gettext("Yes"), "no": gettext("No")}
    answers = ", ".join(str(labels.get(value, value)) for value in question.condition_values)
    note = gettext("Answer if you answered “%(question)s” like this: %(answers)s")
    return Line(
        question=question,
        box=box,
        hangs_on=answer_field(deciding.key),
        values=" ".join(question.condition_values),
        note=note % {"question": deciding.label, "answers": answers},
    )


def agreements(filled: forms.Form, texts: Mapping[str, ConsentText]) -> list[tuple[ConsentText, bool]]:
    """List the consents with what is ticked; nothing is ticked beforehand."""
    ticked = set(filled["consents"].value() or []) if texts else set()
    return [(text, purpose in ticked) for purpose, text in texts.items()]
