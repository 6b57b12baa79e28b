"""After a backup was put back: what the mail server's log names had left already, and does not go again."""

from collections.abc import Iterable
from datetime import datetime
from itertools import batched
from typing import Final

from django.db import transaction

from notifications import mime, rules
from notifications.models import Message, MessageEvent

NOTE: Final = "mail-log"
_AT_ONCE = 500


def settle(lines: Iterable[str], *, at: datetime) -> int:
    """Take every waiting mail as handed over whose Message-ID stands in these lines; tells how many."""
    named = {found[0]: int(found[1]) for line in lines for found in mime.DELIVERY_ID.finditer(line)}
    return sum(_settle(dict(some), at=at) for some in batched(named.items(), _AT_ONCE))


@transaction.atomic
def _settle(named: dict[str, int], *, at: datetime) -> int:
    waiting = rules.sources_of(rules.ACCEPTED) - {rules.SENDING}
    rows = Message.objects.select_for_update().filter(pk__in=named.values(), state__in=waiting)
    ours = [row.pk for row in rows if mime.delivery_id(row) in named]
    Message.objects.filter(pk__in=ours).update(
        state=Message.State.ACCEPTED, state_changed_at=at, owner="", lease_until=None
    )
    MessageEvent.objects.bulk_create(
        MessageEvent(message_id=pk, at=at, state=Message.State.ACCEPTED, note=NOTE) for pk in ours
    )
    return len(ours)
