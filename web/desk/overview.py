"""What the first page of the desk tells of each series: places taken, and what waits for somebody."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from backend.core.dates import day
from backend.core.i18n import LANGUAGE_CHOICES, Language, Text, current
from events.models import Event, EventSeries
from registrations.models import Quota, Registration
from registrations.queries.replies import looks_by_event
from web.desk.ledger import Tally, audiences, tallies


@dataclass(frozen=True, slots=True, kw_only=True)
class Seats:
    """The places of one event as numbers."""

    event: Event
    capacity: int | None
    taken: int
    waiting: int
    confirmed: int = 0
    cancelled: int = 0
    undecided: int = 0  # applications

    @property
    def left(self) -> int:
        """How many places are free."""
        return max(0, (self.capacity or 0) - self.taken)


@dataclass(frozen=True, slots=True)
class Todo:
    """One thing that waits for somebody, and where it is done."""

    sentence: str
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One series on the first page."""

    series: EventSeries
    seats: tuple[Seats, ...]
    todos: tuple[Todo, ...]


def seats_of(events: Sequence[Event]) -> list[Seats]:
    """Tell how full each event is, in two questions whatever the number of events."""
    ids = [event.pk for event in events]
    quotas = {quota.event_id: quota for quota in Quota.objects.filter(event__in=ids)}
    counts: Counter[tuple[int, str]] = Counter()
    rows = Registration.objects.filter(event__in=ids).order_by().values_list("event_id", "state")
    for event_id, state, count in rows.annotate(count=Count("pk")):
        counts[event_id, state] = count
    return [_seats(event, quotas.get(event.pk), counts) for event in events]


def _seats(event: Event, quota: Quota | None, counts: Counter[tuple[int, str]]) -> Seats:
    state = Registration.State
    return Seats(
        event=event,
        capacity=quota.capacity if quota else None,
        taken=quota.taken if quota else 0,
        waiting=counts[event.pk, state.WAITING],
        confirmed=counts[event.pk, state.CONFIRMED],
        cancelled=counts[event.pk, state.CANCELLED],
        undecided=sum(counts[event.pk, applied] for applied in Registration.APPLIED),
    )


def cards(series: Sequence[EventSeries], *, at: datetime) -> list[Card]:
    """Put together the first page; the number of questions does not grow with the series."""
    events = list(Event.objects.filter(series__in=series).select_related("series"))
    seats = {seat.event.pk: seat for seat in seats_of(events)}
    of: dict[int, list[Event]] = {one.pk: [] for one in series}
    for event in events:
        of[event.series_id].append(event)
    told = tallies([name for one in series for name in audiences(one, of[one.pk])], at=at)
    looks = looks_by_event(events)
    return [
        Card(
            series=one,
            seats=(own := tuple(seats[event.pk] for event in of[one.pk])),
            todos=tuple(todos(one, own, told, looks=looks, at=at)),
        )
        for one in series
    ]


def todos(
    series: EventSeries,
    seats: Sequence[Seats],
    told: dict[str, Tally],
    *,
    looks: Mapping[int, int],
    at: datetime,
) -> list[Todo]:
    """List what waits for somebody in one series, most urgent first; ``looks`` are calendars' answers."""
    events = [one.event for one in seats]
    found = []
    if lost := sum(told.get(name, Tally()).needs_a_look for name in audiences(series, events)):
        sentence = ngettext("%(count)d message needs a look", "%(count)d messages need a look", lost)
        address = reverse("desk:messages", args=[series.pk]) + "?state=problems#list"
        found.append(Todo(sentence % {"count": lost}, address))
    found += [_undecided(series, one) for one in seats if one.undecided and _may_be_decided(one.event, at=at)]
    found += _calendar_answers(looks, events)
    if series.state == EventSeries.State.DRAFT:
        found.append(
            Todo(_("Draft: only you see the series"), reverse("desk:series-publish", args=[series.pk]))
        )
    found += _missing_texts(series, events)
    return found


def _may_be_decided(event: Event, *, at: datetime) -> bool:
    return event.state == Event.State.PUBLISHED and at < event.starts_at


def _undecided(series: EventSeries, seats: Seats) -> Todo:
    """Say how many applications to one event wait for a decision."""
    sentence = ngettext(
        "%(day)s: %(count)d application waits for a decision",
        "%(day)s: %(count)d applications wait for a decision",
        seats.undecided,
    )
    when = day(seats.event.starts_at, language=current(), zone=series.timezone, year=False)
    address = reverse("desk:selection", args=[seats.event.pk])
    return Todo(sentence % {"day": when, "count": seats.undecided}, address)


def _calendar_answers(looks: Mapping[int, int], events: Sequence[Event]) -> list[Todo]:
    """Say where calendars answered what only an organiser can deal with."""
    found = []
    for event in events:
        if count := looks.get(event.pk, 0):
            sentence = ngettext(
                "%(count)d calendar answer needs a look", "%(count)d calendar answers need a look", count
            )
            found.append(Todo(sentence % {"count": count}, reverse("desk:calendar", args=[event.pk])))
    return found


def _missing_texts(series: EventSeries, events: Sequence[Event]) -> list[Todo]:
    found = []
    if missing := languages_missing(series.title, series.lead):
        sentence = _("The texts of the series are missing in: %(languages)s") % {"languages": named(missing)}
        found.append(Todo(sentence, reverse("desk:series-edit", args=[series.pk])))
    for event in events:
        if missing := languages_missing(event.title, event.description):
            when = day(event.starts_at, language=current(), zone=series.timezone, year=False)
            sentence = _("%(day)s: texts are missing in: %(languages)s") % {
                "day": when,
                "languages": named(missing),
            }
            found.append(Todo(sentence, reverse("desk:event-edit", args=[event.pk])))
    return found


def languages_missing(*texts: Text) -> tuple[Language, ...]:
    """Name the languages in which something that has been said is not said; all empty is not missing."""
    said = [text for text in texts if any(part for _language, part in text)]
    missing = {language for text in said for language in text.missing}
    return tuple(language for language in ("fi", "sv", "en") if language in missing)


def named(languages: Sequence[Language]) -> str:
    """Write languages by their own names."""
    names = dict(LANGUAGE_CHOICES)
    return ", ".join(names[language] for language in languages)
