"""Keys for programs: made by those who belong, told once, for a while."""

from datetime import datetime, timedelta

import pytest
import time_machine
from django.test import Client
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.test import APIRequestFactory

from accounts import actions
from accounts.actions import drop_key, make_key
from accounts.api.authentication import ApiTokenAuthentication
from accounts.models import ApiToken, AuditEvent, Membership, Organisation, User
from accounts.queries import keys_of
from accounts.rules import NeedsCorrecting
from backend.core.errors import Forbidden
from backend.core.links import digest
from tests import factories


@pytest.fixture
def olli(demos: Organisation) -> User:
    return factories.organiser(demos)


def shown(key: str) -> tuple[User, ApiToken] | None:
    request = APIRequestFactory().get("/", headers={"Authorization": key})
    return ApiTokenAuthentication().authenticate(request)


def test_a_key_is_told_once_and_only_its_digest_is_kept(
    olli: User, demos: Organisation, noon: datetime
) -> None:
    made = make_key(user=olli, organisation=demos, name="  Web  site ", days=30, at=noon)
    kept = ApiToken.objects.get()

    assert (kept.name, kept.expires_at, kept.digest) == (
        "Web site",
        noon + timedelta(days=30),
        digest(made.secret),
    )
    assert str(kept) == "Web site"
    assert made.secret.startswith("vipu_")
    line = AuditEvent.objects.get()
    assert (line.action, line.details) == ("key.made", {"key": kept.pk, "days": 30})
    assert made.secret not in str(line.details)


@pytest.mark.parametrize(
    ("name", "days", "field"),
    [
        ("", 30, "name"),
        ("x" * 101, 30, "name"),
        ("a\u202eb", 30, "name"),
        ("Web", 0, "days"),
        ("Web", 367, "days"),
    ],
)
def test_a_key_has_a_name_and_an_end(
    olli: User, demos: Organisation, noon: datetime, name: str, days: int, field: str
) -> None:
    with pytest.raises(NeedsCorrecting) as no:
        make_key(user=olli, organisation=demos, name=name, days=days, at=noon)

    assert list(no.value.fields) == [field]
    assert not ApiToken.objects.exists()


def test_nobody_makes_a_key_to_an_organisation_of_others(olli: User, noon: datetime) -> None:
    with pytest.raises(Forbidden):
        make_key(user=olli, organisation=factories.organisation(slug="toinen"), name="Web", days=1, at=noon)


def test_a_key_opens_until_it_ends_or_its_user_goes(olli: User, demos: Organisation, noon: datetime) -> None:
    made = make_key(user=olli, organisation=demos, name="Web", days=1, at=noon)
    with time_machine.travel(noon, tick=False):
        assert shown(f"Bearer {made.secret}") == (olli, made.token)
        assert shown("Basic abc") is None
        with pytest.raises(AuthenticationFailed):
            shown("Bearer vipu_something-else")
    with time_machine.travel(noon + timedelta(days=1), tick=False), pytest.raises(AuthenticationFailed):
        shown(f"Bearer {made.secret}")
    User.objects.update(is_active=False)
    with time_machine.travel(noon, tick=False), pytest.raises(AuthenticationFailed):
        shown(f"Bearer {made.secret}")


def test_a_dropped_key_is_gone_and_written_down(olli: User, demos: Organisation, noon: datetime) -> None:
    made = actions.make_key(user=olli, organisation=demos, name="Web", days=1, at=noon)
    assert list(keys_of(olli)) == [made.token]

    drop_key(token=made.token, at=noon, actor=olli)

    assert list(keys_of(olli)) == []
    assert AuditEvent.objects.latest("pk").action == "key.dropped"


def test_roles_given_in_the_admin_pages_are_written_down(demos: Organisation, client: Client) -> None:
    keeper = User.objects.create_superuser("keeper@example.org")
    person = User.objects.create_user("new@example.org")
    client.force_login(keeper)

    client.post(
        "/admin/accounts/membership/add/", {"user": person.pk, "organisation": demos.pk, "role": "viewer"}
    )
    given = Membership.objects.get(user=person)
    client.post(f"/admin/accounts/membership/{given.pk}/delete/", {"post": "yes"})

    lines = AuditEvent.objects.order_by("pk").values_list("action", "subject", "actor")
    assert list(lines) == [
        ("role.given", f"user:{person.pk}", keeper.pk),
        ("role.taken", f"user:{person.pk}", keeper.pk),
    ]


@pytest.mark.parametrize("model", ["municipality", "organisation", "user", "membership"])
@pytest.mark.parametrize("page", ["", "add/"])
def test_the_admin_pages_of_reference_data_open(client: Client, db: None, model: str, page: str) -> None:
    client.force_login(User.objects.create_superuser("keeper@example.org"))

    assert client.get(f"/admin/accounts/{model}/{page}").status_code == 200


def test_organisers_do_not_enter_the_admin_pages(client: Client, olli: User) -> None:
    client.force_login(olli)

    assert client.get("/admin/").status_code == 302
