"""What is told about the entry in somebody's calendar: that it was declined there; and the entry again."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from backend.core import dates
from notifications.outbox import Draft
from registrations.messages import kinds
from registrations.messages.drafts import draft_of
from registrations.messages.facts import Situation, reader
from registrations.models import CalendarReply, Registration


def declined_in_calendar(reply: CalendarReply, *, at: datetime) -> Draft:
    """Say when the place will be released, and that it can still be kept."""
    row = reply.registration
    until = dates.at_clock(reply.due_at or at, language=reader(row.attendee), zone=row.event.series.timezone)
    draft = draft_of(
        kinds.DECLINED_IN_CALENDAR, row, situation=Situation.of([row]), at=at, extra={"until": until}
    )
    return replace(draft, occasion=f"reply:{reply.pk}", not_after=reply.due_at)


def calendar_again(registrations: Sequence[Registration], *, at: datetime) -> list[Draft]:
    """Bring the entry as it stands now to the calendar once more: same name, same version, new stamp."""
    situation = Situation.of(registrations)
    return [
        draft_of(
            kinds.CALENDAR_AGAIN,
            row,
            situation=situation,
            at=at,
            extra={"gone": row.state not in Registration.COMES},
        )
        for row in registrations
    ]
