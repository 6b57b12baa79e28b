"""What was told to one person and what became of it, and putting right what did not arrive: for programs."""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
import time_machine
from django.http.response import HttpResponseBase
from django.test import Client

from accounts.models import AuditEvent, Membership, Organisation
from events.models import EventSeries
from notifications.models import Message, MessageEvent
from notifications.suppression import suppress, suppressed
from tests import factories
from tests.registrations.people import AINO, VEERA, attendee, day, mail, registration, sign_up

API = "/api/v1/organiser/"


@pytest.fixture(autouse=True)
def now(noon: datetime) -> Iterator[None]:
    with time_machine.travel(noon, tick=False):
        yield


@pytest.fixture
def aino(mornings: EventSeries, noon: datetime) -> Message:
    """Aino has a place, and the mail that says so came back: her address is blocked."""
    sign_up(mornings, AINO, 0, at=noon)
    message = mail(AINO, "confirmation")
    MessageEvent.objects.create(message=message, at=noon, state="bounced_hard", note="550 5.1.1")
    Message.objects.filter(pk=message.pk).update(state="bounced_hard")
    suppress(address=AINO.email, reason="bounced_hard", at=noon)
    return message


@pytest.fixture
def desk(demos: Organisation) -> Client:
    return signed_in(demos)


def signed_in(organisation: Organisation, role: str = Membership.Role.ORGANISER) -> Client:
    client = Client()
    email = f"{organisation.slug}-{role}@example.org"
    client.force_login(factories.organiser(organisation, email=email, role=role))
    return client


def post(client: Client, path: str, body: object) -> HttpResponseBase:
    return client.post(API + path, json.dumps(body), content_type="application/json")


def told(answer: HttpResponseBase, status: int = 200) -> Any:  # noqa: ANN401 - whatever the JSON holds
    assert answer.status_code == status, answer.getvalue()
    return json.loads(answer.getvalue())


def test_a_message_tells_what_it_said_and_what_became_of_it(desk: Client, aino: Message) -> None:
    body = told(desk.get(f"{API}messages/{aino.pk}/"))

    assert (body["kind"], body["recipient"], body["state"]) == ("confirmation", AINO.email, "bounced_hard")
    assert [(step["state"], step["note"]) for step in body["steps"]] == [("bounced_hard", "550 5.1.1")]
    assert "Lähiluonnon saavutettavuus" in body["text"]
    assert attendee(AINO).token not in body["text"]


def test_what_did_not_arrive_is_sent_once_more_with_a_reason(desk: Client, aino: Message) -> None:
    sent = told(post(desk, f"messages/{aino.pk}/resend/", {"reason": "Osoite toimii taas"}), 202)

    assert (sent["id"], sent["state"]) == (aino.pk, "queued")
    assert not suppressed([AINO.email])
    assert AuditEvent.objects.get(action="message.sent_again").reason == "Osoite toimii taas"
    again = told(post(desk, f"messages/{aino.pk}/resend/", {}), 422)
    assert again["code"] == "not-sent-again"
    long = told(post(desk, f"messages/{aino.pk}/resend/", {"reason": "x" * 501}), 400)
    assert long["errors"].keys() == {"reason"}


def test_an_address_that_works_again_is_written_to(
    desk: Client, mornings: EventSeries, aino: Message
) -> None:
    row = registration(AINO, day(mornings))

    lifted = told(post(desk, f"registrations/{row.pk}/unblock/", {"reason": "Soitti"}))
    again = told(post(desk, f"registrations/{row.pk}/unblock/", {}))

    assert (lifted, again["lifted"]) == ({"email": AINO.email, "lifted": True}, False)
    assert AuditEvent.objects.get(action="attendee.unblocked").reason == "Soitti"
    assert Message.objects.get(pk=aino.pk).state == "bounced_hard", "what was not sent stays so"


