"""The kinds of message this app sends, as the ledger has to know them."""

from collections.abc import Callable

from backend.core.i18n import Language
from notifications.drafts import Draft
from notifications.kinds import Kind, Lane, Policy
from registrations.messages import kinds, samples


def _kind(key: str, sample: Callable[[Language], Draft], *, lane: Lane = Lane.URGENT) -> Kind:
    """Describe a kind: losing one is worse than sending it twice, since calendars know it by its number."""
    return Kind(
        key=key,
        template=f"registrations/messages/{key}",
        policy=Policy.RESEND_ONCE,
        lane=lane,
        sample=sample,
    )


KINDS = (
    _kind(kinds.CONFIRMATION, samples.confirmation),
    _kind(kinds.WAITING, samples.waiting),
    _kind(kinds.PROMOTED, samples.promoted),
    _kind(kinds.CHANGED, samples.changed),
    _kind(kinds.CANCELLED_BY_ATTENDEE, samples.cancelled_by_attendee),
    _kind(kinds.CANCELLED_BY_ORGANISER, samples.cancelled_by_organiser),
    _kind(kinds.REMINDER, samples.reminder, lane=Lane.NORMAL),
    _kind(kinds.MANAGE_LINK, samples.manage_link),
)
