"""The page where an organiser chooses among those who applied: several at once, told before it is done."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Case, F, IntegerField, QuerySet, Value, When
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from accounts.policies import may_see_protected
from backend.core.i18n import Text
from events.models import Event
from registrations import actions, queries
from registrations.models import ProtectedAnswer, Question, Registration
from registrations.queries.answers import said
from registrations.queries.places import positions_of
from registrations.queries.questions import columns_of
from web.desk import overview
from web.desk.access import desk_page, may_organise, person, the_event
from web.desk.change import Change, Preview, carry_out
from web.desk.forms.modes import DecisionForm
from web.desk.page import page_of

State = Registration.State
_ORDER = {
    State.SHORTLISTED: 0,
    State.RECEIVED: 1,
    State.WAITING: 2,
    State.CONFIRMED: 3,
    State.OFFERED: 3,
    State.NOT_CHOSEN: 4,
}
_OPEN = [state for state in _ORDER if state not in Registration.HOLDS_A_PLACE]
_LARGEST_KEY = 2**63 - 1  # what a database can look for

type Told = list[tuple[Text, list[Text | str]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Applicant:
    """One row of the list: who applied, where that stands, and what they answered."""

    row: Registration
    position: int | None
    undecided: bool
    ticked: bool
    answers: Told
    sealed: bool  # there are answers about diet or accessibility, and the reader may open them


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page
def selection(request: HttpRequest, pk: int) -> HttpResponse:
    """List those who applied; decide about several at once, after a page that says who gets which mail."""
    one = the_event(request, pk, to_change=request.method == "POST")
    ticked = {key for key in request.POST.getlist("people") if key.isdecimal() and int(key) <= _LARGEST_KEY}
    chosen = list(_applicants(one).filter(pk__in=map(int, ticked), state__in=_OPEN)) if ticked else []
    page = page_of(request, _applicants(one))

    def save(form: DecisionForm) -> str:
        decided = actions.decide(
            event=one,
            registrations=form.keys,
            to=form.cleaned_data["to"],
            at=timezone.now(),
            actor=person(request),
        )
        sentence = ngettext(
            "The decision about %(count)d person is made, and they are being told.",
            "The decision about %(count)d people is made, and they are being told.",
            len(decided),
        )
        return sentence % {"count": len(decided)}

    address = reverse("desk:selection", args=[one.pk]) + (f"?page={page.number}" if page.number > 1 else "")
    change = Change(
        title=_("Applications"),
        form=DecisionForm(request.POST or None, applicants=chosen),
        preview=lambda form: _preview(one, form, chosen),
        save=save,
        then=address,
        back=address,
        event=one,
        here="selection",
        template="desk/selection.html",
        context={
            "page": page,
            "rows": _rows(request, one, list(page), ticked=ticked),
            "asks": bool(_asked(one)),
            "seats": overview.seats_of([one])[0],
            "may_decide": may_organise(request, one.series) and one.state == Event.State.PUBLISHED,
        },
    )
    return carry_out(request, change)


def _applicants(event: Event) -> QuerySet[Registration]:
    """Read everybody who applied, those to be decided first, in the order in which they came."""
    place = Case(
        *(When(state=state, then=Value(number)) for state, number in _ORDER.items()),
        output_field=IntegerField(),
    )
    found = Registration.objects.filter(event=event, state__in=_ORDER)
    return found.select_related("attendee__municipality").order_by(
        place, F("waiting_number").asc(nulls_first=True), "pk"
    )


def _rows(
    request: HttpRequest, event: Event, rows: Sequence[Registration], *, ticked: set[str]
) -> list[Applicant]:
    """Put one page together: as many questions to the database however many people stand on it."""
    people = {row.attendee_id for row in rows}
    positions, answers, asked = positions_of(rows), queries.answers_of(people), _asked(event)
    sealed: set[int] = set()
    if may_see_protected(person(request), organisation_id=event.series.organisation_id):
        kept = ProtectedAnswer.objects.filter(attendee__in=people).order_by()
        sealed = set(kept.values_list("attendee", flat=True))
    return [
        Applicant(
            row=row,
            position=positions.get(row.pk),
            undecided=row.state in _OPEN,
            ticked=str(row.pk) in ticked,
            answers=[
                (one.label, said(one, answers[row.attendee_id][one.key]))
                for one in asked
                if one.key in answers[row.attendee_id]
            ],
            sealed=row.attendee_id in sealed,
        )
        for row in rows
    ]


def _asked(event: Event) -> list[Question]:
    """List the ordinary questions of the series and of this event; sealed answers are never listed."""
    return [
        one for one in columns_of(event.series_id) if not one.special and one.event_id in (None, event.pk)
    ]


def _preview(event: Event, form: DecisionForm, rows: Sequence[Registration]) -> Preview:
    to = form.cleaned_data["to"]
    actions.require_decision(event=event, registrations=form.keys, to=to, at=timezone.now())
    names = {row.pk: row.attendee.name for row in rows}
    return Preview(
        effects=[_told(to, len(form.keys)), *(names[key] for key in form.keys)],
        button=_("Decide and tell them"),
        danger=to == State.NOT_CHOSEN,
    )


def _told(to: str, count: int) -> str:
    told = {
        State.SHORTLISTED: ngettext(
            "%(count)d person is told by mail that they are on the shortlist.",
            "%(count)d people are told by mail that they are on the shortlist.",
            count,
        ),
        State.CONFIRMED: ngettext(
            "%(count)d person gets a place and a mail with a calendar invitation.",
            "%(count)d people get a place and a mail with a calendar invitation.",
            count,
        ),
        State.WAITING: ngettext(
            "%(count)d person is put on the reserve and told their number by mail.",
            "%(count)d people are put on the reserve in this order and told their numbers by mail.",
            count,
        ),
        State.NOT_CHOSEN: ngettext(
            "%(count)d person is told by mail that they were not chosen.",
            "%(count)d people are told by mail that they were not chosen.",
            count,
        ),
    }[State(to)]
    return told % {"count": count}
