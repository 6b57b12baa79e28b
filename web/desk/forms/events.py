"""What an organiser types of one event: its texts, its time, its places, and why it is called off."""

from datetime import date, datetime
from typing import Any, ClassVar, cast

from django import forms
from django.core.exceptions import ValidationError

from backend.core.dates import local
from backend.core.i18n import LANGUAGE_CHOICES, LANGUAGES, Text, _
from events.actions import EventFields
from events.models import Event
from web.desk.forms.base import Asked, DeskForm, day_field, moment_of, time_field

_SHARED = ("kind", "mode", "join_url", "link_policy", "language")


class EventForm(DeskForm):
    """The details of an event; its time is moved on a page of its own."""

    texts: ClassVar[dict[str, Asked]] = {
        "title": Asked(_("Theme"), required=True),
        "description": Asked(_("Description"), longest=4000, area=True),
        "place": Asked(_("Venue")),
    }
    kind = forms.ChoiceField(label=_("Kind of event"), choices=Event.Kind)
    mode = forms.ChoiceField(label=_("Where it is held"), choices=Event.Mode)
    join_url = forms.URLField(
        label=_("Joining link"),
        required=False,
        max_length=500,
        assume_scheme="https",
        help_text=_("Only people with a place are told this."),
        error_messages={"invalid": _("Write the whole link, beginning with https://.")},
    )
    link_policy = forms.ChoiceField(label=_("The link is told"), choices=Event.LinkPolicy)
    language = forms.ChoiceField(label=_("Language spoken"), choices=LANGUAGE_CHOICES)

    @staticmethod
    def starting_from(event: Event) -> dict[str, Any]:
        """Give the values as they are now."""
        values: dict[str, Any] = {name: getattr(event, name) for name in _SHARED}
        for name in EventForm.texts:
            values |= Text.of(event, name).columns(name)
        return values

    def typed(self) -> EventFields:
        """Give everything as the action takes it."""
        texts = {name: self.text(name) for name in self.texts}
        return cast("EventFields", texts | {name: self.cleaned_data[name] for name in _SHARED})


class MoveForm(DeskForm):
    """A new time, on the clock of the place."""

    day = day_field(_("Day"))
    starts = time_field(_("Starts"))
    ends = time_field(_("Ends"))
    last_day = day_field(
        _("Ends on another day"), required=False, help_text=_("Only when it lasts past midnight.")
    )

    def __init__(self, *args: Any, zone: str, **kwargs: Any) -> None:  # noqa: ANN401 - Django's own signature
        super().__init__(*args, **kwargs)
        self.zone = zone

    @staticmethod
    def starting_from(event: Event) -> dict[str, Any]:
        """Give the time as it is now."""
        zone = event.series.timezone
        start, end = local(event.starts_at, zone=zone), local(event.ends_at, zone=zone)
        last = end.date() if end.date() != start.date() else None
        return {"day": start.date(), "starts": start.time(), "ends": end.time(), "last_day": last}

    def clean(self) -> dict[str, Any]:
        """Put the days and the hours together."""
        typed: dict[str, Any] = super().clean() or self.cleaned_data
        if self.errors:
            return typed
        last: date = typed["last_day"] or typed["day"]
        for name, on in (("starts", typed["day"]), ("ends", last)):
            try:
                typed[f"{name}_at"] = moment_of(on, typed[name], zone=self.zone)
            except ValidationError as no:
                self.add_error(name, no)
        if not self.errors and typed["ends_at"] <= typed["starts_at"]:
            self.add_error("ends", _("The end has to be later than the start."))
        return typed

    @property
    def starts_at(self) -> datetime:
        """Give the new start."""
        value: datetime = self.cleaned_data["starts_at"]
        return value

    @property
    def ends_at(self) -> datetime:
        """Give the new end."""
        value: datetime = self.cleaned_data["ends_at"]
        return value


class CancelEventForm(DeskForm):
    """Why the event is not held, in the words people will read in their mail."""

    texts: ClassVar[dict[str, Asked]] = {
        "reason": Asked(_("Why it is called off"), longest=500, area=True, required=True)
    }

    def clean(self) -> dict[str, Any]:
        """Ask for every language: each person reads the reason in their own."""
        typed: dict[str, Any] = super().clean() or self.cleaned_data
        names = dict(LANGUAGE_CHOICES)
        for language in LANGUAGES[1:]:
            if not typed.get(f"reason_{language}", "").strip():
                sentence = _("Write the reason in this language too: %(language)s")
                self.add_error(f"reason_{language}", sentence % {"language": names[language]})
        return typed


class CapacityForm(DeskForm):
    """How many fit."""

    capacity = forms.IntegerField(
        label=_("Number of places"),
        min_value=0,
        max_value=100_000,
        error_messages={
            "required": _("Write a number."),
            "invalid": _("Write a number."),
            "min_value": _("Write a number that is not negative."),
            "max_value": _("Write a number of at most 100,000."),
        },
    )
