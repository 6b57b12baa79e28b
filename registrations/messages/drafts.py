"""What is told after each deed: who is written to, with which facts and which calendar object."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from backend.core import dates
from backend.core.i18n import Language
from events import calendar
from events.models import Event
from events.programme import Change as ProgrammeChange
from notifications import rules as ledger
from notifications.models import Message
from notifications.outbox import CalendarPart, Draft, Json, Link
from registrations import invitations
from registrations.messages import kinds
from registrations.messages.facts import (
    Situation,
    active_of,
    calendar_lines,
    event_facts,
    facts,
    manage_links,
    personal_links,
    reader,
    short_day,
)
from registrations.models import Attendee, MessageRule, Registration
from registrations.queries.answers import still_to_answer

type Facts = Mapping[str, Json]

NOTHING_MORE: Facts = {}
_FLAGS = ("moved", "start_moved", "place_changed", "title_changed")
LINK_AGAIN_AFTER = timedelta(minutes=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What became different in an event, as those who come are told."""

    old_starts_at: datetime | None = None  # when the event was moved
    old_ends_at: datetime | None = None
    place: bool = False
    title: bool = False
    released: int = 0  # the number of the programme that was released
    programme: Sequence[ProgrammeChange] = ()


def subject_of(registration: Registration) -> str:
    """What a message about this registration is about, in the ledger."""
    return f"registration:{registration.pk}"


def outcomes(
    registrations: Sequence[Registration],
    *,
    at: datetime,
    registered_by: Mapping[int, str] | None = None,
    readdressed: bool = False,
) -> list[Draft]:
    """Tell each place its confirmation with an invitation, each place in line its number.

    ``registered_by`` names, for people whom a colleague brought along, the one who filled in the form; what
    must be answered they are asked to answer themselves. ``readdressed`` tells it once
    more, to another address.
    """
    situation = Situation.of(registrations)
    brought = registered_by or {}
    asks = still_to_answer([row for row in registrations if row.attendee_id in brought]) if brought else set()
    return [
        draft_of(
            _FIRST.get(row.state, kinds.CONFIRMATION),
            row,
            situation=situation,
            at=at,
            extra={
                "registered_by": brought.get(row.attendee_id, ""),
                "asks": row.attendee_id in asks,
                "readdressed": readdressed,
            },
        )
        for row in registrations
    ]


_FIRST: dict[str, str] = {
    Registration.State.WAITING: kinds.WAITING,
    Registration.State.RECEIVED: kinds.APPLICATION_RECEIVED,
}
_DECIDED: dict[str, str] = {
    Registration.State.SHORTLISTED: kinds.SHORTLISTED,
    Registration.State.CONFIRMED: kinds.CHOSEN,
    Registration.State.NOT_CHOSEN: kinds.NOT_CHOSEN,
    Registration.State.WAITING: kinds.RESERVE,
}


def decisions(registrations: Sequence[Registration], *, at: datetime) -> list[Draft]:
    """Tell each applicant what was decided; the chosen get the invitation."""
    situation = Situation.of(registrations)
    return [draft_of(_DECIDED[row.state], row, situation=situation, at=at) for row in registrations]


def promotions(
    registrations: Sequence[Registration],
    *,
    at: datetime,
    kind: str = kinds.PROMOTED,
    extra: Facts = NOTHING_MORE,
) -> list[Draft]:
    """Tell those who waited that they have a place now; another ``kind`` tells how else they came to it."""
    situation = Situation.of(registrations)
    return [draft_of(kind, row, situation=situation, at=at, extra=extra) for row in registrations]


def offers(registrations: Sequence[Registration], *, at: datetime) -> list[Draft]:
    """Offer those who waited a place, and say until when they can take it."""
    situation = Situation.of(registrations)
    drafts = []
    for row in registrations:
        until = row.offer_expires_at
        draft = draft_of(
            kinds.OFFER, row, situation=situation, at=at, extra={"until": _until(row)}, not_after=until
        )
        page = f"/r/{{token}}/tarjous/{row.event.slug}/"
        answer = Link(Attendee.link_purpose, row.attendee.link_seed, page)
        drafts.append(replace(draft, links={**draft.links, "answer": answer}))
    return drafts


def offers_ended(registrations: Sequence[Registration], *, at: datetime) -> list[Draft]:
    """Say to those who did not answer in time that the place has gone on."""
    situation = Situation.of(registrations)
    return [
        draft_of(kinds.OFFER_ENDED, row, situation=situation, at=at, extra={"until": _until(row)})
        for row in registrations
    ]


