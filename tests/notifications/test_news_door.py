"""The door for news: whoever does not know the secret, or brings what is no news, writes nothing."""

import base64
import json
from datetime import UTC, datetime
from time import perf_counter

import anymail.webhooks.amazon_ses
import pytest
from django.core.checks import CheckMessage
from django.test import Client
from pytest_django.fixtures import Settings

from notifications import checks, tasks
from notifications.mime import METADATA, delivery_id
from notifications.models import Message, MessageEvent, ProviderEvent
from tests.notifications.newsroom import SECRET, sent, state_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def heard(settings: Settings) -> None:
    settings.ANYMAIL, settings.WEBHOOK_SECRET = {"WEBHOOK_SECRET": SECRET}, SECRET


def post(
    client: Client, body: object, *, secret: str = SECRET, provider: str = "postmark", **headers: str
) -> int:
    login = base64.b64encode(secret.encode()).decode()
    return client.post(
        f"/anymail/{provider}/tracking/",
        data=body if isinstance(body, bytes) else json.dumps(body),
        content_type="application/json",
        headers={"Authorization": f"Basic {login}", **headers},
    ).status_code


def bounce(message: Message) -> dict[str, object]:
    return {
        "RecordType": "Bounce",
        "Type": "HardBounce",
        "ID": 42,
        "MessageID": "provider-1",
        "Email": message.recipient,
        "BouncedAt": "2026-03-01T11:00:00Z",
        "Details": "smtp;550 5.1.1 unknown",
        "Metadata": {METADATA: delivery_id(message)},
    }


@pytest.mark.usefixtures("heard")
def test_a_provider_tells_of_a_bounce_and_the_task_makes_it_known(client: Client, noon: datetime) -> None:
    message = sent(at=noon)

    assert [post(client, bounce(message)) for _ in range(2)] == [200, 200]
    assert state_of(message) == "accepted"  # the view only keeps
    tasks.hear()

    assert (state_of(message), ProviderEvent.objects.count()) == ("bounced_hard", 1)
    assert MessageEvent.objects.get(message=message).at == datetime(2026, 3, 1, 11, tzinfo=UTC)


@pytest.mark.usefixtures("heard")
def test_whoever_does_not_know_the_secret_writes_nothing(
    client: Client, noon: datetime, settings: Settings
) -> None:
    """T36: wrong, missing, replayed under another's name, too large, no news at all: refused at once."""
    message = sent(at=noon)
    body = bounce(message)
    post(client, {})  # the first request loads what the others use
    ProviderEvent.objects.all().delete()

    started = perf_counter()
    answers = [
        post(client, body, secret="postman:guessed"),
        post(client, body, secret=""),
        client.post("/anymail/postmark/tracking/", data="{}", content_type="application/json").status_code,
        post(client, b"{not json"),
        post(client, b"\xff\xfe"),
        post(client, []),
        post(client, body, provider="mailersend"),  # has no key to check the signature with
        post(client, body, provider="amazon_ses"),
        post(client, b"x" * (256 * 1024 + 1)),
        post(client, b"x" * (10 * 1024 * 1024)),
        post(client, body, provider="nobody"),
    ]
    took = (perf_counter() - started) / len(answers)

    assert answers == [400, 400, 400, 400, 400, 400, 400, 400, 413, 413, 404]
    assert not ProviderEvent.objects.exists()
    assert took <= 0.05
    settings.WEBHOOK_SECRET = ""
    assert post(client, body) == 404


def test_a_wrong_signature_is_refused(client: Client, noon: datetime, settings: Settings) -> None:
    settings.WEBHOOK_SECRET = SECRET
    settings.ANYMAIL = {"WEBHOOK_SECRET": SECRET, "MAILERSEND_SIGNING_SECRET": "key"}

    assert post(client, {"type": "activity.delivered"}, provider="mailersend", Signature="0" * 64) == 400
    assert not ProviderEvent.objects.exists()


