"""What an organiser types of one item of a programme."""

from datetime import datetime
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError

from accounts.models import Municipality
from backend.core.dates import local
from backend.core.i18n import LANGUAGE_CHOICES, Text, _
from events.models import Event, Session
from web.desk.forms.base import Asked, DeskForm, Paragraphs, moment_of, time_field

_PARTS = 3  # name | title | organisation


class SpeakersField(Paragraphs):
    """Speakers as lines: Name | title | organisation; the last two may be left out."""

    def clean(self, value: Any) -> Any:  # noqa: ANN401 - Django's own signature
        """Take the lines apart."""
        lines = [line.strip() for line in super().clean(value).splitlines() if line.strip()]
        return [self._part(line) for line in lines]

    @staticmethod
    def _part(line: str) -> tuple[str, str, str]:
        parts = [" ".join(part.split()) for part in line.split("|")]
        if len(parts) > _PARTS or not parts[0]:
            raise ValidationError(
                _("Write each speaker on a line of their own: Name | title | organisation."), code="speaker"
            )
        name, title, organisation = [*parts, "", ""][:_PARTS]
        return name, title, organisation


class SessionForm(DeskForm):
    """One item: when, what, who."""

    first: ClassVar[tuple[str, ...]] = ("kind", "starts", "ends", "minutes")
    texts: ClassVar[dict[str, Asked]] = {
        "title": Asked(_("Title")),
        "abstract": Asked(_("What it is about"), longest=4000, area=True),
    }
    kind = forms.ChoiceField(label=_("Kind of item"), choices=Session.Kind)
    starts = time_field(
        _("Starts"), required=False, help_text=_("Left empty, it follows from the item before.")
    )
    ends = time_field(_("Ends"), required=False)
    minutes = forms.IntegerField(
        label=_("Minutes"),
        required=False,
        min_value=1,
        max_value=1440,
        help_text=_("Instead of an end."),
        error_messages={"invalid": _("Write a number."), "min_value": _("Write at least one minute.")},
    )
    speakers = SpeakersField(
        label=_("Speakers"),
        required=False,
        max_length=4000,
        help_text=_("One on each line: Name | title | organisation"),
    )
    municipality = forms.ChoiceField(label=_("Municipality"), required=False)
    language = forms.ChoiceField(
        label=_("Language spoken"), required=False, choices=[("", _("as the event")), *LANGUAGE_CHOICES]
    )

    def __init__(self, *args: Any, event: Event, **kwargs: Any) -> None:  # noqa: ANN401 - Django's own signature
        super().__init__(*args, **kwargs)
        self.event = event
        municipality = self.fields["municipality"]
        assert isinstance(municipality, forms.ChoiceField)  # noqa: S101 - tells the type checker
        current = Municipality.objects.filter(valid_to__isnull=True).values_list("code", "name_fi")
        municipality.choices = [("", _("none")), *current]

    @staticmethod
    def starting_from(session: Session) -> dict[str, Any]:
        """Give the item as it is now."""
        zone = session.event.series.timezone
        lines = [
            " | ".join(part for part in (row.speaker.name, row.title, row.organisation)).rstrip(" |")
            for row in session.parts.select_related("speaker")
        ]
        return {
            "kind": session.kind,
            "starts": local(session.starts_at, zone=zone).time() if session.starts_at else None,
            "ends": local(session.ends_at, zone=zone).time() if session.ends_at else None,
            "minutes": session.minutes,
            "language": session.language,
            "municipality": session.municipality_id or "",
            "speakers": "\n".join(lines),
            **Text.of(session, "title").columns("title"),
            **Text.of(session, "abstract").columns("abstract"),
        }

    def clean(self) -> dict[str, Any]:
        """Put the hours on the day of the event."""
        typed: dict[str, Any] = super().clean() or self.cleaned_data
        if not any(typed.get(f"title_{language}", "").strip() for language, _name in LANGUAGE_CHOICES):
            self.add_error("title_fi", _("Give the item a title in one language at least."))
        if typed.get("ends") and typed.get("minutes"):
            self.add_error("minutes", _("Write either the end or the minutes, not both."))
        zone = self.event.series.timezone
        day = local(self.event.starts_at, zone=zone).date()
        for name in ("starts", "ends"):
            clock = typed.get(name)
            try:
                typed[f"{name}_at"] = moment_of(day, clock, zone=zone) if clock else None
            except ValidationError as no:
                self.add_error(name, no)
        return typed

    @property
    def starts_at(self) -> datetime | None:
        """Give the start, when there is one of its own."""
        value: datetime | None = self.cleaned_data["starts_at"]
        return value

    @property
    def ends_at(self) -> datetime | None:
        """Give the end, when there is one of its own."""
        value: datetime | None = self.cleaned_data["ends_at"]
        return value


class ReleaseForm(DeskForm):
    """Whether those who registered are told of the new programme."""

    notify = forms.BooleanField(label=_("Tell those who are registered"), required=False)
