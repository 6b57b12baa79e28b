"""What the desk reads from the ledger of messages: what needs a look, and how things stand by event."""

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db.models import Case, Count, IntegerField, Q, QuerySet, Value, When

from backend.core.links import token_for
from events.models import Event, EventSeries
from notifications.models import Message
from notifications.rendering import render
from notifications.rules import TROUBLED

State = Message.State
NEEDS_A_LOOK = TROUBLED
ARRIVED: tuple[str, ...] = (State.ACCEPTED, State.DELIVERED, State.CLOSED)
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

    arrived: int = 0
    on_the_way: int = 0
    needs_a_look: int = 0
    not_sent: int = 0

    @property
    def total(self) -> int:
        """All of them together."""
        return self.arrived + self.on_the_way + self.needs_a_look + self.not_sent


def audiences(series: EventSeries, events: Iterable[Event]) -> list[str]:
    """Name the audiences whose messages belong to the desk of this series."""
    return [f"series:{series.pk}", *(f"event:{event.pk}" for event in events)]


def tallies(names: Collection[str]) -> dict[str, Tally]:
    """Count the messages of each audience by how they stand, in one question to the database."""
    counted: defaultdict[str, Counter[str]] = defaultdict(Counter)
    rows = Message.objects.filter(audience__in=names).order_by().values_list("audience", "state")
    for audience, state, count in rows.annotate(count=Count("pk")):
        counted[audience][_group(state)] += count
    return {audience: Tally(**groups) for audience, groups in counted.items()}


def _group(state: str) -> str:
    if state in NEEDS_A_LOOK:
        return "needs_a_look"
    if state in ARRIVED:
        return "arrived"
    return "on_the_way" if state in ON_THE_WAY else "not_sent"


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


def text_for_the_desk(message: Message) -> str:
    """Give the text the person got, without the addresses that only they may open."""
    text = render(message).text
    for link in message.links.values():
        token = token_for(link["purpose"], link["seed"])
        text = re.sub(rf"\S*{re.escape(token)}\S*", "[…]", text)
    return text
