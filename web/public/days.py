"""What the pages show of a day: its state, its released programme as lines, and what changed in it."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Municipality
from backend.core import dates
from backend.core.i18n import current
from catalogue.models import Practice
from events.models import Event, EventSeries
from events.programme import Change, ChangeKind, Item, Programme
from registrations.models import Quota, RegistrationForm
from registrations.queries import Availability, availability
from web.public.signs import Sign, door_said, event_sign


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of a programme, ready to be read."""

    item: Item
    times: str
    changed: str = ""
    municipality: str = ""
    practice: Practice | None = None
    lines: tuple["Line", ...] = ()

    @property
    def abstract(self) -> str:
        """Whether there is more to tell."""
        return str(self.item.abstract)


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """One event on a page."""

    event: Event
    sign: Sign
    programme: Programme | None = None
    lines: tuple[Line, ...] = ()
    changes: tuple[str, ...] = ()
    past: bool = False
    door: str = ""  # who may come and how, where it is not everybody
    by_invitation: bool = False
    address: str = field(init=False)
    anchor: str = field(init=False)

    def __post_init__(self) -> None:
        series = self.event.series.slug
        address = reverse("public:event", kwargs={"series": series, "event": self.event.slug})
        object.__setattr__(self, "address", address)
        object.__setattr__(self, "anchor", f"day-{self.event.pk}")

    @property
    def short(self) -> str:
        """The weekday and day, or what is known of them."""
        if note := str(self.event.when_note):
            return note
        zone = self.event.series.timezone
        return dates.day(self.event.starts_at, language=current(), zone=zone, year=False)

    @property
    def plain_time(self) -> bool:
        """Whether the day in the heading and the hours beneath say it all."""
        return not str(self.event.when_note) and self.event.moved_from is None

    @property
    def no_programme(self) -> str:
        """What is said where no programme has been released."""
        return (
            _("The programme of this day is not known.")
            if self.past
            else _("The programme is published later.")
        )

    @property
    def changed_on(self) -> str:
        """When the programme last changed."""
        if self.programme is None:
            return ""
        zone = self.event.series.timezone
        return dates.day(self.programme.released_at, language=current(), zone=zone)


def days_of(
    events: Sequence[Event],
    *,
    at: datetime,
    programmes: Mapping[int, Programme] | None = None,
    practices: Mapping[int, Practice] | None = None,
    exception: datetime | None = None,
) -> list[Day]:
    """Prepare the events of one series; one question for all of their places.

    ``exception`` is the later deadline of the person whose page it is.
    """
    places = availability(events, at=at, exception=exception)
    opens = opens_at(events[0].series) if events else None
    known = programmes or {}
    names = _municipalities(known.values())
    return [
        _day(
            event,
            places[event.pk],
            opens=opens,
            at=at,
            programme=known.get(event.pk),
            names=names,
            practices=practices or {},
        )
        for event in events
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pick:
    """A day on a form: a box to tick, or only its state where it cannot be chosen."""

    day: Day
    number: int | None
    ticked: bool


def picks(days: Sequence[Day], *, ticked: Collection[str]) -> list[Pick]:
    """Number the boxes, so that an error can lead to the first one; what is ticked can be unticked."""
    numbers = iter(range(len(days)))
    return [
        Pick(
            day=day,
            number=next(numbers) if day.sign.choosable or day.event.slug in ticked else None,
            ticked=day.event.slug in ticked,
        )
        for day in days
    ]


def opens_at(series: EventSeries) -> datetime | None:
    """Tell when registration opens, when it has a time."""
    found = RegistrationForm.objects.filter(series=series).values_list("opens_at", flat=True)
    return found.first()


def _day(
    event: Event,
    places: Availability,
    *,
    opens: datetime | None,
    at: datetime,
    programme: Programme | None,
    names: Mapping[str, str],
    practices: Mapping[int, Practice],
) -> Day:
    zone = event.series.timezone
    sign = event_sign(event, places, opens_at=opens)
    soon = sign.choosable or places.state == "not_yet_open"
    return Day(
        event=event,
        sign=sign,
        door=door_said(places.mode) if soon else "",
        by_invitation=sign.choosable and places.mode == Quota.Mode.INVITATION,
        programme=programme,
        lines=lines_of(programme, zone=zone, names=names, practices=practices) if programme else (),
        changes=tuple(changes_of(programme, zone=zone)) if programme else (),
        past=event.ends_at <= at,
    )


def lines_of(
    programme: Programme,
    *,
    zone: str,
    names: Mapping[str, str] | None = None,
    practices: Mapping[int, Practice] | None = None,
) -> tuple[Line, ...]:
    """Lay out a programme, the items of a block within it."""
    touched = {change.session_id: change for change in programme.changes if programme.number > 1}

    def line(item: Item, inner: tuple[Line, ...] = ()) -> Line:
        change = touched.get(item.session_id)
        return Line(
            item=item,
            times=_times(item, zone=zone),
            changed=_mark(change) if change else "",
            municipality=(names or {}).get(item.municipality_code or "", ""),
            practice=(practices or {}).get(item.session_id),
            lines=inner,
        )

    within: dict[int, list[Line]] = {}
    for item in programme.items:
        if item.block_id is not None:
            within.setdefault(item.block_id, []).append(line(item))
    return tuple(
        line(item, tuple(within.get(item.session_id, ())))
        for item in programme.items
        if item.block_id is None
    )


def _times(item: Item, *, zone: str) -> str:
    if item.starts_at is None:
        return _("%(n)d min") % {"n": item.minutes} if item.minutes else ""
    times = dates.clock(item.starts_at, zone=zone)
    if item.ends_at is not None and item.ends_at != item.starts_at:
        times += f"–{dates.clock(item.ends_at, zone=zone)}"
    return _("about %(times)s") % {"times": times} if item.approximate else times


def _mark(change: Change) -> str:
    if change.kind is ChangeKind.ADDED:
        return _("New")
    return _("Time changed") if change.kind is ChangeKind.MOVED else _("Changed")


def changes_of(programme: Programme, *, zone: str) -> Iterator[str]:
    """Tell the last changes in sentences."""
    if programme.number == 1:
        return
    for change in programme.changes:
        title = str(change.title)
        if change.kind is ChangeKind.ADDED:
            yield _("New in the programme: %(title)s") % {"title": title}
        elif change.kind is ChangeKind.REMOVED:
            yield _("Left out of the programme: %(title)s") % {"title": title}
        elif change.kind is ChangeKind.EVENT_MOVED:
            yield _("The whole day was moved")
        elif change.kind is ChangeKind.MOVED and change.starts_at:
            clock = dates.clock(change.starts_at, zone=zone)
            yield _("%(title)s now begins at %(clock)s") % {"title": title, "clock": clock}
        else:
            yield _("Corrected: %(title)s") % {"title": title}


def _municipalities(programmes: Iterable[Programme]) -> dict[str, str]:
    codes = {
        item.municipality_code
        for programme in programmes
        for item in programme.items
        if item.municipality_code
    }
    if not codes:
        return {}
    return {row.code: row.name_in(current()) for row in Municipality.objects.filter(code__in=codes)}


def asked_for(request: HttpRequest, days: Iterable[Day]) -> list[str]:
    """Read which mornings an address asks for (``?aamut=13,15``): by the day of the month or by the slug."""
    asked = {part.strip().lstrip("0") for part in request.GET.get("aamut", "").split(",")}
    return [day.event.slug for day in days if day.sign.choosable and asked & {day.event.slug, _number(day)}]


def _number(day: Day) -> str:
    return str(dates.local(day.event.starts_at, zone=day.event.series.timezone).day)
