"""Everything that changes a registration: one function for each thing a person can do."""

from registrations.actions.addressing import (
    ask_new_address,
    confirm_new_address,
    correct_address,
    require_own_address,
)
from registrations.actions.answering import OwnForm, change_answers, change_consents
from registrations.actions.attending import CheckedIn, check_in, join, mark_attendance
from registrations.actions.cancelling import cancel, cancel_all
from registrations.actions.changing import Changed, change, set_language
from registrations.actions.inviting import invite, make_codes, revoke, save_group, set_mode
from registrations.actions.lining import allow_changes, move_in_line, set_line_terms
from registrations.actions.linking import send_manage_link
from registrations.actions.merging import Merged, merge
from registrations.actions.offering import accept, decline, extend_offer, restore
from registrations.actions.opening import new_series_from_template, open_registration, set_capacity
from registrations.actions.registering import register
from registrations.actions.replying import keep_place, release_declined, take_reply
from registrations.actions.selecting import decide, require_decision
from registrations.actions.tending import tend
from registrations.actions.tickets import forget_spent_tickets, spend_ticket
from registrations.actions.transferring import give_place, pass_on
from registrations.rules import Person

__all__ = [
    "Changed",
    "CheckedIn",
    "Merged",
    "OwnForm",
    "Person",
    "accept",
    "allow_changes",
    "ask_new_address",
    "cancel",
    "cancel_all",
    "change",
    "change_answers",
    "change_consents",
    "check_in",
    "confirm_new_address",
    "correct_address",
    "decide",
    "decline",
    "extend_offer",
    "forget_spent_tickets",
    "give_place",
    "invite",
    "join",
    "keep_place",
    "make_codes",
    "mark_attendance",
    "merge",
    "move_in_line",
    "new_series_from_template",
    "open_registration",
    "pass_on",
    "register",
    "release_declined",
    "require_decision",
    "require_own_address",
    "restore",
    "revoke",
    "save_group",
    "send_manage_link",
    "set_capacity",
    "set_language",
    "set_line_terms",
    "set_mode",
    "spend_ticket",
    "take_reply",
    "tend",
]
