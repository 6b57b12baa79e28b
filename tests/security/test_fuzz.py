"""Whatever a program sends, the service never breaks (T64, T67 in small)."""

import json
import re
import zlib
from collections.abc import Iterator

import pytest
from django.test import Client

from notifications.models import Message
from tests.security.fuzz import ASKED, Operation, operations, wrong
from tests.security.matrix import undone
from tests.security.world import House

OF_EACH, OF_EACH_IN_FULL = 15, 120  # bodies for each operation, spread evenly over all that could be made
OWNERS = {
    "/api/v1/registration/": "manage",
    "/api/v1/registration/places/{event}/transfer/": "manage",
    "/api/v1/registration/email/": "manage",
    "/api/v1/survey/": "survey",
    "/api/v1/practice-draft/": "draft",
    "/api/v1/practice-draft/submit/": "draft",
}


@pytest.fixture
def clients(houses: tuple[House, House]) -> dict[str, Client]:
    mine, _theirs = houses
    tokens = {
        "manage": mine.attendees["a"].token,
        "survey": mine.invitation.token,
        "draft": mine.practice.token,
    }
    links = {
        name: Client(headers={"authorization": f"Vipu-Link {token}"}, raise_request_exception=False)
        for name, token in tokens.items()
    }
    people = {role: mine.signed_in(role) for role in ("organiser", "reviewer")}
    for client in people.values():
        client.raise_request_exception = False
    return {**links, **people}


def test_no_body_breaks_an_operation(
    houses: tuple[House, House], clients: dict[str, Client], *, full: bool
) -> None:
    asked = [one for one in operations() if one.shape]
    count = OF_EACH_IN_FULL if full else OF_EACH

    broken = {line for one in asked for line in _broken_by_bodies(one, houses[0], clients, count=count)}

    assert len(asked) > 15
    assert "\n".join(sorted(broken)) == ""


def test_no_question_breaks_an_operation(houses: tuple[House, House], clients: dict[str, Client]) -> None:
    read = [one for one in operations() if one.method == "get"]

    broken = {line for one in read for line in _broken_by_questions(one, houses[0], clients)}

    assert "\n".join(sorted(broken)) == ""


def _broken_by_bodies(
    one: Operation, house: House, clients: dict[str, Client], *, count: int
) -> Iterator[str]:
    client, where = _client(one, clients), _address(one, house)
    for place, body in wrong(one.shape, start=zlib.crc32(one.name.encode()), count=count):
        with undone():
            answer = getattr(client, one.method)(where, json.dumps(body), content_type="application/json")
        if answer.status_code >= 500:
            yield f"{one.name}: {place} = {_at(body, place)}"


def _broken_by_questions(one: Operation, house: House, clients: dict[str, Client]) -> Iterator[str]:
    for name in sorted({*one.questions, "cursor", "format"}):
        for value in ASKED:
            with undone():
                answer = _client(one, clients).get(f"{_address(one, house)}?{name}={value}")
            if answer.status_code >= 500:
                yield f"{one.name}?{name}={value[:40]}"


def _client(one: Operation, clients: dict[str, Client]) -> Client:
    return clients[OWNERS.get(one.path, "reviewer" if "submissions" in one.path else "organiser")]


def _address(one: Operation, house: House) -> str:
    known = {
        "events": (house.event.pk, house.event.slug),
        "places": (0, house.event.slug),
        "series": (house.series.pk, house.series.slug),
        "sessions": (house.session.pk, ""),
        "speakers": (house.session.parts.get().speaker_id, ""),
        "registrations": (house.registration().pk, ""),
        "exports": (house.export.pk, ""),
        "webhooks": (house.endpoint.pk, ""),
        "imports": (house.brought.pk, ""),
        "campaigns": (house.campaign.pk, ""),
        "messages": (Message.objects.filter(audience=f"event:{house.event.pk}").earliest("pk").pk, ""),
        "wordings": (0, "reminder"),
        "recipients": (0, house.numbers["recipient"]),
        "submissions": (house.submitted.pk, ""),
        "practices": (0, house.published.slug),
        "surveys": (0, house.held.slug),
        "invitations": (house.event.invitation_codes.earliest("pk").pk, ""),
        "groups": (house.organisation.member_groups.earliest("pk").pk, ""),
        "questions": (0, "why"),
        "rules": (house.series.message_rules.get(kind="note").pk, "why"),
        "consents": (0, "photos"),
    }

    def filled(found: re.Match[str]) -> str:
        number, slug = known[found[1]]
        return f"{found[1]}/{number if found[2] in {'id', 'pk'} else slug}"

    return re.sub(r"(\w+)/\{(\w+)\}", filled, one.path)


def _at(body: object, place: str) -> str:
    for step in filter(None, place.split(".")):
        body = body[int(step) if step.isdigit() else step]  # type: ignore[index]  # the place is in the body
    return ascii(body)[:60]
