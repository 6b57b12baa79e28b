"""The kinds of message this app sends, as the ledger has to know them."""

from collections.abc import Callable, Sequence

from backend.core.i18n import Language
from notifications.drafts import Draft
from notifications.kinds import Kind, Lane, Policy
from notifications.placeholders import Placeholder
from notifications.topics import NOTE, REMINDER
from registrations.messages import (
    kinds,
    samples,
    samples_addresses,
    samples_calendars,
    samples_digest,
    samples_modes,
    samples_transfers,
)
from registrations.messages.words import WORDS


def _kind(
    key: str,
    sample: Callable[[Language], Draft],
    *,
    lane: Lane = Lane.URGENT,
    topic: str = "",
    words: Sequence[Placeholder] = WORDS,
) -> Kind:
    """Describe a kind: losing one is worse than sending it twice, since calendars know it by its number."""
    return Kind(
        key=key,
        template=f"registrations/messages/{key}",
        policy=Policy.RESEND_ONCE,
        lane=lane,
        topic=topic,
        sample=sample,
        words=words,
    )


KINDS = (
    _kind(kinds.CONFIRMATION, samples.confirmation),
    _kind(kinds.WAITING, samples.waiting),
    _kind(kinds.PROMOTED, samples.promoted),
    _kind(kinds.OFFER, samples.offer),
    _kind(kinds.OFFER_ENDED, samples.offer_ended),
    _kind(kinds.CHANGED, samples.changed),
    _kind(kinds.CANCELLED_BY_ATTENDEE, samples.cancelled_by_attendee),
    _kind(kinds.CANCELLED_BY_ORGANISER, samples.cancelled_by_organiser),
    _kind(kinds.REMINDER, samples.reminder, lane=Lane.NORMAL, topic=REMINDER),
    _kind(kinds.MANAGE_LINK, samples.manage_link),
    _kind(kinds.INVITED, samples_modes.invited, lane=Lane.NORMAL),
    _kind(kinds.NOT_A_MEMBER, samples_modes.not_a_member),
    _kind(kinds.APPLICATION_RECEIVED, samples_modes.application_received),
    _kind(kinds.SHORTLISTED, samples_modes.shortlisted),
    _kind(kinds.CHOSEN, samples_modes.chosen),
    _kind(kinds.NOT_CHOSEN, samples_modes.not_chosen),
    _kind(kinds.RESERVE, samples_modes.reserve),
    _kind(kinds.PLACE_GIVEN, samples_transfers.place_given),
    _kind(kinds.PLACE_RECEIVED, samples_transfers.place_received),
    _kind(kinds.PLACE_NOT_NEEDED, samples_transfers.place_not_needed),
    _kind(kinds.NEW_ADDRESS, samples_addresses.new_address),
    _kind(kinds.ADDRESS_IN_USE, samples_addresses.address_in_use),
    _kind(kinds.ADDRESS_CHANGED, samples_addresses.address_changed),
    _kind(kinds.MERGED, samples_addresses.merged),
    _kind(kinds.PLACE_MERGED, samples_addresses.place_merged),
    _kind(kinds.DECLINED_IN_CALENDAR, samples_calendars.declined_in_calendar),
    _kind(kinds.CALENDAR_AGAIN, samples_calendars.calendar_again, lane=Lane.NORMAL),
    _kind(kinds.ORGANISER_DIGEST, samples_digest.organiser_digest, lane=Lane.NORMAL, words=()),
    Kind(
        key=kinds.NOTE,
        template="registrations/messages/note",
        policy=Policy.HOLD,
        lane=Lane.BULK,
        sample=samples.note,
        topic=NOTE,
        words=WORDS,
        needs_own_words=True,
    ),
)
