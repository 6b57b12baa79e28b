"""Which municipality somebody means: by code, by name in Finnish or Swedish, or by e-mail address."""

from datetime import date

from django.db.models import Q

from accounts.models import Municipality
from registrations.rules import as_label, looks_like_code, municipality_label


def municipality_named(text: str, *, today: date) -> Municipality | None:
    """Find a municipality by its code or name; one that has ended gives way to its successor."""
    if not text:
        return None
    spellings = {text, text.capitalize(), text.title()}
    wanted = (
        Q(pk=text.zfill(3)) if looks_like_code(text) else Q(name_fi__in=spellings) | Q(name_sv__in=spellings)
    )
    return _today(wanted, today=today)


def municipality_by_email(email: str, *, today: date) -> Municipality | None:
    """Find the municipality whose domain an address is in: x@hameenlinna.fi is Hämeenlinna."""
    label = municipality_label(email)
    if not label:
        return None
    names = Municipality.objects.values_list("pk", "name_fi", "name_sv")
    codes = [code for code, fi, sv in names if label in {as_label(fi), as_label(sv)}]
    return _today(Q(pk__in=codes), today=today) if codes else None


def _today(wanted: Q, *, today: date) -> Municipality | None:
    """Take the one that exists today, or what became of it."""
    rows = list(Municipality.objects.filter(wanted).select_related("successor").order_by("pk"))
    for found in rows:
        if found.valid_to is None or found.valid_to >= today:
            return found
    return next((row.successor or row for row in rows), None)
