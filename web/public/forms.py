"""Forms that only shape what was typed; what is allowed is decided by the apps, whose refusals land here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.functional import Promise

from backend.core.errors import Refusal
from backend.core.i18n import _

NOTHING_ASKED: Mapping[str, forms.Field] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One line of the error summary, with the field it leads to."""

    sentence: str | Promise
    target: str = ""


class PlainForm(forms.Form):
    """A form whose fields are never required here: an empty one is refused in the app's own words."""

    use_required_attribute = False
    aliases: Mapping[str, str] = {}  # a refusal's field → the field of the page that it is about

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - Django's own signature
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.required = False
            field.validators = []  # the apps refuse, each in its own words

    def refuse(self, refusal: Refusal) -> list[Problem]:
        """Put each sentence beside its field, and list them all for the summary."""
        problems: list[Problem] = []
        self.is_valid()
        for name, sentences in refusal.fields.items():
            field = self.aliases.get(name, name)
            problems += [self._beside(field, sentence) for sentence in sentences]
        return problems or [Problem(sentence=refusal.sentence)]

    def _beside(self, field: str, sentence: str | Promise) -> Problem:
        if field not in self.fields:
            return Problem(sentence=sentence)
        self.add_error(field, str(sentence))
        return Problem(sentence=sentence, target=self.target_of(field))

    def target_of(self, field: str) -> str:
        """Name the element that takes the focus; of a group it is the first box."""
        box = self[field]
        several = isinstance(box.field.widget, forms.CheckboxSelectMultiple | forms.RadioSelect)
        return f"{box.auto_id}_0" if several else str(box.id_for_label or box.auto_id)

    def typed(self) -> dict[str, Any]:
        """Give what was typed, tidied only by the browser's own rules."""
        self.is_valid()
        return self.cleaned_data


class RegistrationForm(PlainForm):
    """P4: three things are needed, two may be told."""

    aliases = {"municipality": "organisation"}

    events = forms.MultipleChoiceField(
        label=_("Which events will you join?"), widget=forms.CheckboxSelectMultiple
    )
    name = forms.CharField(
        label=_("Name"),
        strip=False,
        widget=forms.TextInput({"autocomplete": "name", "spellcheck": "false"}),
    )
    email = forms.CharField(
        label=_("Email"),
        help_text=_("The invitation and your own link come to this address."),
        strip=False,
        widget=forms.EmailInput({"autocomplete": "email", "spellcheck": "false", "autocapitalize": "none"}),
    )
    organisation = forms.CharField(
        label=_("Municipality or organisation"),
        help_text=_("Filled in for you when your address is a municipality's."),
        strip=False,
        widget=forms.TextInput({"list": "municipalities", "autocomplete": "organization"}),
    )
    wish = forms.CharField(
        label=_("Wish or question for the organiser"),
        help_text=_("For example captions or interpretation."),
        strip=False,
        widget=forms.TextInput(),
    )
    code = forms.CharField(
        label=_("Code of your invitation"),
        help_text=_("It stands in your invitation. You may also paste the whole link."),
        widget=forms.TextInput({"autocomplete": "off", "spellcheck": "false", "autocapitalize": "none"}),
    )
    key = forms.CharField(widget=forms.HiddenInput)

    def __init__(
        self,
        *args: Any,  # noqa: ANN401 - Django's own signature
        choosable: Sequence[str],
        asked: Mapping[str, forms.Field] = NOTHING_ASKED,
        **kwargs: Any,  # noqa: ANN401 - Django's own signature
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["events"] = Choices(
            label=self.fields["events"].label,
            choices=[(slug, slug) for slug in choosable],
            widget=forms.CheckboxSelectMultiple,
            required=False,
        )
        self.fields.update(asked)


class Choices(forms.MultipleChoiceField):
    """Ticks as they came; an unknown one is refused by the app, in its own words."""

    def to_python(self, value: Any) -> list[str]:  # noqa: ANN401 - Django's own signature
        """Read the ticks; what no database can hold is no tick of ours."""
        return [one.replace("\x00", "") for one in super().to_python(value)]

    def valid_value(self, value: Any) -> bool:  # noqa: ANN401 - Django's own signature
        """Let every value through."""
        return True


class ChangeForm(PlainForm):
    """P6: the same mornings, ticked as they stand now."""

    events = Choices(label=_("Which events will you join?"), widget=forms.CheckboxSelectMultiple)
    code = forms.CharField(
        label=_("Code of your invitation"),
        help_text=_("It stands in your invitation. You may also paste the whole link."),
        widget=forms.TextInput({"autocomplete": "off", "spellcheck": "false", "autocapitalize": "none"}),
    )


class LostLinkForm(PlainForm):
    """P8: one address."""

    email = forms.CharField(
        label=_("Email"),
        help_text=_("The address you registered with."),
        strip=False,
        widget=forms.EmailInput({"autocomplete": "email", "spellcheck": "false", "autocapitalize": "none"}),
    )


class NewAddressForm(PlainForm):
    """The address that is to be mailed from now on."""

    email = forms.CharField(
        label=_("New email address"),
        help_text=_("We send a link to it. Nothing changes before you have opened the link."),
        strip=False,
        widget=forms.EmailInput({"autocomplete": "email", "spellcheck": "false", "autocapitalize": "none"}),
    )


class LanguageForm(PlainForm):
    """The language in which a person is written to."""

    language = forms.CharField()
