"""What all forms of the desk share: three languages side by side, and refusals beside their fields."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField

from backend.core.errors import Refusal
from backend.core.i18n import LANGUAGE_CHOICES, LANGUAGES, Text, _
from backend.core.text import has_control_characters
from events.rules import on_the_clock, require_year


class OneLine(forms.CharField):
    """A line of text without characters nobody can see."""

    multiline = False

    def clean(self, value: Any) -> str:  # noqa: ANN401 - Django's own signature
        """Refuse what cannot be seen."""
        cleaned: str = super().clean(value)
        if has_control_characters(cleaned, multiline=self.multiline):
            raise ValidationError(_("The text holds characters that cannot be seen. Write it anew."))
        return cleaned


class Paragraphs(OneLine):
    """A longer text."""

    multiline = True
    widget = forms.Textarea(attrs={"rows": 4})


class DateInput(forms.DateInput):
    """The browser's own date field; its value is always the ISO date."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class TimeInput(forms.TimeInput):
    """The browser's own time field."""

    input_type = "time"

    def __init__(self) -> None:
        super().__init__(format="%H:%M")


def day_field(label: Any, **more: Any) -> forms.DateField:  # noqa: ANN401 - a lazy text; field options
    """Make a field for a day."""
    missing = {"required": _("Choose a day."), "invalid": _("Write the day as 13.4.2027.")}
    formats = ["%Y-%m-%d", "%d.%m.%Y"]
    return forms.DateField(
        label=label,
        widget=DateInput(),
        input_formats=formats,
        error_messages=missing,
        validators=[_require_year],
        **more,
    )


def _require_year(day: date) -> None:
    try:
        require_year(day.year, field="")
    except Refusal as no:
        raise ValidationError(str(no)) from no


def time_field(label: Any, **more: Any) -> forms.TimeField:  # noqa: ANN401 - a lazy text; field options
    """Make a field for a time of day, written 8:30 or 8.30."""
    missing = {"required": _("Write the time."), "invalid": _("Write the time as 8:30.")}
    formats = ["%H:%M", "%H.%M", "%H:%M:%S"]
    return forms.TimeField(
        label=label, widget=TimeInput(), input_formats=formats, error_messages=missing, **more
    )


def moment_of(day: date, clock: time, *, zone: str) -> datetime:
    """Put a day and a time on the clock of the place; an hour the clock skips is refused."""
    try:
        return on_the_clock(datetime.combine(day, clock), zone=zone, fold=0)
    except Refusal as no:
        raise ValidationError(str(no)) from no


@dataclass(frozen=True, slots=True)
class Cell:
    """One language of a text: its field and whether nothing has been said in it."""

    field: BoundField
    language: str
    language_name: str
    missing: bool


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a form: a single field, or one text in three languages."""

    field: BoundField | None = None
    legend: Any = ""
    name: str = ""
    cells: tuple[Cell, ...] = ()


@dataclass(frozen=True, slots=True)
class Asked:
    """A text to be written in three languages; Finnish is the one that must be there when it is required."""

    legend: Any
    longest: int = 200
    area: bool = False
    required: bool = False

    def fields(self, name: str) -> dict[str, forms.CharField]:
        """Make its three fields."""
        made: dict[str, forms.CharField] = {}
        for language, label in LANGUAGE_CHOICES:
            kind = Paragraphs if self.area else OneLine
            field = kind(label=label, max_length=self.longest, required=self.required and language == "fi")
            field.widget.attrs["lang"] = language
            field.error_messages["required"] = _("Write this in Finnish at least.")
            made[f"{name}_{language}"] = field
        return made


class DeskForm(forms.Form):
    """A form whose texts come in three languages; ``texts`` names them."""

    texts: ClassVar[dict[str, Asked]] = {}
    first: ClassVar[tuple[str, ...]] = ()  # fields that stand before the texts
    use_required_attribute = False
    quiet = False  # brought back by "Back": the errors are told when the form is sent

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - Django's own signature
        super().__init__(*args, **kwargs)
        for name, asked in self.texts.items():
            self.fields.update(asked.fields(name))

    def rows(self) -> Iterator[Row]:
        """Go through the form as it stands on the page."""
        single = [name for name in self.fields if name.rpartition("_")[0] not in self.texts]
        for name in single:
            if name in self.first:
                yield Row(field=self[name])
        for name, asked in self.texts.items():
            yield self._text_row(name, asked)
        for name in single:
            if name not in self.first:
                yield Row(field=self[name])

    def _text_row(self, name: str, asked: Asked) -> Row:
        names = dict(LANGUAGE_CHOICES)
        fields = {language: self[f"{name}_{language}"] for language in LANGUAGES}
        said = {language for language, field in fields.items() if str(field.value() or "").strip()}
        wanted = asked.required or bool(said)  # what nobody has said in any language is not missing
        cells = (
            Cell(field, language, names[language], missing=wanted and language not in said)
            for language, field in fields.items()
        )
        return Row(legend=asked.legend, name=name, cells=tuple(cells))

    def text(self, name: str) -> Text:
        """Give one text as it was typed in each language."""
        return Text(*(self.cleaned_data[f"{name}_{language}"].strip() for language in LANGUAGES))

    @property
    def shown_errors(self) -> bool:
        """Tell whether the page comes back with something to correct."""
        return self.is_bound and not self.quiet and bool(self.errors)

    def problems(self) -> Iterator[dict[str, str]]:
        """List what needs correcting: each sentence with the id of its field, "" when it has none."""
        if not self.shown_errors:
            return
        for sentence in self.non_field_errors():
            yield {"target": "", "sentence": str(sentence)}
        for name in self.fields:
            for sentence in self.errors.get(name, []):
                yield {"target": _target(self[name]), "sentence": self._spoken(name, str(sentence))}

    def _spoken(self, name: str, sentence: str) -> str:
        """Say of which text a sentence is: in the list of problems it stands without its field."""
        asked = self.texts.get(name.rpartition("_")[0])
        label = str(self[name].label)
        return f"{asked.legend}, {label}: {sentence}" if asked and label not in sentence else sentence

    def say(self, refusal: Refusal) -> None:
        """Put the sentences of a refusal beside the fields they speak of."""
        told = False
        for name, sentences in refusal.fields.items():
            place = self.place_of(name)
            if place:
                self.add_error(place, [str(sentence) for sentence in sentences])
                told = True
        if not told:
            self.add_error(None, str(refusal))

    def place_of(self, name: str) -> str:
        """Find the field that an action's name for it means: title.sv, starts_at, speakers.0.name."""
        plain = name.replace(".", "_")
        candidates = (plain, plain.removesuffix("_at"), f"{plain}_fi", name.partition(".")[0])
        return next((candidate for candidate in candidates if candidate in self.fields), "")


def _target(field: BoundField) -> str:
    """Give the id that a link in the list of problems leads to: of radios, the first."""
    return field.id_for_label or f"{field.auto_id}_0"
