"""What people who sign in do with their own keys."""

import secrets
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from accounts import audit, rules
from accounts.models import ApiToken, Organisation, User
from accounts.municipalities import load_municipalities
from accounts.policies import READS, may
from backend.core.errors import Forbidden
from backend.core.i18n import _
from backend.core.links import digest

__all__ = ["NewKey", "drop_key", "load_municipalities", "make_key", "want_digest"]

_PREFIX = "vipu_"  # lets scanners of leaked keys recognise ours


@dataclass(frozen=True, slots=True, kw_only=True)
class NewKey:
    """A key that was just made; ``secret`` is told this once and kept nowhere."""

    token: ApiToken
    secret: str


@transaction.atomic
def make_key(*, user: User, organisation: Organisation, name: str, days: int, at: datetime) -> NewKey:
    """Make a key with which a program acts as this person within one organisation, for a while."""
    name, life = rules.checked_name(name), rules.checked_life(days)
    if not may(user, roles=READS, organisation_id=organisation.pk):
        raise Forbidden(_("You do not belong to this organisation."))
    secret = _PREFIX + secrets.token_urlsafe(32)
    token = ApiToken.objects.create(
        user=user,
        organisation=organisation,
        name=name,
        digest=digest(secret),
        created_at=at,
        expires_at=at + life,
    )
    audit.record(
        action="key.made",
        subject=f"user:{user.pk}",
        at=at,
        actor=user,
        organisation_id=organisation.pk,
        details={"key": token.pk, "days": days},
    )
    return NewKey(token=token, secret=secret)


@transaction.atomic
def drop_key(*, token: ApiToken, at: datetime, actor: User) -> None:
    """Make a key stop working at once."""
    audit.record(
        action="key.dropped",
        subject=f"user:{token.user_id}",
        at=at,
        actor=actor,
        organisation_id=token.organisation_id,
        details={"key": token.pk},
    )
    token.delete()


def want_digest(*, user: User, wanted: bool) -> None:
    """Have the morning mail that comes when something needs an organiser, or not."""
    User.objects.filter(pk=user.pk).update(wants_digest=wanted)
