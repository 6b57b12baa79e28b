"""The names of the messages of this app, as they stand in the ledger."""

CONFIRMATION = "confirmation"
WAITING = "waiting"
PROMOTED = "promoted"
CHANGED = "changed"
CANCELLED_BY_ATTENDEE = "cancelled_by_attendee"
CANCELLED_BY_ORGANISER = "cancelled_by_organiser"
REMINDER = "reminder"
MANAGE_LINK = "manage_link"

FIRST_NEWS = frozenset({CONFIRMATION, WAITING, PROMOTED})  # before one of these left, a person knows nothing
INVITES = frozenset({CONFIRMATION, PROMOTED})
CANCELLATIONS = frozenset({CANCELLED_BY_ATTENDEE, CANCELLED_BY_ORGANISER})
WITHOUT_CALENDAR = frozenset({WAITING, REMINDER, MANAGE_LINK})
OVERTAKEN = frozenset({CONFIRMATION, WAITING, PROMOTED, CHANGED, REMINDER})  # by whatever happens next
