"""Who may do what: roles belong to an organisation, and everything is scoped to it."""

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet

from accounts.models import ApiToken, Membership, Organisation, User

type Person = User | AnonymousUser
type Roles = frozenset[Membership.Role]

ORGANISES: Roles = frozenset({Membership.Role.ADMIN, Membership.Role.ORGANISER})
REVIEWS: Roles = frozenset({Membership.Role.ADMIN, Membership.Role.REVIEWER})
LOOKS: Roles = ORGANISES | {Membership.Role.VIEWER}  # series with their people: a reviewer need not see them
READS: Roles = frozenset(Membership.Role)


def organisations_where(
    person: Person, *, roles: Roles, token: ApiToken | None = None
) -> QuerySet[Organisation]:
    """List the organisations within which this person holds one of the roles.

    A key acts within its own organisation only, whoever its user is.
    """
    if not isinstance(person, User) or not person.is_active:
        return Organisation.objects.none()
    found = Organisation.objects.all()
    if not person.is_superuser:
        held = Membership.objects.filter(user=person, role__in=roles)
        found = found.filter(pk__in=held.values("organisation"))
    return found.filter(pk=token.organisation_id) if token else found


def may(person: Person, *, roles: Roles, organisation_id: int, token: ApiToken | None = None) -> bool:
    """Tell whether the person holds one of the roles in this organisation."""
    return organisations_where(person, roles=roles, token=token).filter(pk=organisation_id).exists()


def may_see_protected(person: Person, *, organisation_id: int, token: ApiToken | None = None) -> bool:
    """Tell whether the person may read answers about diet and accessibility: a right of its own."""
    own = organisations_where(person, roles=LOOKS, token=token).filter(pk=organisation_id)
    if not own.exists() or not isinstance(person, User):
        return False
    held = Membership.objects.filter(user=person, organisation=organisation_id, sees_protected=True)
    return person.is_superuser or held.exists()
