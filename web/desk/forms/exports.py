"""What a person chooses of a list to take along."""

from collections.abc import Sequence
from typing import Any

from django import forms

from backend.core.dates import day
from backend.core.i18n import _, current
from events.models import Event
from registrations.models import RegistrationExport
from registrations.queries.exporting import Column
from web.desk.forms.base import DeskForm

_FORMATS = [
    (RegistrationExport.Format.XLSX, _("Excel (telephone numbers and texts stay as they were typed)")),
    (RegistrationExport.Format.CSV, _("CSV (semicolons, UTF-8; ' before what could be a formula)")),
]


class ExportForm(DeskForm):
    """Which event, which kind of file, which columns."""

    event = forms.ChoiceField(label=_("Event"), required=False)
    format = forms.ChoiceField(
        label=_("Kind of file"), choices=_FORMATS, initial="xlsx", widget=forms.RadioSelect
    )
    columns = forms.MultipleChoiceField(
        label=_("Columns"),
        widget=forms.CheckboxSelectMultiple,
        required=False,  # the rule says it, in the same words as to programs
    )

    def __init__(
        self,
        *args: Any,  # noqa: ANN401 - Django's own signature
        events: Sequence[Event],
        columns: Sequence[Column],
        **kwargs: Any,  # noqa: ANN401 - Django's own signature
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["event"] = forms.ChoiceField(
            label=_("Event"),
            required=False,
            choices=[
                ("", _("the whole series")),
                *(
                    (one.slug, f"{day(one.starts_at, language=current(), year=False)} {one.title}")
                    for one in events
                ),
            ],
        )
        chosen = self.fields["columns"]
        if isinstance(chosen, forms.MultipleChoiceField):
            chosen.choices = [(one.key, str(one.heading)) for one in columns]
            chosen.initial = [one.key for one in columns if not one.protected]
        self.protected = [one.key for one in columns if one.protected]
