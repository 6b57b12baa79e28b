"""iCalendar for mails, feeds and downloads (RFC 5545, 5546, 7986), as calendars really read it."""

from events.calendar.components import Entry, Mailbox, Status, cancellation, feed, invitation
from events.calendar.published import event_file, location, series_feed
from events.calendar.reading import Told, read_entry
from events.calendar.replies import NotAnAnswer, PartStat, Reply, Said, Unread, read_reply

__all__ = [
    "Entry",
    "Mailbox",
    "NotAnAnswer",
    "PartStat",
    "Reply",
    "Said",
    "Status",
    "Told",
    "Unread",
    "cancellation",
    "event_file",
    "feed",
    "invitation",
    "location",
    "read_entry",
    "read_reply",
    "series_feed",
]
