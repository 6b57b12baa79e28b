"""Everything that changes a registration: one function for each thing a person can do."""

from registrations.actions.attending import mark_attendance
from registrations.actions.cancelling import cancel, cancel_all
from registrations.actions.changing import Changed, change, set_language
from registrations.actions.linking import send_manage_link
from registrations.actions.opening import new_series_from_template, open_registration, set_capacity
from registrations.actions.registering import register
from registrations.rules import Person

__all__ = [
    "Changed",
    "Person",
    "cancel",
    "cancel_all",
    "change",
    "mark_attendance",
    "new_series_from_template",
    "open_registration",
    "register",
    "send_manage_link",
    "set_capacity",
    "set_language",
]
