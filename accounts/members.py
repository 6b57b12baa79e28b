"""How somebody comes to act for an organisation."""

from datetime import datetime

from django.db import transaction

from accounts import audit
from accounts.models import Membership, Organisation, User


@transaction.atomic
def add_member(
    *, email: str, name: str, organisation: Organisation, role: str, password: str, at: datetime
) -> User:
    """Let a person sign in and act for an organisation; somebody already known only gets the new role."""
    user = User.objects.filter(email__iexact=email).first()
    if user is None:
        user = User.objects.create_user(email, password, name=name)
    Membership.objects.get_or_create(user=user, organisation=organisation, role=Membership.Role(role))
    audit.record(
        action="role.given",
        subject=f"user:{user.pk}",
        at=at,
        organisation_id=organisation.pk,
        details={"role": str(role)},
    )
    return user
