"""How somebody comes to act for an organisation."""

from datetime import datetime

from accounts.members import add_member
from accounts.models import AuditEvent, Membership, Organisation, User

PASSWORD = "a long enough password"


def test_a_new_person_can_sign_in_and_act(demos: Organisation, noon: datetime) -> None:
    olli = add_member(
        email="olli@example.org",
        name="Olli Esimerkki",
        organisation=demos,
        role="organiser",
        password=PASSWORD,
        at=noon,
    )

    assert olli.check_password(PASSWORD)
    assert list(olli.memberships.values_list("organisation", "role")) == [(demos.pk, "organiser")]
    written = AuditEvent.objects.get()
    assert (written.action, written.subject, written.details, written.at) == (
        "role.given",
        f"user:{olli.pk}",
        {"role": "organiser"},
        noon,
    )


def test_somebody_already_known_gets_the_role_and_keeps_the_password(
    demos: Organisation, noon: datetime
) -> None:
    veera = User.objects.create_user("veera@example.org", PASSWORD, name="Veera Esimerkki")

    for _ in range(2):
        add_member(
            email="Veera@Example.org",
            name="Somebody",
            organisation=demos,
            role="reviewer",
            password="another long password",
            at=noon,
        )

    veera.refresh_from_db()
    assert (veera.name, veera.check_password(PASSWORD)) == ("Veera Esimerkki", True)
    assert list(Membership.objects.values_list("user", "role")) == [(veera.pk, "reviewer")]
