"""The made-up people of the demonstration: an organiser and a reviewer who can sign in."""

from datetime import datetime

from accounts import audit
from accounts.models import Membership, Organisation, User
from backend.core.i18n import Text

ORGANISER = "olli.esimerkki@example.org"
REVIEWER = "veera.esimerkki@example.org"
EMAILS = (ORGANISER, REVIEWER)
ORGANISATION = "esimerkkijarjestaja"
PASSWORD = "vipu-demo-2027"  # noqa: S105 - printed at every start, and refused to the production profile

_ORGANISER_NAME = Text("Esimerkkijärjestäjä", "Exempelarrangören", "Example Organiser")
_SOURCES_NAME = Text("Julkiset lähteet", "Offentliga källor", "Public sources")


def demonstration_organisation() -> Organisation:
    """Give the made-up organisation that arranges the open mornings."""
    return _organisation(ORGANISATION, _ORGANISER_NAME)


def public_sources() -> Organisation:
    """Give the shelf of the real events, which nobody arranges here: no member may change what happened."""
    return _organisation("julkiset-lahteet", _SOURCES_NAME)


def _organisation(slug: str, name: Text) -> Organisation:
    return Organisation.objects.get_or_create(slug=slug, defaults=name.columns("name"))[0]


def load_people(at: datetime, *, organisation: Organisation) -> int:
    """Add the organiser and the reviewer unless they are there; return how many."""
    return sum(
        _add(email, name=name, role=role, organisation=organisation, at=at)
        for email, name, role in (
            (ORGANISER, "Olli Esimerkki", Membership.Role.ORGANISER),
            (REVIEWER, "Veera Esimerkki", Membership.Role.REVIEWER),
        )
    )


def _add(email: str, *, name: str, role: Membership.Role, organisation: Organisation, at: datetime) -> int:
    if User.objects.filter(email=email).exists():
        return 0
    user = User.objects.create_user(email, PASSWORD, name=name)
    Membership.objects.create(user=user, organisation=organisation, role=role)
    audit.record(
        action="user.added",
        subject=f"user:{user.pk}",
        at=at,
        organisation_id=organisation.pk,
        details={"role": role},
    )
    return 1
