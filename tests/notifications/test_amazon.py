"""Amazon SES by its own client, against a server of ours that answers as Amazon does."""

import base64
import email
import json
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from email import policy
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from pytest_django.fixtures import Settings

from backend import mail_url
from notifications import delivery, outbox
from notifications.models import Circuit
from tests.notifications import letters

pytestmark = pytest.mark.django_db(transaction=True)
TAKEN = (200, {"MessageId": "0102-amazon"})
NO_ANSWER: tuple[int, dict[str, str]] = (0, {})


@dataclass
class Amazon:
    """Says what it was told to, and keeps what it was asked."""

    says: tuple[int, dict[str, str]] = TAKEN
    asked: list[dict[str, Any]] = field(default_factory=list)


@pytest.fixture
def amazon(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Amazon]:
    told = Amazon()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            told.asked.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            status, words = told.says
            if not status:
                self.connection.close()
                return
            said = json.dumps(words).encode()
            self.send_response(status)
            self.send_header("x-amzn-ErrorType", words.get("__type", ""))
            self.send_header("Content-Length", str(len(said)))
            self.end_headers()
            self.wfile.write(said)

        def log_message(self, *_told: object) -> None:
            """Say nothing: the run has its own report."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "made-up")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "made-up")
    settings.MAILERS = _leading_to(server.server_port)
    yield told
    server.shutdown()
    server.server_close()


def _leading_to(port: int) -> dict[str, Any]:
    mail = mail_url.read("ses://eu-north-1?configuration_set=vipu&timeout=5", sender="vipu@example.org")
    options: dict[str, Any] = dict(mail.options)
    options["client_params"] = {**options["client_params"], "endpoint_url": f"http://127.0.0.1:{port}"}
    return {"default": {"BACKEND": mail.backend, "OPTIONS": options}}


def story(noon: datetime) -> tuple[str, str, str]:
    message = outbox.queue(letters.invitation(), at=noon)
    delivery.drain(lane="urgent", owner="test", at=noon)
    message.refresh_from_db()
    [attempt] = message.attempts.all()
    return message.state, attempt.code, attempt.provider_id


def test_an_invitation_reaches_amazon_whole(noon: datetime, amazon: Amazon) -> None:
    assert story(noon) == ("accepted", "", "0102-amazon")

    [asked] = amazon.asked
    assert asked["ConfigurationSetName"] == "vipu"
    assert asked["Destination"]["ToAddresses"] == ["aino@example.org"]
    mail = email.message_from_bytes(base64.b64decode(asked["Content"]["Raw"]["Data"]), policy=policy.default)
    calendars = [part for part in mail.walk() if part.get_content_type() == "text/calendar"]
    assert [part.get_param("method") for part in calendars] == ["REQUEST", "REQUEST"]
    assert [part.get_payload(decode=True) for part in calendars] == [letters.ICS.encode()] * 2


@pytest.mark.parametrize(
    ("says", "state", "code"),
    [
        ((400, {"__type": "MessageRejected"}), "failed", "400"),
        ((429, {"__type": "TooManyRequestsException"}), "retry_wait", "429"),
        ((400, {"__type": "SendingPausedException"}), "retry_wait", "SendingPausedException"),
        ((400, {"__type": "LimitExceededException"}), "retry_wait", "LimitExceededException"),
        ((403, {"__type": "UnrecognizedClientException"}), "retry_wait", "403"),
        ((500, {"__type": "InternalFailure"}), "uncertain", "500"),
        (NO_ANSWER, "uncertain", "ConnectionClosedError"),
    ],
    ids=lambda one: str(one) if isinstance(one, str) else "",
)
def test_what_amazon_says_becomes_what_is_known_and_it_is_asked_once(
    says: tuple[int, dict[str, str]], state: str, code: str, noon: datetime, amazon: Amazon
) -> None:
    amazon.says = says

    assert story(noon)[:2] == (state, code)
    assert len(amazon.asked) == 1


def test_where_amazon_is_not_reached_nothing_was_handed_over(
    noon: datetime, amazon: Amazon, settings: Settings
) -> None:
    settings.MAILERS = _leading_to(1)

    assert story(noon)[:2] == ("retry_wait", "lost-EndpointConnectionError")
    assert Circuit.objects.get().failures == 1


def test_without_a_key_nothing_was_handed_over(
    noon: datetime, amazon: Amazon, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")

    assert story(noon)[:2] == ("retry_wait", "lost-NoCredentialsError")
    assert amazon.asked == []


def test_without_its_package_messages_wait(
    noon: datetime, amazon: Amazon, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("anymail.backends.amazon_ses", "boto3"):  # as where it is not installed
        monkeypatch.setitem(sys.modules, name, None)
    message = outbox.queue(letters.invitation(), at=noon)

    assert delivery.drain(lane="urgent", owner="test", at=noon) == 0

    message.refresh_from_db()
    assert (message.state, Circuit.objects.get().failures) == ("queued", 1)
