"""What a provider's API answers, and what can be concluded from it."""

from collections import Counter
from datetime import datetime, timedelta
from http import HTTPStatus

import pytest
from anymail.exceptions import (
    AnymailAPIError,
    AnymailRecipientsRefused,
    AnymailRequestsAPIError,
    AnymailUnsupportedFeature,
)
from pytest_django.fixtures import Settings
from requests import Response
from requests.exceptions import ConnectTimeout, ReadTimeout

from notifications import delivery, outbox
from notifications.models import Attempt, Message
from tests.notifications import letters
from tests.notifications.providers import Backend

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def provider(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.MAILERS = {"default": {"BACKEND": "tests.notifications.providers.Backend"}}
    monkeypatch.setattr(Backend, "received", [])


def http(status: HTTPStatus) -> AnymailRequestsAPIError:
    response = Response()
    response.status_code = status
    return AnymailRequestsAPIError(response=response)


def amazon(status: HTTPStatus) -> AnymailAPIError:
    return AnymailAPIError(response={"ResponseMetadata": {"HTTPStatusCode": int(status)}})


# anymail makes a class of both errors, in just this way
NoConnection = type("NoConnection", (AnymailRequestsAPIError, ConnectTimeout), {})
NoAnswer = type("NoAnswer", (AnymailRequestsAPIError, ReadTimeout), {})

GOLDEN = [
    (None, "accepted", ""),
    (http(HTTPStatus.TOO_MANY_REQUESTS), "retry_wait", "429"),
    (http(HTTPStatus.SERVICE_UNAVAILABLE), "retry_wait", "503"),
    (http(HTTPStatus.BAD_REQUEST), "failed", "400"),
    (http(HTTPStatus.UNAUTHORIZED), "retry_wait", "401"),
    (http(HTTPStatus.INTERNAL_SERVER_ERROR), "uncertain", "500"),
    (http(HTTPStatus.BAD_GATEWAY), "uncertain", "502"),
    (amazon(HTTPStatus.TOO_MANY_REQUESTS), "retry_wait", "429"),
    (amazon(HTTPStatus.BAD_REQUEST), "failed", "400"),
    (NoConnection(), "retry_wait", "lost-NoConnection"),
    (NoAnswer(), "uncertain", "NoAnswer"),
    (AnymailRecipientsRefused(), "failed", "AnymailRecipientsRefused"),
    (AnymailUnsupportedFeature(), "failed", "AnymailUnsupportedFeature"),
    (ConnectionResetError(), "uncertain", "ConnectionResetError"),
]


@pytest.mark.parametrize(("says", "state", "code"), GOLDEN)
def test_a_providers_answer_becomes_what_is_known(
    says: Exception | None, state: str, code: str, noon: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Backend, "says", says)
    message = outbox.queue(letters.note(), at=noon)

    delivery.drain(lane="bulk", owner="test", at=noon)

    message.refresh_from_db()
    [attempt] = message.attempts.all()
    assert (message.state, attempt.code) == (state, code)
    assert attempt.provider_id == ("" if says else "provider-1")


def test_a_provider_that_is_not_reached_or_takes_no_key_is_left_alone_and_no_message_is_lost(
    noon: datetime, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    outbox.queue_many([letters.note(number) for number in range(12)], at=noon)
    monkeypatch.setattr(Backend, "says", http(HTTPStatus.FORBIDDEN))
    delivery.drain(lane="bulk", owner="test", at=noon)
    options = {"server_token": "made-up", "api_url": "http://127.0.0.1:1/"}
    settings.MAILERS = {"default": {"BACKEND": "anymail.backends.postmark.EmailBackend", "OPTIONS": options}}
    delivery.drain(lane="bulk", owner="test", at=noon)

    assert Counter(Message.objects.values_list("state", flat=True)) == {"retry_wait": 10, "queued": 2}
    codes = Counter(Attempt.objects.values_list("code", flat=True))
    assert codes == {"403": 5, "lost-ConnectionError": 5}


def test_a_back_end_that_says_it_sent_nothing_leaves_it_open(
    noon: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Backend, "takes", False)
    message = outbox.queue(letters.note(), at=noon)

    delivery.drain(lane="bulk", owner="test", at=noon)

    message.refresh_from_db()
    assert message.state == "uncertain"


def test_an_invitation_goes_as_a_file_where_the_tree_cannot_be_carried(noon: datetime) -> None:
    outbox.queue(letters.invitation(), at=noon)

    delivery.drain(lane="urgent", owner="test", at=noon)

    [mail] = Backend.received
    assert [(file[0], file[2]) for file in mail.attachments] == [
        ("kutsu.ics", "text/calendar; method=REQUEST")
    ]


def test_a_late_worker_hands_nothing_to_a_provider(noon: datetime) -> None:
    message = outbox.queue(letters.note(), at=noon)
    second = timedelta(seconds=1)

    delivery.drain(lane="bulk", owner="slow", at=noon, terms=delivery.Terms(send=second, answer=second))

    message.refresh_from_db()
    assert (message.state, Backend.received) == ("retry_wait", [])
