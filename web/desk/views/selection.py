"""The page where an organiser chooses among those who applied: several at once, told before it is done."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from events.models import Event
from registrations import actions
from registrations.models import Registration
from registrations.queries.places import positions_of
from web.desk import overview
from web.desk.access import desk_page, may_organise, person, the_event
from web.desk.change import Change, Preview, carry_out
from web.desk.forms.modes import DecisionForm

State = Registration.State
_ORDER = {
    State.SHORTLISTED: 0,
    State.RECEIVED: 1,
    State.WAITING: 2,
    State.CONFIRMED: 3,
    State.OFFERED: 3,
    State.NOT_CHOSEN: 4,
}


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page
def selection(request: HttpRequest, pk: int) -> HttpResponse:
    """List those who applied; decide about several at once, after a page that says who gets which mail."""
    one = the_event(request, pk, to_change=request.method == "POST")
    rows = _applicants(one)
    open_rows = [row for row in rows if row.state not in Registration.HOLDS_A_PLACE]

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

    address = reverse("desk:selection", args=[one.pk])
    positions = positions_of(rows)
    ticked = set(request.POST.getlist("people"))
    change = Change(
        title=_("Applications"),
        form=DecisionForm(request.POST or None, applicants=open_rows),
        preview=lambda form: _preview(form, rows),
        save=save,
        then=address,
        back=address,
        event=one,
        here="selection",
        template="desk/selection.html",
        context={
            "rows": [(row, positions.get(row.pk), row in open_rows, str(row.pk) in ticked) for row in rows],
            "seats": overview.seats_of([one])[0],
            "may_decide": may_organise(request, one.series) and one.state == Event.State.PUBLISHED,
        },
    )
    return carry_out(request, change)


def _applicants(event: Event) -> list[Registration]:
    """Read everybody who applied, those to be decided first, in the order in which they came."""
    found = Registration.objects.filter(event=event, state__in=_ORDER).select_related(
        "attendee__municipality"
    )
    return sorted(found.order_by("pk"), key=lambda row: (_ORDER[State(row.state)], row.waiting_number or 0))


def _preview(form: DecisionForm, rows: list[Registration]) -> Preview:
    names = {row.pk: row.attendee.name for row in rows}
    count, to = len(form.keys), form.cleaned_data["to"]
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
    return Preview(
        effects=[told % {"count": count}, *(names[key] for key in form.keys)],
        button=_("Decide and tell them"),
        danger=to == State.NOT_CHOSEN,
    )
