"""What stands at the top of every page of the desk while mail or texts wait: since when and why, plainly.

One question to the database while all is well; the reasons are only looked for when something waits.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db.models import Q
from django.utils.functional import Promise

from backend.core.i18n import _
from notifications import circuit, queries, sms
from notifications.models import Circuit, Heartbeat, Message

PATIENCE: Final = timedelta(minutes=2)
HEARD_WITHIN: Final = timedelta(seconds=60)


@dataclass(frozen=True, slots=True, kw_only=True)
class Banner:
    """Mail waits, or texts do."""

    since: datetime
    minutes: int
    reason: Promise
    tried_again_at: datetime | None = None
    texts: bool = False


def banner(*, at: datetime) -> Banner | None:
    """Tell for how long the oldest due mail, or else text, has waited, when that is too long."""
    late = {channel: waited for channel, waited in queries.oldest_by_channel(at).items() if waited > PATIENCE}
    if not late:
        return None
    texts = Message.Channel.EMAIL not in late
    waited = late[Message.Channel.SMS if texts else Message.Channel.EMAIL]
    phones = Q(transport__startswith=sms.PREFIX)
    ways = Circuit.objects.filter(phones if texts else ~phones, not_before__gt=at)
    stopped = ways.order_by("not_before").first()
    return Banner(
        since=at - waited,
        minutes=int(waited.total_seconds() // 60),
        reason=_reason(stopped=stopped, texts=texts, at=at),
        tried_again_at=None if stopped is None or _held(stopped) else stopped.not_before,
        texts=texts,
    )


def _held(way: Circuit) -> bool:
    """Tell whether it is a person who holds all back; then no next try is planned."""
    return way.why == circuit.HELD


def _reason(*, stopped: Circuit | None, texts: bool, at: datetime) -> Promise:
    heard = set(Heartbeat.objects.filter(at__gt=at - HEARD_WITHIN).values_list("kind", flat=True))
    if "worker" not in heard:
        return _(
            "A worker or the scheduler is missing, so nothing is sent. Whoever runs Vipu has to start it."
            " Nothing is lost."
        )
    if stopped and _held(stopped):
        return _(
            "Whoever runs Vipu holds all messages back for now, and lets them go later. Nothing is lost."
        )
    if texts:
        return _(
            "The text message service is slow, or takes none at the moment."
            " Vipu goes on by itself; mail leaves."
        )
    if stopped:
        return _(
            "The mail server does not take mail at the moment. Vipu tries again by itself; nothing is lost."
        )
    return _("There is a rush, or the mail server is slow. Vipu goes on by itself; nothing is lost.")
