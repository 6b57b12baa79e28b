"""What an organiser types of a question: its words and options in three languages side by side."""

from collections.abc import Iterable, Sequence
from itertools import zip_longest
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext

from backend.core.dates import day
from backend.core.i18n import LANGUAGES, Text, _, current
from events.models import Event, EventSeries
from registrations.models import Question
from registrations.rules import OptionDraft, QuestionDraft
from registrations.rules.questions import DECIDING
from web.desk.forms.base import Asked, DeskForm


class QuestionForm(DeskForm):
    """One question; options stand one on a line, the same line in each language."""

    first: ClassVar[tuple[str, ...]] = ("event", "kind")
    texts: ClassVar[dict[str, Asked]] = {
        "label": Asked(_("Question"), longest=300, required=True),
        "help": Asked(_("Help for answering"), longest=500),
        "options": Asked(_("Options, one on each line, in the same order"), longest=30_000, area=True),
    }
    event = forms.ChoiceField(label=_("Asked of"), required=False)
    kind = forms.ChoiceField(label=_("What the answer looks like"), choices=Question.Kind)
    required = forms.BooleanField(label=_("Must be answered"), required=False)
    special = forms.ChoiceField(
        label=_("Is it about diet or accessibility?"),
        required=False,
        choices=Question.Special,
        help_text=_(
            "Such answers are sealed, read only with a right of its own, and removed after the event."
        ),
    )
    condition = forms.MultipleChoiceField(
        label=_("Asked only of those who answered"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Left empty, everybody is asked."),
    )

    def __init__(
        self,
        *args: Any,  # noqa: ANN401 - Django's own signature
        earlier: Iterable[Question],
        events: Iterable[Event] = (),
        **kwargs: Any,  # noqa: ANN401 - Django's own signature
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["condition"].choices = _answers(earlier)  # type: ignore[attr-defined]  # a field of choices
        if not self.fields["condition"].choices:  # type: ignore[attr-defined]  # as above
            del self.fields["condition"]
        listed = [
            (event.slug, f"{day(event.starts_at, language=current(), year=False)} {event.title}")
            for event in events
        ]
        if listed:
            choices = [("", gettext("everybody in the series")), *listed]
            self.fields["event"].choices = choices  # type: ignore[attr-defined]  # as above
        else:
            del self.fields["event"]

    def draft(self, known: Sequence[OptionDraft] = ()) -> QuestionDraft:
        """Give the question as the action takes it; options keep the keys of those they replace."""
        typed = self.cleaned_data
        chosen = [value.partition(":") for value in typed.get("condition", [])]
        first = chosen[0][0] if chosen else ""
        return QuestionDraft(
            label=self.text("label"),
            help=self.text("help"),
            kind=typed["kind"],
            required=typed["required"],
            special=typed["special"],
            options=_keyed(self._lines(), known),
            condition=first,
            condition_values=[value for key, _colon, value in chosen if key == first],
        )

    def clean(self) -> dict[str, Any]:
        """Let a question hang on one other question only."""
        typed = super().clean() or {}
        if len({value.partition(":")[0] for value in typed.get("condition", [])}) > 1:
            self.add_error("condition", gettext("Choose answers of one question only."))
        return typed

    def _lines(self) -> list[Text]:
        columns = [self.cleaned_data[f"options_{language}"].rstrip().splitlines() for language in LANGUAGES]
        texts = [Text(*(line.strip() for line in row)) for row in zip_longest(*columns, fillvalue="")]
        return [text for text in texts if any(said for _language, said in text)]

    def place_of(self, name: str) -> str:
        """Find the field of a refusal; the question and its answers are chosen in one."""
        return super().place_of("condition" if name == "condition_values" else name)


def _answers(questions: Iterable[Question]) -> list[tuple[str, str]]:
    """List the answers a question can hang on: those of earlier questions that hang on nothing themselves."""
    found: list[tuple[str, str]] = []
    for one in questions:
        if one.kind not in DECIDING or one.condition_id:
            continue
        values = [(option.key, str(option.label)) for option in one.options.all()]
        if one.kind == Question.Kind.YES_NO:
            values = [("yes", gettext("yes")), ("no", gettext("no"))]
        found += [(f"{one.key}:{key}", f"{one.label}: {label}") for key, label in values]
    return found


def _keyed(lines: Sequence[Text], known: Sequence[OptionDraft]) -> list[OptionDraft]:
    """Keep the keys: by the words in Finnish, or line by line when there are as many as before."""
    by_words = {option.label.fi: option.key for option in known}
    keys = [by_words.get(text.fi, "") for text in lines]
    if len(lines) == len(known):
        free = {option.key for option in known} - set(keys)
        keys = [key or (old.key if old.key in free else "") for key, old in zip(keys, known, strict=True)]
    return [OptionDraft(label=text, key=key) for text, key in zip(lines, keys, strict=True)]


class ConsentForm(DeskForm):
    """What people may agree to, in three languages."""

    texts: ClassVar[dict[str, Asked]] = {
        "text": Asked(_("What people agree to"), longest=1000, area=True, required=True)
    }


class CopyForm(DeskForm):
    """From which series the form is taken."""

    source = forms.ChoiceField(label=_("Series"))

    def __init__(self, *args: Any, among: Iterable[EventSeries], **kwargs: Any) -> None:  # noqa: ANN401 - Django's own signature
        super().__init__(*args, **kwargs)
        self.fields["source"].choices = [(str(one.pk), str(one.title)) for one in among]  # type: ignore[attr-defined]  # a field of choices
