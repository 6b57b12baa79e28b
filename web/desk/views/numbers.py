"""The page of numbers: each as a picture with its table."""

from collections.abc import Iterator

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.models import Municipality
from backend.core.dates import day
from backend.core.i18n import LANGUAGE_CHOICES, current
from events.models import Event, EventSeries
from registrations.queries.numbers import Numbers, numbers_of
from web.desk.access import desk_page, the_event, the_series
from web.desk.charts import Chart, chart
from web.desk.page import show


@require_safe
@desk_page
def series(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the numbers of a series."""
    one = the_series(request, pk)
    return _shown(request, one, numbers_of(one))


@require_safe
@desk_page
def event(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the numbers of one event."""
    one = the_event(request, pk)
    return _shown(request, one.series, numbers_of(one), event=one)


def _shown(
    request: HttpRequest, series: EventSeries, numbers: Numbers, *, event: Event | None = None
) -> HttpResponse:
    return show(
        request,
        "desk/numbers.html",
        series=series,
        event=event,
        here="event-numbers" if event else "numbers",
        numbers=numbers,
        charts=[*_of_events(numbers, zone=series.timezone), *_charts(numbers)],
    )


def _of_events(numbers: Numbers, *, zone: str) -> Iterator[Chart]:
    """Draw the lines and the empty chairs, event by event."""
    named = [
        (f"{day(one.event.starts_at, language=current(), zone=zone, year=False)} {one.event.title}", one)
        for one in numbers.events
    ]
    waiting = [(name, one.waiting) for name, one in named if one.waiting]
    yield chart("waiting", _("People on the waiting lists"), _("Event"), waiting, most=60)
    away = [(name, round(one.no_show * 100)) for name, one in named if one.no_show is not None]
    title = _("Share of those marked who stayed away")
    yield chart("no-show", title, _("Event"), away, most=60, percent=True)


def _charts(numbers: Numbers) -> Iterator[Chart]:
    language = current()
    regions = [(sv if language == "sv" else fi, count) for fi, sv, count in numbers.regions]
    sizes, languages = dict(Municipality.SizeGroup.choices), dict(LANGUAGE_CHOICES)
    kinds = {
        "municipality": _("municipality known"),
        "other": _("another organisation"),
        "untold": _("not told"),
    }
    places = [(one.name_in(language), count) for one, count in numbers.municipalities]
    yield chart("days", _("Registrations by day"), _("Day"), _days(numbers), most=60)
    yield chart("municipalities", _("People by municipality"), _("Municipality"), places)
    yield chart("regions", _("People by region"), _("Region"), regions, most=20)
    groups = [(str(sizes[key]), count) for key, count in numbers.size_groups]
    yield chart("sizes", _("People by size group of the municipality"), _("Size group"), groups)
    said = [(kinds[key], count) for key, count in numbers.organisations]
    yield chart("organisations", _("People by kind of organisation"), _("Kind of organisation"), said)
    spoken = [(languages[key], count) for key, count in numbers.languages]
    yield chart("languages", _("People by language"), _("Language"), spoken)


def _days(numbers: Numbers) -> list[tuple[str, int]]:
    return [(f"{one.day}.{one.month}.{one.year}", count) for one, count in numbers.days]
