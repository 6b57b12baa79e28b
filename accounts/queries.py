"""Everything asked about people who sign in, their keys, what was written down, and municipalities."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from accounts.models import ApiToken, AuditEvent, Municipality, User

type Subjects = "Iterable[str] | QuerySet[Any, Any]"


def audit_of(*groups: Subjects) -> QuerySet[AuditEvent]:
    """List what was done to any of these subjects, newest first.

    Each group is a list of subjects or a query that gives them, so a long list never leaves the database.
    """
    wanted = Q(pk__in=[])
    for group in groups:
        wanted |= Q(subject__in=group)
    return AuditEvent.objects.filter(wanted).select_related("actor")


def keys_of(user: User) -> QuerySet[ApiToken]:
    """List the keys of a person, newest first; what a key reads like is known to its holder only."""
    return user.api_tokens.select_related("organisation").order_by("-created_at", "-pk")


def municipality_named(written: str, *, today: date) -> Municipality | None:
    """Find the municipality somebody means by its code or its name in Finnish or Swedish.

    One that has ended gives way to its successor.
    """
    written = written.strip()
    if not written:
        return None
    if written.isdecimal():
        return municipality_of_today(Q(pk=written.zfill(3)), today=today)
    spellings = {written, written.capitalize(), written.title()}
    return municipality_of_today(Q(name_fi__in=spellings) | Q(name_sv__in=spellings), today=today)


def municipalities_of_today() -> QuerySet[Municipality]:
    """List the municipalities that have not ended."""
    return Municipality.objects.filter(valid_to__isnull=True)


def municipality_of_today(wanted: Q, *, today: date) -> Municipality | None:
    """Take the one that exists today, or what became of it."""
    rows = list(Municipality.objects.filter(wanted).select_related("successor").order_by("pk"))
    for found in rows:
        if found.valid_to is None or found.valid_to >= today:
            return found
    return next((row.successor or row for row in rows), None)
