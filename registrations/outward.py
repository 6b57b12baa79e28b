"""What other systems are told of registrations and events: numbers, states and times; names only on demand.

Called where a state is written, so nothing that changes a place can forget it. Where nobody listens, a whole
batch costs one look at an index.
"""

from collections.abc import Sequence
from datetime import UTC, datetime

from events.models import Event
from notifications.drafts import Json
from notifications.endpoints.announcing import announce
from notifications.endpoints.facts import Fact
from notifications.models import Message
from notifications.queries import counts_in
from registrations.models import Campaign, Registration

State = Registration.State
KINDS = {
    State.CONFIRMED: "registration.confirmed",
    State.WAITING: "registration.waiting",
    State.OFFERED: "registration.offered",
    State.CANCELLED: "registration.cancelled",
    State.DECLINED: "registration.declined",
}
EVENT_CHANGED, EVENT_CANCELLED, RELEASED = "event.changed", "event.cancelled", "programme.released"
CAME_BACK, FINISHED = "message.bounced", "campaign.finished"
ALL = (*KINDS.values(), EVENT_CHANGED, EVENT_CANCELLED, RELEASED, CAME_BACK, FINISHED)


def tell(registrations: Sequence[Registration], *, at: datetime) -> None:
    """Tell where these registrations stand now; all of them belong to one series."""
    rows = [row for row in registrations if row.state in KINDS]
    if rows:
        scope = f"series:{rows[0].event.series_id}"
        announce(scope=scope, facts=lambda: [_fact(row) for row in rows], at=at)


def _fact(row: Registration) -> Fact:
    person = row.attendee
    return Fact(
        kind=KINDS[State(row.state)],
        data={
            "registration": row.pk,
            "attendee": row.attendee_id,
            "state": str(row.state),
            "cancelled_by": str(row.cancelled_by),
            "event": event_data(row.event),
        },
        person={
            "name": person.name,
            "email": person.email,
            "organisation": person.organisation,
            "municipality": person.municipality_id,
            "role": person.role,
            "language": person.language,
        },
        subject=f"attendee:{row.attendee_id}",
    )


def event_data(event: Event) -> dict[str, Json]:
    """Name an event as the public API does."""
    return {
        "id": event.pk,
        "slug": event.slug,
        "series": event.series.slug,
        "title": event.title.as_dict(),
        "starts_at": _moment(event.starts_at),
        "ends_at": _moment(event.ends_at),
        "timezone": event.series.timezone,
        "state": str(event.state),
    }


def tell_of_event(event_id: int, *, kind: str, more: dict[str, Json], at: datetime) -> None:
    """Tell what happened to an event."""
    event = Event.objects.select_related("series").get(pk=event_id)
    fact = Fact(kind=kind, data={"event": event_data(event), **more})
    announce(scope=f"series:{event.series_id}", facts=lambda: [fact], at=at)


def tell_of_message(message: Message, *, state: str, at: datetime) -> None:
    """Tell that a message came back; whose it was only where names are wanted."""
    kind, _colon, number = message.audience.partition(":")
    series = int(number) if number.isdecimal() else 0
    if kind == "event":
        series = Event.objects.filter(pk=series).values_list("series", flat=True).first() or 0
    fact = Fact(
        kind=CAME_BACK,
        data={"message": message.pk, "kind": message.kind, "about": message.subject, "state": state},
        person={"email": message.recipient},
        subject=message.subject,
    )
    announce(scope=f"series:{series}", facts=lambda: [fact], at=at)


def tell_of_campaign(campaign: Campaign, *, at: datetime) -> None:
    """Tell that nothing of a message to many waits any more: numbers only, and nobody's name with them."""

    def fact() -> Fact:
        counts = counts_in(campaign.batch)
        return Fact(
            kind=FINISHED,
            data={
                "campaign": campaign.pk,
                "series": campaign.series.slug,
                "state": str(campaign.state),
                "people": campaign.people,
                "messages": {str(state): count for state, count in sorted(counts.items())},
            },
        )

    announce(scope=f"series:{campaign.series_id}", facts=lambda: [fact()], at=at)


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
