"""What an organiser types about somebody who gets another person's place."""

from typing import Any

from django import forms

from backend.core.errors import Refusal
from backend.core.i18n import LANGUAGE_CHOICES, _
from registrations import rules
from web.desk.forms.base import DeskForm, OneLine


class ReceiverForm(DeskForm):
    """Who gets the place, and why; what may be typed is decided by the rules that attendees meet too."""

    name = OneLine(
        label=_("Name"), strip=False, error_messages={"required": _("Enter your colleague's name.")}
    )
    email = OneLine(
        label=_("Email"),
        strip=False,
        error_messages={"required": _("Enter an email address like name@example.fi.")},
        widget=forms.EmailInput({"autocomplete": "off", "spellcheck": "false", "autocapitalize": "none"}),
    )
    language = forms.ChoiceField(label=_("Language of the mails"), choices=LANGUAGE_CHOICES)
    reason = OneLine(
        label=_("Reason"),
        required=False,
        max_length=500,
        help_text=_("Kept in the history, not mailed. Leave names and illnesses out."),
    )

    def __init__(self, *args: Any, giver_email: str, **kwargs: Any) -> None:  # noqa: ANN401 - Django's own signature
        super().__init__(*args, **kwargs)
        self.giver_email = giver_email

    @property
    def person(self) -> rules.Person:
        """Give the receiver as typed."""
        return rules.Person(
            **{name: self.cleaned_data.get(name, "") for name in ("name", "email", "language")}
        )

    def clean(self) -> None:
        """Say at once what the rules would refuse, before the page that tells who gets what."""
        super().clean()
        try:
            rules.clean_receiver(self.person, giver_email=self.giver_email)
        except Refusal as no:
            more = {name: said for name, said in no.fields.items() if name not in self.errors}
            if more:
                self.say(Refusal(no.sentence, fields=more))