@pytest.mark.usefixtures("heard")
def test_a_provider_may_look_whether_the_address_is_there(client: Client) -> None:
    assert client.get("/anymail/unisender_go/tracking/").status_code == 200
    assert client.head("/anymail/mandrill/tracking/").status_code == 200
    assert client.put("/anymail/postmark/tracking/").status_code == 405


def amazon(message: Message, kind: str = "Bounce") -> dict[str, object]:
    told = {
        "eventType": kind,
        "bounce": {
            "bounceType": "Permanent",
            "bounceSubType": "General",
            "bouncedRecipients": [{"emailAddress": message.recipient, "diagnosticCode": "smtp; 550 5.1.1"}],
        },
        "mail": {"messageId": "provider-1", "destination": [message.recipient], "headers": []},
    }
    return {
        "Type": "Notification",
        "MessageId": "sns-1",
        "TopicArn": "arn:aws:sns:eu-north-1:1:vipu",
        "Timestamp": "2026-03-01T11:00:00Z",
        "Message": json.dumps(told),
    }


@pytest.mark.usefixtures("heard")
def test_amazon_must_know_the_secret_and_a_strangers_topic_is_not_confirmed(
    client: Client, noon: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its package is not installed here; the view of it that reads and checks is."""
    monkeypatch.setattr(anymail.webhooks.amazon_ses, "_get_anymail_boto3_params", lambda **_kwargs: ({}, {}))
    message = sent(at=noon)
    body = amazon(message)
    sns = {"x-amz-sns-message-type": "Notification", "x-amz-sns-message-id": "sns-1"}

    asked = client.post("/anymail/amazon_ses/tracking/", data="{}", content_type="text/plain")
    assert (asked.status_code, asked["WWW-Authenticate"]) == (401, 'Basic realm="Anymail WEBHOOK_SECRET"')
    assert post(client, body, secret="postman:guessed", provider="amazon_ses", **sns) == 400
    assert post(client, body, provider="amazon_ses") == 400  # not in the form that Amazon sends
    confirm = {"Type": "SubscriptionConfirmation", "MessageId": "sns-1"}
    theirs = {**sns, "x-amz-sns-message-type": "SubscriptionConfirmation"}
    assert post(client, confirm, secret="postman:guessed", provider="amazon_ses", **theirs) == 400
    assert post(client, body, provider="amazon_ses", **sns) == 200
    tasks.hear()

    assert state_of(message) == "bounced_hard"


def said(settings: Settings, backend: str, **anymail_settings: str) -> list[CheckMessage]:
    settings.MAILERS = {"default": {"BACKEND": backend}}
    settings.ANYMAIL = anymail_settings
    settings.WEBHOOK_SECRET = anymail_settings.get("WEBHOOK_SECRET", "")
    return checks.news_can_be_heard(None)


def test_at_the_start_it_is_told_when_nobody_would_hear_of_bounces(settings: Settings) -> None:
    def of(provider: str) -> str:
        return f"anymail.backends.{provider}.EmailBackend"

    smtp = "django.core.mail.backends.smtp.EmailBackend"
    assert said(settings, smtp) == []
    assert [found.id for found in said(settings, of("postmark"))] == ["notifications.W003"]
    assert said(settings, of("postmark"), WEBHOOK_SECRET=SECRET) == []
    assert [found.id for found in said(settings, of("scaleway"))] == ["notifications.W002"]
    [unsigned] = said(settings, of("mailgun"), WEBHOOK_SECRET=SECRET)
    assert (unsigned.id, "WEBHOOK_SIGNING_KEY" in unsigned.msg) == ("notifications.E002", True)
    assert said(settings, of("mailgun"), WEBHOOK_SECRET=SECRET, MAILGUN_WEBHOOK_SIGNING_KEY="key") == []


def test_a_lost_wake_up_loses_no_news(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(**_kwargs: object) -> None:
        raise ConnectionError

    monkeypatch.setattr(tasks.hear, "apply_async", broken)

    tasks.wake_news()
