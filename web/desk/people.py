"""Those who registered to a series, a person on each row, as the desk lists them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Prefetch, Q, QuerySet

from events.models import Event, EventSeries
from notifications.models import Message
from notifications.queries import latest_for
from notifications.rules import TROUBLED
from registrations.models import Attendee, Registration
from registrations.queries import registrations_of
from registrations.queries.attendees import newest_by_event
from registrations.queries.desk import mentioning
from web.desk.forms.lists import RegistrationFilters


@dataclass(frozen=True, slots=True)
class Stand:
    """Where the person stands in one event."""

    registration: Registration
    message: Message | None


@dataclass(frozen=True, slots=True)
class Row:
    """One person with their events and the last message to them."""

    attendee: Attendee
    stands: tuple[Stand, ...]
    message: Message | None

    @property
    def by_state(self) -> list[tuple[Registration, list[Event]]]:
        """Gather the events by where the person stands in them, so that a row stays short."""
        groups: dict[str, tuple[Registration, list[Event]]] = {}
        for stand in self.stands:
            groups.setdefault(stand.registration.state, (stand.registration, []))[1].append(
                stand.registration.event
            )
        return list(groups.values())


def people(series: EventSeries, filters: RegistrationFilters) -> QuerySet[Attendee]:
    """List the people who match the filters, by name; only what is asked for is looked at."""
    rows = mentioning(Attendee.objects.filter(series=series), filters.chosen("q"))
    state, event = filters.chosen("state"), filters.chosen("event")
    if state or event:
        found = registrations_of(series, state=state, event=event)
        rows = rows.filter(pk__in=found.order_by().values("attendee"))
    return rows.order_by("name", "pk")


def rows_of(attendees: Sequence[Attendee], *, events: Iterable[Event], at: datetime) -> list[Row]:
    """Put together one page of the list; the number of questions does not grow with the rows.

    ``events`` are all those of the series: each is read once, not again for every place in it.
    """
    own = Registration.objects.order_by("event__starts_at", "pk")
    ids = [attendee.pk for attendee in attendees]
    whole = Attendee.objects.filter(pk__in=ids).select_related("municipality").order_by("name", "pk")
    loaded = list(whole.prefetch_related(Prefetch("registrations", queryset=own, to_attr="own")))
    by_pk = {event.pk: event for event in events}
    for attendee in loaded:
        for row in attendee.own:
            row.event = by_pk[row.event_id]
    subjects = [f"attendee:{pk}" for pk in ids]
    subjects += [f"registration:{row.pk}" for attendee in loaded for row in _own(attendee)]
    told = latest_for(subjects, at=at)
    return [_row(attendee, told) for attendee in loaded]


def _own(attendee: Attendee) -> list[Registration]:
    """Give the registration of each event that counts: coming back after cancelling makes a new one."""
    newest = newest_by_event(attendee.own)  # type: ignore[attr-defined]  # prefetched above
    return sorted(newest.values(), key=lambda row: (row.event.starts_at, row.pk))


def _row(attendee: Attendee, told: dict[str, Message]) -> Row:
    stands = tuple(Stand(row, told.get(f"registration:{row.pk}")) for row in _own(attendee))
    messages = [stand.message for stand in stands] + [told.get(f"attendee:{attendee.pk}")]
    return Row(attendee, stands, max(filter(None, messages), key=_weight, default=None))


def _weight(message: Message) -> tuple[bool, int]:
    """Let a message that did not arrive stand before a newer one that did."""
    return message.state in TROUBLED, message.pk


def neighbours(attendee: Attendee, among: QuerySet[Attendee]) -> tuple[Attendee | None, Attendee | None]:
    """Give the person before and after in the list, so one can step without going back to it."""
    before = Q(name__lt=attendee.name) | Q(name=attendee.name, pk__lt=attendee.pk)
    after = Q(name__gt=attendee.name) | Q(name=attendee.name, pk__gt=attendee.pk)
    return among.filter(before).reverse().first(), among.filter(after).first()
