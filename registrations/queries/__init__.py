"""Everything asked about places, people and their registrations."""

from registrations.queries.attendees import (
    Place,
    ReceiptView,
    attendee_by_feed_token,
    attendee_by_token,
    own_calendar,
    places_of,
    receipt,
)
from registrations.queries.attending import (
    Turnout,
    attendee_by_ticket,
    code_of,
    coming,
    has_place,
    joining_door,
    own_registration,
    present,
    turnout,
)
from registrations.queries.desk import (
    messages_for,
    registration_for,
    registrations_for,
    registrations_of,
)
from registrations.queries.municipalities import municipality_by_email
from registrations.queries.places import Availability, availability, drift, quotas_of, terms_of

__all__ = [
    "Availability",
    "Place",
    "ReceiptView",
    "Turnout",
    "attendee_by_feed_token",
    "attendee_by_ticket",
    "attendee_by_token",
    "availability",
    "code_of",
    "coming",
    "drift",
    "has_place",
    "joining_door",
    "messages_for",
    "municipality_by_email",
    "own_calendar",
    "own_registration",
    "places_of",
    "present",
    "quotas_of",
    "receipt",
    "registration_for",
    "registrations_for",
    "registrations_of",
    "terms_of",
    "turnout",
]
