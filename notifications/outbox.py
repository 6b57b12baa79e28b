"""The one door in: a message is written down in the same transaction as the deed it tells of."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet

from backend.core import bulk
from notifications import kinds, rules, tasks
from notifications.drafts import CalendarPart, Draft, Json, Link
from notifications.kinds import Lane
from notifications.models import Message, MessageEvent

__all__ = [
    "CalendarPart",
    "Draft",
    "Json",
    "Link",
    "file_under",
    "queue",
    "queue_batch",
    "queue_many",
    "recall",
    "withdraw",
]


@dataclass(frozen=True, slots=True)
class Nudge:
    """Wakes a worker for one lane once the transaction stands; equal nudges are one."""

    lane: str

    def __call__(self) -> None:
        """Wake a worker; if that fails, the next tick of the clock finds the message."""
        tasks.nudge(lane=self.lane)


def queue(draft: Draft, *, at: datetime) -> Message:
    """Promise one message. The same intent again gives the row that is already there."""
    return queue_many([draft], at=at)[0]


def queue_many(drafts: Sequence[Draft], *, at: datetime) -> list[Message]:
    """Promise many messages in two statements; the answer is in the order asked."""
    if not drafts:
        return []
    Message.objects.bulk_create([Message(**_row(draft, at=at)) for draft in drafts], ignore_conflicts=True)
    keys = [draft.dedupe_key for draft in drafts]
    kept = {row.dedupe_key: row for row in Message.objects.filter(dedupe_key__in=keys)}
    messages = [kept[key] for key in keys]
    _wake({message.lane for message in messages if message.not_before <= at})
    return messages


def queue_batch(drafts: Sequence[Draft], *, at: datetime) -> list[int]:
    """Promise many messages and give their numbers in the order asked: reading them again takes its time."""
    rows = {draft.dedupe_key: _row(draft, at=at) for draft in drafts}
    numbers = bulk.insert(Message.objects, list(rows.values()), unique="dedupe_key")
    _wake({row["lane"] for row in rows.values() if row["not_before"] <= at})
    return [numbers[draft.dedupe_key] for draft in drafts]


@transaction.atomic
def withdraw(
    *, subjects: Collection[str], kinds: Collection[str], at: datetime, note: str = ""
) -> frozenset[tuple[str, str]]:
    """Take back the messages that nobody has begun to send; tells which (subject, kind) they were.

    The rows are locked first, so a worker either marked one as being sent before us, and it stays, or
    finds it cancelled and leaves it alone.
    """
    found = Message.objects.filter(subject__in=subjects, kind__in=kinds)
    return frozenset((subject, kind) for _pk, subject, kind in _cancel(found, at=at, note=note))


@transaction.atomic
def recall(*, messages: Collection[int], at: datetime, note: str = "") -> frozenset[int]:
    """Take back those of these messages that nobody has begun to send, like ``withdraw``; tells which."""
    found = Message.objects.filter(pk__in=messages)
    return frozenset(pk for pk, _subject, _kind in _cancel(found, at=at, note=note))


@transaction.atomic
def settle(*, subjects: Collection[str], recipient: str, at: datetime, note: str) -> int:
    """Let what never reached this address need no look any more: it was told anew; tells how many.

    Messages to many stay as they are: they are sent again from their own page.
    """
    found = Message.objects.filter(subject__in=subjects, recipient=recipient, batch="")
    return len(_cancel(found, at=at, note=note, states=rules.LOST))


def _cancel(
    found: QuerySet[Message], *, at: datetime, note: str, states: Collection[str] = rules.NOT_BEGUN
) -> list[tuple[int, str, str]]:
    waiting = found.select_for_update().filter(state__in=states).order_by("pk")
    rows = list(waiting.values_list("pk", "subject", "kind"))
    Message.objects.filter(pk__in=[pk for pk, _, _ in rows]).update(
        state=Message.State.CANCELLED, state_changed_at=at, owner="", lease_until=None
    )
    MessageEvent.objects.bulk_create(
        MessageEvent(message_id=pk, at=at, state=Message.State.CANCELLED, note=note) for pk, _, _ in rows
    )
    return rows


def file_under(*, old: str, new: str) -> None:
    """Let everything told about one thing stand with another, because the two are one now."""
    Message.objects.filter(subject=old).update(subject=new)


def _row(draft: Draft, *, at: datetime) -> dict[str, Any]:
    return {
        "dedupe_key": draft.dedupe_key,
        "kind": draft.kind,
        "subject": draft.subject,
        "audience": draft.audience,
        "scope": draft.scope,
        "batch": draft.batch,
        "wording_id": draft.wording_id,
        "version": draft.version,
        "lane": Lane.SMS if draft.channel == "sms" else kinds.get(draft.kind).lane,
        "channel": draft.channel,
        "recipient": draft.recipient,
        "language": draft.language,
        "context": dict(draft.context),
        "links": {
            name: {"purpose": link.purpose, "seed": link.seed, "path": link.path}
            for name, link in draft.links.items()
        },
        "calendar_method": draft.calendar.method if draft.calendar else "",
        "calendar": draft.calendar.ics if draft.calendar else "",
        "not_before": draft.not_before or at,
        "not_after": draft.not_after,
        "created_at": at,
        "state_changed_at": at,
    }


def _wake(lanes: Collection[str]) -> None:
    """Nudge each lane once when the transaction commits, however many messages it queued."""
    waiting = [callback for _, callback, *_ in connection.run_on_commit]
    for lane in sorted(lanes):
        if Nudge(lane) not in waiting:
            transaction.on_commit(Nudge(lane), robust=True)
