"""The filters of lists; they stand in the address, so a list can be kept and sent on."""

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import QueryDict

from backend.core.dates import day
from backend.core.i18n import _, current
from events.models import Event
from notifications.models import Message
from registrations.models import Registration

PROBLEMS = "problems"  # the messages somebody should look at


class Filters(forms.Form):
    """A form by GET: what does not fit is left out, never refused."""

    use_required_attribute = False

    def chosen(self, name: str) -> str:
        """Give the chosen value, or nothing when it is not one of ours."""
        self.is_valid()
        return str(self.cleaned_data.get(name) or "")

    @property
    def any_chosen(self) -> bool:
        """Tell whether the list is narrowed down."""
        return any(self.chosen(name) for name in self.fields)

    def address(self) -> str:
        """Write the choices as the part of an address, so turning a page keeps them."""
        return urlencode({name: self.chosen(name) for name in self.fields if self.chosen(name)})


def _events(events: Iterable[Event]) -> list[tuple[str, str]]:
    return [("", str(_("all")))] + [
        (event.slug, f"{day(event.starts_at, language=current(), year=False)} {event.title}")
        for event in events
    ]


class RegistrationFilters(Filters):
    """Who, which event, in which state."""

    q = forms.CharField(label=_("Name, address or organisation"), required=False, max_length=200)
    event = forms.ChoiceField(label=_("Event"), required=False)
    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[("", _("all")), ("active", _("coming or waiting")), *Registration.State.choices],
    )

    def __init__(self, data: QueryDict, *, events: Iterable[Event], **kwargs: Any) -> None:  # noqa: ANN401 - Django's own signature
        super().__init__(data, **kwargs)
        self.fields["event"] = forms.ChoiceField(label=_("Event"), required=False, choices=_events(events))


class MessageFilters(Filters):
    """To whom, about which event, in which state."""

    q = forms.CharField(label=_("Address or phone number"), required=False, max_length=200)
    event = forms.ChoiceField(label=_("Event"), required=False)
    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[("", _("all")), (PROBLEMS, _("needs a look")), *Message.State.choices],
    )

    def __init__(self, data: QueryDict, *, events: Iterable[Event], **kwargs: Any) -> None:  # noqa: ANN401 - Django's own signature
        super().__init__(data, **kwargs)
        self.fields["event"] = forms.ChoiceField(label=_("Event"), required=False, choices=_events(events))
