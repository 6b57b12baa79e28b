"""Which municipality an e-mail address speaks of."""

from datetime import date

from django.db.models import Q

from accounts.models import Municipality
from accounts.queries import municipality_of_today
from registrations.rules import as_label, municipality_label


def municipality_by_email(email: str, *, today: date) -> Municipality | None:
    """Find the municipality whose domain an address is in: x@hameenlinna.fi is Hämeenlinna."""
    label = municipality_label(email)
    if not label:
        return None
    names = Municipality.objects.values_list("pk", "name_fi", "name_sv")
    codes = [code for code, fi, sv in names if label in {as_label(fi), as_label(sv)}]
    return municipality_of_today(Q(pk__in=codes), today=today) if codes else None
