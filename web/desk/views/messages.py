"""Pages of the messages: what was sent to whom, whether it arrived, and what it said."""

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from events.models import Event, EventSeries
from events.queries import events_of
from notifications.looking import for_others
from notifications.models import Message
from notifications.rules import LOST, REPAIRABLE
from web.desk.access import all_series, desk_page, may_organise, the_series
from web.desk.forms.lists import PROBLEMS, MessageFilters
from web.desk.ledger import NEEDS_A_LOOK, Tally, audiences, messages_of, person_of, tallies
from web.desk.page import page_of, show


@require_safe
@desk_page
def messages(request: HttpRequest, pk: int) -> HttpResponse:
    """List the messages of a series, those that need a look first."""
    series = the_series(request, pk)
    events = events_of(series, drafts=True)
    filters = MessageFilters(request.GET, events=events)
    chosen = next((event for event in events if event.slug == filters.chosen("event")), None)
    names = [f"event:{chosen.pk}"] if chosen else audiences(series, events)
    counted = tallies(audiences(series, events), at=timezone.now())
    rows: list[tuple[Event | None, Tally]] = [
        (event, counted.get(f"event:{event.pk}", Tally())) for event in events
    ]
    if of_all := counted.get(f"series:{series.pk}"):
        rows.append((None, of_all))
    return show(
        request,
        "desk/messages.html",
        series=series,
        here="messages",
        filters=filters,
        page=page_of(request, messages_of(names, q=filters.chosen("q"), states=_states(filters))),
        tallies=rows,
        now=timezone.now(),
    )


def _states(filters: MessageFilters) -> list[str]:
    state = filters.chosen("state")
    if state == PROBLEMS:
        return sorted(NEEDS_A_LOOK)
    return [state] if state else []


@require_safe
@desk_page
def message(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one message: what it said and what happened to it."""
    one = Message.objects.filter(pk=pk).prefetch_related("events", "attempts").first()
    series, event = owner_of(request, one) if one else (None, None)
    if one is None or series is None:
        raise Http404
    mends = may_organise(request, series)
    return show(
        request,
        "desk/message.html",
        series=series,
        event=event,
        here="messages",
        message=one,
        text=for_others(one).text,
        reader=person_of(one, series),
        repairable=one.state in REPAIRABLE and mends,
        correctable=one.state in LOST and mends,
        now=timezone.now(),
    )


def owner_of(request: HttpRequest, one: Message) -> tuple[EventSeries | None, Event | None]:
    """Find whose desk shows the message; what belongs to somebody else does not exist."""
    kind, _colon, number = one.audience.partition(":")
    if not number.isdecimal():
        return None, None
    if kind == "event":
        found = Event.objects.select_related("series__organisation")
        event = found.filter(pk=int(number), series__in=all_series(request)).first()
        return (event.series, event) if event else (None, None)
    return all_series(request).filter(pk=int(number)).first(), None
