"""A program that opens every link of every mail changes nothing; only a person's button does (T47)."""

import re
from datetime import datetime
from html import unescape

import pytest
from django.conf import settings
from django.test import Client

from notifications import kinds, preferences, suppression
from notifications.models import Message
from notifications.rendering import render
from registrations.models import Registration
from surveys.models import Response
from tests.security.letters import every_kind
from tests.security.telling import nothing_written
from tests.security.world import House

HEADS: tuple[dict[str, str], ...] = (
    {},
    {"purpose": "prefetch"},
    {"user-agent": "Scanner/1.0", "accept": "*/*"},
)


@pytest.fixture
def letters(houses: tuple[House, House], noon: datetime) -> dict[str, Message]:
    return every_kind(houses[0], at=noon)


def links(message: Message) -> list[str]:
    """Every address of ours in both halves of a mail."""
    mail = render(message)
    found = re.findall(r'href="([^"]+)"', unescape(mail.html)) + re.findall(r"https?://[^\s<>]+", mail.text)
    ours = {one.removeprefix(settings.PUBLIC_URL) for one in found if one.startswith(settings.PUBLIC_URL)}
    return sorted(ours)


def test_every_kind_of_mail_is_there(letters: dict[str, Message]) -> None:
    assert set(letters) == {kind.key for kind in kinds.all_kinds()}


# Whoever was turned away, or whose links have died, may write to the organiser; speakers answer in calendars.
LINKLESS = {"not_a_member", "address_changed", "place_merged", "speaker_invitation", "speaker_cancelled"}


def test_no_scanner_changes_anything(letters: dict[str, Message]) -> None:
    found = {kind: links(message) for kind, message in letters.items()}
    assert {kind for kind, addresses in found.items() if not addresses} == LINKLESS
    answers = {}

    with nothing_written():
        for address in sorted({one for addresses in found.values() for one in addresses}):
            path = address.partition("#")[0]
            for heads in HEADS:
                scanner = Client(headers=heads)
                answers[address] = [
                    scanner.get(path, follow=True).status_code,
                    scanner.head(path, follow=True).status_code,  # the desk asks for a sign-in
                    scanner.options(path).status_code,
                ]

    assert {address: said for address, said in answers.items() if said[:2] != [200, 200]} == {}
    assert {said[2] for said in answers.values()} <= {200, 405}


def test_the_same_links_still_work_for_a_person(
    letters: dict[str, Message], houses: tuple[House, House]
) -> None:
    mine, _theirs = houses
    [places] = {one.partition("?")[0] for one in links(letters["manage_link"]) if one.startswith("/r/")}
    [survey] = {one.partition("?")[0] for one in links(letters["survey"]) if one.startswith("/s/")}
    for address in (places, survey):
        Client().get(address)

    gone = Client().post(f"{places}peru/{mine.event.slug}/")
    thanked = Client().post(survey, {"usefulness": "5"})

    assert (gone.status_code, thanked.status_code) == (303, 303)
    assert Registration.objects.filter(event=mine.event, state="cancelled", cancelled_by="attendee").exists()
    assert Response.objects.filter(invitation__link_hash=mine.invitation.link_hash).exists()


def test_a_mail_programs_one_click_leaves_the_topic_without_a_cookie_or_a_redirect(
    letters: dict[str, Message],
) -> None:
    """RFC 8058: under the address of the header, from a program that knows nothing else."""
    for kind in sorted(kind.key for kind in kinds.all_kinds() if kind.topic):
        message, topic = letters[kind], kinds.topic_of(kind)
        headers = preferences.headers(message)
        path = headers["List-Unsubscribe"].strip("<>").removeprefix(settings.PUBLIC_URL)
        name, _equals, value = headers["List-Unsubscribe-Post"].partition("=")
        program = Client(enforce_csrf_checks=True)

        answer = program.post(path, {name: value})

        assert (answer.status_code, not answer.cookies) == (200, True)
        assert suppression.topics_left(address=message.recipient, scope=message.scope) == {topic}
        assert suppression.blocked([message]) == {message.pk: "opted-out"}
        program.post(path, {"start": topic})
        assert suppression.blocked([message]) == {}
