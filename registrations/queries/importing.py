"""What a list of people would do if it were brought in now, and how far it has come."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Self

from django.core.cache import cache
from django.db.models import Q, QuerySet
from redis.exceptions import RedisError

from accounts.models import ApiToken, Municipality
from accounts.policies import LOOKS, Person, Roles
from backend.core.dates import local
from backend.core.errors import NotFound
from backend.core.i18n import _
from events.models import Event, EventSeries
from events.queries import series_for
from registrations import rules
from registrations.models import Attendee, AttendeeImport, Quota, Registration, WorkState
from registrations.queries.places import quotas_of
from registrations.rules.importing import Choices, Problem, Typed, problems_in

State = Registration.State
AHEAD = (WorkState.QUEUED, WorkState.RUNNING)
_By = Registration.CancelledBy
_GIVEN_UP = Q(
    state__in=[State.CANCELLED, State.DECLINED],
    cancelled_by__in=[_By.ATTENDEE, _By.CALENDAR, _By.TRANSFER, _By.TIME],
)


@dataclass(frozen=True, slots=True)
class Atlas:
    """The municipalities, read once for a whole list."""

    by_name: Mapping[str, Municipality]
    by_label: Mapping[str, Municipality]

    @classmethod
    def read(cls, *, today: date) -> Self:
        """Read them all; one that has ended gives way to its successor, and one of today comes first."""
        rows = list(Municipality.objects.select_related("successor").order_by("pk"))
        there = [row for row in rows if row.valid_to is None or row.valid_to >= today]
        names: dict[str, Municipality] = {}
        labels: dict[str, Municipality] = {}
        for row in [*there, *(row for row in rows if row not in there)]:
            meant = row if row in there else row.successor or row
            for name in (row.pk, row.name_fi, row.name_sv):
                names.setdefault(name.casefold(), meant)
            for name in (row.name_fi, row.name_sv):
                labels.setdefault(rules.as_label(name), meant)
        return cls(by_name=names, by_label=labels)

    def named(self, written: str) -> Municipality | None:
        """Find the one somebody means by its code or its name."""
        written = written.strip().casefold()
        return self.by_name.get(written.zfill(3) if written.isdecimal() else written) if written else None

    def of(self, person: rules.Person) -> Municipality | None:
        """Find the one of a person: as told, else as the organisation is called, else by the address."""
        by_address = self.by_label.get(rules.municipality_label(person.email))
        return self.named(person.municipality) or self.named(person.organisation) or by_address


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """One row and what would become of it: new, more, there, left or problem."""

    typed: Typed
    outcome: str
    gets: int = 0  # places, or applications
    waits: int = 0  # places in line
    problems: Sequence[Problem] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What a whole list would do."""

    rows: Sequence[Checked]
    events: Sequence[Event]

    @property
    def problems(self) -> list[Problem]:
        """Everything that is wrong, in the order of the rows."""
        return [problem for row in self.rows for problem in row.problems]

    @property
    def counts(self) -> Mapping[str, int]:
        """How many rows have each outcome; how many places and places in line are given."""
        counts = Counter(row.outcome for row in self.rows)
        gets, waits = sum(row.gets for row in self.rows), sum(row.waits for row in self.rows)
        outcomes = ("new", "more", "there", "left", "problem")
        return {one: counts[one] for one in outcomes} | {"places": gets, "waiting": waits}

    @property
    def works(self) -> list[Checked]:
        """The rows that would change something."""
        return [row for row in self.rows if row.outcome in {"new", "more"}]


def open_events(series: EventSeries, *, at: datetime) -> list[Event]:
    """List the events to which an organiser may bring people: published, not over, with places."""
    rows = series.events.filter(state=Event.State.PUBLISHED, ends_at__gt=at, quota__isnull=False)
    return list(rows.select_related("series__organisation", "quota"))


def report_of(series: EventSeries, people: Sequence[Typed], *, choices: Choices, at: datetime) -> Report:
    """Work out what would become of each row, by a handful of questions however long the list is."""
    events = [event for event in open_events(series, at=at) if event.slug in choices.events]
    atlas = Atlas.read(today=local(at).date())
    wrong: dict[int, list[Problem]] = {}
    for problem in [*problems_in(people), *_nowhere(people, atlas)]:
        wrong.setdefault(problem.row, []).append(problem)
    standing = Standing.read(series, [one.key for one in people], events=events)
    room = Room.read(events)
    rows = []
    for one in people:
        if one.row in wrong:
            rows.append(Checked(typed=one, outcome="problem", problems=wrong[one.row]))
        else:
            rows.append(_checked(one, events=events, choices=choices, standing=standing, room=room))
    return Report(rows=rows, events=events)


def _nowhere(people: Iterable[Typed], atlas: Atlas) -> Iterator[Problem]:
    for one in people:
        if one.municipality.strip() and atlas.named(one.municipality) is None:
            yield Problem(row=one.row, field="municipality", code="unknown-municipality")


