"""The programme editor: one table, buttons named by what they move, and the release."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from backend.core.errors import Refusal
from backend.core.i18n import Text
from events import actions, programme, rules
from events.models import Event, Session
from events.programme import Change as ProgrammeChange
from events.programme import Item
from registrations.queries.impact import Deed, impact_of
from web.desk import effects
from web.desk.access import desk_page, person, the_event, the_session
from web.desk.change import Change, Preview, carry_out
from web.desk.forms.base import DeskForm
from web.desk.forms.programme import ReleaseForm, SessionForm
from web.desk.overview import languages_missing, named
from web.desk.page import done, show
from web.desk.words import change_said, warning_said


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of the editor's table."""

    item: Item
    kind: str
    missing: str
    first: bool
    last: bool


@require_safe
@desk_page
def editor(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the programme being worked on, and what looks wrong in it."""
    one = the_event(request, pk)
    items = programme.timed(programme.current(one), programme.begins(one))
    return show(
        request,
        "desk/programme.html",
        event=one,
        here="programme",
        lines=_lines(items),
        warnings=_warnings(one, items),
        changes=_unreleased(one),
        version=one.programme_versions.first(),
    )


def _lines(items: tuple[Item, ...]) -> list[Line]:
    siblings: dict[int | None, list[int]] = {}
    for item in items:
        siblings.setdefault(item.block_id, []).append(item.session_id)
    return [
        Line(
            item=item,
            kind=str(Session.Kind(item.kind).label),
            missing=named(languages_missing(item.title, item.abstract)),
            first=siblings[item.block_id][0] == item.session_id,
            last=siblings[item.block_id][-1] == item.session_id,
        )
        for item in items
    ]


def _warnings(one: Event, items: tuple[Item, ...]) -> list[str]:
    titles = {item.session_id: item.title for item in items}
    slots = [
        rules.Slot(
            session_id=item.session_id,
            starts_at=item.starts_at,
            ends_at=item.ends_at,
            block_id=item.block_id,
            parallel=item.kind == Session.Kind.PARALLEL,
            speakers=frozenset(part.name for part in item.speakers),
        )
        for item in items
        if item.starts_at and item.ends_at
    ]
    found = rules.warnings(slots, starts_at=one.starts_at, ends_at=one.ends_at)
    return [warning_said(warning, titles) for warning in found]


def _unreleased(one: Event) -> list[str]:
    version = one.programme_versions.first()
    before = tuple(Item.from_json(item) for item in version.items) if version else ()
    return [change_said(change, zone=one.series.timezone) for change in _changes(before, one)]


def _changes(before: tuple[Item, ...], one: Event) -> tuple[ProgrammeChange, ...]:
    return programme.diff(before, programme.current(one))


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page
def add(request: HttpRequest, pk: int) -> HttpResponse:
    """Add an item to the end of the programme."""
    one = the_event(request, pk, to_change=True)

    def save(form: SessionForm) -> str:
        actions.add_session(event=one, **_typed(form), at=timezone.now(), actor=person(request))
        return _("The item is added. People see it when the programme is released.")

    return carry_out(request, _session_change(request, one, None, title=_("Add an item"), save=save))


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Edit an item; people see the change when the programme is released."""
    session = the_session(request, pk)

    def save(form: SessionForm) -> str:
        actions.edit_session(session=session, **_typed(form), at=timezone.now(), actor=person(request))
        return _("The item is saved. People see it when the programme is released.")

    change = _session_change(request, session.event, session, title=_("Edit the item"), save=save)
    return carry_out(request, change)


def _session_change(
    request: HttpRequest,
    event: Event,
    session: Session | None,
    *,
    title: str,
    save: Any,  # noqa: ANN401 - Callable[[SessionForm], str]
) -> Change[SessionForm]:
    address = reverse("desk:programme", args=[event.pk])
    initial = SessionForm.starting_from(session) if session else {"kind": Session.Kind.TALK}
    return Change(
        title=title,
        form=SessionForm(request.POST or None, event=event, initial=initial),
        save=save,
        then=address,
        back=address,
        event=event,
        here="programme",
    )


def _typed(form: SessionForm) -> dict[str, Any]:
    typed = form.cleaned_data
    return {
        "kind": typed["kind"],
        "title": form.text("title"),
        "abstract": form.text("abstract"),
        "starts_at": form.starts_at,
        "ends_at": form.ends_at,
        "minutes": typed["minutes"],
        "language": typed["language"],
        "municipality_code": typed["municipality"] or None,
        "speakers": [
            actions.SpeakerPart(name=name, title=title, organisation=organisation)
            for name, title, organisation in typed["speakers"]
        ],
    }


@require_POST
@desk_page
def reorder(request: HttpRequest, pk: int) -> HttpResponse:
    """Move an item one step up or down."""
    session = the_session(request, pk)
    up = request.POST.get("step") == "up"
    address = reverse("desk:programme", args=[session.event_id])
    try:
        actions.reorder_session(
            session=session, step=-1 if up else 1, at=timezone.now(), actor=person(request)
        )
    except Refusal as no:
        return done(request, str(no), to=address)
    sentence = _("Moved up: %(title)s") if up else _("Moved down: %(title)s")
    return done(request, sentence % {"title": session.title}, to=f"{address}#item-{session.pk}")


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an item out of the programme."""
    session = the_session(request, pk)

    def save(_form: DeskForm) -> str:
        title = str(session.title)
        actions.remove_session(session=session, at=timezone.now(), actor=person(request))
        return _("Removed: %(title)s") % {"title": title}

    address = reverse("desk:programme", args=[session.event_id])
    effect = _("People see the item until the programme is released again.")
    change = Change(
        title=_("Remove the item"),
        intro=str(session.title),
        form=DeskForm(request.POST or None),
        preview=lambda _form: Preview(effects=[effect], button=_("Remove"), danger=True),
        save=save,
        then=address,
        back=address,
        event=session.event,
        here="programme",
    )
    return carry_out(request, change)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page
def release(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what changed since the last release, then release; says how many are told."""
    one = the_event(request, pk, to_change=True)

    def save(form: ReleaseForm) -> str:
        version = actions.release_programme(
            event=one, notify=form.cleaned_data["notify"], at=timezone.now(), actor=person(request)
        )
        return _("Programme %(number)d is released.") % {"number": version.number}

    people = effects.people_of(one)
    change = Change(
        title=_("Release the programme"),
        form=ReleaseForm(request.POST or None),
        preview=lambda form: Preview(
            effects=_release_effects(people, notify=form.cleaned_data["notify"]),
            button=_("Release"),
            impact=impact_of(one, Deed.PROGRAMME, at=timezone.now()) if form.cleaned_data["notify"] else None,
        ),
        save=save,
        then=reverse("desk:programme", args=[one.pk]),
        back=reverse("desk:programme", args=[one.pk]),
        event=one,
        here="programme",
        template="desk/release.html",
        context={
            "changes": _unreleased(one),
            "people": people,
            "missing": _missing(one),
        },
    )
    return carry_out(request, change)


def _missing(one: Event) -> str:
    texts: list[Text] = [item.title for item in programme.current(one)]
    return named(languages_missing(*texts))


def _release_effects(people: effects.People, *, notify: bool) -> list[str]:
    said = [_("The public page shows the programme at once.")]
    if not notify:
        return [*said, effects.nobody()]
    if not people.confirmed and people.anybody:
        return [*said, effects.nobody()]
    if not people.confirmed:
        return [*said, _("Nobody has registered yet, so nobody gets a mail.")]
    sentence = ngettext(
        "%(count)d person with a place gets a mail of the change.",
        "%(count)d people with a place get a mail of the change.",
        people.confirmed,
    )
    return [*said, sentence % {"count": people.confirmed}]
