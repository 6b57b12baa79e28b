"""What a person types of a key for a program."""

from typing import Any

from django import forms

from accounts.models import Organisation
from backend.core.i18n import _
from web.desk.forms.base import DeskForm, OneLine

_LIVES = [("30", _("30 days")), ("90", _("90 days")), ("365", _("365 days"))]


class KeyForm(DeskForm):
    """What the key is for, and for how long."""

    name = OneLine(
        label=_("What the key is for"),
        max_length=100,
        error_messages={"required": _("Give the key a name, so that you recognise it later.")},
    )
    days = forms.TypedChoiceField(label=_("It works for"), choices=_LIVES, coerce=int, initial="90")

    def __init__(self, *args: Any, organisations: list[Organisation], **kwargs: Any) -> None:  # noqa: ANN401 - Django's own signature
        super().__init__(*args, **kwargs)
        self.organisations = {str(one.pk): one for one in organisations}
        if len(organisations) > 1:
            choices = [(str(one.pk), str(one.name)) for one in organisations]
            self.fields["organisation"] = forms.ChoiceField(label=_("Organisation"), choices=choices)

    @property
    def organisation(self) -> Organisation:
        """Give the organisation within which the key acts."""
        chosen = self.cleaned_data.get("organisation")
        return self.organisations[chosen] if chosen else next(iter(self.organisations.values()))
