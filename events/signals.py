"""What this app announces upwards; listeners run in the same transaction and only write rows."""

from dataclasses import dataclass
from datetime import datetime

from django.dispatch import Signal


@dataclass(frozen=True, slots=True, kw_only=True)
class EventChanged:
    """An event got another time, place or name; one announcement however much changed at once."""

    event_id: int
    at: datetime
    moved: bool
    old_starts_at: datetime
    old_ends_at: datetime
    place_changed: bool  # place, way of taking part, or joining link
    title_changed: bool
    clock_kept: bool = False  # the rules of the time zone moved, and the hour on the wall stayed
    link_only: bool = False  # nothing but the joining link: of interest only to those who have been told it


@dataclass(frozen=True, slots=True, kw_only=True)
class EventCancelled:
    """An event will not be held."""

    event_id: int
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgrammeReleased:
    """A programme was published; ``notify`` says whether the organiser wants people told."""

    event_id: int
    number: int
    notify: bool
    at: datetime


event_changed = Signal()  # fact: EventChanged
event_cancelled = Signal()  # fact: EventCancelled
programme_released = Signal()  # fact: ProgrammeReleased