def _until(row: Registration) -> str:
    end = row.offer_expires_at or row.state_changed_at
    return dates.moment(end, language=reader(row.attendee), zone=row.event.series.timezone)


def automatic(
    registrations: Sequence[Registration],
    *,
    rule: MessageRule,
    days: Mapping[int, date],
    ends: Mapping[int, datetime],
    at: datetime,
) -> list[Draft]:
    """Write what a rule sends, to be read now.

    ``days`` names for each the day it counts from, ``ends`` when it would be too late to send it.
    """
    situation = Situation.of(registrations)
    return [
        draft_of(
            rule.kind,
            row,
            situation=situation,
            at=at,
            not_after=ends[row.pk],
            occasion=f"rule:{rule.pk}:{days[row.pk]}",
        )
        for row in registrations
    ]


def changes(
    registrations: Sequence[Registration],
    *,
    change: Change,
    again: Mapping[int, str],
    untold: Mapping[int, Facts],
    at: datetime,
) -> list[Draft]:
    """Tell each what became different; ``again`` names the kind for those whose first news never left.

    ``untold`` holds the changes before this one that never left: they are told now, with it.
    """
    situation = Situation.of(registrations)
    drafts = []
    for row in registrations:
        kind = again.get(row.pk, kinds.CHANGED)
        extra = change_facts(row, change, untold=untold.get(row.pk, {})) if kind == kinds.CHANGED else {}
        drafts.append(draft_of(kind, row, situation=situation, at=at, extra=extra))
    return drafts


def change_facts(
    registration: Registration, change: Change, *, untold: Facts | None = None
) -> dict[str, Json]:
    """Write down what became different since the person was last told, in their language."""
    event, language = registration.event, reader(registration.attendee)
    zone, old, old_end = event.series.timezone, change.old_starts_at, change.old_ends_at
    now: dict[str, Json] = {
        "moved": old is not None,
        "start_moved": old is not None and old != event.starts_at,
        "old_day": short_day(old, language=language, zone=zone) if old else "",
        "old_when": dates.period(old, old_end, language=language, zone=zone) if old and old_end else "",
        "place_changed": change.place,
        "title_changed": change.title,
        "released": change.released,
        "programme_changes": [
            {
                "kind": line.kind.value,
                "title": line.title.told(language),
                "old_time": dates.clock(line.old_starts_at, zone=zone) if line.old_starts_at else "",
                "time": dates.clock(line.starts_at, zone=zone) if line.starts_at else "",
            }
            for line in change.programme
        ],
    }
    waiting = registration.state == Registration.State.WAITING
    applied = registration.state in Registration.APPLIED
    return {"waiting": waiting, "applied": applied, **_together(untold or {}, now)}


def _together(before: Facts, now: Facts) -> dict[str, Json]:
    """Join an earlier change that nobody was told of with the one of now; the oldest time counts."""
    if not before:
        return dict(now)
    first = before if before["moved"] else now
    flags = {name: before[name] or now[name] for name in _FLAGS}
    lines = [*_rows(before["programme_changes"]), *_rows(now["programme_changes"])]
    return {
        **flags,
        "old_day": first["old_day"],
        "old_when": first["old_when"],
        "released": now["released"] or before["released"],
        "programme_changes": lines,
    }


def _rows(value: Json) -> list[Json]:
    return list(value) if isinstance(value, list) else []


def untold_changes(registrations: Collection[Registration]) -> dict[int, Facts]:
    """Read the changes that nobody has begun to send, by registration."""
    subjects = {subject_of(row): row.pk for row in registrations}
    waiting = Message.objects.filter(
        subject__in=subjects, kind=kinds.CHANGED, state__in=ledger.NOT_BEGUN
    ).order_by("pk")
    return {subjects[message.subject]: message.context for message in waiting}


def cancellations(
    registrations: Sequence[Registration],
    *,
    kind: str,
    had_place: Collection[int],
    never_invited: Collection[int],
    at: datetime,
) -> list[Draft]:
    """Tell that a place, or a place in line, has been given up; calendars hear it if they knew of it."""
    situation = Situation.of(registrations)
    drafts = []
    for row in registrations:
        event, language = row.event, reader(row.attendee)
        extra: dict[str, Json] = {
            "waiting": row.pk not in had_place,
            "applied": row.pk not in had_place and row.waiting_number is None,
            "event_cancelled": event.state == Event.State.CANCELLED,
            "reason": event.cancel_reason.told(language),
            "held_until": _held_until(row, language=language),
            "in_calendar": row.cancelled_by == Registration.CancelledBy.CALENDAR,
        }
        knows = row.pk in had_place and row.pk not in never_invited
        drafts.append(draft_of(kind, row, situation=situation, at=at, extra=extra, knows=knows))
    return drafts


