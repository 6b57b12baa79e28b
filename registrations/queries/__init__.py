"""Everything asked about places, people and their registrations."""

from registrations.queries.addressing import new_address_by_token, waiting_address
from registrations.queries.answers import answers_of, catering, consents_of, own_answers, protected_answers_of
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
from registrations.queries.questions import Form, described, form_of, forms_of_series

__all__ = [
    "Availability",
    "Form",
    "Place",
    "ReceiptView",
    "Turnout",
    "answers_of",
    "attendee_by_feed_token",
    "attendee_by_ticket",
    "attendee_by_token",
    "availability",
    "catering",
    "code_of",
    "coming",
    "consents_of",
    "described",
    "drift",
    "form_of",
    "forms_of_series",
    "has_place",
    "joining_door",
    "messages_for",
    "municipality_by_email",
    "new_address_by_token",
    "own_answers",
    "own_calendar",
    "own_registration",
    "places_of",
    "present",
    "protected_answers_of",
    "quotas_of",
    "receipt",
    "registration_for",
    "registrations_for",
    "registrations_of",
    "terms_of",
    "turnout",
    "waiting_address",
]
