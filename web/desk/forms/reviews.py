"""What a reviewer types: a level and a reason for each criterion, a decision and a message."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms.boundfield import BoundField

from backend.core.i18n import _
from catalogue.models import Assessment, Criterion, Review
from catalogue.rules import Judgement
from web.desk.forms.base import DeskForm, Paragraphs


@dataclass(frozen=True, slots=True)
class Judged:
    """One criterion with its two fields."""

    criterion: Criterion
    level: BoundField
    reason: BoundField


class ReviewForm(DeskForm):
    """All criteria of the set in their order, then the decision."""

    decision = forms.ChoiceField(
        label=_("Decision"),
        choices=Review.Decision,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what happens to the practice.")},
    )
    message = Paragraphs(
        label=_("Message to the submitter"),
        required=False,
        max_length=4000,
        help_text=_("Goes by mail as it stands. Write it in the submitter's language."),
    )

    def __init__(self, *args: Any, criteria: Sequence[Criterion], **kwargs: Any) -> None:  # noqa: ANN401 - Django's own signature
        super().__init__(*args, **kwargs)
        self.criteria = criteria
        for criterion in criteria:
            self.fields[f"level_{criterion.key}"] = forms.ChoiceField(
                label=_("Level"),
                choices=Assessment.Level,
                widget=forms.RadioSelect,
                initial=Assessment.Level.NOT_ASSESSED,
                required=False,
            )
            self.fields[f"reason_{criterion.key}"] = Paragraphs(
                label=_("Reason"), required=False, max_length=4000
            )

    def judged(self) -> Iterator[Judged]:
        """Go through the criteria with their fields."""
        for criterion in self.criteria:
            yield Judged(criterion, self[f"level_{criterion.key}"], self[f"reason_{criterion.key}"])

    def assessments(self) -> dict[str, tuple[str, str]]:
        """Give what was typed, by the criterion's key."""
        typed = self.cleaned_data
        return {
            one.key: (
                typed[f"level_{one.key}"] or Assessment.Level.NOT_ASSESSED,
                typed[f"reason_{one.key}"].strip(),
            )
            for one in self.criteria
        }

    def judgements(self) -> dict[str, Judgement]:
        """Give the same for the rule that decides whether a decision is complete."""
        return {
            key: Judgement(level=level, reason=reason) for key, (level, reason) in self.assessments().items()
        }

    def place_of(self, name: str) -> str:
        """Say what is wrong with a judgement at its reason once a level is chosen, else at the level."""
        kind, _dot, key = name.partition(".")
        if kind != "assessments":
            return super().place_of(name)
        chosen = self.cleaned_data.get(f"level_{key}") or Assessment.Level.NOT_ASSESSED
        place = f"level_{key}" if chosen == Assessment.Level.NOT_ASSESSED else f"reason_{key}"
        return place if place in self.fields else ""