def _held_until(row: Registration, *, language: Language) -> str:
    if not row.held or row.restorable_until is None:
        return ""
    return dates.at_clock(row.restorable_until, language=language, zone=row.event.series.timezone)


def places_merged(registrations: Sequence[Registration], *, at: datetime) -> list[Draft]:
    """Take the doubled entry of somebody who was registered twice out of the calendar that has it."""
    situation = Situation.of(registrations)
    drafts = [draft_of(kinds.PLACE_MERGED, row, situation=situation, at=at) for row in registrations]
    return [replace(draft, links={}) for draft in drafts]  # those of this registration work no longer


def manage_link(
    attendee: Attendee,
    *,
    at: datetime,
    wanted: Sequence[Event] = (),
    places: Sequence[Registration] | None = None,
) -> Draft:
    """Send somebody the link to their places; within five minutes it is the same message.

    ``wanted`` are events chosen on the form by somebody who was already registered: the second link opens
    the page where they are ticked beside the places there are (slugs separated by commas).
    """
    language = reader(attendee)
    rows = active_of([attendee.pk])[attendee.pk] if places is None else places
    have = {row.event_id for row in rows}
    new = [event for event in wanted if event.pk not in have]
    slugs = ",".join(event.slug for event in [*(row.event for row in rows), *new])
    links = manage_links(attendee)
    if new:
        links["change"] = Link(
            Attendee.link_purpose, attendee.link_seed, f"/r/{{token}}/muuta/?aamut={slugs}"
        )
    series = attendee.series
    return Draft(
        kind=kinds.MANAGE_LINK,
        subject=f"attendee:{attendee.pk}",
        version=int(at.timestamp() // LINK_AGAIN_AFTER.total_seconds()),
        recipient=attendee.email,
        language=language,
        context={
            "again": bool(wanted),
            "series": series.title.told(language),
            "contact_email": series.contact_email,
            "places": [event_facts(row.event, language=language) | {"state": row.state} for row in rows],
            "wanted": [event_facts(event, language=language) for event in new],
        },
        links=links,
        audience=f"series:{series.pk}",
        scope=f"series:{series.pk}",
    )


def draft_of(
    kind: str,
    registration: Registration,
    *,
    situation: Situation,
    at: datetime,
    extra: Mapping[str, Json] | None = None,
    knows: bool = True,
    not_after: datetime | None = None,
    occasion: str = "",
) -> Draft:
    """Put one message together. ``knows`` is False when no calendar has heard of the entry."""
    attendee = registration.attendee
    context = {**facts(registration, situation=situation, at=at, read_at=at), **(extra or {})}
    programme = context["programme"]
    return Draft(
        kind=kind,
        subject=subject_of(registration),
        version=registration.calendar_entry.revision,
        recipient=attendee.email,
        language=reader(attendee),
        context=context,
        links=personal_links(registration, tells_link=bool(context["tells_link"])),
        calendar=_calendar(kind, registration, situation=situation, rows=programme, at=at) if knows else None,
        audience=f"event:{registration.event_id}",
        scope=f"series:{attendee.series_id}",
        not_after=not_after,
        occasion=occasion,
    )


def _calendar(
    kind: str, registration: Registration, *, situation: Situation, rows: Json, at: datetime
) -> CalendarPart | None:
    if kind in kinds.WITHOUT_CALENDAR:
        return None
    if registration.calendar_entry.last_method == "":
        return None
    language = reader(registration.attendee)
    lines = calendar_lines(rows, language=language) if isinstance(rows, list) else []
    entry = invitations.entry(
        registration,
        language=language,
        at=at,
        reminder=situation.reminders.get(registration.event_id),
        lines=lines,
    )
    if kind in kinds.CANCELLATIONS or registration.calendar_entry.last_method == invitations.CANCEL:
        return CalendarPart(invitations.CANCEL, calendar.cancellation(entry))
    return CalendarPart(invitations.REQUEST, calendar.invitation(entry))
