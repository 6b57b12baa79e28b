"""What an organiser types about a rule: when it goes out, to whom, and what becomes of the late."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError

from backend.core.i18n import LANGUAGE_CHOICES, _, current
from events.models import Event
from registrations.models import MessageRule, Question, Registration
from registrations.queries.automatic import LOOKED_AT
from registrations.rules import RuleDraft, When
from web.desk.forms.base import DeskForm, OneLine, Row, time_field
from web.desk.forms.folding import Fold, folded
from web.desk.words import question_said

MINUTES, HOURS, DAYS = "minutes", "hours", "days"
_UNITS = ((DAYS, _("days")), (HOURS, _("hours")), (MINUTES, _("minutes")))
_SIDES = (("before", _("before")), ("after", _("after")))
_IN_MINUTES = {MINUTES: 1, HOURS: 60}
_NUMBER = {"required": _("Write a number."), "invalid": _("Write a number.")}


class RuleForm(DeskForm):
    """A reminder: its name, its moment, and whom it is for, the late among them."""

    whom: ClassVar[tuple[str, ...]] = ("languages", "modes", "answers", "late", "late_minutes")
    name = OneLine(label=_("Name"), required=False, max_length=100)
    event = forms.ChoiceField(label=_("Event"), required=False)
    amount = forms.IntegerField(
        label=_("How much earlier or later"), min_value=0, max_value=10080, error_messages=_NUMBER
    )
    unit = forms.ChoiceField(label=_("Days, hours or minutes"), choices=_UNITS)
    side = forms.ChoiceField(label=_("Before or after"), choices=_SIDES)
    anchor = forms.ChoiceField(label=_("Counted from"), choices=MessageRule.Anchor.choices)
    clock = time_field(
        _("At what time"),
        required=False,
        help_text=_("Only with days. Empty keeps the hour of the event."),
    )
    languages = forms.MultipleChoiceField(
        label=_("Only these languages"),
        required=False,
        choices=LANGUAGE_CHOICES,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Nothing chosen means everybody."),
    )
    modes = forms.MultipleChoiceField(
        label=_("Only these ways of taking part"),
        required=False,
        choices=Event.Mode,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Nothing chosen means everybody."),
    )
    answers = forms.MultipleChoiceField(
        label=_("Only those who answered"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Nothing chosen means everybody."),
    )
    late = forms.ChoiceField(
        label=_("Whoever gets a place after that moment"), choices=MessageRule.Late, widget=forms.RadioSelect
    )
    late_minutes = forms.IntegerField(
        label=_("At once only if minutes are left, at least"),
        min_value=0,
        max_value=10080,
        error_messages=_NUMBER,
    )

    def __init__(
        self,
        *args: Any,  # noqa: ANN401 - Django's own signature
        events: Iterable[Event],
        questions: Iterable[Question],
        **kwargs: Any,  # noqa: ANN401 - Django's own signature
    ) -> None:
        super().__init__(*args, **kwargs)
        named = [(event.slug, event.title.in_language(current())) for event in events]
        event = self.fields["event"]
        assert isinstance(event, forms.ChoiceField)  # noqa: S101 - tells the type checker what stands above
        event.choices = [("", _("every event")), *named]
        answers = self.fields["answers"]
        assert isinstance(answers, forms.ChoiceField)  # noqa: S101 - as above
        answers.choices = list(_answers(questions))
        if not answers.choices:
            del self.fields["answers"]

    def rows(self) -> Iterator[Row]:
        """Go through the name and the moment; whom it is for, the late among them, is folded."""
        return (row for row in super().rows() if not row.field or row.field.name not in self.whom)

    def folds(self) -> Iterator[Fold]:
        """Go through whom it is for; without questions there are no answers to choose."""
        return folded(self, [name for name in self.whom if name in self.fields])

    def clean(self) -> dict[str, Any]:
        """Refuse answers to two questions at once, and an hour where hours are counted."""
        typed: dict[str, Any] = super().clean() or self.cleaned_data
        if len({one.partition("|")[0] for one in typed.get("answers", ())}) > 1:
            self.add_error("answers", ValidationError(_("Choose answers to one question only.")))
        if typed.get("clock") and typed.get("unit") != DAYS:
            self.add_error("clock", ValidationError(_("Give either a time of day, or minutes and hours.")))
        return typed

    @property
    def draft(self) -> RuleDraft:
        """Give the rule as it was typed."""
        typed = self.cleaned_data
        answers = [one.partition("|")[::2] for one in typed.get("answers", ())]
        return RuleDraft(
            name=typed["name"].strip(),
            event=typed["event"],
            anchor=typed["anchor"],
            when=self._when,
            languages=frozenset(typed["languages"]),
            modes=frozenset(typed["modes"]),
            question=answers[0][0] if answers else "",
            answers=frozenset(answer for _question, answer in answers),
            late=typed["late"],
            late_minutes=typed["late_minutes"],
        )

    @property
    def _when(self) -> When:
        typed = self.cleaned_data
        amount: int = typed["amount"] * (-1 if typed["side"] == "before" else 1)
        if typed["unit"] == DAYS:
            return When(days=amount, clock=typed["clock"])
        return When(minutes=amount * _IN_MINUTES[typed["unit"]])

    def place_of(self, name: str) -> str:
        """The moment has several fields; the first of them speaks for it."""
        return super().place_of({"when": "amount"}.get(name, name))

    @staticmethod
    def starting_from(rule: MessageRule | None) -> dict[str, Any]:
        """Give the rule as it is; a new one begins as an hour before the start."""
        if rule is None:
            start = {"amount": 1, "unit": HOURS, "side": "before", "late": MessageRule.Late.SEND}
            return {**start, "anchor": MessageRule.Anchor.START, "late_minutes": 15}
        amount, unit = _spoken(rule)
        asked = rule.question.key if rule.question else ""
        return {
            "name": rule.name,
            "event": rule.event.slug if rule.event else "",
            "amount": amount,
            "unit": unit,
            "side": "before" if rule.days < 0 or rule.minutes < 0 else "after",
            "anchor": rule.anchor,
            "clock": rule.clock,
            "languages": rule.languages,
            "modes": rule.modes,
            "answers": [f"{asked}|{answer}" for answer in rule.answers],
            "late": rule.late,
            "late_minutes": rule.late_minutes,
        }


class NoteForm(RuleForm):
    """A message in the organiser's own words: also to those who wait, and afterwards to those who came."""

    whom: ClassVar[tuple[str, ...]] = ("states", "attendance", *RuleForm.whom)
    states = forms.MultipleChoiceField(
        label=_("State"),
        choices=[(one.value, one.label) for one in Registration.State if one in LOOKED_AT],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose who gets it.")},
    )
    attendance = forms.ChoiceField(
        label=_("Attendance"),
        required=False,
        choices=MessageRule.Attendance,
        widget=forms.RadioSelect,
        help_text=_(
            "Only for what goes out after the event has started. Who came or stayed away may be marked"
            " two weeks later: the message goes out when it is marked."
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - Django's own signature
        super().__init__(*args, **kwargs)
        name, late = self.fields["name"], self.fields["late"]
        name.required, name.help_text = True, _("Only organisers see it.")
        name.error_messages["required"] = _("Give it a name, so that it is found in the list.")
        assert isinstance(late, forms.ChoiceField)  # noqa: S101 - tells the type checker what stands above
        late.choices = [one for one in MessageRule.Late.choices if one[0] != MessageRule.Late.CONFIRMATION]

    @property
    def draft(self) -> RuleDraft:
        """Give the rule as it was typed."""
        typed = self.cleaned_data
        return replace(
            super().draft,
            kind=MessageRule.Kind.NOTE.value,
            states=frozenset(typed["states"]),
            attendance=typed["attendance"],
        )

    @staticmethod
    def starting_from(rule: MessageRule | None) -> dict[str, Any]:
        """Give the rule as it is; a new one begins as an hour after the end."""
        start = RuleForm.starting_from(rule)
        if rule is None:
            afterwards = {"side": "after", "anchor": MessageRule.Anchor.END, "late_minutes": 0}
            return {**start, **afterwards, "states": Registration.COMES, "attendance": ""}
        return {**start, "states": rule.states, "attendance": rule.attendance}


def _spoken(rule: MessageRule) -> tuple[int, str]:
    if rule.clock is not None or rule.days:
        return abs(rule.days), DAYS
    minutes = abs(rule.minutes)
    return (minutes // 60, HOURS) if minutes and minutes % 60 == 0 else (minutes, MINUTES)


def _answers(questions: Iterable[Question]) -> Iterable[tuple[str, str]]:
    """Offer every answer that can be chosen, beside its question."""
    for question in questions:
        label = question_said(question)
        if question.kind == Question.Kind.YES_NO:
            yield f"{question.key}|yes", f"{label} – {_('yes')}"
            yield f"{question.key}|no", f"{label} – {_('no')}"
        for option in question.options.all():
            yield f"{question.key}|{option.key}", f"{label} – {option.label.in_language(current())}"
