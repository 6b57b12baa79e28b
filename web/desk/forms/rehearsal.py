"""What an organiser chooses before a rehearsal."""

from django import forms

from backend.core.i18n import _
from web.desk.forms.base import DeskForm
from web.desk.rehearsal import Turn


class RehearsalForm(DeskForm):
    """Whether anything happens to the event on the way."""

    turn = forms.ChoiceField(
        label=_("What happens two days before"),
        choices=Turn,
        required=False,
        initial=Turn.NONE,
        widget=forms.RadioSelect,
    )
