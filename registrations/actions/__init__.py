"""Everything that changes a registration: one function for each thing a person can do."""

from registrations.actions.answering import OwnForm, change_answers, change_consents
from registrations.actions.attending import CheckedIn, check_in, join, mark_attendance
from registrations.actions.cancelling import cancel, cancel_all
from registrations.actions.changing import Changed, change, set_language
from registrations.actions.inviting import invite, make_codes, revoke, save_group, set_mode
from registrations.actions.linking import send_manage_link
from registrations.actions.opening import new_series_from_template, open_registration, set_capacity
from registrations.actions.registering import register
from registrations.actions.selecting import decide
from registrations.rules import Person

__all__ = [
    "Changed",
    "CheckedIn",
    "OwnForm",
    "Person",
    "cancel",
    "cancel_all",
    "change",
    "change_answers",
    "change_consents",
    "check_in",
    "decide",
    "invite",
    "join",
    "make_codes",
    "mark_attendance",
    "new_series_from_template",
    "open_registration",
    "register",
    "revoke",
    "save_group",
    "send_manage_link",
    "set_capacity",
    "set_language",
    "set_mode",
]
