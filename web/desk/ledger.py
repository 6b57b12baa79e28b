"""What the desk reads from the ledger of messages: what needs a look, and how things stand by event."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Case, Count, IntegerField, Q, QuerySet, Value, When

from events.models import Event, EventSeries
from notifications.models import Message
from notifications.rules import TROUBLED
from registrations.models import Attendee

State = Message.State
NEEDS_A_LOOK = TROUBLED
HANDED_OVER: tuple[str, ...] = (State.ACCEPTED, State.DELIVERED, State.CLOSED)
ON_THE_WAY: tuple[str, ...] = (
    State.QUEUED,
    State.CLAIMED,
    State.SENDING,
    State.RETRY_WAIT,
    State.DEFERRED,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """How the messages of one event or series stand."""

    handed_over: int = 0
    planned: int = 0
    on_the_way: int = 0
    needs_a_look: int = 0
    not_sent: int = 0


def audiences(series: EventSeries, events: Iterable[Event]) -> list[str]:
    """Name the audiences whose messages belong to the desk of this series."""
    return [f"series:{series.pk}", *(f"event:{event.pk}" for event in events)]


def tallies(names: Collection[str], *, at: datetime) -> dict[str, Tally]:
    """Count the messages of each audience by how they stand, in one question to the database."""
    counted: defaultdict[str, Counter[str]] = defaultdict(Counter)
    later = Case(When(not_before__gt=at, then=Value(1)), default=Value(0), output_field=IntegerField())
    rows = Message.objects.filter(audience__in=names).order_by().annotate(later=later)
    for audience, state, ahead, count in rows.values_list("audience", "state", "later").annotate(
        count=Count("pk")
    ):
        counted[audience][_group(state, ahead=bool(ahead))] += count
    return {audience: Tally(**groups) for audience, groups in counted.items()}


def _group(state: str, *, ahead: bool) -> str:
    if state in NEEDS_A_LOOK:
        return "needs_a_look"
    if state in HANDED_OVER:
        return "handed_over"
    if state not in ON_THE_WAY:
        return "not_sent"
    return "planned" if ahead else "on_the_way"


def messages_of(
    names: Collection[str], *, q: str = "", states: Collection[str] = ()
) -> QuerySet[Message, Message]:
    """List the messages, those that need a look first and then the newest."""
    found = Message.objects.filter(audience__in=names)
    if q:
        found = found.filter(Q(recipient__icontains=q) | Q(headline__icontains=q))
    if states:
        found = found.filter(state__in=states)
    first = Case(When(state__in=NEEDS_A_LOOK, then=Value(0)), default=Value(1), output_field=IntegerField())
    return found.order_by(first, "-created_at", "-pk")


def person_of(message: Message, series: EventSeries) -> Attendee | None:
    """Find the person a message is about, so that from what went wrong one reaches whom it hit."""
    kind, _colon, number = message.subject.partition(":")
    people = Attendee.objects.filter(series=series)
    if kind == "attendee":
        return people.filter(pk=int(number)).first()
    if kind == "registration":
        return people.filter(registrations=int(number)).first()
    return None
