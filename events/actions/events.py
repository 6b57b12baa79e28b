"""What organisers do with one event: edit, move, call off."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypedDict, Unpack
from zoneinfo import ZoneInfo

from django.db import transaction

from accounts.models import User
from backend.core.i18n import LANGUAGES, Text, _
from events import clocks, rules
from events.actions.rows import hold, record_event, store
from events.models import Event, ProgrammeVersion, Session
from events.programme import Change, ChangeKind, Item, Shift
from events.signals import EventCancelled, EventChanged, event_cancelled, event_changed

_PLACE = frozenset({"mode", "join_url", "place_fi", "place_sv", "place_en"})
_TITLE = frozenset({"title_fi", "title_sv", "title_en"})
_TIME = frozenset({"starts_at", "ends_at"})
_CHOICES = {
    "mode": Event.Mode.values,
    "link_policy": Event.LinkPolicy.values,
    "language": LANGUAGES,
    "kind": Event.Kind.values,
    "accent": Event.Accent.values,
}


class EventFields(TypedDict, total=False):
    """What can be edited in an event; what is left out stays as it is."""

    title: Text
    description: Text
    place: Text
    mode: str
    join_url: str
    link_policy: str
    language: str
    kind: str
    accent: str
    starts_at: datetime
    ends_at: datetime


@transaction.atomic
def edit_event(*, event: Event, at: datetime, actor: User | None, **given: Unpack[EventFields]) -> Event:
    """Change an event in one go, its time too; those who have a place are told once."""
    values = _checked(given)
    _require_not_cancelled(hold(event))
    before = _Before(event.starts_at, event.ends_at)
    known = event.state != Event.State.DRAFT
    if _TIME & values.keys():
        starts_at = values.setdefault("starts_at", event.starts_at)
        rules.require_order(starts_at, values.setdefault("ends_at", event.ends_at))
        if known and starts_at != event.starts_at:
            values["moved_from"] = event.starts_at
    differing = frozenset(store(event, values))
    if not differing:
        return event
    if event.starts_at != before.starts_at:
        _carry_programme(event, before.starts_at, at=at, actor=actor)
    record_event("event.edited", event, at=at, actor=actor, fields=sorted(differing))
    _announce(event, before, differing, at=at)
    return event


@dataclass(frozen=True, slots=True)
class _Before:
    starts_at: datetime
    ends_at: datetime


def move_event(
    *, event: Event, starts_at: datetime, ends_at: datetime, at: datetime, actor: User | None
) -> Event:
    """Move an event; its programme moves along, and the start people knew is kept to be shown."""
    return edit_event(event=event, starts_at=starts_at, ends_at=ends_at, at=at, actor=actor)


@transaction.atomic
def keep_clock(*, event: Event, at: datetime) -> bool:
    """Note what the event's times are called; tells whether they moved, since the zone has other rules.

    People come at the hour they were told: their calendars get the same hour with the new moment.
    """
    hold(event)
    zone, before = event.series.timezone, _Before(event.starts_at, event.ends_at)
    now = clocks.corrected(event.clock, starts_at=event.starts_at, ends_at=event.ends_at, zone=zone)
    starts_at, ends_at = now or (before.starts_at, before.ends_at)
    note = clocks.note_of(starts_at, ends_at, zone=zone)
    moved = set(store(event, {"clock": note, "starts_at": starts_at, "ends_at": ends_at})) & _TIME
    if not moved:
        return False
    _carry_programme(event, before.starts_at, at=at, actor=None)
    record_event("event.clock_kept", event, at=at, actor=None, clock=note)
    _announce(event, before, _TIME, at=at, clock_kept=True)
    return True


@transaction.atomic
def cancel_event(*, event: Event, reason: Text, at: datetime, actor: User | None) -> Event:
    """Call an event off; the reason is shown to everybody."""
    inputs = rules.Inputs()
    reason = inputs.lines("reason", reason, limit=rules.REASON_LIMIT)
    inputs.settle()
    _require_not_cancelled(hold(event))
    if event.state == Event.State.DRAFT:
        raise rules.NeverPublished(_("This event has not been published, so there is nobody to tell."))
    store(
        event,
        {
            "state": Event.State.CANCELLED,
            "sequence": event.sequence + 1,
            "changed_at": at,
            **reason.columns("cancel_reason"),
        },
    )
    record_event("event.cancelled", event, at=at, actor=actor, reason=reason.in_language("fi"))
    event_cancelled.send(sender=Event, fact=EventCancelled(event_id=event.pk, at=at))
    return event


def _require_not_cancelled(event: Event) -> None:
    if event.state == Event.State.CANCELLED:
        raise rules.AlreadyCancelled(_("This event has been cancelled, so it can no longer be changed."))


def _checked(given: EventFields) -> dict[str, Any]:
    inputs = rules.Inputs()
    values: dict[str, Any] = {key: given[key] for key in ("starts_at", "ends_at") if key in given}
    if "title" in given:
        values |= inputs.lines("title", given["title"], required=True).columns("title")
    if "description" in given:
        values |= inputs.longs("description", given["description"]).columns("description")
    if "place" in given:
        values |= inputs.lines("place", given["place"], limit=rules.PLACE_LIMIT).columns("place")
    if "join_url" in given:
        values["join_url"] = inputs.link("join_url", given["join_url"])
    for field, choices in _CHOICES.items():
        if field in given:
            values[field] = inputs.choice(field, given[field], choices)  # type: ignore[literal-required]  # a key of EventFields
    inputs.settle()
    return values


def _carry_programme(event: Event, old_starts_at: datetime, *, at: datetime, actor: User | None) -> None:
    """Move the sessions along, and what people already see of them."""
    zone = ZoneInfo(event.series.timezone)
    shift = Shift(old=old_starts_at.astimezone(zone), new=event.starts_at.astimezone(zone))
    sessions = list(event.sessions.all())
    for session in sessions:
        session.starts_at, session.ends_at = shift(session.starts_at), shift(session.ends_at)
    Session.objects.bulk_update(sessions, ["starts_at", "ends_at"])
    if released := event.programme_versions.first():
        moved = Change(
            kind=ChangeKind.EVENT_MOVED,
            title=event.title,
            old_starts_at=old_starts_at,
            starts_at=event.starts_at,
        )
        ProgrammeVersion.objects.create(
            event=event,
            number=released.number + 1,
            released_at=at,
            released_by=actor,
            items=[Item.from_json(item).shifted(shift).as_json() for item in released.items],
            changes=[moved.as_json()],
        )


def _announce(
    event: Event, before: _Before, differing: frozenset[str], *, at: datetime, clock_kept: bool = False
) -> None:
    moved, placed, named = (bool(differing & columns) for columns in (_TIME, _PLACE, _TITLE))
    if not (moved or placed or named):
        store(event, {"changed_at": at})
        return
    store(event, {"sequence": event.sequence + 1, "changed_at": at})
    event_changed.send(
        sender=Event,
        fact=EventChanged(
            event_id=event.pk,
            at=at,
            moved=moved,
            old_starts_at=before.starts_at,
            old_ends_at=before.ends_at,
            place_changed=placed,
            title_changed=named,
            clock_kept=clock_kept,
            link_only=differing & (_TIME | _PLACE | _TITLE) == {"join_url"},
        ),
    )
