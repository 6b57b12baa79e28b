"""Messages that were sent, and what their providers tell of them."""

from datetime import datetime, timedelta

from anymail.signals import AnymailTrackingEvent

from notifications import news, outbox
from notifications.mime import METADATA, delivery_id
from notifications.models import Attempt, Message
from tests.notifications import letters

SECRET = "postman:a-long-enough-secret"
MINUTE = timedelta(minutes=1)


def sent(number: int = 1, *, at: datetime, state: str = "accepted", recipient: str = "") -> Message:
    message = outbox.queue(letters.note(number, recipient=recipient or f"veera{number}@example.org"), at=at)
    Message.objects.filter(pk=message.pk).update(state=state)
    Attempt.objects.create(
        message=message, owner="w", started_at=at, ended_at=at, provider_id=f"provider-{number}"
    )
    message.refresh_from_db()
    return message


def event(
    kind: str,
    message: Message,
    *,
    at: datetime,
    number: str | None = "1",
    soft: bool = False,
    **facts: object,
) -> AnymailTrackingEvent:
    given: dict[str, object] = {
        "event_type": kind,
        "timestamp": at,
        "event_id": number,
        "esp_event": {"Type": "SoftBounce" if soft else "HardBounce"},
        "metadata": {METADATA: delivery_id(message)},
        "recipient": message.recipient,
        "reject_reason": "bounced" if kind == "bounced" else None,
    }
    return AnymailTrackingEvent(**(given | facts))


def hear(*events: AnymailTrackingEvent, at: datetime) -> None:
    for one in events:
        news.keep(one, provider="Postmark", at=at)
    while news.work_off(at=at):
        pass


def told(message: Message) -> list[str]:
    return list(message.events.values_list("state", flat=True))


def state_of(message: Message) -> str:
    message.refresh_from_db()
    return message.state
