"""One way for every change at the desk: a form, a page that says who gets what, and then the deed.

The page in between is made on the server, so it is there without JavaScript too; the typed values travel
in hidden inputs, and "Back" brings the form with all of them.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest, HttpResponse

from backend.core.errors import Refusal
from events.models import Event, EventSeries
from registrations.queries.impact import Impact
from web.desk.forms.base import DeskForm
from web.desk.page import done, show


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What will happen, in sentences, before anything does."""

    effects: Sequence[str]
    button: str
    danger: bool = False
    quotes: Sequence[Any] = ()  # texts that people will read, shown as they are
    impact: Impact | None = None  # by name, where it is a change of an event


@dataclass(frozen=True, slots=True, kw_only=True)
class Change[F: DeskForm]:
    """One thing a person wants to change: its words, its form, what it would do, and doing it."""

    title: str
    form: F
    save: Callable[[F], str]  # does it and gives the sentence for the top of the next page
    then: str | Callable[[], str]  # the address after it is done; of what was made, only known then
    back: str  # the address of the page it was opened from
    preview: Callable[[F], Preview] | None = None  # None: it concerns nobody else, so it is saved at once
    intro: str = ""
    series: EventSeries | None = None
    event: Event | None = None
    here: str = ""
    template: str = "desk/change.html"
    context: dict[str, Any] = field(default_factory=dict)


def carry_out[F: DeskForm](request: HttpRequest, change: Change[F]) -> HttpResponse:
    """Show the form, then what would happen, then do it; a refusal returns to the form, beside its field.

    A preview that knows the deed would be refused raises that refusal: nothing is promised that the button
    cannot keep.
    """
    form, step = change.form, request.POST.get("step")
    if not form.is_bound and request.method == "POST":
        form.is_bound = True  # a form without fields of its own
    if not form.fields and step != "save":
        return _preview(request, change)
    form.quiet = step == "back"
    if not form.is_bound or form.quiet or not form.is_valid():
        return _form(request, change)
    if change.preview is not None and step != "save":
        return _foretold(request, change)
    try:
        sentence = change.save(form)
    except Refusal as no:
        form.say(no)
        return _form(request, change) if form.fields else _preview(request, change)
    return done(request, sentence, to=change.then if isinstance(change.then, str) else change.then())


def _foretold[F: DeskForm](request: HttpRequest, change: Change[F]) -> HttpResponse:
    try:
        return _preview(request, change)
    except Refusal as no:
        change.form.say(no)
        return _form(request, change)


def _form[F: DeskForm](request: HttpRequest, change: Change[F]) -> HttpResponse:
    previewed = change.preview is not None
    return _page(request, change, template=change.template, previewed=previewed, **change.context)


def _preview[F: DeskForm](request: HttpRequest, change: Change[F]) -> HttpResponse:
    preview = change.preview(change.form) if change.preview else None
    return _page(request, change, template="desk/confirm.html", preview=preview)


def _page[F: DeskForm](
    request: HttpRequest,
    change: Change[F],
    *,
    template: str,
    **more: Any,  # noqa: ANN401 - a template takes whatever it shows
) -> HttpResponse:
    return show(
        request,
        template,
        series=change.series,
        event=change.event,
        here=change.here,
        status=422 if change.form.shown_errors else 200,
        change=change,
        form=change.form,
        problems=list(change.form.problems()),
        **more,
    )
