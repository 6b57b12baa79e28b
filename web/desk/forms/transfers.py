"""What an organiser types about somebody who gets another person's place."""

from django import forms

from backend.core.i18n import LANGUAGE_CHOICES, _
from web.desk.forms.base import DeskForm, OneLine


class ReceiverForm(DeskForm):
    """Who gets the place, and why; what may be typed is decided by the rules that attendees meet too."""

    name = OneLine(label=_("Name"), required=False, strip=False)
    email = OneLine(
        label=_("Email"),
        required=False,
        strip=False,
        widget=forms.EmailInput({"autocomplete": "off", "spellcheck": "false", "autocapitalize": "none"}),
    )
    language = forms.ChoiceField(label=_("Language of the mails"), choices=LANGUAGE_CHOICES)
    reason = OneLine(
        label=_("Reason"),
        required=False,
        max_length=500,
        help_text=_("Kept in the history, not mailed. Leave names and illnesses out."),
    )
