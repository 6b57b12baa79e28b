"""The calendar side of a registration: which entry stands in the person's calendar, and its number."""

from collections.abc import Collection, Iterable
from datetime import datetime
from email.utils import parseaddr
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import F, Value
from django.db.models.functions import Greatest

from backend.core.i18n import Language
from events import calendar
from events.addresses import absolute, event_path
from events.calendar.published import location
from events.models import Event
from notifications.reply_address import reply_address
from registrations.models import CalendarEntry, Registration

REQUEST = "REQUEST"
CANCEL = "CANCEL"


def organizer(registration: Registration, *, language: Language) -> calendar.Mailbox:
    """Who invites: the series, at an address of this invitation's own that is read for answers.

    The mail itself comes from our sender, who acts on behalf of that address. Where nobody reads answers, and
    for an entry made before somebody did, it is the sender: an entry keeps its organiser to its end.
    """
    name = registration.event.series.title.in_language(language)
    sender = parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    address = reply_address(reply_seed(registration)) if registration.calendar_entry.answerable else ""
    if not address:
        return calendar.Mailbox(name=name, email=sender)
    return calendar.Mailbox(name=name, email=address, sent_by=sender)


def reply_seed(registration: Registration) -> str:
    """Name what the address for answers is derived from: a new link seed ends the old address too."""
    return f"{registration.attendee.link_seed}:{registration.pk}"


def tells_link(event: Event, *, at: datetime, reminder: datetime | None) -> bool:
    """Tell whether what is written now names the joining link: at once, or when no reminder will follow."""
    at_once = event.link_policy == Event.LinkPolicy.AT_ONCE or reminder is None or at >= reminder
    return bool(event.join_url) and at_once


def entry(
    registration: Registration,
    *,
    language: Language,
    at: datetime,
    reminder: datetime | None,
    lines: Iterable[str] = (),
    addressed: bool = True,
) -> calendar.Entry:
    """Describe the entry as it stands now; ``addressed`` invites its one attendee, a feed names nobody."""
    event, kept, attendee = registration.event, registration.calendar_entry, registration.attendee
    cancelled = registration.state not in Registration.COMES
    paragraphs = [event.series.title.in_language(language), *lines]
    if tells_link(event, at=at, reminder=reminder) and not cancelled:
        paragraphs.append(event.join_url)
    page = absolute(event_path(event, language=language))  # a calendar may be shared: no personal link in it
    return calendar.Entry(
        uid=kept.uid,
        sequence=kept.sequence,
        stamped_at=kept.stamped_at,
        starts_at=event.starts_at,
        ends_at=event.ends_at,
        zone=event.series.timezone,
        summary=event.title.in_language(language),
        description="\n".join([*paragraphs, page]),
        location=location(event, language=language),
        url=page,
        organizer=organizer(registration, language=language),
        attendee=calendar.Mailbox(name=attendee.name, email=attendee.email) if addressed else None,
        status=calendar.Status.CANCELLED if cancelled else calendar.Status.CONFIRMED,
    )


def make(registrations: Iterable[Registration], *, at: datetime) -> None:
    """Give new registrations their entries: a new registration never meets an old cancellation."""
    host = urlsplit(settings.PUBLIC_URL).hostname or "localhost"
    for_all = [
        CalendarEntry(
            registration=row,
            uid=f"{row.event.slug}.{row.pk}@{host}",
            last_method=REQUEST if row.state in Registration.COMES else "",
            answerable=bool(settings.REPLY_ADDRESS),
            stamped_at=at,
        )
        for row in registrations
    ]
    CalendarEntry.objects.bulk_create(for_all)


def revise(
    registrations: Collection[Registration], *, at: datetime, method: str = "", raised: bool = False
) -> None:
    """Count one more deed on these entries; ``raised`` when time, place, title or status has changed.

    ``method`` is what their calendars are told now; empty leaves what they were told last. A calendar that
    was told nothing is not told that it ended. The caller holds the quota of the event, so that nobody else
    counts at the same time.
    """
    if method == CANCEL:
        strangers = [row for row in registrations if not row.calendar_entry.last_method]
        if strangers:
            revise(strangers, at=at, raised=raised)
            registrations = [row for row in registrations if row.calendar_entry.last_method]
    entries = [row.calendar_entry for row in registrations]
    step = 1 if raised else 0
    rows = CalendarEntry.objects.filter(pk__in=[entry.pk for entry in entries])
    rows.update(
        sequence=F("sequence") + step,
        revision=F("revision") + 1,
        stamped_at=Greatest(F("stamped_at"), Value(at)),
        **({"last_method": method} if method else {}),
    )
    for entry in entries:
        entry.sequence += step
        entry.revision += 1
        entry.stamped_at = max(entry.stamped_at, at)
        entry.last_method = method or entry.last_method
