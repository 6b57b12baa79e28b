"""Who came: ticked on a list, scanned at the door, or seen to join."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from accounts import audit
from accounts.models import User
from backend.core.i18n import _
from backend.core.links import digest
from events.models import Event
from registrations import rules
from registrations.models import Attendee, MergedAttendee, Registration

Came = Registration.Came


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedIn:
    """What became of one scan; ``registration`` is empty when nobody in this event has such a ticket."""

    registration: Registration | None
    outcome: rules.Outcome


@transaction.atomic
def mark_attendance(
    *, registration: Registration, attended: bool | None, at: datetime, actor: User | None
) -> Registration:
    """Note that somebody came or stayed away; None takes the mark off.

    Whoever is known to have come keeps how and when it became known.
    """
    row = _with_place(registration)
    if attended != row.attended:
        came = Came.UNKNOWN if attended is None else Came.TICKED
        _write(row, attended=attended, came=came, moment=at)
        _record(row, at=at, actor=actor)
    registration.refresh_from_db()
    return registration


def _with_place(registration: Registration) -> Registration:
    rows = Registration.objects.select_for_update(of=("self",)).select_related("event__series")
    row = rows.filter(pk=registration.pk, state=Registration.State.CONFIRMED).first()
    if row is None:
        raise rules.NothingToTake(_("Only somebody who has a place can be marked."))
    return row


@transaction.atomic
def join(*, attendee: Attendee, event: Event, at: datetime) -> str:
    """Let somebody in who pressed the button of their joining page: they count as present, once.

    Gives the address of the meeting, which is told to those with a place only.
    """
    rows = attendee.registrations.select_for_update().filter(event=event)
    row = rows.filter(state=Registration.State.CONFIRMED).first()
    if row is None or not event.join_url or event.state != Event.State.PUBLISHED:
        raise rules.NothingToTake(_("There is nothing to join with this link."))
    rules.require_open_door(starts_at=event.starts_at, ends_at=event.ends_at, at=at)
    if not row.attended:
        _write(row, attended=True, came=Came.JOINED, moment=at)
    return event.join_url


@transaction.atomic
def check_in(
    *,
    event: Event,
    scans: Sequence[rules.Scan],
    at: datetime,
    actor: User,
    sent_at: datetime | None = None,
    device: str = "",
) -> list[CheckedIn]:
    """Count those who were let in at the door, perhaps hours ago and on a phone without a connection.

    Sent twice, or from two phones, an arrival counts once and the earliest time is kept. Answers come in the
    order of the scans.
    """
    if len(scans) > rules.SCANS_AT_ONCE:
        raise rules.TooManyScans(_("Send at most 200 scans at once."))
    found = _rows_of(event, scans)
    return [
        _take(found.get(_key(scan)), scan, sent_at=sent_at, at=at, actor=actor, device=device)
        for scan in scans
    ]


def _key(scan: rules.Scan) -> str | int:
    if scan.registration is not None:
        return scan.registration
    return scan.ticket if len(scan.ticket) == _DIGEST_LENGTH else digest(scan.ticket)


_DIGEST_LENGTH = 64  # a digest in hexadecimal; a token is much shorter


def _rows_of(event: Event, scans: Sequence[rules.Scan]) -> dict[str | int, Registration]:
    """Read and hold the rows that the scans speak of, by ticket and by number; a place before an old row."""
    keys = {_key(scan) for scan in scans}
    own = Registration.objects.filter(event=event).select_related("attendee", "event__series")
    held = own.select_for_update(of=("self",)).order_by("pk")
    named = Q(attendee__ticket_hash__in=[key for key in keys if isinstance(key, str)])
    named |= Q(pk__in=[key for key in keys if isinstance(key, int)])
    former = _former_tickets(keys)
    named |= Q(attendee__in=former)
    rows = {row.pk: row for row in held.filter(named)}  # one question: two phones hold in the same order
    found: dict[str | int, Registration] = {}
    found.update(rows.items())
    for row in sorted(rows.values(), key=lambda row: (row.state == Registration.State.CONFIRMED, row.pk)):
        found[row.attendee.ticket_hash] = row
        found |= dict.fromkeys(former.get(row.attendee_id, ()), row)
    return found


def _former_tickets(keys: Collection[str | int]) -> dict[int, list[str]]:
    """Name the tickets among these whose owner was joined with another registration, by who stayed."""
    tickets = [key for key in keys if isinstance(key, str)]
    found: dict[int, list[str]] = {}
    rows = MergedAttendee.objects.filter(ticket_hash__in=tickets).values_list("attendee", "ticket_hash")
    for attendee, ticket in rows:
        found.setdefault(attendee, []).append(ticket)
    return found


def _take(
    row: Registration | None,
    scan: rules.Scan,
    *,
    sent_at: datetime | None,
    at: datetime,
    actor: User,
    device: str,
) -> CheckedIn:
    if row is None:
        return CheckedIn(registration=None, outcome="unknown")
    if row.state != Registration.State.CONFIRMED:
        return CheckedIn(registration=row, outcome="no_place")
    moment = rules.on_our_clock(scan.scanned_at, sent_at=sent_at, at=at)
    known = rules.Known(attended=row.attended, attended_at=row.attended_at, unmarked_at=row.unmarked_at)
    if scan.undo:
        if rules.undoes(known, undone_at=moment):
            _write(row, attended=None, came=Came.UNKNOWN, moment=moment)
            _record(row, at=at, actor=actor, device=device)
        return CheckedIn(registration=row, outcome="already" if row.attended else "undone")
    if not rules.counts(known, scanned_at=moment):
        return CheckedIn(registration=row, outcome="already" if row.attended else "undone")
    outcome: rules.Outcome = "already" if row.attended else "in"
    _write(row, attended=True, came=row.came if row.attended else Came.SCANNED, moment=moment)
    _record(row, at=at, actor=actor, device=device)
    return CheckedIn(registration=row, outcome=outcome)


def _write(row: Registration, *, attended: bool | None, came: str, moment: datetime) -> None:
    """Write what is known now; a coming that is taken back remembers when."""
    if row.attended and not attended:
        row.unmarked_at = moment
    row.attended, row.came = attended, came
    row.attended_at = moment if attended else None
    row.save(update_fields=["attended", "attended_at", "came", "unmarked_at"])


def _record(row: Registration, *, at: datetime, actor: User | None, device: str = "") -> None:
    details = {"attended": row.attended, "came": row.came}
    audit.record(
        action="registration.attendance",
        subject=f"registration:{row.pk}",
        at=at,
        actor=actor,
        organisation_id=row.event.series.organisation_id,
        details=details | ({"device": device} if device else {}),
    )


def note_survey_answered(*, registration_id: int, at: datetime) -> None:
    """Note that somebody has answered the survey of their event, so that nobody reminds them of it."""
    Registration.objects.filter(pk=registration_id).update(survey_answered_at=at)
