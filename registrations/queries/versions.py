"""Which version of their entry people's calendars hold, told from the ledger: what arrived, and what stands.

A calendar holds what was last handed over to it. Somebody is behind when the version that stands now neither
arrived nor is on its way, though they were told of their entry before.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from django.db.models import CharField, Exists, OuterRef, QuerySet, Value
from django.db.models.functions import Cast, Concat

from events.models import Event
from notifications import rules as ledger
from notifications.models import Message
from registrations.models import Registration

ARRIVED = frozenset({ledger.ACCEPTED, ledger.DELIVERED, ledger.COMPLAINED})
COMING = ledger.WAITING | {ledger.DEFERRED}
_NUMBER = re.compile(r"^SEQUENCE:(\d+)\r?$", re.MULTILINE)


class Holds(StrEnum):
    """How a person's calendar stands against the entry."""

    NOTHING = "nothing"  # no calendar was ever told of it
    CURRENT = "current"
    COMING = "coming"  # the newest is on its way
    BEHIND = "behind"


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """What one calendar holds; ``number`` is None when nothing has arrived."""

    holds: Holds
    number: int | None
    now: int


def behind(event: Event) -> QuerySet[Registration]:
    """Select the registrations whose calendar holds an older version, or should have got one and did not."""
    subject = Concat(Value("registration:"), Cast(OuterRef("pk"), CharField()))
    told = Message.objects.filter(subject=subject).exclude(calendar_method="")
    line = Concat(
        Value("\r\nSEQUENCE:"), Cast(OuterRef("calendar_entry__sequence"), CharField()), Value("\r\n")
    )
    now = told.filter(calendar_method=OuterRef("calendar_entry__last_method"), calendar__contains=line)
    rows = Registration.objects.filter(event=event).exclude(calendar_entry__last_method="")
    return rows.filter(Exists(told), ~Exists(now.filter(state__in=ARRIVED | COMING)))


def versions_of(registrations: Collection[Registration]) -> dict[int, Version]:
    """Tell for each registration which version of its entry arrived; read with their entries."""
    subjects = {f"registration:{row.pk}": row for row in registrations}
    told = Message.objects.filter(subject__in=subjects).exclude(calendar_method="").order_by("pk")
    messages: dict[int, list[Message]] = {row.pk: [] for row in registrations}
    for message in told:
        messages[subjects[message.subject].pk].append(message)
    return {row.pk: _version(row, messages[row.pk]) for row in registrations}


def _version(row: Registration, messages: Collection[Message]) -> Version:
    entry = row.calendar_entry
    arrived = [_number(message) for message in messages if message.state in ARRIVED]
    newest = (entry.last_method, entry.sequence)
    states = {m.state for m in messages if (m.calendar_method, _number(m)) == newest}
    if not messages:
        holds = Holds.NOTHING
    elif states & ARRIVED:
        holds = Holds.CURRENT
    else:
        holds = Holds.COMING if states & COMING else Holds.BEHIND
    return Version(holds=holds, number=max(arrived, default=None), now=entry.sequence)


def _number(message: Message) -> int:
    found = _NUMBER.search(message.calendar)
    return int(found[1]) if found else 0
