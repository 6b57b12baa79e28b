"""Who may do what, and within which organisation."""

import pytest
from django.contrib.auth.models import AnonymousUser

from accounts.models import ApiToken, Membership, Organisation, User
from accounts.policies import LOOKS, ORGANISES, READS, REVIEWS, Roles, may, organisations_where
from tests import factories

ROLE = Membership.Role


@pytest.mark.parametrize(
    ("role", "allowed"),
    [
        (ROLE.ADMIN, [True, True, True, True]),
        (ROLE.ORGANISER, [True, False, True, True]),
        (ROLE.REVIEWER, [False, True, False, True]),
        (ROLE.VIEWER, [False, False, True, True]),
    ],
)
def test_each_role_opens_its_own_doors(demos: Organisation, role: str, allowed: list[bool]) -> None:
    person = factories.organiser(demos, role=role)
    groups: list[Roles] = [ORGANISES, REVIEWS, LOOKS, READS]

    assert [may(person, roles=roles, organisation_id=demos.pk) for roles in groups] == allowed


def test_a_role_counts_within_its_own_organisation_only(demos: Organisation) -> None:
    other = factories.organisation(slug="toinen")
    person = factories.organiser(demos)

    assert list(organisations_where(person, roles=READS)) == [demos]
    assert not may(person, roles=READS, organisation_id=other.pk)


def test_two_roles_in_one_organisation_count_it_once(demos: Organisation) -> None:
    person = factories.organiser(demos)
    Membership.objects.create(user=person, organisation=demos, role=ROLE.REVIEWER)

    assert list(organisations_where(person, roles=READS)) == [demos]


def test_whoever_keeps_the_service_sees_everything_and_nobody_else_anything(demos: Organisation) -> None:
    keeper = User.objects.create_superuser("keeper@example.org")
    gone = factories.organiser(demos)
    gone.is_active = False

    assert list(organisations_where(keeper, roles=ORGANISES)) == [demos]
    assert list(organisations_where(gone, roles=READS)) == []
    assert list(organisations_where(AnonymousUser(), roles=READS)) == []


def test_a_key_acts_within_its_own_organisation_whoever_its_user_is(demos: Organisation) -> None:
    other = factories.organisation(slug="toinen")
    person = factories.organiser(demos)
    Membership.objects.create(user=person, organisation=other, role=ROLE.ORGANISER)
    token = ApiToken(user=person, organisation=other)

    assert list(organisations_where(person, roles=ORGANISES, token=token)) == [other]
    assert not may(person, roles=ORGANISES, organisation_id=demos.pk, token=token)
