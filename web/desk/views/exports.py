"""Pages of lists to take along: choose, watch it being made, fetch it. Only whoever asked finds them."""

from typing import cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from backend.core.errors import Refusal
from events.models import EventSeries
from events.queries import events_of
from registrations import sheets
from registrations.actions.exporting import AT_ONCE, ask_for_export, make_export
from registrations.models import RegistrationExport
from registrations.queries.exporting import columns_for, export_for, exports_of
from web.desk.access import desk_page, person, the_series
from web.desk.forms.exports import ExportForm
from web.desk.page import see_other, show


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@desk_page
def exports(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose what the list is to hold; the lists of the last day are below."""
    series = the_series(request, pk, to_change=True)
    events = list(events_of(series, drafts=True))
    form = ExportForm(
        request.POST or None,
        events=events,
        columns=columns_for(person(request), series),
        initial={"event": request.GET.get("event", "")},
    )
    if form.is_bound and form.is_valid():
        try:
            return see_other(reverse("desk:export", args=[_ask(request, series, form).pk]))
        except Refusal as no:
            form.say(no)
    return show(
        request,
        "desk/exports.html",
        series=series,
        here="exports",
        status=422 if form.shown_errors else 200,
        form=form,
        problems=list(form.problems()),
        made=exports_of(person(request), series, at=timezone.now())[:20],
    )


def _ask(request: HttpRequest, series: EventSeries, form: ExportForm) -> RegistrationExport:
    """Have it made: a short list at once, a long one by a worker."""
    event = series.events.filter(slug=form.cleaned_data["event"]).first()
    export = ask_for_export(
        series=series,
        event=event,
        file_format=form.cleaned_data["format"],
        columns=form.cleaned_data["columns"],
        at=timezone.now(),
        actor=person(request),
    )
    if export.total <= AT_ONCE:
        make_export(export.pk, at=timezone.now())
    else:
        sheets.have_made(export)
    return export


@require_safe
@never_cache
@desk_page
def export(request: HttpRequest, pk: int) -> HttpResponse:
    """Show how far the list has come, and the way to fetch it."""
    one = export_for(person(request), pk, at=timezone.now())
    return show(request, "desk/export.html", series=one.series, here="exports", export=one)


@require_safe
@never_cache
@desk_page
def progress(request: HttpRequest, pk: int) -> HttpResponse:
    """Give the part of the page that changes, for the page that looks by itself."""
    one = export_for(person(request), pk, at=timezone.now())
    return render(request, "desk/export_state.html", {"export": one, "series": one.series})


@require_safe
@desk_page
def file(request: HttpRequest, pk: int) -> HttpResponse:
    """Fetch the file."""
    one = export_for(person(request), pk, at=timezone.now())
    try:
        return cast("HttpResponse", sheets.download(one))  # what streams is a response too
    except sheets.NotReady:
        return see_other(reverse("desk:export", args=[one.pk]))
