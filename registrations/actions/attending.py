"""Who came."""

from datetime import datetime

from django.db import transaction

from accounts import audit
from accounts.models import User
from backend.core.i18n import _
from registrations import rules
from registrations.models import Registration


@transaction.atomic
def mark_attendance(
    *, registration: Registration, attended: bool | None, at: datetime, actor: User | None
) -> Registration:
    """Note that somebody came or stayed away; None takes the mark off."""
    held = Registration.objects.filter(pk=registration.pk, state__in=Registration.HOLDS_A_PLACE)
    if not held.update(attended=attended):
        raise rules.NothingToTake(_("Only somebody who has a place can be marked."))
    audit.record(
        action="registration.attendance",
        subject=f"registration:{registration.pk}",
        at=at,
        actor=actor,
        organisation_id=registration.event.series.organisation_id,
        details={"attended": attended},
    )
    registration.refresh_from_db()
    return registration
