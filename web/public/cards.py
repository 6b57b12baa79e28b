"""Short forms of practices, series and past events, as lists show them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from backend.core import dates
from backend.core.i18n import Text, current
from catalogue.models import Practice
from events.models import Event, EventSeries
from web.public.days import Day
from web.public.signs import held_on

_TONES = {Practice.Label.MEETS_CRITERIA: "ok", Practice.Label.LEARNING: "info"}


@dataclass(frozen=True, slots=True, kw_only=True)
class PracticeCard:
    """A practice in a list."""

    slug: str
    title: Text
    summary: Text
    where: str
    label: str
    tone: str


def practice_card(practice: Practice, *, where: bool = True) -> PracticeCard:
    """Shorten a published practice to what a reader chooses by."""
    version = practice.published
    names = [place.name_in(current()) for place in practice.municipalities.all()] if where else []
    return PracticeCard(
        slug=practice.slug,
        title=version.title if version else Text(),
        summary=version.summary if version else Text(),
        where=", ".join(names),
        label=practice.get_label_display(),
        tone=_TONES.get(Practice.Label(practice.label), ""),
    )


def practice_cards(practices: Iterable[Practice]) -> list[PracticeCard]:
    """Shorten several."""
    return [practice_card(practice) for practice in practices]


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesCard:
    """A series in a list, or as the next thing on the front page."""

    series: EventSeries
    address: str
    when: str
    themes: Sequence[Event]
    days: Sequence[Day] = ()

    @property
    def open(self) -> bool:
        """Whether one may register for any of its days now."""
        return any(day.sign.choosable for day in self.days)


def series_card(series: EventSeries, events: Sequence[Event], *, days: Sequence[Day] = ()) -> SeriesCard:
    """Shorten a series to its days and themes."""
    return SeriesCard(
        series=series,
        address=reverse("public:series", kwargs={"series": series.slug}),
        when=when(events, zone=series.timezone),
        themes=events,
        days=days,
    )


def when(events: Sequence[Event], *, zone: str) -> str:
    """Write the days a series covers, with the hours when they are the same on each."""
    held = [event for event in events if event.state != Event.State.CANCELLED] or list(events)
    if not held:
        return ""
    if note := str(held[0].when_note):
        return note
    written = dates.days(held[0].starts_at, held[-1].starts_at, language=current(), zone=zone)
    clocks = {(dates.clock(e.starts_at, zone=zone), dates.clock(e.ends_at, zone=zone)) for e in held}
    if len(clocks) != 1:
        return written
    starts = dates.at_clock(held[0].starts_at, language=current(), zone=zone)
    comma = "," if current() == "en" else ""
    return f"{written}{comma} {starts}–{dates.clock(held[0].ends_at, zone=zone)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class EventLink:
    """An event in a list, with what tells it from the others."""

    row: Event
    address: str
    when: str


def past_event(event: Event) -> EventLink:
    """Name an event that has been held."""
    return _link(event, held_on(event))


def coming_event(event: Event) -> EventLink:
    """Name a day of the same series."""
    zone = event.series.timezone
    short = dates.day(event.starts_at, language=current(), zone=zone, year=False)
    return _link(event, str(event.when_note) or short)


def _link(event: Event, when: str) -> EventLink:
    kwargs = {"series": event.series.slug, "event": event.slug}
    return EventLink(row=event, address=reverse("public:event", kwargs=kwargs), when=when)


def year_of(event: Event) -> int:
    """Tell the year by the clock of the place."""
    moment: datetime = dates.local(event.starts_at, zone=event.series.timezone)
    return moment.year
