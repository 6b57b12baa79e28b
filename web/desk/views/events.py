"""Pages of one event: how it stands, its details, its time, its places, and calling it off."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from backend.core.dates import period
from backend.core.i18n import LANGUAGE_CHOICES, Text, current
from events import actions, programme, queries
from events.models import Event
from registrations.actions import set_capacity
from registrations.models import Quota, Registration
from registrations.queries.impact import Deed, impact_of
from registrations.queries.places import reasons_of
from registrations.queries.versions import behind
from registrations.rules import WHY_WAITING
from web.desk import effects, overview
from web.desk.access import desk_page, person, the_event
from web.desk.change import Change, Preview, carry_out
from web.desk.forms.events import CancelEventForm, CapacityForm, EventForm, MoveForm
from web.desk.ledger import Tally, tallies
from web.desk.page import page_of, show

_TOLD = ("title", "place")  # what stands in the invitations and calendars of those who come


@require_safe
@desk_page
def event(request: HttpRequest, pk: int) -> HttpResponse:
    """Show how an event stands."""
    one = the_event(request, pk)
    name = f"event:{one.pk}"
    released = queries.released_programme(one)
    version = one.programme_versions.first()
    items = programme.current(one)
    before = tuple(programme.Item.from_json(item) for item in version.items) if version else ()
    return show(
        request,
        "desk/event.html",
        event=one,
        here="event",
        seats=overview.seats_of([one])[0],
        tally=tallies([name], at=timezone.now()).get(name, Tally()),
        behind=behind(one).count(),
        released=released,
        items=items,
        unreleased=len(programme.diff(before, items)),
        missing=overview.named(overview.languages_missing(one.title, one.description)),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Edit the details of an event; says first whether mails go out."""
    one = the_event(request, pk, to_change=True)

    def save(form: EventForm) -> str:
        actions.edit_event(event=one, **form.typed(), at=timezone.now(), actor=person(request))
        return _("The details are saved.")

    change = Change(
        title=_("Details of the event"),
        form=EventForm(request.POST or None, initial=EventForm.starting_from(one)),
        preview=lambda form: _editing(one, form),
        save=save,
        then=reverse("desk:event", args=[one.pk]),
        back=reverse("desk:event", args=[one.pk]),
        event=one,
        here="event-edit",
    )
    return carry_out(request, change)


def _editing(one: Event, form: EventForm) -> Preview:
    place_of_link = ("mode", "join_url")
    told = any(form.text(name) != Text.of(one, name) for name in _TOLD)
    told = told or any(form.cleaned_data[name] != getattr(one, name) for name in place_of_link)
    at_once = [_("The public page changes at once.")]
    if not told or one.state != Event.State.PUBLISHED or one.ends_at <= timezone.now():
        return Preview(effects=[effects.nobody(), *at_once], button=_("Save"))
    people = effects.people_of(one)
    link_only = form.cleaned_data["mode"] == one.mode and all(
        form.text(name) == Text.of(one, name) for name in _TOLD
    )
    deed = Deed.LINK if link_only else Deed.CHANGE
    later = effects.as_it_will_be(
        one, **{name: form.cleaned_data[name] for name in (*place_of_link, "link_policy")}
    )
    impact = impact_of(later, deed, at=timezone.now())
    if link_only:  # of interest only to those who come, once they know the link
        people = effects.People(confirmed=impact.count, waiting=0)
    said = effects.sentences(effects.mailed(people), effects.calendars(people), at_once)
    if link_only and not impact.count:
        said = [effects.nobody(), *at_once]
    return Preview(effects=said, button=_("Save"), impact=impact)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page
def move(request: HttpRequest, pk: int) -> HttpResponse:
    """Give an event a new time; says first whose calendars move."""
    one = the_event(request, pk, to_change=True)

    def save(form: MoveForm) -> str:
        actions.move_event(
            event=one,
            starts_at=form.starts_at,
            ends_at=form.ends_at,
            at=timezone.now(),
            actor=person(request),
        )
        return _("The event has its new time.")

    zone = one.series.timezone
    change = Change(
        title=_("Move the event"),
        intro=period(one.starts_at, one.ends_at, language=current(), zone=zone),
        form=MoveForm(request.POST or None, zone=zone, initial=MoveForm.starting_from(one)),
        preview=lambda form: _moving(one, form),
        save=save,
        then=reverse("desk:event", args=[one.pk]),
        back=reverse("desk:event", args=[one.pk]),
        event=one,
        here="event-move",
    )
    return carry_out(request, change)


