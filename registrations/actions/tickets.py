"""The tickets of the busy door that have been used."""

from datetime import datetime

from django.db import IntegrityError, transaction

from registrations.models import SpentTicket
from registrations.rules import LIVES


def spend_ticket(*, digest: str, at: datetime) -> bool:
    """Use a ticket; false when somebody has used it already. The key of the row decides, also at once."""
    try:
        with transaction.atomic():
            SpentTicket.objects.create(digest=digest, spent_at=at)
    except IntegrityError:
        return False
    return True


def forget_spent_tickets(*, at: datetime) -> int:
    """Forget tickets that are too old to be used anyway."""
    return SpentTicket.objects.filter(spent_at__lt=at - 2 * LIVES).delete()[0]
