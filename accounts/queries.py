"""Everything asked about people who sign in, their keys, and what was written down."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Q, QuerySet

from accounts.models import ApiToken, AuditEvent, User

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
