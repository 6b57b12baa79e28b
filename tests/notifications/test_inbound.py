"""Mail that comes in is kept once, before anybody understands it, and no mail holds up the next."""

import base64
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from notifications import inbound, tasks
from notifications.inboxes import FolderInbox, ImapInbox, InboxError, inboxes
from notifications.models import InboundMail
from notifications.signals import MailArrived, mail_arrived
from tests.notifications.imap import Server, mailbox

NOON = datetime(2027, 3, 1, 12, 0, tzinfo=UTC)
SECRET = "postman:a-long-enough-secret"
LETTER = b"From: aino@example.org\r\nTo: ilmo@example.org\r\nSubject: Kiitos\r\n\r\nTulen.\r\n"

pytestmark = pytest.mark.django_db


@pytest.fixture
def server() -> Iterator[Server]:
    with mailbox() as server:
        yield server


@pytest.fixture
def readers() -> Iterator[list[MailArrived]]:
    """A listener that knows every mail, and breaks at one that says so."""
    heard: list[MailArrived] = []

    def listen(fact: MailArrived, **_kwargs: object) -> str:
        heard.append(fact)
        if b"break" in fact.raw:
            raise ValueError("the words of a mail")
        return "recorded" if b"Kiitos" in fact.raw else ""

    others, mail_arrived.receivers = mail_arrived.receivers, []  # nobody else reads along
    mail_arrived.connect(listen)
    yield heard
    mail_arrived.disconnect(listen)
    mail_arrived.receivers = others
    mail_arrived.sender_receivers_cache.clear()


def kept() -> list[tuple[str, str]]:
    return list(InboundMail.objects.values_list("source", "outcome"))


def test_the_same_mail_is_kept_once() -> None:
    assert inbound.keep(raw=LETTER, source="imap", at=NOON)
    assert not inbound.keep(raw=LETTER, source="webhook:postmark", at=NOON)
    assert not inbound.keep(raw=b"x" * (inbound.LIMIT + 1), source="imap", at=NOON)
    assert kept() == [("imap", "")]


def test_what_came_in_is_worked_off_once_and_a_broken_one_is_set_aside(readers: list[MailArrived]) -> None:
    for raw in (b"break", LETTER, b"a stranger's"):
        inbound.keep(raw=raw, source="imap", at=NOON, recipient="ilmo+abc@example.org")

    assert [inbound.work_off(at=NOON), inbound.work_off(at=NOON)] == [3, 0]

    assert [outcome for _source, outcome in kept()] == ["broken:ValueError", "recorded", "nobodys"]
    assert [(fact.raw, fact.recipient) for fact in readers][1] == (LETTER, "ilmo+abc@example.org")


def test_raw_mail_goes_after_thirty_days() -> None:
    inbound.keep(raw=LETTER, source="imap", at=NOON)

    assert inbound.forget(at=NOON + timedelta(days=30, seconds=-1)) == 0
    assert inbound.forget(at=NOON + timedelta(days=30)) == 1


def test_a_mailbox_is_read_and_each_letter_seen_once_it_is_kept(
    server: Server, caplog: pytest.LogCaptureFixture
) -> None:
    server.letters = {3: LETTER, 4: b"x" * (inbound.LIMIT + 1), 7: LETTER + b"PS\r\n"}
    inbox = ImapInbox.of(server.url())

    assert [inbound.fetch(inbox, at=NOON), inbound.fetch(inbox, at=NOON)] == [2, 0]

    assert [bytes(row.raw) for row in InboundMail.objects.all()] == [LETTER, LETTER + b"PS\r\n"]
    assert server.seen == {3, 4, 7}
    assert "UID FETCH 4 (BODY.PEEK[])" not in server.orders  # nobody downloads what is not kept
    assert caplog.messages == [f"a mail of {inbound.LIMIT + 1} bytes from imap was not kept"]


def test_a_letter_whose_row_does_not_stand_stays_unread(server: Server) -> None:
    server.letters = {1: LETTER}

    next(ImapInbox.of(server.url()).letters(limit=inbound.LIMIT))

    assert server.seen == set()


@pytest.mark.parametrize("url", [{"password": "wrong"}, {"folder": "Elsewhere"}])
def test_a_mailbox_that_cannot_be_opened_is_tried_again_later(server: Server, url: dict[str, str]) -> None:
    inbox = ImapInbox.of(server.url(**url))

    assert inbound.fetch(inbox, at=NOON) == 0
    with pytest.raises(InboxError):
        inbox.check()


