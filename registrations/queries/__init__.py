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
    "attendee_by_feed_token",
    "attendee_by_token",
    "availability",
    "drift",
    "messages_for",
    "municipality_by_email",
    "own_calendar",
    "places_of",
    "quotas_of",
    "receipt",
    "registration_for",
    "registrations_for",
    "registrations_of",
    "terms_of",
]
