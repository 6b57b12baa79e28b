"""What a reader can do without: one click, a page, and a drain that keeps to it."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

import pytest
from django.test import Client

from notifications import delivery, kinds, outbox, preferences, rendering, suppression
from notifications.drafts import Draft
from notifications.models import Message, OptOut
from notifications.topics import TOPICS
from tests.notifications import letters

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def a_topic(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    rendering._made.cache_clear()  # noqa: SLF001 - what was made before knows no topic
    monkeypatch.setitem(kinds._kinds, "test_note", replace(letters.NOTE, topic="note"))  # noqa: SLF001 - as in conftest
    yield
    rendering._made.cache_clear()  # noqa: SLF001 - as above


def note(number: int = 1, *, scope: str = "series:3") -> Draft:
    return replace(letters.note(number), scope=scope)


def path_of(message: Message) -> str:
    return preferences.address(message).removeprefix("https://vipu.example.org")


def test_the_mail_says_where_to_leave_and_where_to_choose(noon: datetime) -> None:
    message = outbox.queue(note(), at=noon)
    Message.objects.filter(pk=message.pk).update(id=1_000_000)  # an address that is longer than a line
    message.pk = 1_000_000

    delivery.drain(lane="bulk", owner="test", at=noon)

    [mail] = letters.arrived()
    assert mail["List-Unsubscribe"] == f"<{preferences.address(message)}>"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    for part in mail.walk():
        if part.get_content_maintype() == "text":
            assert preferences.address(message) in part.get_content()


def test_what_belongs_to_the_deed_itself_cannot_be_left(noon: datetime) -> None:
    message = outbox.queue(letters.invitation(), at=noon)

    delivery.drain(lane="urgent", owner="test", at=noon)

    [mail] = letters.arrived()
    assert mail["List-Unsubscribe"] is None
    assert "/u/" not in mail.as_string()
    assert preferences.by_token(path_of(message).split("/")[2]) is None


def test_one_click_is_enough_and_the_drain_keeps_to_it(client: Client, noon: datetime) -> None:
    message = outbox.queue(note(), at=noon)

    for _again in range(2):
        answer = client.post(path_of(message), {"List-Unsubscribe": "One-Click"})
        assert answer.status_code == 200

    assert OptOut.objects.values_list("scope", "topic").get() == ("series:3", "note")
    delivery.drain(lane="bulk", owner="test", at=noon)
    message.refresh_from_db()
    assert (message.state, message.events.get().note) == ("suppressed", "opted-out")
    assert letters.arrived() == []


def test_another_series_and_another_topic_still_come(client: Client, noon: datetime) -> None:
    message, other, deed = outbox.queue_many(
        [note(1), note(2, scope="series:4"), letters.invitation(recipient="veera@example.org")], at=noon
    )
    client.post(path_of(message), {"List-Unsubscribe": "One-Click"})

    assert suppression.blocked([message, other, deed]) == {message.pk: "opted-out"}
    assert suppression.opted_out(
        ["Veera@example.org", "aino@example.org"], scope="series:3", topic="note"
    ) == {"Veera@example.org"}


def test_a_blocked_address_is_told_as_blocked_whatever_its_reader_wants(noon: datetime) -> None:
    message = outbox.queue(note(), at=noon)
    suppression.opt_out(address=message.recipient, scope="series:3", topic="note", at=noon)
    suppression.suppress(address=message.recipient, reason="bounced_hard", at=noon)

    assert suppression.blocked([message]) == {message.pk: "bounced_hard"}


def test_the_page_stops_and_starts_each_topic_and_all(client: Client, noon: datetime) -> None:
    message = outbox.queue(note(), at=noon)
    path = path_of(message)

    client.post(path, {"stop": ["reminder", "survey", "nonsense"]})
    assert suppression.topics_left(address=message.recipient, scope="series:3") == {"reminder", "survey"}
    client.post(path, {"start": "survey"})
    assert suppression.topics_left(address=message.recipient, scope="series:3") == {"reminder"}
    client.post(path, {"all": "1"})
    assert not OptOut.objects.exists()


@pytest.mark.parametrize(
    ("language", "words"),
    [("fi", "Mitä viestejä saat"), ("sv", "Vilka meddelanden du får"), ("en", "What messages you get")],
)
def test_the_page_speaks_the_language_of_the_mail_and_opening_it_changes_nothing(
    language: str, words: str, client: Client, noon: datetime
) -> None:
    message = outbox.queue(note(), at=noon)
    Message.objects.update(language=language)

    page = client.get(path_of(message))

    assert words in page.text
    assert page["Cache-Control"] == "no-store, private"
    assert page.text.count("<button") == len(TOPICS)
    assert not OptOut.objects.exists()


@pytest.mark.parametrize("token", ["1", "0-AAAAAAAAAAAAAAAAAAAAAAAAAAA", "x-y", "9" * 30])
def test_a_made_up_address_opens_nothing(token: str, client: Client, noon: datetime) -> None:
    message = outbox.queue(note(), at=noon)
    own = path_of(message)

    assert client.get(f"/u/{token}/").status_code == 404
    assert client.post(own.replace(f"/u/{message.pk}-", f"/u/{message.pk + 1}-")).status_code == 404
    assert client.post(f"{own[:-2]}{'A' if own[-2] != 'A' else 'B'}/").status_code == 404
    assert not OptOut.objects.exists()


def test_every_kind_names_a_topic_that_exists_or_none() -> None:
    assert {kind.topic for kind in kinds.all_kinds()} <= {"", *TOPICS}
    assert kinds.topic_of("a kind of yesterday") == ""
