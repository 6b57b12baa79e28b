"""What an organiser chooses before a rehearsal."""

from django import forms

from backend.core.i18n import _
from web.desk.forms.base import DeskForm
from web.desk.rehearsal import Presence, Turn


class RehearsalForm(DeskForm):
    """Whether anything happens to the event on the way, and whether the made-up attendee turns up."""

    turn = forms.ChoiceField(
        label=_("What happens two days before"),
        choices=Turn,
        required=False,
        initial=Turn.NONE,
        widget=forms.RadioSelect,
    )
    presence = forms.ChoiceField(
        label=_("The attendee at the event"),
        choices=Presence,
        required=False,
        initial=Presence.CAME,
        widget=forms.RadioSelect,
    )