@dataclass(frozen=True, slots=True)
class Standing:
    """How the people of a list stand at its events already."""

    people: set[str]  # whoever is in the series already
    known: Mapping[str, set[int]]  # by address: the events where they are
    given_up: Mapping[str, set[int]]
    refused: Mapping[str, set[int]]

    @classmethod
    def read(cls, series: EventSeries, keys: Sequence[str], *, events: Sequence[Event]) -> Self:
        """Read everybody's registrations at once."""
        there = Attendee.objects.filter(series=series, email_key__in=set(keys)).order_by()
        found: tuple[dict[str, set[int]], ...] = ({}, {}, {})
        rows = Registration.objects.filter(attendee__series=series, attendee__email_key__in=set(keys))
        rows = rows.filter(Q(state__in=[*Registration.ACTIVE, State.NOT_CHOSEN]) | _GIVEN_UP)
        ids = {event.pk for event in events}
        for key, event_id, state in rows.order_by().values_list("attendee__email_key", "event", "state"):
            kind = 0 if state in Registration.ACTIVE else 2 if state == State.NOT_CHOSEN else 1
            found[kind].setdefault(key, set()).update({event_id} & ids)
        return cls(set(there.values_list("email_key", flat=True)), *found)

    def fresh(self, key: str, events: Sequence[Event], *, choices: Choices) -> list[Event]:
        """List the events where somebody would be entered anew; a list brings nobody back who left."""
        there = self.known.get(key, set())
        left = set() if choices.by_hand else self.given_up.get(key, set())
        return [event for event in events if event.pk not in there | left]


@dataclass(slots=True)
class Room:
    """How many places are left while a list is gone through."""

    left: dict[int, int]
    quotas: Mapping[int, Quota]

    @classmethod
    def read(cls, events: Sequence[Event]) -> Self:
        """Read the places; where somebody waits, none is a newcomer's."""
        quotas = quotas_of(event.pk for event in events)
        lines = Registration.objects.filter(event__in=events, state=State.WAITING)
        waited_for = set(lines.order_by().values_list("event", flat=True))
        left = {pk: 0 if pk in waited_for else max(0, one.capacity - one.taken) for pk, one in quotas.items()}
        return cls(left, quotas)

    def kind_of(self, event: Event, *, wait: bool) -> str:
        """Say what the next newcomer gets: "gets", "waits" or "full"."""
        if self.quotas[event.pk].mode == Quota.Mode.APPLICATION or self.left[event.pk] > 0:
            return "gets"
        return "waits" if wait and self.quotas[event.pk].has_waiting_list else "full"

    def take(self, event: Event) -> None:
        """Count one more who comes."""
        if self.quotas[event.pk].mode != Quota.Mode.APPLICATION:
            self.left[event.pk] = max(0, self.left[event.pk] - 1)


def _checked(
    one: Typed, *, events: Sequence[Event], choices: Choices, standing: Standing, room: Room
) -> Checked:
    fresh = standing.fresh(one.key, events, choices=choices)
    refused = standing.refused.get(one.key, set())
    kinds = {event: room.kind_of(event, wait=choices.wait) for event in fresh}
    problems = [
        Problem(row=one.row, field="events", code=code, event=event.slug)
        for event, kind in kinds.items()
        if (code := "not-chosen" if event.pk in refused else "full" if kind == "full" else "")
    ]
    if problems:
        return Checked(typed=one, outcome="problem", problems=problems)
    for event in fresh:
        room.take(event)
    gets = sum(1 for kind in kinds.values() if kind == "gets")
    outcome = "there" if standing.known.get(one.key) else "left"
    if fresh:
        outcome = "more" if one.key in standing.people else "new"
    return Checked(typed=one, outcome=outcome, gets=gets, waits=len(fresh) - gets)


def typed_of(work: AttendeeImport) -> list[Typed]:
    """Give the rows of a list as they were read."""
    return [Typed(**row) for row in work.rows]


def report_on(work: AttendeeImport, *, at: datetime) -> Report:
    """Work out what a list that was read would do now."""
    return report_of(work.series, typed_of(work), choices=Choices.of(work.choices), at=at)


def import_for(
    person: Person, pk: int, *, roles: Roles = LOOKS, token: ApiToken | None = None
) -> AttendeeImport:
    """Find a list among those of the person's own series."""
    own = AttendeeImport.objects.filter(series__in=series_for(person, roles=roles, token=token))
    found = own.select_related("series__organisation").filter(pk=pk).first()
    if found is None:
        raise NotFound(_("Nothing was found at this address."))
    return found


def imports_of(series: EventSeries) -> QuerySet[AttendeeImport]:
    """List what was brought into a series and what waits to be confirmed, the newest first."""
    return AttendeeImport.objects.filter(series=series)


def stalled_imports(*, before: datetime) -> list[int]:
    """Name the lists that nobody has finished: the wake-up was lost, or a worker died."""
    return list(
        AttendeeImport.objects.filter(state__in=AHEAD, created_at__lt=before).values_list("pk", flat=True)
    )


def progress_key(import_id: int) -> str:
    """Name the count of a running list; it stands in the cache, outside of the one transaction."""
    return f"import:{import_id}"


def percent_done(work: AttendeeImport) -> int:
    """Tell how far a list is; without a cache it is only known when it is done."""
    if work.state == WorkState.DONE:
        return 100
    try:
        return int(cache.get(progress_key(work.pk), 0))
    except (RedisError, OSError, ValueError):
        return 0
