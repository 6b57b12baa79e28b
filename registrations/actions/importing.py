"""People an organiser brings in: read and checked first, then brought in whole or not at all.

The deed is one transaction that also says it is done, so a worker that dies has done nothing, and the next
begins anew; two workers never do it at once, since the row of the work is held all the while. People are held
in the order of their addresses, then the places in that of their quotas, like everywhere.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from django.core.cache import cache
from django.db import OperationalError, transaction
from redis.exceptions import RedisError

from accounts import audit
from accounts.models import ApiToken, User
from accounts.policies import ORGANISES, may
from backend.core.dates import local
from backend.core.errors import Forbidden
from backend.core.i18n import _, as_language
from events.models import Event, EventSeries
from notifications import outbox
from registrations import messages, rules
from registrations.actions.people import hold_attendee, newcomer_of
from registrations.actions.placing import insert, seat_list
from registrations.models import (
    Attendee,
    AttendeeImport,
    CalendarEntry,
    Quota,
    Registration,
    WorkState,
)
from registrations.queries import quotas_of
from registrations.queries.importing import (
    AHEAD,
    Atlas,
    Report,
    Standing,
    open_events,
    progress_key,
    report_on,
    stalled_imports,
    typed_of,
)
from registrations.rules.importing import Choices, EventClosed, ImportUndone, ProblemsLeft, Typed

AT_ONCE = 25  # so few people take less time than waking a worker
KEPT = timedelta(hours=24)
LEFT_BEHIND = timedelta(minutes=5)  # longer than any try may take
_TELL_EACH = 50
_HELD = 70  # percent of the work when everybody is held; the places and the mails are the rest
FILE_NAME = 200


@transaction.atomic
def check_people(
    *,
    series: EventSeries,
    people: Sequence[Typed],
    choices: Choices,
    at: datetime,
    actor: User,
    token: ApiToken | None = None,
    file_name: str = "",
) -> AttendeeImport:
    """Keep a list that was read, and what is wrong with it; nobody is brought in by this."""
    if not may(actor, roles=ORGANISES, organisation_id=series.organisation_id, token=token):
        raise Forbidden(_("People are brought in by the organisers of the series."))
    slugs = {event.slug for event in open_events(series, at=at)}
    if not choices.events:
        sentence = _("Choose at least one event.")
        raise rules.NoEventChosen(sentence, fields={"events": [sentence]})
    if not set(choices.events) <= slugs:
        sentence = _("One of the events takes nobody. Choose again.")
        raise rules.UnknownEvent(sentence, fields={"events": [sentence]})
    work = AttendeeImport(
        series=series,
        created_by=actor,
        file_name=file_name[:FILE_NAME],
        rows=[asdict(one) for one in people],
        choices=choices.kept(),
        total=len(people),
        created_at=at,
    )
    work.problems = _written(report_on(work, at=at))
    work.save()
    return work


def _written(report: Report) -> list[dict[str, str | int]]:
    return [asdict(problem) for problem in report.problems]


@transaction.atomic
def confirm_import(*, work: AttendeeImport, leave_out: bool, at: datetime) -> AttendeeImport:
    """Let a checked list be carried out; rows with problems stay behind only because somebody said so."""
    locked = AttendeeImport.objects.select_for_update().select_related("series")
    found = locked.get(pk=work.pk)
    if found.state != WorkState.CHECKED:
        raise ImportUndone(_("This list has been confirmed already."))
    report = report_on(found, at=at)
    if report.problems and not leave_out:
        raise ProblemsLeft(
            _("Some rows have problems. Correct them, or choose to leave those rows out."),
            fields={"leave_out": [_("Say whether the rows with problems are left out.")]},
        )
    if not report.works:
        raise ImportUndone(_("The list would change nothing."))
    found.problems = _written(report)
    found.rows = [asdict(row.typed) for row in report.rows if row.outcome != "problem"]
    found.total = len(found.rows)
    found.state = WorkState.QUEUED
    found.save(update_fields=["problems", "rows", "total", "state"])
    return found


def discard_import(*, work: AttendeeImport) -> None:
    """Throw away a list that was only checked."""
    AttendeeImport.objects.filter(pk=work.pk, state=WorkState.CHECKED).delete()


def carry_out(import_id: int, *, at: datetime) -> None:
    """Bring the people of a confirmed list in, all or nobody; begun anew after a worker died."""
    if not _begin(import_id):
        return
    try:
        _bring_in(import_id, at=at)
    except OperationalError:
        raise  # the database had no time: nothing was done, and the tick begins anew
    except EventClosed as no:
        _fail(import_id, why=no.code, at=at)
    except Exception:
        _fail(import_id, why="broken", at=at)
        raise


@transaction.atomic
def _begin(import_id: int) -> bool:
    """Mark that it runs, unless somebody else holds it."""
    free = AttendeeImport.objects.select_for_update(skip_locked=True).filter(pk=import_id, state__in=AHEAD)
    if not free.exists():
        return False
    return AttendeeImport.objects.filter(pk=import_id).update(state=WorkState.RUNNING) == 1


def _fail(import_id: int, *, why: str, at: datetime) -> None:
    """Say that nothing was done and why; the people are forgotten."""
    AttendeeImport.objects.filter(pk=import_id, state__in=AHEAD).update(
        state=WorkState.FAILED, results={"why": why}, rows=[], finished_at=at
    )


@transaction.atomic
def _bring_in(import_id: int, *, at: datetime) -> None:
    held = AttendeeImport.objects.select_for_update(skip_locked=True, of=("self",))
    work = (
        held.select_related("series__organisation", "created_by")
        .filter(pk=import_id, state__in=AHEAD)
        .first()
    )
    if work is None:
        return
    choices, people = Choices.of(work.choices), typed_of(work)
    events = _events(work.series, choices, at=at)
    standing, guests = _guests(work, people, choices=choices, at=at)
    rows = _enter(people, guests, events=events, standing=standing, choices=choices, at=at)
    seated = _seat(rows, choices=choices, at=at)
    _tell_anew(guests, standing, back={row.attendee_id for row in seated})
    outbox.queue_many(_told(work, seated, choices=choices, at=at), at=at)
    _forget_the_turned_away(guests)
    work.results = _results(people, guests, rows=rows, seated=seated)
    work.state, work.rows, work.done, work.finished_at = WorkState.DONE, [], work.total, at
    work.save(update_fields=["results", "state", "rows", "done", "finished_at"])
    _record(work, choices, at=at)


def _events(series: EventSeries, choices: Choices, *, at: datetime) -> list[Event]:
    events = [event for event in open_events(series, at=at) if event.slug in choices.events]
    if len(events) < len(set(choices.events)):
        raise EventClosed(_("One of the events takes nobody. Choose again."))
    return events


@dataclass(frozen=True, slots=True)
class Guest:
    """Somebody of the list as they stand in the series, their row held."""

    attendee: Attendee
    is_new: bool
    given: Attendee  # as the list has them
    names_language: bool  # the row does, not only the list


def _guests(
    work: AttendeeImport, people: Sequence[Typed], *, choices: Choices, at: datetime
) -> tuple[Standing, dict[str, Guest]]:
    """Let everybody in and hold their rows, in the order of their keys; then see how they stand."""
    atlas = Atlas.read(today=local(at).date())
    guests: dict[str, Guest] = {}
    for number, one in enumerate(sorted(people, key=lambda one: one.key)):
        person = rules.clean(one.person(otherwise=choices.language), events=choices.events)
        given = newcomer_of(person, atlas.of(person), series=work.series, at=at)
        attendee, was_there = hold_attendee(given)
        attendee.series = work.series
        guests[one.key] = Guest(
            attendee, is_new=not was_there, given=given, names_language=bool(one.language)
        )
        if number % _TELL_EACH == 0:
            _tell(work, percent=_HELD * number // len(people))
    standing = Standing.read(work.series, list(guests), events=list(work.series.events.all()))
    return standing, guests


def _enter(
    people: Sequence[Typed],
    guests: Mapping[str, Guest],
    *,
    events: Sequence[Event],
    standing: Standing,
    choices: Choices,
    at: datetime,
) -> list[Registration]:
    """Write the rows down in the order of the list, which is the order in line."""
    applied = {event.pk for event in events if event.quota.mode == Quota.Mode.APPLICATION}
    rows: list[Registration] = []
    for one in people:
        fresh = standing.fresh(one.key, events, choices=choices)
        wanted = [event for event in fresh if event.pk not in standing.refused.get(one.key, ())]
        if wanted:
            rows += insert(guests[one.key].attendee, events=wanted, applied=applied, at=at)
    return rows


def _seat(rows: Sequence[Registration], *, choices: Choices, at: datetime) -> list[Registration]:
    """Give places, and make sure that the events still take place, now that nobody can change that."""
    seated = seat_list(rows, quotas=quotas_of({row.event_id for row in rows}), at=at, wait=choices.wait)
    if any(row.event.state != Event.State.PUBLISHED or row.event.ends_at <= at for row in seated):
        raise EventClosed(_("One of the events takes nobody. Choose again."))
    return seated


def _tell_anew(guests: Mapping[str, Guest], standing: Standing, *, back: Collection[int]) -> None:
    """Take over what the list says of people who come back by it; the rest stays as they told it."""
    for key, guest in guests.items():
        one = guest.attendee
        if guest.is_new or standing.known.get(key) or one.pk not in back:
            continue
        for field in ("name", "organisation", "municipality", "role"):
            setattr(one, field, getattr(guest.given, field) or getattr(one, field))
        if guest.names_language:
            one.language = guest.given.language
        one.save(update_fields=["name", "organisation", "municipality", "role", "language"])


def _told(
    work: AttendeeImport, seated: Sequence[Registration], *, choices: Choices, at: datetime
) -> list[outbox.Draft]:
    """Write what everybody is told: who registered them, and what is theirs; or nothing yet."""
    if not choices.mails:  # no calendar has heard of these
        CalendarEntry.objects.filter(registration__in=seated).update(last_method="")
        return []
    house = work.series.organisation.name
    brought = {row.attendee_id: house.in_language(as_language(row.attendee.language)) for row in seated}
    return messages.outcomes(seated, at=at, registered_by=brought)


def _forget_the_turned_away(guests: Mapping[str, Guest]) -> None:
    """Keep nothing of people who were new and found no place."""
    new = [guest.attendee.pk for guest in guests.values() if guest.is_new]
    Attendee.objects.filter(pk__in=new, registrations__isnull=True).delete()


def _results(
    people: Sequence[Typed],
    guests: Mapping[str, Guest],
    *,
    rows: Sequence[Registration],
    seated: Sequence[Registration],
) -> dict[str, object]:
    """Count what happened; of people nothing is written but the numbers of their rows."""
    asked = Counter(row.attendee_id for row in rows)
    got = Counter(row.attendee_id for row in seated)
    states = Counter(str(row.state) for row in seated)
    keys = {guest.attendee.pk: guest.is_new for guest in guests.values()}
    return {
        "new": sum(1 for pk in got if keys[pk]),
        "more": sum(1 for pk in got if not keys[pk]),
        "unchanged": sum(1 for pk in keys if not asked[pk]),
        **{state: states[state] for state in ("confirmed", "waiting", "received")},
        "no_place": [one.row for one in people if asked[pk := guests[one.key].attendee.pk] > got[pk]],
    }


def _record(work: AttendeeImport, choices: Choices, *, at: datetime) -> None:
    counts = {name: value for name, value in work.results.items() if isinstance(value, int)}
    audit.record(
        action="attendees.imported",
        subject=f"series:{work.series_id}",
        at=at,
        actor=work.created_by,
        organisation_id=work.series.organisation_id,
        details={"import": work.pk, "events": list(choices.events), "mails": choices.mails, **counts},
    )


def _tell(work: AttendeeImport, *, percent: int) -> None:
    """Say how far it is, where others can see it before the transaction ends."""
    try:
        cache.set(progress_key(work.pk), percent, timeout=int(KEPT.total_seconds()))
    except (RedisError, OSError):
        return  # the page says that it is in progress, which is true


def tend_imports(*, at: datetime) -> list[int]:
    """Forget lists after a day whatever became of them, and name those that are to be begun anew."""
    old = AttendeeImport.objects.filter(created_at__lte=at - KEPT)
    old.filter(state=WorkState.CHECKED).delete()
    old.filter(state__in=AHEAD).update(
        state=WorkState.FAILED, results={"why": "too-late"}, rows=[], finished_at=at
    )
    return stalled_imports(before=at - LEFT_BEHIND)