def test_a_viewer_reads_and_puts_nothing_right(demos: Organisation, aino: Message) -> None:
    viewer = signed_in(demos, Membership.Role.VIEWER)
    row = registration(AINO, day(EventSeries.objects.get()))

    assert viewer.get(f"{API}messages/{aino.pk}/").status_code == 200
    assert post(viewer, f"messages/{aino.pk}/resend/", {}).status_code == 403
    assert post(viewer, f"registrations/{row.pk}/unblock/", {}).status_code == 403
    assert suppressed([AINO.email])


@pytest.mark.parametrize("audience", ["", "series:x", "organiser:1", "event:999999999"])
def test_a_message_of_nobody_here_is_not_there(desk: Client, aino: Message, audience: str) -> None:
    Message.objects.filter(pk=aino.pk).update(audience=audience)

    assert desk.get(f"{API}messages/{aino.pk}/").status_code == 404
    assert post(desk, f"messages/{aino.pk}/resend/", {}).status_code == 404


def test_the_messages_of_others_are_not_there(mornings: EventSeries, aino: Message) -> None:
    stranger, row = signed_in(factories.organisation("toinen")), registration(AINO, day(mornings))
    for audience in (aino.audience, f"series:{mornings.pk}"):
        Message.objects.filter(pk=aino.pk).update(audience=audience)
        assert stranger.get(f"{API}messages/{aino.pk}/").status_code == 404
        assert post(stranger, f"messages/{aino.pk}/resend/", {}).status_code == 404
    assert post(stranger, f"registrations/{row.pk}/unblock/", {}).status_code == 404
    assert stranger.get(f"{API}registrations/{row.pk}/timeline/").status_code == 404
    assert suppressed([AINO.email])


def test_the_timeline_tells_everything_in_order(desk: Client, mornings: EventSeries, aino: Message) -> None:
    row = registration(AINO, day(mornings))
    body = told(desk.get(f"{API}registrations/{row.pk}/timeline/"))

    assert (body["name"], body["blocked"]) == (AINO.name, "bounced_hard")
    steps = [(one["step"], one["kind"], one["state"], one["ahead"]) for one in body["moments"]]
    assert steps == [
        ("registered", "", "", False),
        ("message", "confirmation", "bounced_hard", False),
    ]
    assert body["moments"][1]["message"] == aino.pk
    assert body["moments"][1]["note"] == "550 5.1.1"
    assert body["moments"][0]["event"] == day(mornings).slug


def test_what_lies_ahead_stands_at_the_end(desk: Client, mornings: EventSeries, noon: datetime) -> None:
    sign_up(mornings, AINO, 0, at=noon)
    row = registration(AINO, day(mornings))
    type(row).objects.filter(pk=row.pk).update(attended=True, attended_at=noon)

    moments = told(desk.get(f"{API}registrations/{row.pk}/timeline/"))["moments"]

    assert [(one["step"], one["attended"]) for one in moments if one["step"] == "came"] == [("came", True)]
    assert (moments[-1]["step"], moments[-1]["kind"], moments[-1]["ahead"]) == ("planned", "reminder", True)
    assert moments[-1]["message"] is None


def test_the_messages_of_a_series_are_listed_with_those_of_its_events(
    desk: Client, aino: Message, mornings: EventSeries, demos: Organisation, noon: datetime
) -> None:
    other = factories.four_mornings(organisation=demos, slug="toinen")
    sign_up(mornings, VEERA, 0, at=noon)
    sign_up(other, AINO, 0, at=noon)
    many = mail(VEERA, "confirmation")
    Message.objects.filter(pk=many.pk).update(audience=f"series:{mornings.pk}")
    tuesday = day(mornings).slug

    def listed(narrowed: str) -> set[int]:
        return {row["id"] for row in told(desk.get(f"{API}messages/?{narrowed}"))["results"]}

    mine, theirs = listed(f"series={mornings.slug}"), listed("series=toinen")
    assert {aino.pk, many.pk} == mine
    assert theirs
    assert (mine | theirs, mine & theirs) == (listed(""), set())
    assert listed(f"series={mornings.slug}&event={tuesday}") == listed(f"event={tuesday}") == {aino.pk}
    assert listed(f"series=toinen&event={tuesday}") == listed("series=nowhere") == set()
    assert listed(f"series={mornings.slug}&state=bounced_hard") == {aino.pk}
