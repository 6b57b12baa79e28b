"""Pages of the waiting line: how it is called, who moves in it, who gets more time."""

from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from backend.core.dates import local, moment
from backend.core.i18n import current
from events.models import Event
from registrations import actions
from registrations.models import Attendee, Quota
from registrations.queries.places import positions_of
from web.desk.access import desk_page, person, the_attendee, the_event, the_registration
from web.desk.change import Change, Preview, carry_out
from web.desk.forms.line import LineTermsForm, MoveInLineForm, UntilForm
from web.desk.page import done

_FORMS = ["GET", "HEAD", "POST"]


@require_http_methods(_FORMS)
@desk_page
def terms(request: HttpRequest, pk: int) -> HttpResponse:
    """Say whether the next in line gets a free place or is offered it, and for how long."""
    one = the_event(request, pk, to_change=True)
    quota = Quota.objects.filter(event=one).first()

    def save(form: LineTermsForm) -> str:
        typed = {name: form.cleaned_data[name] for name in LineTermsForm.base_fields}
        actions.set_line_terms(event=one, **typed, at=timezone.now(), actor=person(request))
        return _("The terms of the waiting list are saved.")

    address = reverse("desk:event-waiting", args=[one.pk])
    change = Change(
        title=_("Terms of the waiting list"),
        intro=_("Offers that are out keep their end. Places that are free now are given by the new terms."),
        form=LineTermsForm(request.POST or None, initial=LineTermsForm.starting_from(quota)),
        save=save,
        then=address,
        back=address,
        event=one,
        here="event-waiting",
    )
    return carry_out(request, change)


@require_http_methods(_FORMS)
@desk_page
def move(request: HttpRequest, pk: int) -> HttpResponse:
    """Move one person to another position in line."""
    row = the_registration(request, pk)

    def save(form: MoveInLineForm) -> str:
        actions.move_in_line(registration=row, **form.cleaned_data, at=timezone.now(), actor=person(request))
        return _("The order of the waiting list is saved.")

    address = reverse("desk:event-waiting", args=[row.event_id])
    change = Change(
        title=_("Move in line"),
        intro=row.attendee.name,
        form=MoveInLineForm(request.POST or None, initial={"position": positions_of([row]).get(row.pk)}),
        save=save,
        then=address,
        back=address,
        event=row.event,
        here="event-waiting",
    )
    return carry_out(request, change)


@require_http_methods(_FORMS)
@desk_page
def extend(request: HttpRequest, pk: int) -> HttpResponse:
    """Give one person more time to answer their offer."""
    row = the_registration(request, pk)
    zone = row.event.series.timezone

    def save(form: UntilForm) -> str:
        try:
            actions.extend_offer(
                registration=row,
                until=form.moment,
                reason=form.cleaned_data["reason"],
                at=timezone.now(),
                actor=person(request),
            )
        finally:
            row.refresh_from_db()
        return _("The offer is extended, and a mail tells it.")

    end = row.offer_expires_at
    now_until = moment(end, language=current(), zone=zone) if end else "–"
    address = reverse("desk:event-waiting", args=[row.event_id])
    change = Change(
        title=_("Extend the offer"),
        intro=f"{row.attendee.name}: {now_until}",
        form=UntilForm(request.POST or None, zone=zone, initial=_on_the_clock(end, zone=zone)),
        preview=lambda _form: Preview(
            effects=[_("The person gets a mail with the new time."), _("The place stays kept until then.")],
            button=_("Extend the offer"),
        ),
        save=save,
        then=address,
        back=address,
        event=row.event,
        here="event-waiting",
    )
    return carry_out(request, change)


@require_http_methods(_FORMS)
@desk_page
def allow(request: HttpRequest, pk: int) -> HttpResponse:
    """Let one person change and cancel after the deadline, or take that back."""
    one = the_attendee(request, pk, to_change=True)

    def save(form: UntilForm) -> str:
        actions.allow_changes(
            attendee=one,
            until=form.moment,
            reason=form.cleaned_data["reason"],
            at=timezone.now(),
            actor=person(request),
        )
        return _("The person can change and cancel until then.")

    address = reverse("desk:attendee", args=[one.pk])
    if request.method == "POST" and request.POST.get("step") == "remove":
        actions.allow_changes(attendee=one, until=None, reason="", at=timezone.now(), actor=person(request))
        return done(request, _("The exception is removed. The usual deadline holds again."), to=address)
    zone = one.series.timezone
    stands = one.may_change_until if one.may_change_until and one.may_change_until > timezone.now() else None
    change = Change(
        title=_("Allow changes after the deadline"),
        intro=_(
            "Until this moment the person can cancel, change and add events on their own page, "
            "whatever the deadline. Nobody can enter an event that has begun."
        ),
        form=UntilForm(request.POST or None, zone=zone, initial=_on_the_clock(stands, zone=zone)),
        save=save,
        then=address,
        back=address,
        series=one.series,
        here="registrations",
        template="desk/exception.html",
        context={"stands": stands, "quotas": _deadlines(one)},
    )
    return carry_out(request, change)


def _deadlines(attendee: Attendee) -> QuerySet[Quota]:
    """Read until when anybody may change, of the events of the series that are still to come."""
    ahead = Quota.objects.filter(
        event__series=attendee.series_id,
        event__state=Event.State.PUBLISHED,
        event__starts_at__gt=timezone.now(),
    )
    return ahead.select_related("event").order_by("event__starts_at", "event")


def _on_the_clock(end: datetime | None, *, zone: str) -> dict[str, Any]:
    """Write a moment into the two fields of its form; nothing where there is none."""
    return {"day": local(end, zone=zone).date(), "until": local(end, zone=zone).time()} if end else {}
