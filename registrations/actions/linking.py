"""The lost link: asked for with an address, answered by mail or not at all."""

from datetime import datetime

from django.db import transaction

from backend.core.text import email_address, email_key
from notifications import outbox
from registrations import messages
from registrations.models import Attendee, Registration
from registrations.queries.attendees import LINK_LIVES


@transaction.atomic
def send_manage_link(*, email: str, at: datetime) -> None:
    """Send the links of this address for everything ahead; says nothing about whether there are any."""
    address = email_address(email)
    if address is None:
        return
    known = Attendee.objects.filter(
        email_key=email_key(address),
        registrations__state__in=Registration.ACTIVE,
        registrations__event__ends_at__gt=at - LINK_LIVES,
    )
    drafts = [
        messages.manage_link(attendee, at=at)
        for attendee in known.select_related("series").distinct().order_by("pk")
    ]
    outbox.queue_many(drafts, at=at)
