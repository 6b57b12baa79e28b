"""What one attendee sees by their link: places, messages, receipt and calendar."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from django.conf import settings
from django.db.models import Max, Q, QuerySet

from backend.core.errors import Gone, NotFound
from backend.core.i18n import _, as_language
from backend.core.links import digest
from events import calendar
from events.models import Event, EventSeries
from notifications.models import Message
from notifications.queries import latest_for, states_of
from registrations import invitations
from registrations.models import Attendee, MergedAttendee, Registration, Submission
from registrations.queries.automatic import reminders_of
from registrations.queries.places import positions_of, reasons_of
from registrations.rules import WhyWaiting, joined_link

LINK_LIVES = timedelta(days=30)
CANCELLED_STAYS = timedelta(days=60)  # a feed keeps a cancelled entry so that every calendar hears of it

type Delivery = Literal["on_its_way", "handed_over", "not_delivered", "unclear"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """An attendee's newest registration to one event, their place in line, and the last message of it."""

    event: Event
    registration: Registration
    position: int | None
    message: Message | None
    why: WhyWaiting | None = None  # they wait and have not been called

    def offered_until(self, *, at: datetime) -> datetime | None:
        """Until when the person can answer an offer; None when there is none to answer."""
        row = self.registration
        end = row.offer_expires_at if row.state == Registration.State.OFFERED else None
        return end if end is not None and at < end else None

    def restorable_until(self, *, at: datetime) -> datetime | None:
        """Until when a place cancelled a moment ago can be taken back; None when it cannot."""
        end = self.registration.restorable_until if self.registration.held else None
        return end if end is not None and at < end else None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptView:
    """What the receipt of a submission shows; the same for a known address and a new one."""

    series: EventSeries
    results: tuple[tuple[Event, str], ...]
    colleagues: tuple[tuple[tuple[Event, str], ...], ...]  # the same of each who was registered along
    messages: tuple[Message, ...]
    delivery: Delivery  # one answer for all mails: their number must not tell whether an address was known


def attendee_by_token(token: str, *, at: datetime) -> Attendee:
    """Find the person whose link this is; a link dies a month after the last event."""
    hashed = digest(token)
    if MergedAttendee.objects.filter(link_hash=hashed).exists():
        raise joined_link()
    return alive(Attendee.objects.filter(link_hash=hashed), at=at)


def attendee_by_feed_token(token: str, *, at: datetime) -> Attendee:
    """Find the person whose calendar feed this is, or was before they were joined with another."""
    hashed = digest(token)
    own = Q(feed_hash=hashed) | Q(pk__in=MergedAttendee.objects.filter(feed_hash=hashed).values("attendee"))
    return alive(Attendee.objects.filter(own), at=at)


def alive(wanted: QuerySet[Attendee], *, at: datetime) -> Attendee:
    """Give the one person a link leads to, unless the link is nobody's or has died."""
    rows = wanted.select_related("series", "municipality")
    own = Max("registrations__event__ends_at")
    found = rows.annotate(own_end=own, series_end=Max("series__events__ends_at")).first()
    if found is None:
        raise NotFound(_("This link does not lead anywhere. Check that you copied all of it."))
    last = max(filter(None, (found.own_end, found.series_end)), default=at)
    if at >= last + LINK_LIVES:
        raise Gone(_("This link has expired: its last event was held more than a month ago."))
    return found


def newest_by_event(rows: Iterable[Registration]) -> dict[int, Registration]:
    """Give, for each event, the registration that counts: the one that stands, or else the newest."""
    ordered = sorted(rows, key=lambda row: (row.state in Registration.ACTIVE, row.pk))
    return {row.event_id: row for row in ordered}


def places_of(attendee: Attendee, *, at: datetime) -> list[Place]:
    """List where the person stands in each event they registered to, in order of time."""
    rows = attendee.registrations.select_related("event__series", "event__quota", "calendar_entry")
    newest = newest_by_event(rows)
    told = latest_for([f"registration:{row.pk}" for row in newest.values()], at=at)
    positions = positions_of(newest.values())
    reasons = reasons_of(newest.values(), positions, at=at)
    places = [
        Place(
            event=row.event,
            registration=row,
            position=positions.get(row.pk),
            message=told.get(f"registration:{row.pk}"),
            why=reasons.get(row.pk),
        )
        for row in newest.values()
    ]
    return sorted(places, key=lambda place: (place.event.starts_at, place.event.pk))


def receipt(receipt: str) -> ReceiptView:
    """Show what a submission got, or would get; nothing here tells whether the address was known."""
    found = Submission.objects.select_related("series").filter(receipt=receipt).first()
    if found is None:
        raise NotFound(_("Nothing was found at this address."))
    slugs = [result["event"] for result in found.results]
    events = {event.slug: event for event in Event.objects.filter(slug__in=slugs).select_related("series")}
    messages = states_of(found.message_ids)
    people: dict[int, list[tuple[Event, str]]] = {0: []}
    for result in found.results:
        row = (events[result["event"]], result["state"])
        people.setdefault(result.get("person", 0), []).append(row)
    first, *others = map(tuple, people.values())
    return ReceiptView(
        series=found.series,
        results=first,
        colleagues=tuple(others),
        messages=tuple(messages),
        delivery=_delivery({message.state for message in messages}),
    )


_FAILED = {
    Message.State.FAILED,
    Message.State.BOUNCED_SOFT,
    Message.State.BOUNCED_HARD,
    Message.State.SUPPRESSED,
}
_HANDED_OVER = {Message.State.ACCEPTED, Message.State.DELIVERED, Message.State.DEFERRED}


def _delivery(states: Collection[str]) -> Delivery:
    """Sum up the mails of one submission: the worst news first, good news only when all have left."""
    if _FAILED & set(states):
        return "not_delivered"
    if Message.State.UNCERTAIN in states:
        return "unclear"
    # one that was replaced by newer facts says nothing any more
    standing = set(states) - {Message.State.CANCELLED, Message.State.EXPIRED, Message.State.CLOSED}
    return "handed_over" if states and standing <= _HANDED_OVER else "on_its_way"


def own_calendar(attendee: Attendee, *, at: datetime) -> str:
    """Make the attendee's own feed: the places they have, and for a while those that were cancelled."""
    comes = Q(state__in=Registration.COMES)  # also who was brought in without a mail
    known = attendee.registrations.filter(comes | ~Q(calendar_entry__last_method=""))
    rows = known.select_related("attendee", "event__series", "calendar_entry")
    kept = [row for row in rows if _in_feed(row, at=at)]
    series = attendee.series
    language = as_language(attendee.language)
    reminders = reminders_of([row.event for row in kept])
    return calendar.feed(
        [
            invitations.entry(
                row,
                language=language,
                at=at,
                reminder=reminders.get(row.event_id),
                addressed=False,
            )
            for row in kept
        ],
        name=series.title.in_language(language),
        source_url=f"{settings.PUBLIC_URL}/feed/{attendee.feed_token}.ics",
    )


def _in_feed(registration: Registration, *, at: datetime) -> bool:
    stays = registration.state in Registration.COMES
    return stays or at < registration.state_changed_at + CANCELLED_STAYS
