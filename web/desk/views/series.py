"""Pages of one series: made from a template, its texts, its publishing, its history."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.policies import ORGANISES, organisations_where
from accounts.queries import audit_of
from backend.core.dates import HELSINKI
from backend.core.errors import Refusal
from backend.core.i18n import Text
from events import actions
from events.actions.series import weekdays
from events.models import Event, EventSeries
from events.queries import events_of
from events.templates import TEMPLATES, Template
from registrations.actions import new_series_from_template
from registrations.models import RegistrationForm
from registrations.queries.replies import looks_by_event
from web.desk import overview
from web.desk.access import desk_page, person, the_series
from web.desk.change import Change, Preview, carry_out
from web.desk.forms.base import DeskForm
from web.desk.forms.series import NewSeriesForm, SeriesForm
from web.desk.history import subjects_of, told
from web.desk.ledger import audiences, tallies
from web.desk.page import done, page_of, show


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page
def new(request: HttpRequest) -> HttpResponse:
    """Make a series out of a template: a look at the days first (GET), then the draft (POST)."""
    organisations = list(organisations_where(person(request), roles=ORGANISES))
    if not organisations:
        raise PermissionDenied
    typed = request.POST or (request.GET if "title" in request.GET else None)
    form = NewSeriesForm(typed, organisations=organisations)
    if request.method == "POST" and form.is_valid():
        try:
            series = _create(request, form)
        except Refusal as no:
            form.say(no)
        else:
            sentence = _("The draft is ready. Fill in the texts and publish it when you like.")
            return done(request, sentence, to=reverse("desk:series", args=[series.pk]))
    ready = form.is_bound and form.is_valid()
    return show(
        request,
        "desk/series_new.html",
        here="new",
        status=422 if form.shown_errors else 200,
        form=form,
        problems=list(form.problems()),
        days=_days(TEMPLATES[form.cleaned_data["template"]], form) if ready else (),
        starting_point=TEMPLATES[form.cleaned_data["template"]] if ready else None,
    )


def _create(request: HttpRequest, form: NewSeriesForm) -> EventSeries:
    return new_series_from_template(
        organisation=form.organisation,
        template=TEMPLATES[form.cleaned_data["template"]],
        title=form.title_text,
        first_day=form.cleaned_data["first_day"],
        slug=form.slug,
        at=timezone.now(),
        actor=person(request),
    )


def _days(template: Template, form: NewSeriesForm) -> list[tuple[datetime, datetime, Text]]:
    """List the days the template makes, weekends left out, for a look before anything is made."""
    days = weekdays(form.cleaned_data["first_day"], count=template.days)
    clock = time.fromisoformat(template.starts)
    starts = [datetime.combine(day, clock, tzinfo=ZoneInfo(HELSINKI)) for day in days]
    return [
        (start, start + timedelta(minutes=template.minutes), template.theme(index, otherwise=form.title_text))
        for index, start in enumerate(starts)
    ]


@require_safe
@desk_page
def series(request: HttpRequest, pk: int) -> HttpResponse:
    """Show how a series stands."""
    one = the_series(request, pk)
    events, now = events_of(one, drafts=True), timezone.now()
    seats = overview.seats_of(events)
    return show(
        request,
        "desk/series.html",
        series=one,
        here="series",
        seats=seats,
        todos=overview.todos(
            one, seats, tallies(audiences(one, events), at=now), looks=looks_by_event(events), at=now
        ),
        form_hours=(hours := RegistrationForm.objects.filter(series=one).first()),
        opened=hours is not None and hours.opens_at <= now,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Edit the texts of a series side by side; nobody gets a mail, so there is nothing to confirm."""
    one = the_series(request, pk, to_change=True)
    initial = {
        **one.title.columns("title"),
        **one.lead.columns("lead"),
        "organisers": one.organisers,
        "contact_email": one.contact_email,
    }

    def save(form: SeriesForm) -> str:
        actions.edit_series(
            series=one,
            title=form.text("title"),
            lead=form.text("lead"),
            organisers=form.cleaned_data["organisers"],
            contact_email=form.cleaned_data["contact_email"],
            at=timezone.now(),
            actor=person(request),
        )
        return _("The texts are saved.")

    address = reverse("desk:series", args=[one.pk])
    change = Change(
        title=_("Texts of the series"),
        intro=_("Nobody gets a mail of a change in these texts."),
        form=SeriesForm(request.POST or None, initial=initial),
        save=save,
        then=address,
        back=address,
        series=one,
        here="series-edit",
    )
    return carry_out(request, change)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page
def publish(request: HttpRequest, pk: int) -> HttpResponse:
    """Tell what publishing does, then publish."""
    one = the_series(request, pk, to_change=True)

    def save(_form: DeskForm) -> str:
        actions.publish_series(series=one, at=timezone.now(), actor=person(request))
        return _("The series is public.")

    address = reverse("desk:series", args=[one.pk])
    change = Change(
        title=_("Publish the series"),
        form=DeskForm(request.POST or None),
        preview=lambda _form: _publishing(one),
        save=save,
        then=address,
        back=address,
        series=one,
        here="series",
    )
    return carry_out(request, change)


def _publishing(one: EventSeries) -> Preview:
    events = events_of(one, drafts=True)
    effects = [_("The page of the series and of its events can be seen by everybody.")]
    if RegistrationForm.objects.filter(series=one).exists():
        effects.append(_("People can register when registration has opened."))
    if missing := overview.languages_missing(one.title, one.lead, *_texts(events)):
        sentence = _("Texts are missing in: %(languages)s. Readers see another language, marked as such.")
        effects.append(sentence % {"languages": overview.named(missing)})
    return Preview(effects=effects, button=_("Publish"))


def _texts(events: Sequence[Event]) -> list[Text]:
    return [text for event in events for text in (event.title, event.description)]


@require_safe
@desk_page
def history(request: HttpRequest, pk: int) -> HttpResponse:
    """Show who did what in a series, newest first."""
    one = the_series(request, pk)
    page = page_of(request, audit_of(*subjects_of(one)))
    rows = told(page.object_list, one)
    return show(request, "desk/history.html", series=one, here="history", page=page, rows=rows)
