"""What this app announces upwards; listeners run in the same transaction and only write rows."""

from dataclasses import dataclass
from datetime import datetime

from django.dispatch import Signal


@dataclass(frozen=True, slots=True, kw_only=True)
class MailArrived:
    """A mail came to our monitored address. A listener that knows it answers in one word what it was."""

    raw: bytes
    recipient: str  # of the envelope; empty where the way in does not tell it
    at: datetime


mail_arrived = Signal()  # fact: MailArrived


@dataclass(frozen=True, slots=True)
class MessageCameBack:
    """A message came back, or was reported as unwanted."""

    message_id: int
    state: str
    at: datetime


message_came_back = Signal()  # fact: MessageCameBack
