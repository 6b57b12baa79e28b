"""What is told to people about their registrations, and with which facts."""

from registrations.messages.drafts import (
    Change,
    cancellations,
    changes,
    manage_link,
    outcomes,
    promotions,
    reminders,
    subject_of,
    untold_changes,
)
from registrations.messages.kinds import (
    CANCELLED_BY_ATTENDEE,
    CANCELLED_BY_ORGANISER,
    FIRST_NEWS,
    INVITES,
    OVERTAKEN,
    REMINDER,
)

__all__ = [
    "CANCELLED_BY_ATTENDEE",
    "CANCELLED_BY_ORGANISER",
    "FIRST_NEWS",
    "INVITES",
    "OVERTAKEN",
    "REMINDER",
    "Change",
    "cancellations",
    "changes",
    "manage_link",
    "outcomes",
    "promotions",
    "reminders",
    "subject_of",
    "untold_changes",
]
