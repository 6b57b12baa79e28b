"""What is asked at the door: whose ticket this is, who is expected, who has come."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q, QuerySet

from backend.core.links import digest
from events.models import Event
from registrations import rules
from registrations.models import Attendee, MergedAttendee, Registration
from registrations.queries.attendees import alive, newest_by_event

CODE_LENGTH = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Turnout:
    """How many have a place, and of how many it is known that they came or stayed away."""

    expected: int
    came: int
    absent: int


def attendee_by_ticket(token: str, *, at: datetime) -> Attendee:
    """Find the person whose ticket this is, or was before they were joined; it dies with their link."""
    hashed = digest(token)
    own = Q(ticket_hash=hashed) | Q(
        pk__in=MergedAttendee.objects.filter(ticket_hash=hashed).values("attendee")
    )
    return alive(Attendee.objects.filter(own), at=at)


def code_of(attendee: Attendee) -> str:
    """Write the code that is read aloud or typed where the picture cannot be scanned: 'AB12 CD34'."""
    code = attendee.ticket_hash[:CODE_LENGTH].upper()
    return f"{code[:4]} {code[4:]}"


def own_registration(attendee: Attendee, slug: str) -> Registration | None:
    """Give the person's registration to an event of their series: the one that stands, or else the newest."""
    rows = attendee.registrations.filter(event__slug=slug).select_related("event__series__organisation")
    return next(iter(newest_by_event(rows).values()), None)


def has_place(registration: Registration | None) -> bool:
    """Tell whether somebody may be let in."""
    return registration is not None and registration.state == Registration.State.CONFIRMED


def coming(event: Event) -> QuerySet[Registration]:
    """List those who have a place, by name."""
    rows = Registration.objects.filter(event=event, state=Registration.State.CONFIRMED)
    return rows.select_related("attendee").order_by("attendee__name", "pk")


def present(event: Event, *, pks: Collection[int] | None = None) -> QuerySet[Registration]:
    """List those who are known to have come, by name; or those of them that are named."""
    rows = coming(event).filter(attended=True).select_related("attendee", "event__series__organisation")
    return rows if pks is None else rows.filter(pk__in=pks)


def turnout(event: Event) -> Turnout:
    """Count who is expected, who came and who stayed away, in one question."""
    rows = Registration.objects.filter(event=event, state=Registration.State.CONFIRMED)
    counted = rows.aggregate(
        expected=Count("pk"),
        came=Count("pk", filter=Q(attended=True)),
        absent=Count("pk", filter=Q(attended=False)),
    )
    return Turnout(**counted)


def joining_door(event: Event, *, at: datetime) -> rules.Door:
    """Tell whether the joining button of an event is there now."""
    return rules.door_of(starts_at=event.starts_at, ends_at=event.ends_at, at=at)
