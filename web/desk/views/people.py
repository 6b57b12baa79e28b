"""Pages of those who registered: the list, one person, and cancelling for them."""

from collections import Counter
from collections.abc import Iterable

from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.queries import audit_of
from backend.core.errors import Refusal
from events.models import Event, EventSeries
from events.queries import events_of
from notifications.queries import timeline
from notifications.suppression import suppressed
from registrations import actions
from registrations.models import Registration
from registrations.queries.timeline import timeline_of
from registrations.queries.versions import versions_of
from surveys.queries import answered, subjects_after
from web.desk import effects
from web.desk.access import desk_page, person, the_attendee, the_registration, the_series
from web.desk.change import Change, Preview, carry_out
from web.desk.forms.lists import RegistrationFilters
from web.desk.forms.series import ReasonForm
from web.desk.history import told
from web.desk.ledger import audiences, tallies
from web.desk.page import done, page_of, show
from web.desk.people import neighbours, people, rows_of
from web.desk.views.forms import told_by

_MARKS = {"came": True, "absent": False, "": None}


@require_safe
@desk_page
def registrations(request: HttpRequest, pk: int) -> HttpResponse:
    """List who registered; the filters stand in the address."""
    series = the_series(request, pk)
    events = events_of(series, drafts=True)
    filters = RegistrationFilters(request.GET, events=events)
    found = people(series, filters)
    page = page_of(request, found)
    return show(
        request,
        "desk/registrations.html",
        series=series,
        here="registrations",
        filters=filters,
        page=page,
        rows=rows_of(list(page.object_list), events=events, at=timezone.now()),
        figures=_figures(events, chosen=filters.chosen("event")),
        lost=_lost(series),
    )


def _figures(events: Iterable[Event], *, chosen: str) -> dict[str, int]:
    """Count places by state; asked by event too, because the index of the line counts those unsorted."""
    ids = [event.pk for event in events if chosen in {"", event.slug}]
    rows = Registration.objects.filter(event__in=ids).order_by().values("event", "state")
    counts: Counter[str] = Counter()
    for row in rows.annotate(count=Count("pk")):
        counts[row["state"]] += row["count"]
    return {state: counts[state] for state in ("confirmed", "waiting", "cancelled")}


def _lost(series: EventSeries) -> int:
    names = audiences(series, series.events.all())
    return sum(tally.needs_a_look for tally in tallies(names, at=timezone.now()).values())


@require_safe
@desk_page
def attendee(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one person: their places, what was told to them and whether it arrived."""
    one = the_attendee(request, pk)
    filters = RegistrationFilters(request.GET, events=events_of(one.series, drafts=True))
    before, after = neighbours(one, people(one.series, filters))
    own = one.registrations.select_related("event__series", "calendar_entry")
    own = own.order_by("event__starts_at", "pk")
    later = subjects_after(own)
    now = timezone.now()
    about = {row.pk: (f"registration:{row.pk}", *later.get(row.pk, ())) for row in own}
    letters = timeline(f"attendee:{one.pk}", *(subject for names in about.values() for subject in names))
    places = [(row, [letter for letter in letters if letter.subject in about[row.pk]]) for row in own]
    numbers = [one.pk, *one.merged.values_list("former", flat=True)]
    subjects = [
        *(f"attendee:{number}" for number in numbers),
        *(f"registration:{row.pk}" for row, _messages in places),
    ]
    return show(
        request,
        "desk/attendee.html",
        series=one.series,
        here="registrations",
        attendee=one,
        told=told_by(one),
        blocked=suppressed([one.email]),
        places=places,
        letters=[letter for letter in letters if letter.subject == f"attendee:{one.pk}"],
        history=told(audit_of(subjects)[:50], one.series),
        before=before,
        after=after,
        filters=filters,
        marks=[("", _("not marked")), ("came", _("came")), ("absent", _("was absent"))],
        active=Registration.ACTIVE,
        versions=versions_of(own),
        whole=timeline_of(one, at=now, subjects=later, more=answered(one)),
        now=now,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Cancel a place on somebody's behalf; says first what they and the waiting list get."""
    row = the_registration(request, pk)

    def save(form: ReasonForm) -> str:
        actions.cancel(
            registration=row,
            by=Registration.CancelledBy.ORGANISER,
            at=timezone.now(),
            actor=person(request),
            reason=form.cleaned_data["reason"],
        )
        return _("The registration is cancelled.")

    address = reverse("desk:attendee", args=[row.attendee_id])
    change = Change(
        title=_("Cancel the registration"),
        intro=f"{row.attendee.name}: {row.event.title}",
        form=ReasonForm(request.POST or None),
        preview=lambda _form: Preview(
            effects=_cancel_effects(row), button=_("Cancel the registration"), danger=True
        ),
        save=save,
        then=address,
        back=address,
        series=row.event.series,
        here="registrations",
    )
    return carry_out(request, change)


def _cancel_effects(row: Registration) -> list[str]:
    said = [_("The person gets a mail of the cancellation.")]
    if row.state in Registration.COMES:
        said.append(_("The entry is removed from their calendar."))
    if row.state not in Registration.HOLDS_A_PLACE:
        return said
    called = effects.called(row.event, freed=1, at=timezone.now())
    if called.count and called.offered:
        said.append(_("The first person on the waiting list is offered the place and gets a mail of it."))
    elif called.count:
        said.append(_("The first person on the waiting list gets the place and a mail of it."))
    return said


@require_POST
@desk_page
def mark(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark whether one person came."""
    row = the_registration(request, pk)
    address = reverse("desk:attendee", args=[row.attendee_id])
    sentence = _("The attendance is saved.")
    try:
        actions.mark_attendance(
            registration=row,
            attended=_MARKS.get(request.POST.get("attended", "")),
            at=timezone.now(),
            actor=person(request),
        )
    except Refusal as no:
        sentence = str(no)
    return done(request, sentence, to=address)
