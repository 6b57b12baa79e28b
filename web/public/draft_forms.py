"""The five parts of a practice draft as forms; the texts are written in one language at a time."""

from typing import Any

from django import forms

from backend.core.i18n import Language, _, current
from catalogue.models import Practice, PracticeVersion, Theme
from catalogue.rules import DIMENSIONS, DraftTexts
from web.public.forms import Choices, PlainForm

DIMENSION_NAMES = {
    "ecological": _("Ecological"),
    "social": _("Social"),
    "cultural": _("Cultural"),
    "economic": _("Economic"),
}


def _long(rows: int = 6) -> forms.Textarea:
    return forms.Textarea({"rows": rows})


class SectionForm(PlainForm):
    """One part of a draft: knows how to show what was written and how to hand over what is written now."""

    texts: tuple[str, ...] = ()  # fields written in the language of the page

    @classmethod
    def begin(cls, version: PracticeVersion, *, language: Language) -> dict[str, Any]:
        """Read what has been written so far."""
        return {name: getattr(version, f"{name}_{language}") for name in cls.texts}

    def written(self, *, language: Language) -> DraftTexts:
        """Hand over what the page says now."""
        typed = self.typed()
        texts: dict[str, Any] = {name: {language: typed[name]} for name in self.texts}
        return DraftTexts(**texts, **self.rest(typed))

    def rest(self, typed: dict[str, Any]) -> dict[str, Any]:
        """Give the fields that are the same in every language."""
        return {}


class WhatForm(SectionForm):
    """What was done."""

    texts = ("title", "summary", "description")

    title = forms.CharField(label=_("Name of the practice"), strip=False)
    summary = forms.CharField(label=_("What it is, in a sentence or two"), strip=False, widget=_long(3))
    description = forms.CharField(
        label=_("What was done"),
        help_text=_("What was the need, what did you do, and who did it with you?"),
        strip=False,
        widget=_long(9),
    )


class WhereForm(SectionForm):
    """For whom and where."""

    municipalities = forms.CharField(
        label=_("Municipalities"),
        help_text=_("Several: put a comma between them."),
        strip=False,
        widget=forms.TextInput({"list": "municipalities", "autocomplete": "off"}),
    )
    themes = Choices(label=_("Themes"), widget=forms.CheckboxSelectMultiple)
    partners = forms.CharField(label=_("Done together with"), strip=False, widget=_long(3))
    stage = forms.CharField(label=_("How far has it come?"), widget=forms.Select)
    years = forms.CharField(label=_("Years"), help_text=_("For example 2024–2026"), strip=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - Django's own signature
        super().__init__(*args, **kwargs)
        self.fields["themes"].choices = [(one.key, str(one.name)) for one in Theme.objects.all()]  # type: ignore[attr-defined]  # a field with choices
        stages = [(value, label) for value, label in PracticeVersion.Stage.choices if value]
        self.fields["stage"].widget.choices = [("", PracticeVersion.Stage.UNKNOWN.label), *stages]

    @classmethod
    def begin(
        cls,
        version: PracticeVersion,
        *,
        language: Language,  # noqa: ARG003 - the same in every language
    ) -> dict[str, Any]:
        """Read what has been chosen so far."""
        practice: Practice = version.practice
        return {
            "municipalities": ", ".join(one.name_in(current()) for one in practice.municipalities.all()),
            "themes": [one.key for one in practice.themes.all()],
            "partners": version.partners,
            "stage": version.stage,
            "years": practice.years,
        }

    def rest(self, typed: dict[str, Any]) -> dict[str, Any]:
        """Hand over the choices; whether such municipalities exist is not the form's to know."""
        names = [name.strip() for name in typed["municipalities"].split(",") if name.strip()]
        return {name: typed[name] for name in ("themes", "partners", "stage", "years")} | {
            "municipalities": names
        }


class ResultsForm(SectionForm):
    """Results and evidence."""

    texts = ("results", "effects")

    results = forms.CharField(
        label=_("What came of it, and how do you know?"),
        help_text=_("Numbers, feedback, a study: what shows it? Write each on a line of its own."),
        strip=False,
        widget=_long(),
    )
    effects = forms.CharField(label=_("What did it change?"), strip=False, widget=_long())
    dimensions = Choices(
        label=_("Which dimensions of sustainability did it touch?"),
        choices=[(key, DIMENSION_NAMES[key]) for key in DIMENSIONS],
        widget=forms.CheckboxSelectMultiple,
    )

    @classmethod
    def begin(cls, version: PracticeVersion, *, language: Language) -> dict[str, Any]:
        """Read what has been written so far."""
        return super().begin(version, language=language) | {"dimensions": version.dimensions}

    def rest(self, typed: dict[str, Any]) -> dict[str, Any]:
        """Hand over the dimensions."""
        return {"dimensions": typed["dimensions"]}


class ScalingForm(SectionForm):
    """What scaling needs."""

    texts = ("scaling",)

    scaling = forms.CharField(
        label=_("What does taking it into use elsewhere need?"),
        help_text=_("People, money, skills, decisions; and what you would do otherwise now."),
        strip=False,
        widget=_long(9),
    )


class PermissionForm(SectionForm):
    """Contact and permission."""

    owner_name = forms.CharField(
        label=_("Your name"), strip=False, widget=forms.TextInput({"autocomplete": "name"})
    )
    show_name = forms.BooleanField(label=_("My name may stand on the public page"))
    may_publish = forms.BooleanField(
        label=_("I may publish this on behalf of my organisation, and it may stand in the catalogue")
    )

    @classmethod
    def begin(
        cls,
        version: PracticeVersion,
        *,
        language: Language,  # noqa: ARG003 - the same in every language
    ) -> dict[str, Any]:
        """Read what has been allowed so far."""
        practice: Practice = version.practice
        return {
            "owner_name": practice.owner_name,
            "show_name": practice.show_name,
            "may_publish": practice.permission_at is not None,
        }

    def rest(self, typed: dict[str, Any]) -> dict[str, Any]:
        """Hand over the permissions."""
        return {name: typed[name] for name in ("owner_name", "show_name", "may_publish")}


FORMS: dict[str, type[SectionForm]] = {
    "what": WhatForm,
    "where": WhereForm,
    "results": ResultsForm,
    "scaling": ScalingForm,
    "permission": PermissionForm,
}
