"""The page and the one-click address by which a reader says what they can do without (RFC 8058).

The address is a capability of its own: it names a message and proves that it was mailed, needs no cookie and
opens nothing else. What its reader does not want is kept for the address the message went to.
"""

import hmac
import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.conf import settings
from django.db import transaction

from backend.core.links import token_for
from notifications import kinds, suppression
from notifications.drafts import Draft
from notifications.models import Message
from notifications.topics import TOPICS

PATH: Final = "/u/{token}/"
ONE_CLICK: Final = "List-Unsubscribe=One-Click"
_TOKEN = re.compile(r"(\d{1,18})-([\w-]{27})")
_PURPOSE = "preferences"


@dataclass(frozen=True, slots=True, kw_only=True)
class Preferences:
    """What one reader gets of one series; ``topic`` is that of the message it is looked at from, if any."""

    address: str
    scope: str
    language: str
    topic: str
    left: frozenset[str]

    @property
    def gets(self) -> dict[str, bool]:
        """Tell for each topic whether the reader gets it; the topic of the message comes first."""
        return {topic: topic not in self.left for topic in sorted(TOPICS, key=lambda one: one != self.topic)}


def of(*, address: str, scope: str, language: str, topic: str = "") -> Preferences:
    """Read what the reader of an address gets of a series."""
    left = suppression.topics_left(address=address, scope=scope)
    return Preferences(address=address, scope=scope, language=language, topic=topic, left=left)


def address(message: Message | Draft) -> str:
    """Write the address of the reader's choices."""
    return settings.PUBLIC_URL + PATH.replace("{token}", token(message))


def token(message: Message | Draft) -> str:
    """Write the part of that address which opens it."""
    number = message.pk if isinstance(message, Message) else 0
    return f"{number}-{token_for(_PURPOSE, message.dedupe_key)}"


def headers(message: Message) -> dict[str, str]:
    """Give the two headers by which a mail program shows a button of its own; none where all must come."""
    if not kinds.topic_of(message.kind):
        return {}
    return {"List-Unsubscribe": f"<{address(message)}>", "List-Unsubscribe-Post": ONE_CLICK}


def by_token(token: str) -> Preferences | None:
    """Find whose choices an address opens; None for one that was never mailed."""
    found = _TOKEN.fullmatch(token)
    message = Message.objects.filter(pk=int(found[1])).first() if found else None
    if not found or message is None:
        return None
    topic = kinds.topic_of(message.kind)
    if not topic or not hmac.compare_digest(found[2], token_for(_PURPOSE, message.dedupe_key)):
        return None
    return of(address=message.recipient, scope=message.scope, language=message.language, topic=topic)


@transaction.atomic
def choose(
    own: Preferences, *, at: datetime, stop: Collection[str] = (), start: Collection[str] = ()
) -> Preferences:
    """Leave topics, or get them again; the same choice twice changes nothing."""
    for topic in sorted(set(stop) & set(TOPICS)):
        suppression.opt_out(address=own.address, scope=own.scope, topic=topic, at=at)
    suppression.opt_in(address=own.address, scope=own.scope, topics=list(start))
    return of(address=own.address, scope=own.scope, language=own.language, topic=own.topic)
