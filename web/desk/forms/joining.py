"""What an organiser types about who somebody is."""

from django import forms

from backend.core.i18n import _
from web.desk.forms.base import DeskForm, OneLine


class AddressForm(DeskForm):
    """The right address, and why it is changed."""

    email = forms.CharField(
        label=_("The right address"),
        strip=False,
        max_length=300,
        widget=forms.EmailInput({"autocomplete": "off", "spellcheck": "false", "autocapitalize": "none"}),
        error_messages={"required": _("Write the address as name@example.fi.")},
    )
    reason = OneLine(
        label=_("Reason"),
        required=False,
        max_length=500,
        help_text=_("Kept in the history, not mailed. Leave names and illnesses out."),
    )