def _moving(one: Event, form: MoveForm) -> Preview:
    zone, language = one.series.timezone, current()
    times = {
        "old": period(one.starts_at, one.ends_at, language=language, zone=zone),
        "new": period(form.starts_at, form.ends_at, language=language, zone=zone),
    }
    said = [_("Now: %(old)s") % times, _("New time: %(new)s") % times]
    if (one.starts_at, one.ends_at) == (form.starts_at, form.ends_at):
        said = [*said, _("The time stays as it is. Nobody gets a mail.")]
        return Preview(effects=said, button=_("Move"))
    along = _("The items of the programme move along.")
    if one.state != Event.State.PUBLISHED or form.ends_at <= timezone.now():
        return Preview(effects=[*said, along, effects.nobody()], button=_("Move"))
    people = effects.people_of(one)
    later, at = effects.as_it_will_be(one, starts_at=form.starts_at, ends_at=form.ends_at), timezone.now()
    impact = impact_of(later, Deed.CHANGE, at=at)
    messages = effects.moving(impact.moving, zone=zone, at=at)
    return Preview(
        effects=effects.sentences(said, [along], effects.mailed(people), effects.calendars(people), messages),
        button=_("Move"),
        impact=impact,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Call an event off, with the reason in three languages."""
    one = the_event(request, pk, to_change=True)

    def save(form: CancelEventForm) -> str:
        actions.cancel_event(event=one, reason=form.text("reason"), at=timezone.now(), actor=person(request))
        return _("The event is called off. Those who were registered are being told.")

    change = Change(
        title=_("Call the event off"),
        intro=_("The page of the event stays, with the reason. This cannot be undone."),
        form=CancelEventForm(request.POST or None),
        preview=lambda form: _cancelling(one, form),
        save=save,
        then=reverse("desk:event", args=[one.pk]),
        back=reverse("desk:event", args=[one.pk]),
        event=one,
        here="event-cancel",
    )
    return carry_out(request, change)


def _cancelling(one: Event, form: CancelEventForm) -> Preview:
    people = effects.people_of(one)
    impact = impact_of(one, Deed.CANCEL, at=timezone.now())
    told = effects.sentences(
        effects.mailed(people),
        effects.texted(impact.texts),
        effects.calendars(people, removed=True),
        [_("Reminders and other automatic messages about it are not sent any more.")],
        [_("The event shows as called off. This cannot be undone.")],
    )
    names = dict(LANGUAGE_CHOICES)
    quotes = [{"language": code, "name": names[code], "text": text} for code, text in form.text("reason")]
    return Preview(
        effects=told,
        button=_("Call the event off"),
        danger=True,
        quotes=quotes,
        impact=impact,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page
def capacity(request: HttpRequest, pk: int) -> HttpResponse:
    """Change the number of places; says first how many of those who wait get one."""
    one = the_event(request, pk, to_change=True)
    quota = Quota.objects.filter(event=one).first()

    def save(form: CapacityForm) -> str:
        set_capacity(
            event=one, capacity=form.cleaned_data["capacity"], at=timezone.now(), actor=person(request)
        )
        return _("The number of places is saved.")

    change = Change(
        title=_("Places"),
        form=CapacityForm(request.POST or None, initial={"capacity": quota.capacity if quota else None}),
        preview=lambda form: Preview(
            effects=_capacity_effects(one, quota, form.cleaned_data["capacity"]), button=_("Save")
        ),
        save=save,
        then=reverse("desk:event-waiting", args=[one.pk]),
        back=reverse("desk:event-waiting", args=[one.pk]),
        event=one,
        here="event-waiting",
    )
    return carry_out(request, change)


def _capacity_effects(one: Event, quota: Quota | None, wanted: int) -> list[str]:
    if quota is None:
        return [_("The event takes registrations from now on.")]
    if wanted < quota.taken:
        sentence = _("%(taken)d places are taken already. Nobody loses theirs; no new ones are given.")
        return [sentence % {"taken": quota.taken}]
    return effects.calling(effects.called(one, capacity=wanted, at=timezone.now()))


@require_safe
@desk_page
def waiting(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the waiting list in its order."""
    one = the_event(request, pk)
    line = Registration.objects.filter(event=one, state=Registration.State.WAITING)
    page = page_of(request, line.select_related("attendee", "event__series").order_by("waiting_number", "pk"))
    offers = Registration.objects.filter(event=one, state=Registration.State.OFFERED)
    first = page.start_index()
    positions = {row.pk: first + index for index, row in enumerate(page.object_list)}
    reasons = reasons_of(page.object_list, positions, at=timezone.now())
    return show(
        request,
        "desk/waiting.html",
        event=one,
        here="event-waiting",
        seats=overview.seats_of([one])[0],
        page=page,
        rows=[(positions[row.pk], row, WHY_WAITING[reasons[row.pk]]) for row in page.object_list],
        offers=offers.select_related("attendee").order_by("offer_expires_at", "pk"),
        held=Registration.objects.filter(event=one, held=True).count(),
        offering=Quota.objects.filter(event=one, promotion=Quota.Promotion.OFFER).exists(),
    )
