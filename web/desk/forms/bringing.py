"""What an organiser types to bring people in: one person, pasted lines or a file, and how."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django import forms
from django.core.files.uploadedfile import UploadedFile

from backend.core.dates import day
from backend.core.i18n import LANGUAGE_CHOICES, _, current
from backend.core.spreadsheet import BYTES_LIMIT, rows_of_file, rows_of_text
from events.models import Event
from registrations.rules.importing import (
    IMPORT_ROWS,
    BadColumns,
    Brought,
    Choices,
    Typed,
    as_cells,
    holds_mailboxes,
    people_in_mailboxes,
    people_in_table,
)
from web.desk.forms.base import DeskForm, OneLine

_FULL = [
    ("wait", _("Those who get no place are put on the waiting list")),
    ("leave", _("Those who get no place are left out and listed")),
]


class _Bringing(DeskForm):
    """To which events, and what is done for everybody."""

    common: ClassVar = ("events", "full", "mails")

    def __init__(self, *args: Any, events: Sequence[Event], **kwargs: Any) -> None:  # noqa: ANN401 - Django's own signature
        super().__init__(*args, **kwargs)
        self.fields["events"] = forms.MultipleChoiceField(
            label=_("Events"),
            choices=[
                (one.slug, f"{day(one.starts_at, language=current(), year=False)} {one.title}")
                for one in events
            ],
            initial=[one.slug for one in events] if len(events) == 1 else None,
            widget=forms.CheckboxSelectMultiple,
            error_messages={"required": _("Choose at least one event.")},
        )
        self.fields["full"] = forms.ChoiceField(
            label=_("When an event is full"), choices=_FULL, initial="wait", widget=forms.RadioSelect
        )
        self.fields["mails"] = forms.BooleanField(
            label=_("Send each person a confirmation with their own link"), initial=True, required=False
        )

    def choices(self, *, by_hand: bool = False) -> Choices:
        """Give what was decided."""
        given = self.cleaned_data
        return Choices(
            events=tuple(given["events"]),
            mails=given["mails"],
            wait=given["full"] == "wait",
            language=given["language"],
            by_hand=by_hand,
        )


class AddPersonForm(_Bringing):
    """One person, typed."""

    name = OneLine(label=_("Name"), max_length=200, error_messages={"required": _("The name is missing.")})
    email = OneLine(
        label=_("Email address"),
        max_length=300,
        widget=forms.EmailInput({"autocomplete": "off"}),
        error_messages={"required": _("The email address is missing.")},
    )
    organisation = OneLine(label=_("Organisation"), max_length=200, required=False)
    municipality = OneLine(
        label=_("Municipality"), max_length=200, required=False, help_text=_("Its name or its code.")
    )
    language = forms.ChoiceField(label=_("Language of the mails"), choices=LANGUAGE_CHOICES)

    @property
    def person(self) -> Typed:
        """Give the one row."""
        names = ("name", "email", "organisation", "municipality")
        return Typed(row=1, **{name: self.cleaned_data[name] for name in names})


class BringPeopleForm(_Bringing):
    """Many people: a file or pasted lines."""

    file = forms.FileField(
        label=_("File"),
        required=False,
        help_text=_(
            "An Excel workbook (.xlsx) or CSV. The first row names the columns, for example: "
            "Name; Email; Organisation; Municipality; Role; Language."
        ),
        widget=forms.FileInput({"accept": ".xlsx,.csv,.tsv,.txt"}),
    )
    people = forms.CharField(
        label=_("Or paste people, a line for each"),
        required=False,
        max_length=200_000,
        help_text=_(
            "Copied from a spreadsheet, or as a mail program has them. "
            "For example: Aino Esimerkki; aino@example.fi"
        ),
        widget=forms.Textarea({"rows": 8, "spellcheck": "false"}),
    )
    language = forms.ChoiceField(
        label=_("Language of the mails, when the row names none"), choices=LANGUAGE_CHOICES
    )

    def brought(self) -> tuple[Brought, str]:
        """Read the people and the name of the file; refused in words when they cannot be read."""
        sent: UploadedFile[Any] | None = self.cleaned_data["file"]
        text: str = self.cleaned_data["people"]
        if bool(sent) == bool(text.strip()):
            sentence = _("Choose a file or paste people; one of the two.")
            raise BadColumns(sentence, fields={"file": [sentence]})
        if sent is not None:
            rows = rows_of_file(sent.read(BYTES_LIMIT + 1), limit=IMPORT_ROWS + 1)
            return people_in_table(rows), sent.name or ""
        return brought_in_text(text), ""

    def place_of(self, name: str) -> str:
        """What cannot be read of pasted lines is said beside them."""
        pasted = name == "file" and not self.cleaned_data.get("file") and self.cleaned_data.get("people")
        return super().place_of("people" if pasted else name)


def brought_in_text(text: str) -> Brought:
    """Read pasted lines: the mailboxes of a mail program, or the cells of a table."""
    text = as_cells(text)
    if holds_mailboxes(text):
        return people_in_mailboxes(text)
    return people_in_table(rows_of_text(text, limit=IMPORT_ROWS + 1))
