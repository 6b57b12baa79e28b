"""The names of the messages of this app, as they stand in the ledger."""

from registrations.rules import segments

CONFIRMATION = "confirmation"
WAITING = "waiting"
PROMOTED = "promoted"
OFFER = "offer"
OFFER_ENDED = "offer_ended"
CHANGED = "changed"
CANCELLED_BY_ATTENDEE = "cancelled_by_attendee"
CANCELLED_BY_ORGANISER = "cancelled_by_organiser"
REMINDER = "reminder"
MANAGE_LINK = "manage_link"
INVITED = "invited"
NOT_A_MEMBER = "not_a_member"
APPLICATION_RECEIVED = "application_received"
SHORTLISTED = "shortlisted"
CHOSEN = "chosen"
NOT_CHOSEN = "not_chosen"
RESERVE = "reserve"
PLACE_GIVEN = "place_given"
PLACE_RECEIVED = "place_received"
PLACE_NOT_NEEDED = "place_not_needed"
NEW_ADDRESS = "new_address"
ADDRESS_IN_USE = "address_in_use"
ADDRESS_CHANGED = "address_changed"
MERGED = "merged"
PLACE_MERGED = "place_merged"
DECLINED_IN_CALENDAR = "declined_in_calendar"
CALENDAR_AGAIN = "calendar_again"
NOTE = segments.KIND  # an organiser's own words
ORGANISER_DIGEST = "organiser_digest"

SELECTION = frozenset({APPLICATION_RECEIVED, SHORTLISTED, CHOSEN, NOT_CHOSEN, RESERVE})

FIRST_NEWS = (
    frozenset({CONFIRMATION, WAITING, PROMOTED, PLACE_RECEIVED}) | SELECTION
)  # before one of these left, a person knows nothing
INVITES = frozenset({CONFIRMATION, PROMOTED, CHOSEN, PLACE_RECEIVED})
CANCELLATIONS = frozenset({CANCELLED_BY_ATTENDEE, CANCELLED_BY_ORGANISER, PLACE_GIVEN, PLACE_MERGED})
WITHOUT_CALENDAR = frozenset({WAITING, OFFER, OFFER_ENDED, REMINDER, MANAGE_LINK, DECLINED_IN_CALENDAR}) | (
    SELECTION - {CHOSEN}
)
OVERTAKEN = (
    frozenset({CONFIRMATION, WAITING, PROMOTED, PLACE_RECEIVED, OFFER, CHANGED})
    | SELECTION
    | {DECLINED_IN_CALENDAR, CALENDAR_AGAIN}
)  # by whatever happens next
