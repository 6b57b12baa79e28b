"""The audit trail: what organisers and the system did, in rows that are only ever added."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from accounts.models import AuditEvent, User


def record(
    *,
    action: str,
    subject: str,
    at: datetime,
    actor: User | None = None,
    actor_label: str = "",
    organisation_id: int | None = None,
    details: Mapping[str, Any] | None = None,
    reason: str = "",
) -> AuditEvent:
    """Write down who did what to which thing, in the caller's transaction.

    ``subject`` is ``"event:12"``; ``details`` must hold no addresses, names or tokens.
    """
    return AuditEvent.objects.create(
        action=action,
        subject=subject,
        at=at,
        actor=actor,
        actor_label=actor_label or ("organiser" if actor else "system"),
        organisation_id=organisation_id,
        details=dict(details or {}),
        reason=reason,
    )