def test_a_mailbox_that_answers_passes_the_check(server: Server) -> None:
    ImapInbox.of(server.url()).check()

    nobody_there = ImapInbox.of("imaps://ilmo:x@127.0.0.1:1/")
    assert (nobody_there.encrypted, nobody_there.folder) == (True, "INBOX")
    assert inbound.fetch(nobody_there, at=NOON) == 0


def test_a_file_dropped_into_the_folder_is_a_mail(
    tmp_path: Path, settings: Settings, readers: list[MailArrived], caplog: pytest.LogCaptureFixture
) -> None:
    settings.REPLIES_DIR, settings.REPLY_MAIL_URL = tmp_path, ""
    (tmp_path / "reply.eml").write_bytes(LETTER)
    (tmp_path / "large.eml").write_bytes(b"x" * (inbound.LIMIT + 1))

    tasks.take_in_mail()
    tasks.take_in_mail()

    assert kept() == [("folder", "recorded")]
    assert sorted(path.name for path in (tmp_path / "read").iterdir()) == ["large.eml", "reply.eml"]
    assert f"a mail of {inbound.LIMIT + 1} bytes from folder was not kept" in caplog.messages


def test_every_connected_mailbox_is_read(tmp_path: Path, settings: Settings) -> None:
    settings.REPLIES_DIR, settings.REPLY_MAIL_URL = tmp_path, "imaps://ilmo:x@mail.example.org/Replies"

    assert inboxes() == [
        ImapInbox("mail.example.org", 993, "ilmo", "x", folder="Replies"),
        FolderInbox(tmp_path),
    ]


def post(client: Client, *, secret: str, raw: bytes = LETTER, provider: str = "postmark") -> int:
    body = {"RawEmail": raw.decode(), "OriginalRecipient": "ilmo+abc@example.org", "From": "aino@example.org"}
    login = base64.b64encode(secret.encode()).decode()
    return client.post(
        f"/anymail/{provider}/inbound/",
        data=json.dumps(body),
        content_type="application/json",
        headers={"Authorization": f"Basic {login}"},
    ).status_code


def test_a_provider_hands_a_mail_over(client: Client, settings: Settings) -> None:
    settings.ANYMAIL, settings.WEBHOOK_SECRET = {"WEBHOOK_SECRET": SECRET}, SECRET
    large = LETTER + b"x" * 1024 * 1024  # more than any form of ours may hold

    assert [post(client, secret=SECRET, raw=raw) for raw in (LETTER, LETTER, large)] == [200, 200, 200]

    row, other = InboundMail.objects.all()
    assert (row.source, row.recipient, b"Tulen." in bytes(row.raw)) == (
        "webhook:postmark",
        "ilmo+abc@example.org",
        True,
    )
    assert len(bytes(other.raw)) > 1024 * 1024


def test_nobody_else_gets_in(client: Client, settings: Settings) -> None:
    settings.ANYMAIL, settings.WEBHOOK_SECRET = {"WEBHOOK_SECRET": SECRET}, SECRET

    assert post(client, secret="postman:guessed") == 400
    assert post(client, secret=SECRET, provider="nobody") == 404
    huge = client.post(
        "/anymail/postmark/inbound/", data=b"", content_type="application/json", CONTENT_LENGTH="20000000"
    )
    assert huge.status_code == 413
    settings.WEBHOOK_SECRET = ""
    assert post(client, secret=SECRET) == 404
    assert not InboundMail.objects.exists()


def test_what_cannot_be_taken_in_is_refused_in_one_line_that_says_why(
    client: Client, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    settings.ANYMAIL, settings.WEBHOOK_SECRET = {"WEBHOOK_SECRET": SECRET}, SECRET
    login = {"Authorization": f"Basic {base64.b64encode(SECRET.encode()).decode()}"}

    assert post(client, secret="postman:guessed") == 400
    for provider in ("postmark", "mailgun"):  # the second one signs what it says
        junk = client.post(
            f"/anymail/{provider}/inbound/",
            data="aino@example.org",
            content_type="application/json",
            headers=login,
        )
        assert junk.status_code == 400

    ours = [one for one in caplog.records if one.name == "vipu.notifications"]
    assert [one.getMessage().removeprefix("mail from ") for one in ours] == [
        "postmark was refused: the secret or the signature is not the one in the settings",
        "postmark was refused: it cannot be read (JSONDecodeError)",
        "mailgun was refused: the key that checks its signature is missing, or a package is; see vipu doctor",
    ]
    assert not any(one.exc_info for one in caplog.records)
    assert not InboundMail.objects.exists()
