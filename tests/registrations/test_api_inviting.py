"""An organiser's program invites people and keeps groups; codes and members are shown to organisers only."""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
import time_machine
from django.test import Client

from accounts.models import AuditEvent, Membership, Organisation
from events.models import EventSeries
from registrations.actions import register, set_mode
from registrations.models import GroupMember, InvitationCode
from tests import factories
from tests.registrations.people import AINO, VEERA, day, mail, registration, slugs, states

API = "/api/v1/organiser/"


@pytest.fixture(autouse=True)
def _now(noon: datetime) -> Iterator[None]:
    with time_machine.travel(noon, tick=False):
        yield


@pytest.fixture
def program(demos: Organisation) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(factories.organiser(demos))
    return client


def ask(client: Client, method: str, path: str, body: object = None) -> tuple[int, Any]:
    sent = {} if body is None else {"data": json.dumps(body), "content_type": "application/json"}
    answer = getattr(client, method)(API + path, **sent)
    return answer.status_code, answer.json()


def test_a_code_is_made_used_and_told_of(program: Client, mornings: EventSeries, noon: datetime) -> None:
    event = day(mornings)
    set_mode(event=event, mode="invitation", group=None, at=noon, actor=None)

    status, made = ask(program, "post", f"events/{event.pk}/invitations/codes/", {"number": 2})
    register(
        series=mornings,
        person=AINO,
        events=slugs(mornings, 0),
        code=made[0]["code"],
        idempotency_key="one",
        at=noon,
    )

    assert status == 201
    assert made[1]["link"].endswith(
        f"/fi/tapahtumat/{mornings.slug}/ilmoittaudu/?aamut={event.slug}&koodi={made[1]['code']}"
    )
    unused, used = ask(program, "get", f"events/{event.pk}/invitations/")[1]["results"]
    assert (unused["code"], unused["registration"]) == (made[1]["code"], None)
    assert (used["code"], used["link"]) == (None, None)
    assert used["registration"] == registration(AINO, event).pk
    assert ask(program, "post", f"events/{event.pk}/invitations/codes/", {"number": 501})[0] == 422


def test_people_are_invited_by_name_all_or_nobody(
    program: Client, mornings: EventSeries, noon: datetime
) -> None:
    event = day(mornings)
    path = f"events/{event.pk}/invitations/people/"
    people = [{"name": "Aino  Esimerkki", "email": AINO.email}, {"email": VEERA.email}]

    status, no = ask(program, "post", path, {"people": [*people, {"name": "Olli", "email": "olli@"}]})
    assert (status, list(no["errors"]), no["errors"]["people"][0][:7]) == (422, ["people"], "Line 3:")
    assert ask(program, "post", path, {"people": []})[0] == 422
    assert not InvitationCode.objects.exists()

    status, made = ask(program, "post", path, {"people": [*people, people[0]], "language": "sv"})
    again = ask(program, "post", path, {"people": people})[1]

    assert (status, again) == (201, [])
    assert [(one["name"], one["email"]) for one in made] == [
        ("Aino Esimerkki", AINO.email),
        ("", VEERA.email),
    ]
    assert mail(VEERA, "invited").language == "sv"


def test_an_invitation_is_taken_back_once(program: Client, mornings: EventSeries, noon: datetime) -> None:
    set_mode(event=day(mornings), mode="invitation", group=None, at=noon, actor=None)
    [made] = ask(program, "post", f"events/{day(mornings).pk}/invitations/codes/", {"number": 1})[1]

    status, gone = ask(program, "post", f"invitations/{made['id']}/revoke/")
    again, no = ask(program, "post", f"invitations/{made['id']}/revoke/")

    assert (status, gone["code"], gone["revoked_at"] is None) == (200, None, False)
    assert (again, no["code"]) == (422, "undecided")
    assert AuditEvent.objects.filter(action="invitation.revoked").count() == 1


def test_a_group_is_made_read_changed_and_chosen(
    program: Client, mornings: EventSeries, noon: datetime
) -> None:
    wrong, no = ask(program, "post", "groups/", {"name": "Verkosto", "members": ["example.org", "ei mitään"]})
    assert (wrong, list(no["errors"]), no["errors"]["members"][0][:7]) == (422, ["members"], "Line 2:")

    body = {"name": "Verkosto", "members": ["Example.org", "AINO@example.com"]}
    status, made = ask(program, "post", "groups/", body)
    assert (status, made["members"]) == (201, ["aino@example.com", "example.org"])
    assert ask(program, "post", "groups/", body)[0] == 422
    saved = ask(program, "put", f"groups/{made['id']}/", {"name": "Jäsenet", "members": ["example.org"]})[1]

    assert saved == ask(program, "get", f"groups/{made['id']}/")[1]
    assert (saved["name"], saved["members"]) == ("Jäsenet", ["example.org"])
    [row] = ask(program, "get", "groups/")[1]["results"]
    assert (row["organisation"], row["size"]) == ("esimerkkijarjestaja", 1)
    mode = {"mode": "members", "group": made["id"]}
    assert ask(program, "put", f"events/{day(mornings).pk}/mode/", mode)[1] == mode
    register(series=mornings, person=AINO, events=slugs(mornings, 0), idempotency_key="a", at=noon)
    assert states(AINO) == ["confirmed"]


def test_somebody_of_two_organisations_names_whose_group_it_is(program: Client, demos: Organisation) -> None:
    other = factories.organisation("toinen")
    user = Membership.objects.get(organisation=demos).user
    Membership.objects.create(user=user, organisation=other, role=Membership.Role.ORGANISER)
    body = {"name": "Verkosto", "members": ["example.org"]}

    status, no = ask(program, "post", "groups/", body)
    made = ask(program, "post", "groups/", body | {"organisation": "toinen"})[1]

    assert (status, list(no["errors"])) == (422, ["organisation"])
    assert made["organisation"] == "toinen"


def test_a_viewer_reads_neither_codes_nor_members(mornings: EventSeries, demos: Organisation) -> None:
    viewer = Client()
    viewer.force_login(factories.organiser(demos, email="v@example.org", role=Membership.Role.VIEWER))

    assert ask(viewer, "get", f"events/{day(mornings).pk}/invitations/")[0] == 403
    assert ask(viewer, "get", "groups/")[0] == 403
    assert not GroupMember.objects.exists()
