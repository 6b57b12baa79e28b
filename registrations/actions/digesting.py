"""The morning mail: sent to organisers whose series need a person, and to nobody otherwise."""

from datetime import datetime

from django.db import transaction

from backend.core.dates import HELSINKI
from notifications import outbox
from registrations.messages.digest import digest
from registrations.messages.kinds import FIRST_NEWS
from registrations.queries.digest import needs_of_day, readers_of
from registrations.rules.digest import digest_day, digest_window


@transaction.atomic
def send_digests(*, at: datetime) -> int:
    """Tell each organiser once a day, in the morning, what came up; tells how many were told."""
    day = digest_day(at, zone=HELSINKI)
    if day is None:
        return 0
    needs = needs_of_day(*digest_window(day, zone=HELSINKI), first_news=FIRST_NEWS)
    if not needs:
        return 0
    drafts = [digest(user, series=series, needs=needs, day=day) for user, series in readers_of(needs)]
    return len(outbox.queue_many(drafts, at=at))
