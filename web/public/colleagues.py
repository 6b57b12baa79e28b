"""Colleagues on the registration form: a block for each, added by a button that shows the form again."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from django import forms
from django.http import HttpRequest, QueryDict

from backend.core.errors import Refusal, Sentence
from backend.core.i18n import LANGUAGE_CHOICES, _, current
from registrations.rules import COLLEAGUES_LIMIT, Person, field_of
from web.public.forms import PlainForm, Problem, RegistrationForm

ADD = "add-colleague"  # the name of the button that shows one more block
COUNT = "colleagues"  # the hidden field that tells how many blocks stand on the page


class ColleagueForm(PlainForm):
    """Name, address and language of one colleague; left empty, there is none."""

    name = forms.CharField(
        label=_("Name"), strip=False, widget=forms.TextInput({"autocomplete": "off", "spellcheck": "false"})
    )
    email = forms.CharField(
        label=_("Email"),
        strip=False,
        widget=forms.EmailInput({"autocomplete": "off", "spellcheck": "false", "autocapitalize": "none"}),
    )
    language = forms.CharField(
        label=_("Language of the mails"), widget=forms.Select(choices=LANGUAGE_CHOICES)
    )

    @property
    def person(self) -> Person | None:
        """Give the colleague as typed, or nobody."""
        typed = self.typed()
        if not typed["name"].strip() and not typed["email"].strip():
            return None
        return Person(name=typed["name"], email=typed["email"], language=typed["language"])


@dataclass(frozen=True, slots=True)
class Colleagues:
    """The blocks on the page, in order."""

    forms: Sequence[ColleagueForm] = ()

    @classmethod
    def of(cls, request: HttpRequest) -> Self:
        """Read the blocks that were sent."""
        sent = request.POST
        return cls([ColleagueForm(sent, prefix=_prefix(place)) for place in range(_count(sent))])

    def kept(self, *, one_more: bool) -> "Colleagues":
        """Show again what was typed, without a word about it; with one more block if that was asked for."""
        typed = [form.typed() for form in self.forms]
        if one_more and len(typed) < COLLEAGUES_LIMIT:
            typed.append({"language": current()})
        return Colleagues(
            [ColleagueForm(initial=one, prefix=_prefix(place)) for place, one in enumerate(typed)]
        )

    @property
    def may_grow(self) -> bool:
        """Tell whether one more fits."""
        return len(self.forms) < COLLEAGUES_LIMIT

    def people(self) -> list[Person]:
        """Give those whose block was filled in."""
        return [person for form in self.forms if (person := form.person)]

    def refuse(self, refusal: Refusal, *, beside: RegistrationForm) -> list[Problem]:
        """Put each sentence beside its field, in the block of its person or in the form."""
        filled = [form for form in self.forms if form.person]
        problems = [
            problem
            for place, form in enumerate(filled, 1)
            if (own := _of(refusal, place)).fields
            for problem in form.refuse(own)
        ]
        first = Refusal(refusal.sentence, fields=_unnumbered(refusal))
        return [*beside.refuse(first), *problems] if first.fields or not problems else problems


def _of(refusal: Refusal, place: int) -> Refusal:
    start = field_of(place, "")
    own = {name.removeprefix(start): said for name, said in refusal.fields.items() if name.startswith(start)}
    return Refusal(refusal.sentence, fields=own)


def _unnumbered(refusal: Refusal) -> dict[str, Sequence[Sentence]]:
    return {name: said for name, said in refusal.fields.items() if not name.startswith(f"{COUNT}.")}


def _prefix(place: int) -> str:
    return f"colleague-{place}"


def _count(sent: QueryDict) -> int:
    written = sent.get(COUNT, "")
    return min(int(written), COLLEAGUES_LIMIT) if written.isdecimal() and written.isascii() else 0
