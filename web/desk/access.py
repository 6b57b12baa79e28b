"""The doorkeeper of the desk: who may open a page, and which rows exist for them."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, cast

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse

from accounts.models import User
from accounts.policies import LOOKS, ORGANISES, REVIEWS, Roles, may, organisations_where
from backend.core.errors import Forbidden, NotFound
from events.models import Event, EventSeries, Session
from events.queries import series_for
from registrations.models import Attendee, Registration
from web.desk.page import show

type View[**P] = Callable[Concatenate[HttpRequest, P], HttpResponse]


def desk_page[**P](view: View[P]) -> View[P]:
    """Ask for a sign-in first; what the person may not see does not exist, what they may not do is told."""

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except NotFound as nothing:
            raise Http404 from nothing
        except (Forbidden, PermissionDenied):
            return show(request, "desk/forbidden.html", status=403)

    return login_required(guarded)


def person(request: HttpRequest) -> User:
    """Give the person who is signed in."""
    return cast("User", request.user)  # login_required let nobody else through


def all_series(request: HttpRequest, *, roles: Roles = LOOKS) -> QuerySet[EventSeries]:
    """List the series of the organisations within which the person holds one of the roles."""
    return series_for(person(request), roles=roles)


def the_series(request: HttpRequest, pk: int, *, to_change: bool = False) -> EventSeries:
    """Give the series, or say that nothing is there; to change it takes an organiser."""
    series = all_series(request).filter(pk=pk).first()
    if series is None:
        raise Http404
    _require_organiser(request, series.organisation_id, to_change=to_change)
    return series


def the_event(request: HttpRequest, pk: int, *, to_change: bool = False) -> Event:
    """Give the event, or say that nothing is there; to change it takes an organiser."""
    found = Event.objects.select_related("series__organisation", "quota")
    event = found.filter(pk=pk, series__in=all_series(request)).first()
    if event is None:
        raise Http404
    _require_organiser(request, event.series.organisation_id, to_change=to_change)
    return event


def the_session(request: HttpRequest, pk: int) -> Session:
    """Give the item of a programme to be changed."""
    found = Session.objects.select_related("event__series__organisation")
    session = found.filter(pk=pk, event__series__in=all_series(request)).first()
    if session is None:
        raise Http404
    _require_organiser(request, session.event.series.organisation_id, to_change=True)
    return session


def the_attendee(request: HttpRequest, pk: int, *, to_change: bool = False) -> Attendee:
    """Give the person who registered, or say that nobody is there."""
    found = Attendee.objects.select_related("series__organisation", "municipality")
    attendee = found.filter(pk=pk, series__in=all_series(request)).first()
    if attendee is None:
        raise Http404
    _require_organiser(request, attendee.series.organisation_id, to_change=to_change)
    return attendee


def the_registration(request: HttpRequest, pk: int) -> Registration:
    """Give the registration to be changed."""
    found = Registration.objects.select_related("attendee__series", "event__series__organisation")
    registration = found.filter(pk=pk, event__series__in=all_series(request)).first()
    if registration is None:
        raise Http404
    _require_organiser(request, registration.event.series.organisation_id, to_change=True)
    return registration


def may_organise(request: HttpRequest, series: EventSeries) -> bool:
    """Tell whether the page shows the buttons that change something."""
    return may(person(request), roles=ORGANISES, organisation_id=series.organisation_id)


def may_review(request: HttpRequest) -> bool:
    """Tell whether the person reviews practices."""
    return organisations_where(person(request), roles=REVIEWS).exists()


def require_organiser(request: HttpRequest, organisation_id: int) -> None:
    """Refuse whoever may look but not change."""
    _require_organiser(request, organisation_id, to_change=True)


def _require_organiser(request: HttpRequest, organisation_id: int, *, to_change: bool) -> None:
    if to_change and not may(person(request), roles=ORGANISES, organisation_id=organisation_id):
        raise PermissionDenied
