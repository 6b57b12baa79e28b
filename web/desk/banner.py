"""What stands at the top of every page of the desk while mail waits: since when, and why, in plain words.

One question to the database while all is well; the reasons are only looked for when something waits.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.utils.functional import Promise

from backend.core.i18n import _
from notifications import queries
from notifications.models import Circuit, Heartbeat

PATIENCE: Final = timedelta(minutes=2)
HEARD_WITHIN: Final = timedelta(seconds=60)


@dataclass(frozen=True, slots=True, kw_only=True)
class Banner:
    """Mail waits."""

    since: datetime
    minutes: int
    reason: Promise
    tried_again_at: datetime | None = None


def banner(*, at: datetime) -> Banner | None:
    """Tell for how long the oldest due message has waited, when that is longer than it should be."""
    waited = queries.oldest_due(at)
    if waited is None or waited <= PATIENCE:
        return None
    stopped = Circuit.objects.filter(not_before__gt=at).order_by("not_before").first()
    return Banner(
        since=at - waited,
        minutes=int(waited.total_seconds() // 60),
        reason=_reason(stopped=stopped is not None, at=at),
        tried_again_at=stopped.not_before if stopped else None,
    )


def _reason(*, stopped: bool, at: datetime) -> Promise:
    heard = set(Heartbeat.objects.filter(at__gt=at - HEARD_WITHIN).values_list("kind", flat=True))
    if "worker" not in heard:
        return _(
            "No worker is running, so nothing is sent. Whoever runs Vipu has to start it. Nothing is lost."
        )
    if stopped:
        return _(
            "The mail server does not take mail at the moment. Vipu tries again by itself; nothing is lost."
        )
    return _("There is a rush, or the mail server is slow. Vipu goes on by itself; nothing is lost.")
