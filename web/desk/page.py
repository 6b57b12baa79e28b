"""How a page of the desk is shown: its frame, where the reader is, and pages of a long list."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone

from accounts.models import User
from accounts.policies import ORGANISES, REVIEWS, organisations_where
from backend.core.dates import HELSINKI
from events.models import Event, EventSeries
from web.desk.banner import banner

ROWS = 50


def show(
    request: HttpRequest,
    template: str,
    *,
    series: EventSeries | None = None,
    event: Event | None = None,
    here: str = "",
    status: int = 200,
    **context: Any,  # noqa: ANN401 - a template takes whatever it shows
) -> HttpResponse:
    """Show a page within the frame of the desk; ``here`` marks the place in the navigation."""
    if event is not None:
        series = event.series
    frame: dict[str, Any] = {"series": series, "event": event, "here": here, **_rights(request, series)}
    if isinstance(request.user, User):
        frame |= {"waiting_mail": banner(at=timezone.now()), "zone": series.timezone if series else HELSINKI}
    return render(request, template, frame | context, status=status)


def _rights(request: HttpRequest, series: EventSeries | None) -> dict[str, bool]:
    """Tell what the navigation offers; the views ask again before anything is done."""
    if not isinstance(request.user, User):
        return {"reviews_shown": False, "may_organise": False}
    organises = organisations_where(request.user, roles=ORGANISES)
    if series is not None:
        organises = organises.filter(pk=series.organisation_id)
    return {
        "reviews_shown": organisations_where(request.user, roles=REVIEWS).exists(),
        "may_organise": organises.exists(),
    }


def done(request: HttpRequest, sentence: str, *, to: str) -> HttpResponse:
    """Say what was done at the top of the next page; reloading it does nothing twice."""
    messages.success(request, sentence)
    return see_other(to)


def see_other(to: str) -> HttpResponse:
    """Send the browser on after a POST."""
    response = HttpResponseRedirect(to)
    response.status_code = 303
    return response


def page_of[T](request: HttpRequest, rows: "QuerySet[Any, T] | Sequence[T]", *, size: int = ROWS) -> Page[T]:
    """Cut the page that the address asks for; a page that is not there gives the nearest one."""
    return Paginator(rows, size).get_page(request.GET.get("page"))
