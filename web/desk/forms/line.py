"""What an organiser types about a waiting line: its terms, a new position, more time."""

from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from backend.core.i18n import _
from registrations.models import Quota
from web.desk.forms.base import DeskForm, OneLine, day_field, moment_of, time_field

_NUMBER = {"required": _("Write a number."), "invalid": _("Write a number.")}


class LineTermsForm(DeskForm):
    """How those who wait are called."""

    promotion = forms.ChoiceField(
        label=_("When a place comes free"), choices=Quota.Promotion, widget=forms.RadioSelect
    )
    offer_hours = forms.IntegerField(label=_("An offer holds for hours"), error_messages=_NUMBER)
    offer_in_working_hours = forms.BooleanField(
        label=_("Count only working hours, Monday to Friday 8–16"), required=False
    )
    offer_cutoff_hours = forms.IntegerField(
        label=_("No new offers when the start is nearer than hours"), error_messages=_NUMBER
    )

    @staticmethod
    def starting_from(quota: Quota | None) -> dict[str, Any]:
        """Give the terms as they are now."""
        quota = quota or Quota()
        return {name: getattr(quota, name) for name in LineTermsForm.base_fields}


class MoveInLineForm(DeskForm):
    """A new position, and why."""

    position = forms.IntegerField(label=_("New position in line"), min_value=1, error_messages=_NUMBER)
    reason = OneLine(
        label=_("Reason"),
        max_length=500,
        help_text=_("Kept in the history, not mailed. Leave names and illnesses out."),
        error_messages={"required": _("Say why the order changes. The reason stays in the history.")},
    )


class UntilForm(DeskForm):
    """A moment on the clock of the place, and why."""

    day = day_field(_("Until the day"))
    until = time_field(_("Until the time"))
    reason = OneLine(
        label=_("Reason"),
        required=False,
        max_length=500,
        help_text=_("Kept in the history, not mailed. Leave names and illnesses out."),
    )

    def __init__(self, *args: Any, zone: str, **kwargs: Any) -> None:  # noqa: ANN401 - Django's own signature
        super().__init__(*args, **kwargs)
        self.zone = zone

    def clean(self) -> dict[str, Any]:
        """Put the day and the time together."""
        typed: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.errors:
            try:
                typed["moment"] = moment_of(typed["day"], typed["until"], zone=self.zone)
            except ValidationError as no:
                self.add_error("until", no)
        return typed

    @property
    def moment(self) -> datetime:
        """Give the moment."""
        value: datetime = self.cleaned_data["moment"]
        return value
