"""What an organiser types of who may come: the mode, invitations, groups, and who is chosen."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms

from accounts.models import Organisation
from backend.core.i18n import LANGUAGE_CHOICES, _
from registrations.models import MemberGroup, Quota, Registration
from web.desk.forms.base import DeskForm, OneLine, Paragraphs

State = Registration.State
DECISIONS = [
    ("", _("Choose a decision")),  # none is suggested
    (State.SHORTLISTED, _("Put on the shortlist")),
    (State.CONFIRMED, _("Choose: gets a place")),
    (State.WAITING, _("Put on the reserve")),
    (State.NOT_CHOSEN, _("Not chosen")),
]


class ModeForm(DeskForm):
    """Who may come."""

    mode = forms.ChoiceField(label=_("Who may come"), choices=Quota.Mode, widget=forms.RadioSelect)

    def __init__(self, *args: Any, groups: Sequence[MemberGroup], **kwargs: Any) -> None:  # noqa: ANN401 - Django's own signature
        super().__init__(*args, **kwargs)
        self.groups = {str(group.pk): group for group in groups}
        choices = [("", "–"), *((key, group.name) for key, group in self.groups.items())]
        self.fields["group"] = forms.ChoiceField(
            label=_("Group, when the event is for members"), choices=choices, required=False
        )

    @property
    def group(self) -> MemberGroup | None:
        """Give the chosen group."""
        return self.groups.get(self.cleaned_data["group"])


class CodesForm(DeskForm):
    """How many codes."""

    number = forms.IntegerField(
        label=_("How many codes"),
        error_messages={"required": _("Write a number."), "invalid": _("Write a number.")},
    )


class InviteForm(DeskForm):
    """Who is invited by name."""

    people = Paragraphs(
        label=_("People, a line for each"),
        help_text=_("For example: Aino Esimerkki, aino@example.fi"),
        max_length=400_000,
        widget=forms.Textarea({"rows": 10, "spellcheck": "false"}),
        error_messages={"required": _("Write at least one line.")},
    )
    language = forms.ChoiceField(label=_("Language of the invitation"), choices=LANGUAGE_CHOICES)


class GroupForm(DeskForm):
    """A group and who belongs to it."""

    name = OneLine(
        label=_("Name of the group"), max_length=200, error_messages={"required": _("Give the group a name.")}
    )
    members = Paragraphs(
        label=_("Members, a line for each"),
        help_text=_("An address, or a whole domain such as example.fi."),
        max_length=400_000,
        widget=forms.Textarea({"rows": 12, "spellcheck": "false"}),
        error_messages={"required": _("Write at least one line.")},
    )

    def __init__(self, *args: Any, organisations: Sequence[Organisation], **kwargs: Any) -> None:  # noqa: ANN401 - Django's own signature
        super().__init__(*args, **kwargs)
        self.organisations = {str(one.pk): one for one in organisations}
        if len(organisations) > 1:
            choices = [(key, str(one.name)) for key, one in self.organisations.items()]
            self.fields["organisation"] = forms.ChoiceField(label=_("Organisation"), choices=choices)

    @property
    def organisation(self) -> Organisation:
        """Give the organisation whose group it is."""
        chosen = self.cleaned_data.get("organisation")
        return self.organisations[chosen] if chosen else next(iter(self.organisations.values()))


class DecisionForm(DeskForm):
    """Some of those who applied, and what is decided about them."""

    people = forms.MultipleChoiceField(
        label=_("Applicants"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": _("Tick at least one person."),
            "invalid_choice": _("Somebody in the selection is not on this list any more. Tick anew."),
        },
    )
    to = forms.ChoiceField(
        label=_("Decision for those ticked"),
        choices=DECISIONS,
        error_messages={"required": _("Choose a decision."), "invalid_choice": _("Choose a decision.")},
    )

    def __init__(self, *args: Any, applicants: Iterable[Registration], **kwargs: Any) -> None:  # noqa: ANN401 - Django's own signature
        super().__init__(*args, **kwargs)
        self.fields["people"] = _with_choices(self.fields["people"], applicants)

    @property
    def keys(self) -> list[int]:
        """Give those ticked, in the order of the list."""
        ticked = set(self.cleaned_data["people"])
        field = self.fields["people"]
        return [int(key) for key, _name in field.choices if key in ticked]  # type: ignore[attr-defined]  # set above


def _with_choices(field: forms.Field, applicants: Iterable[Registration]) -> forms.Field:
    field.choices = [(str(row.pk), row.attendee.name) for row in applicants]  # type: ignore[attr-defined]  # a choice field
    return field
