"""What this app announces upwards; listeners run in the same transaction and only write rows."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.dispatch import Signal


@dataclass(frozen=True, slots=True, kw_only=True)
class AttendeesMerged:
    """Two registrations of one person became one; the row of the former is about to go."""

    kept_id: int
    former_id: int
    replaced: Mapping[int, int]  # a registration that ended → the one that stays in its event
    at: datetime


attendees_merged = Signal()  # fact: AttendeesMerged
