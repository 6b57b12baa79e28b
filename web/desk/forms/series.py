"""What an organiser types of a series: from a template to its texts."""

from datetime import date
from typing import Any, ClassVar

from django import forms
from django.utils.text import slugify

from accounts.models import Organisation
from backend.core.i18n import Text, _
from events.templates import TEMPLATES
from web.desk.forms.base import Asked, DeskForm, OneLine, day_field


class NewSeriesForm(DeskForm):
    """Three things are enough: a template, a name and the first day."""

    template = forms.ChoiceField(label=_("Template"), widget=forms.RadioSelect)
    title = OneLine(
        label=_("Name in Finnish"),
        max_length=200,
        help_text=_("The other languages are added on the next page."),
        error_messages={"required": _("Give the series a name.")},
    )
    first_day = day_field(_("First day"), help_text=_("The days follow one another, weekends left out."))

    def __init__(self, *args: Any, organisations: list[Organisation], **kwargs: Any) -> None:  # noqa: ANN401 - Django's own signature
        super().__init__(*args, **kwargs)
        template = self.fields["template"]
        assert isinstance(template, forms.ChoiceField)  # noqa: S101 - tells the type checker
        template.choices = [(key, _said(key)) for key in TEMPLATES]
        template.initial = next(iter(TEMPLATES))
        self.organisations = {str(one.pk): one for one in organisations}
        if len(organisations) > 1:
            self.fields["organisation"] = forms.ChoiceField(
                label=_("Organisation"), choices=[(str(one.pk), str(one.name)) for one in organisations]
            )

    @property
    def organisation(self) -> Organisation:
        """Give the body that arranges the series; most people work for one only."""
        chosen = self.cleaned_data.get("organisation")
        return self.organisations[chosen] if chosen else next(iter(self.organisations.values()))

    @property
    def slug(self) -> str:
        """Make the address out of the name and the year, so nobody has to think of one."""
        first_day: date = self.cleaned_data["first_day"]
        return f"{slugify(self.cleaned_data['title'])[:70] or 'sarja'}-{first_day.year}"

    @property
    def title_text(self) -> Text:
        """Give the name, so far in one language."""
        return Text(fi=self.cleaned_data["title"].strip())


def _said(key: str) -> str:
    return str(TEMPLATES[key].name)


class SeriesForm(DeskForm):
    """The texts of a series, side by side."""

    texts: ClassVar[dict[str, Asked]] = {
        "title": Asked(_("Name"), required=True),
        "lead": Asked(_("Introduction"), longest=2000, area=True),
    }
    organisers = OneLine(
        label=_("Arranged by"), max_length=300, required=False, help_text=_("As the announcement names them.")
    )
    contact_email = forms.EmailField(
        label=_("Address for questions"),
        required=False,
        help_text=_("Shown on the page; answers to the mails come here."),
        error_messages={"invalid": _("Write the address as name@example.fi.")},
    )


class ReasonForm(DeskForm):
    """A reason in one's own words, for the audit trail."""

    reason = OneLine(
        label=_("Reason"),
        required=False,
        max_length=500,
        help_text=_("Kept in the history, not mailed. Leave names and illnesses out."),
    )
