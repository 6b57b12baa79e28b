"""What is asked about new addresses: whose link this is, and which one waits for its owner."""

from datetime import datetime

from backend.core.errors import NotFound
from backend.core.i18n import _
from backend.core.links import digest
from registrations import rules
from registrations.models import Attendee, EmailChange


def new_address_by_token(token: str, *, at: datetime) -> EmailChange:
    """Find the new address whose link this is: also one that was confirmed, but none that has run out."""
    rows = EmailChange.objects.select_related("attendee__series")
    found = rows.filter(link_hash=digest(token)).first()
    if found is None:
        raise NotFound(_("This link does not lead anywhere. Check that you copied all of it."))
    if found.confirmed_at is None and at >= found.expires_at:
        raise rules.new_address_over()
    return found


def waiting_address(attendee: Attendee, *, at: datetime) -> EmailChange | None:
    """Give the new address that was asked for and waits for its owner to confirm it."""
    asked = attendee.email_changes.filter(confirmed_at__isnull=True, expires_at__gt=at)
    return asked.order_by("-pk").first()
