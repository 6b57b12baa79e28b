"""What a person types of a webhook: where to, what about, and whether names go along."""

from typing import Any

from django import forms

from backend.core.i18n import _
from notifications.endpoints.facts import all_kinds
from web.desk.forms.base import DeskForm, OneLine, day_field
from web.desk.news import news_said


class WebhookForm(DeskForm):
    """A new webhook."""

    name = OneLine(
        label=_("What the webhook is for"),
        max_length=100,
        error_messages={"required": _("Give the webhook a name of 1 to 100 characters.")},
    )
    url = OneLine(
        label=_("Address of the receiver"),
        max_length=500,
        help_text=_(
            "A public address that begins with https://. It gets one signed POST for each piece of news."
        ),
        widget=forms.TextInput(attrs={"inputmode": "url", "autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": _("Write the address.")},
    )
    kinds = forms.MultipleChoiceField(
        label=_("What it is told of"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one kind of news.")},
    )
    with_people = forms.BooleanField(
        label=_("Send names and addresses too"),
        required=False,
        help_text=_(
            "Without this only numbers, states and times leave Vipu. With it your organisation hands over "
            "personal data: it answers for what the receiver does with it, and tells people so."
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - Django's own signature
        super().__init__(*args, **kwargs)
        self.fields["kinds"].choices = [(kind, news_said(kind)) for kind in all_kinds()]  # type: ignore[attr-defined]  # a choice field


class ReplayForm(DeskForm):
    """From when on everything that failed is sent again."""

    since = day_field(_("Everything that failed since"), required=False)
