"""News of messages from the providers that took them: kept at once, understood by a task, and told once.

Providers repeat themselves, under new numbers, out of order, and sometimes before we have written down that
they took the message at all. A piece of news is one row by what it says; only better knowledge moves a
message; and what follows from it (an address is blocked) happens in the transaction that works it off.
"""

import hashlib
import re
from datetime import datetime, timedelta

from anymail.signals import AnymailTrackingEvent
from django.db import transaction
from django.utils import timezone

from backend.core.turns import in_turn
from notifications import kinds, rules, suppression
from notifications.mime import DELIVERY_ID, METADATA, delivery_id
from notifications.models import Attempt, Message, MessageEvent, ProviderEvent
from notifications.signals import MessageCameBack, message_came_back
from notifications.verdicts import verdict

State = Message.State
BATCH = 200
UNKNOWN_KEPT = timedelta(hours=24)
KEPT = timedelta(days=30)
LOOK_AGAIN = timedelta(seconds=10)
SOFT_BOUNCES, SOFT_WITHIN = 3, timedelta(days=7)


def keep(event: AnymailTrackingEvent, *, provider: str, at: datetime) -> bool:
    """Keep one piece of news without the address it is about; tells whether it was worth keeping."""
    found = verdict(
        provider=provider.lower(),
        event=event.event_type or "",
        reason=event.reject_reason or "",
        raw=event.esp_event,
    )
    if found is None:
        return False
    happened = event.timestamp if isinstance(event.timestamp, datetime) else None
    if happened and timezone.is_naive(happened):
        happened = None
    row = ProviderEvent(
        provider=provider.lower()[:20],
        event_id=f"{event.event_type}:{event.event_id}"[:200] if event.event_id else "",
        fingerprint=_fingerprint(event, provider=provider),
        news=found.news,
        opts_out=found.opts_out,
        delivery=_named(event),
        provider_id=str(event.message_id or "")[:200],
        address_hash=suppression.address_hash(event.recipient) if event.recipient else "",
        code=_code(event),
        at=min(happened, at) if happened else at,
        received_at=at,
        due_at=at,
    )
    ProviderEvent.objects.bulk_create([row], ignore_conflicts=True)
    return True


def work_off(*, at: datetime) -> int:
    """Let messages take the news that waits; tells how many rows were looked at."""
    waiting = ProviderEvent.objects.filter(handled_at__isnull=True, due_at__lte=at).order_by("due_at", "pk")
    return in_turn(list(waiting.values_list("pk", flat=True)[:BATCH]), lambda pk: _one(pk, at=at))


def forget(*, at: datetime) -> int:
    """Remove news of messages nobody knows after a day, and all other news after thirty."""
    unknown = ProviderEvent.objects.filter(handled_at__isnull=True, received_at__lte=at - UNKNOWN_KEPT)
    old = ProviderEvent.objects.filter(received_at__lte=at - KEPT)
    return unknown.delete()[0] + old.delete()[0]


def _fingerprint(event: AnymailTrackingEvent, *, provider: str) -> str:
    """Name what the news says. Its number is left out: some providers make a new one at each try."""
    moment = event.timestamp.isoformat() if isinstance(event.timestamp, datetime) else repr(event.esp_event)
    told = (
        *(provider, event.event_type, event.message_id, _named(event), event.recipient, moment),
        *(event.reject_reason, event.mta_response),
    )
    return hashlib.sha256("\x1f".join(str(part or "") for part in told).encode()).hexdigest()


def _named(event: AnymailTrackingEvent) -> str:
    """Find our own name for the message: in what we gave the provider along, or in its Message-ID."""
    metadata = event.metadata if isinstance(event.metadata, dict) else {}
    for text in (metadata.get(METADATA), event.message_id):
        if found := DELIVERY_ID.search(str(text or "")):
            return found[0]
    return ""


def _code(event: AnymailTrackingEvent) -> str:
    """Take the server's code out of its answer; the words around it often repeat the address."""
    answer = str(event.mta_response or "")
    found = re.search(r"\b[245]\.\d{1,3}\.\d{1,3}\b", answer) or re.search(r"\b[245]\d\d\b", answer)
    return found[0] if found else ""


@transaction.atomic
def _one(pk: int, *, at: datetime) -> bool:
    rows = ProviderEvent.objects.select_for_update(skip_locked=True)
    row = rows.filter(pk=pk, handled_at__isnull=True).first()
    if row is None:
        return False
    message = _message_of(row)
    if message is None or message.state == State.SENDING:
        # its worker has not written down yet that it was taken: look again, later and later
        row.due_at = at + max(LOOK_AGAIN, at - row.received_at)
        row.save(update_fields=["due_at"])
        return True
    row.address_hash = suppression.address_hash(message.recipient)
    _follow(row, message, at=at)
    row.outcome = "moved" if _move(row, message, at=at) else "known"
    row.message, row.handled_at = message, at
    row.save(update_fields=["address_hash", "outcome", "message", "handled_at"])
    return True


def _message_of(row: ProviderEvent) -> Message | None:
    """Find the message: by our own name, which nobody can guess, or by the name its provider gave it."""
    messages = Message.objects.select_for_update()
    if named := DELIVERY_ID.fullmatch(row.delivery):
        message = messages.filter(pk=int(named[1])).first()
        if message and delivery_id(message) == row.delivery:
            return message
    if not row.provider_id:
        return None
    tried = Attempt.objects.filter(provider_id=row.provider_id).values("message")
    return messages.filter(pk__in=tried).order_by("-pk").first()


def _move(row: ProviderEvent, message: Message, *, at: datetime) -> bool:
    """Let the message take the news, if it is worth more than what is known."""
    steps = rules.steps_by_news(row.news, message.state)
    if not steps:
        return False
    moved = Message.objects.filter(pk=message.pk, state=message.state).update(
        state=steps[-1], state_changed_at=at, owner="", lease_until=None
    )
    if not moved:
        return False
    happened = [MessageEvent(message=message, at=row.at, state=step) for step in steps]
    happened[-1].note, happened[-1].provider_event_id = row.code, row.fingerprint
    MessageEvent.objects.bulk_create(happened)
    if steps[-1] in rules.CAME_BACK:
        message_came_back.send(sender=Message, fact=MessageCameBack(message.pk, state=steps[-1], at=at))
    return True


def _follow(row: ProviderEvent, message: Message, *, at: datetime) -> None:
    """Do what follows for the address: it is blocked, or left alone with what its reader does not want."""
    if row.news in rules.BLOCKS or (row.news == State.BOUNCED_SOFT and _too_often(row, message)):
        suppression.suppress(address=message.recipient, reason=row.news, at=at)
    topic = kinds.topic_of(message.kind)
    if row.opts_out and topic:
        suppression.opt_out(address=message.recipient, scope=message.scope, topic=topic, at=at)


def _too_often(row: ProviderEvent, message: Message) -> bool:
    """Tell whether this is the third message to the address that came back within a week."""
    lately = ProviderEvent.objects.filter(
        address_hash=row.address_hash, news=State.BOUNCED_SOFT, at__gt=row.at - SOFT_WITHIN
    )
    others = lately.exclude(message=None).exclude(message=message).values("message").distinct().count()
    return others + 1 >= SOFT_BOUNCES
