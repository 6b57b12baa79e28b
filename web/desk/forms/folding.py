"""Choices folded away: a line says what is chosen, and opens to the field; no script is needed."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext

from web.desk.forms.base import DeskForm

_NAMED = 3  # how many choices a line names; more are counted


@dataclass(frozen=True, slots=True)
class Fold:
    """A field, and what its line says; what is wrong stands open."""

    field: BoundField
    said: str
    open: bool


def folded(form: DeskForm, names: Iterable[str]) -> Iterator[Fold]:
    """Fold these fields; one left empty chooses whatever there is, if it may be empty."""
    for name in names:
        field = form[name]
        nothing = "–" if field.field.required else gettext("any")
        yield Fold(field, _said(field) or nothing, open=bool(form.shown_errors and field.errors))


def _said(field: BoundField) -> str:
    chosen = _chosen(field)
    named, more = chosen[:_NAMED], len(chosen) - _NAMED
    if more > 0:
        named.append(gettext("%(count)d more") % {"count": more})
    return ", ".join(named)


def _chosen(field: BoundField) -> list[str]:
    """Name what is chosen: the labels of choices, or the lines that are written; a zero is written too."""
    if isinstance(field.field, forms.ChoiceField):
        return [str(one.choice_label) for one in field.subwidgets if one.data["selected"]]
    written = field.value()
    return [line.strip() for line in str("" if written is None else written).splitlines() if line.strip()]
