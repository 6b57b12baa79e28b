"""Mails that did not arrive, put right by an organiser: sent once more, to an address allowed again."""

from datetime import datetime

from django.db import transaction

from accounts import audit
from accounts.models import User
from notifications import kinds, suppression
from notifications.models import Message, MessageEvent
from registrations.models import Attendee
from registrations.rules.repairing import require_repairable

SENT_AGAIN = "sent-again"


def require_sendable(message: Message, *, at: datetime) -> None:
    """Refuse a message that would help nobody if it were sent once more."""
    newer = Message.objects.filter(subject=message.subject, pk__gt=message.pk).exclude(state="cancelled")
    topic = kinds.topic_of(message.kind)
    left = suppression.topics_left(address=message.recipient, scope=message.scope)
    require_repairable(
        state=message.state,
        not_after=message.not_after,
        overtaken=bool(message.calendar) and newer.exclude(calendar="").exists(),
        unwanted=topic in left,
        at=at,
    )


@transaction.atomic
def send_again(
    *, message: Message, organisation_id: int, reason: str, at: datetime, actor: User | None
) -> Message:
    """Send a message that did not arrive once more, and allow its address again if it was blocked."""
    row = Message.objects.select_for_update().get(pk=message.pk)
    require_sendable(row, at=at)
    suppression.lift(address=row.recipient)
    row.state, row.state_changed_at, row.not_before = Message.State.QUEUED, at, at
    row.attempts_made = 0
    row.save(update_fields=["state", "state_changed_at", "not_before", "attempts_made"])
    MessageEvent.objects.create(message=row, at=at, state=row.state, note=SENT_AGAIN)
    _record("message.sent_again", row.subject, reason, at, actor, organisation_id)
    return row


@transaction.atomic
def lift_block(*, attendee: Attendee, reason: str, at: datetime, actor: User | None) -> bool:
    """Write to a blocked address again, because its owner says that it works; tells whether it was."""
    lifted = suppression.lift(address=attendee.email)
    if lifted:
        subject, organisation_id = f"attendee:{attendee.pk}", attendee.series.organisation_id
        _record("attendee.unblocked", subject, reason, at, actor, organisation_id)
    return lifted


def _record(
    action: str, subject: str, reason: str, at: datetime, actor: User | None, organisation_id: int
) -> None:
    audit.record(
        action=action, subject=subject, at=at, actor=actor, organisation_id=organisation_id, reason=reason
    )
