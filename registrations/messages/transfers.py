"""What is told when a place goes from one person to another: to who gave it, and to who got it."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from notifications.outbox import Draft, Json
from registrations.messages import kinds
from registrations.messages.drafts import LINK_AGAIN_AFTER, cancellations, promotions, subject_of
from registrations.messages.facts import event_facts, manage_links, reader
from registrations.models import Registration
from registrations.queries.answers import still_to_answer


def place_given(
    registration: Registration,
    *,
    to: str,
    own_deed: bool,
    never_invited: Collection[int],
    at: datetime,
) -> list[Draft]:
    """Tell the giver that their place is no longer theirs; their calendar hears it if it knew of it.

    ``to`` names the receiver as they were typed, never as they are known here: of an attendee's own deed the
    mail reads the same whether the address was known or not.
    """
    drafts = cancellations(
        [registration],
        kind=kinds.PLACE_GIVEN,
        had_place={registration.pk},
        never_invited=never_invited,
        at=at,
    )
    return [replace(one, context={**one.context, "receiver": to, "own_deed": own_deed}) for one in drafts]


def place_received(
    registration: Registration, *, giver: str, by_organiser: bool, at: datetime
) -> list[Draft]:
    """Tell the receiver whose place they have now, with the invitation for the calendar."""
    asks = bool(still_to_answer([registration]))
    extra: dict[str, Json] = {"giver": giver, "asks": asks, "by_organiser": by_organiser}
    return promotions([registration], kind=kinds.PLACE_RECEIVED, extra=extra, at=at)


def place_not_needed(registration: Registration, *, giver: str, at: datetime) -> Draft:
    """Tell somebody who has a place that a colleague wanted to give them one; this only they learn."""
    language = reader(registration.attendee)
    return Draft(
        kind=kinds.PLACE_NOT_NEEDED,
        subject=subject_of(registration),
        version=int(at.timestamp() // LINK_AGAIN_AFTER.total_seconds()),
        recipient=registration.attendee.email,
        language=language,
        context={**event_facts(registration.event, language=language), "giver": giver},
        links=manage_links(registration.attendee),
        audience=f"event:{registration.event_id}",
        scope=f"series:{registration.event.series_id}",
    )
