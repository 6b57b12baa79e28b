"""Numbers for organisers: who comes from where, when they registered, and how many stayed away.

Everything is counted by the database, in as many questions for a hundred thousand people as for ten.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Literal
from zoneinfo import ZoneInfo

from django.db.models import Case, CharField, Count, Q, Value, When
from django.db.models.functions import Cast, Substr

from accounts.models import Municipality
from events.models import Event, EventSeries
from registrations.models import Attendee, Quota, Registration

type Came = Literal["municipality", "other", "untold"]  # what is known of where somebody works


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """The places of one event, and who of those who had one came."""

    event: Event
    capacity: int | None
    confirmed: int
    offered: int
    waiting: int
    came: int
    absent: int
    unmarked: int

    @property
    def given(self) -> int:
        """The places that somebody has or is offered."""
        return self.confirmed + self.offered

    @property
    def no_show(self) -> float | None:
        """The share of the marked who stayed away; nothing while nobody is marked."""
        marked = self.came + self.absent
        return self.absent / marked if marked else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbers:
    """People who come, wait or apply, each counted once; days count registrations."""

    people: int
    days: tuple[tuple[date, int], ...]
    municipalities: tuple[tuple[Municipality, int], ...]  # the largest first
    regions: tuple[tuple[str, str, int], ...]  # in Finnish and in Swedish
    size_groups: tuple[tuple[str, int], ...]
    organisations: tuple[tuple[Came, int], ...]
    languages: tuple[tuple[str, int], ...]
    events: tuple[Places, ...]


def numbers_of(place: EventSeries | Event) -> Numbers:
    """Count those who registered to a series, or to one of its events."""
    series = place if isinstance(place, EventSeries) else place.series
    own = Q(event=place) if isinstance(place, Event) else Q(event__series=place)
    rows = Registration.objects.filter(own).order_by()
    groups = _groups(rows.filter(state__in=Registration.ACTIVE).values("attendee"))
    places = {one.pk: one for one in Municipality.objects.filter(pk__in=[code for code, *_rest in groups])}
    here = _tally((places[code], count) for code, _language, _told, count in groups if code)
    return Numbers(
        people=sum(count for *_rest, count in groups),
        days=_days(rows.exclude(state__in=[Registration.State.DECLINED]), ZoneInfo(series.timezone)),
        municipalities=tuple(sorted(here.items(), key=lambda one: (-one[1], one[0].name_fi))),
        regions=_regions(here),
        size_groups=_largest(_tally((one.size_group, count) for one, count in here.items())),
        organisations=_largest(_tally((_came(code, told), count) for code, _lang, told, count in groups)),
        languages=_largest(_tally((language, count) for _code, language, _told, count in groups)),
        events=_events(place, rows),
    )


def _groups(people: Any) -> list[tuple[str | None, str, str, int]]:  # noqa: ANN401 - a question in a question
    """Count people by municipality, language and whether they named an organisation: one short answer."""
    told = Case(When(organisation="", then=Value("")), default=Value("told"), output_field=CharField())
    found = Attendee.objects.filter(pk__in=people).order_by().annotate(told=told)
    counted = found.values_list("municipality", "language", "told").annotate(count=Count("pk"))
    return list(counted)


def _came(code: str | None, told: str) -> Came:
    return "municipality" if code else "other" if told else "untold"


def _days(rows: Any, zone: ZoneInfo) -> tuple[tuple[date, int], ...]:  # noqa: ANN401 - rows to be grouped
    """Count by the hour in the database, and put the hours into the days of the place."""
    hour = Substr(Cast("registered_at", CharField()), 1, 13)
    counted = rows.annotate(hour=hour).values_list("hour").annotate(count=Count("pk"))
    days: Counter[date] = Counter()
    for text, count in counted:
        moment = datetime.strptime(text, "%Y-%m-%d %H").replace(tzinfo=UTC)
        days[moment.astimezone(zone).date()] += count
    return tuple(sorted(days.items()))


def _events(place: EventSeries | Event, rows: Any) -> tuple[Places, ...]:  # noqa: ANN401 - rows to be grouped
    state = Registration.State
    counted = rows.values_list("event", "state", "attended").annotate(count=Count("pk"))
    found: Counter[tuple[int, str, bool | None]] = Counter()
    for event_id, where, attended, count in counted:
        found[event_id, where, attended] += count
    events = [place] if isinstance(place, Event) else list(place.events.order_by("starts_at", "pk"))
    capacity = dict(Quota.objects.filter(event__in=events).values_list("event", "capacity"))
    return tuple(
        Places(
            event=event,
            capacity=capacity.get(event.pk),
            confirmed=sum(found[event.pk, state.CONFIRMED, mark] for mark in (True, False, None)),
            offered=found[event.pk, state.OFFERED, None],
            waiting=found[event.pk, state.WAITING, None],
            came=found[event.pk, state.CONFIRMED, True],
            absent=found[event.pk, state.CONFIRMED, False],
            unmarked=found[event.pk, state.CONFIRMED, None],
        )
        for event in events
    )


def _regions(here: Counter[Municipality]) -> tuple[tuple[str, str, int], ...]:
    found = _tally(((one.region_fi, one.region_sv), count) for one, count in here.items())
    return tuple((fi, sv, count) for (fi, sv), count in _largest(found))


def _tally[T](pairs: Iterable[tuple[T, int]]) -> Counter[T]:
    tally: Counter[T] = Counter()
    for what, count in pairs:
        tally[what] += count
    return tally


def _largest[T](tally: Counter[T]) -> tuple[tuple[T, int], ...]:
    return tuple(sorted(tally.items(), key=lambda one: (-one[1], str(one[0]))))
