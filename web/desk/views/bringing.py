"""Bringing people in at the desk: typed, pasted or from a file; told row by row; then watched to its end."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from backend.core.errors import Refusal
from events.models import EventSeries
from registrations.actions.importing import check_people, confirm_import, discard_import
from registrations.lists import have_brought_in
from registrations.models import AttendeeImport, WorkState
from registrations.queries.importing import import_for, imports_of, open_events, report_on
from registrations.rules import Invalid
from web.desk.access import desk_page, person, the_series
from web.desk.bringing import shown_report, shown_work
from web.desk.forms.bringing import AddPersonForm, BringPeopleForm
from web.desk.page import see_other, show


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@desk_page
def add(request: HttpRequest, pk: int) -> HttpResponse:
    """Add one person; what is wrong is said beside the fields."""
    series = the_series(request, pk, to_change=True)
    events = open_events(series, at=timezone.now())
    form = AddPersonForm(request.POST or None, events=events)
    if form.is_bound and form.is_valid():
        try:
            return see_other(reverse("desk:import", args=[_one(request, series, form).pk]))
        except Refusal as no:
            form.say(no)
    return _form(request, series, form, template="desk/add_person.html", events=events)


def _one(request: HttpRequest, series: EventSeries, form: AddPersonForm) -> AttendeeImport:
    work = check_people(
        series=series,
        people=[form.person],
        choices=form.choices(by_hand=True),
        at=timezone.now(),
        actor=person(request),
    )
    problems = report_on(work, at=timezone.now()).problems
    if problems:
        discard_import(work=work)
        raise Invalid(
            problems[0].sentence, fields={problem.field: [problem.sentence] for problem in problems}
        )
    return work


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@desk_page
def imports(request: HttpRequest, pk: int) -> HttpResponse:
    """Bring many people: choose a file or paste; nothing happens before the next page."""
    series = the_series(request, pk, to_change=True)
    events = open_events(series, at=timezone.now())
    form = BringPeopleForm(request.POST or None, request.FILES or None, events=events)
    if form.is_bound and form.is_valid():
        try:
            return see_other(reverse("desk:import", args=[_many(request, series, form).pk]))
        except Refusal as no:
            form.say(no)
    return _form(
        request, series, form, template="desk/imports.html", events=events, made=imports_of(series)[:20]
    )


def _many(request: HttpRequest, series: EventSeries, form: BringPeopleForm) -> AttendeeImport:
    brought, name = form.brought()
    return check_people(
        series=series,
        people=brought.people,
        choices=form.choices(),
        file_name=name,
        at=timezone.now(),
        actor=person(request),
    )


def _form(
    request: HttpRequest,
    series: EventSeries,
    form: AddPersonForm | BringPeopleForm,
    *,
    template: str,
    **more: Any,  # noqa: ANN401 - a template takes whatever it shows
) -> HttpResponse:
    return show(
        request,
        template,
        series=series,
        here="imports",
        status=422 if form.shown_errors else 200,
        form=form,
        problems=list(form.problems()),
        **more,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@desk_page
def one(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what a list would do, how far it is, or what it did; the buttons bring it in or throw it away."""
    work = import_for(person(request), pk)
    the_series(request, work.series_id, to_change=True)
    here, refusal = reverse("desk:import", args=[pk]), None
    if request.method == "POST":
        try:
            return see_other(_pressed(request, work) or here)
        except Refusal as no:
            work, refusal = import_for(person(request), pk), no
    at = timezone.now()
    shown: dict[str, Any] = {"report": shown_report(work, at=at)} if work.state == WorkState.CHECKED else {}
    template = "desk/import_check.html" if shown else "desk/import.html"
    return show(
        request,
        template,
        series=work.series,
        here="imports",
        status=refusal.status if refusal else 200,
        refusal=refusal,
        **shown_work(work),
        **shown,
    )


def _pressed(request: HttpRequest, work: AttendeeImport) -> str:
    """Do what the button says; gives the page to go to when it is another one."""
    if request.POST.get("step") == "discard":
        discard_import(work=work)
        return reverse("desk:imports", args=[work.series_id])
    leave_out = request.POST.get("leave_out") == "on"
    have_brought_in(confirm_import(work=work, leave_out=leave_out, at=timezone.now()))
    return ""


@require_safe
@never_cache
@desk_page
def progress(request: HttpRequest, pk: int) -> HttpResponse:
    """Give the part of the page that changes, for the page that looks by itself."""
    work = import_for(person(request), pk)
    the_series(request, work.series_id, to_change=True)
    return render(request, "desk/import_state.html", {"series": work.series, **shown_work(work)})
