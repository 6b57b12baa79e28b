"""The form of a speaker's address."""

from django import forms

from backend.core.i18n import LANGUAGE_CHOICES, _
from web.desk.forms.base import DeskForm, OneLine


class ContactForm(DeskForm):
    """Where a speaker is invited, and in which language."""

    email = OneLine(
        label=_("Email"),
        required=False,
        max_length=254,
        help_text=_("For invitations only. It is never shown on the public pages."),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    language = forms.ChoiceField(
        label=_("Language of the mails"),
        required=False,
        choices=[("", _("the language of the event")), *LANGUAGE_CHOICES],
    )
