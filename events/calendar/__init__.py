"""iCalendar for mails, feeds and downloads (RFC 5545, 5546, 7986), as calendars really read it."""

from events.calendar.components import Entry, Mailbox, Status, cancellation, feed, invitation
from events.calendar.published import event_file, location, series_feed

__all__ = [
    "Entry",
    "Mailbox",
    "Status",
    "cancellation",
    "event_file",
    "feed",
    "invitation",
    "location",
    "series_feed",
]
