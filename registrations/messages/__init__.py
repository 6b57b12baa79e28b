"""What is told to people about their registrations, and with which facts."""

from registrations.messages.addresses import address_changed, address_in_use, anew, new_address
from registrations.messages.doors import invitation_path, invitations_by_name, not_members
from registrations.messages.drafts import (
    Change,
    cancellations,
    changes,
    decisions,
    manage_link,
    offers,
    offers_ended,
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
    INVITED,
    INVITES,
    MANAGE_LINK,
    NEW_ADDRESS,
    OVERTAKEN,
    REMINDER,
)
from registrations.messages.transfers import place_given, place_not_needed, place_received

__all__ = [
    "CANCELLED_BY_ATTENDEE",
    "CANCELLED_BY_ORGANISER",
    "FIRST_NEWS",
    "INVITED",
    "INVITES",
    "MANAGE_LINK",
    "NEW_ADDRESS",
    "OVERTAKEN",
    "REMINDER",
    "Change",
    "address_changed",
    "address_in_use",
    "anew",
    "cancellations",
    "changes",
    "decisions",
    "invitation_path",
    "invitations_by_name",
    "manage_link",
    "new_address",
    "not_members",
    "offers",
    "offers_ended",
    "outcomes",
    "place_given",
    "place_not_needed",
    "place_received",
    "promotions",
    "reminders",
    "subject_of",
    "untold_changes",
]
