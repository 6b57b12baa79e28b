"""The end of a message to many: told to other systems once, when nothing of it waits to be sent any more."""

from datetime import datetime

from django.db import transaction

from backend.core.turns import in_turn
from registrations import outward
from registrations.models import Campaign
from registrations.queries.campaigns import unfinished, waits


def announce_finished(*, at: datetime) -> int:
    """Tell of every message to many that has come to its end since the last look; gives how many."""
    return in_turn(list(unfinished()), lambda one: _finish(one.pk, at=at))


@transaction.atomic
def _finish(pk: int, *, at: datetime) -> bool:
    """Write down the end and tell it, both or neither: whoever comes second finds it told."""
    rows = Campaign.objects.select_for_update(of=("self",)).select_related("series")
    one = rows.filter(pk=pk, finished_at=None).first()
    if one is None or waits(one):
        return False
    one.finished_at = at
    one.save(update_fields=["finished_at"])
    outward.tell_of_campaign(one, at=at)
    return True
