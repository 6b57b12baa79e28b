"""The programme as plain values: what the rows say now, what was released, and what differs between two."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Self

from backend.core.i18n import Text
from events.models import Event, Session
from events.rules import Slot

type Json = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A speaker in an item, with the title and organisation as of then."""

    slug: str
    name: str
    title: str = ""
    organisation: str = ""

    def as_json(self) -> Json:
        """Shape it for a released version and for the API."""
        return {
            "slug": self.slug,
            "name": self.name,
            "title": self.title,
            "organisation": self.organisation,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One line of the programme."""

    session_id: int
    kind: str
    title: Text
    abstract: Text = Text()  # noqa: RUF009 - Text is frozen
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    minutes: int | None = None
    approximate: bool = False
    municipality_code: str | None = None
    block_id: int | None = None
    language: str = ""
    speakers: tuple[Part, ...] = ()

    def as_json(self) -> Json:
        """Shape it for a released version."""
        return {
            "session_id": self.session_id,
            "kind": self.kind,
            "title": self.title.as_dict(),
            "abstract": self.abstract.as_dict(),
            "starts_at": _written(self.starts_at),
            "ends_at": _written(self.ends_at),
            "minutes": self.minutes,
            "approximate": self.approximate,
            "municipality_code": self.municipality_code,
            "block_id": self.block_id,
            "language": self.language,
            "speakers": [part.as_json() for part in self.speakers],
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        """Read an item of a released version, also one released before a field was added."""
        known = {field.name for field in fields(cls)}
        plain = {name: given for name, given in value.items() if name in known}
        return cls(
            **plain
            | {
                "title": Text.from_dict(value["title"]),
                "abstract": Text.from_dict(value.get("abstract", {})),
                "starts_at": _read(value.get("starts_at")),
                "ends_at": _read(value.get("ends_at")),
                "speakers": tuple(Part(**part) for part in value.get("speakers", ())),
            }
        )

    def shifted(self, by: "Shift") -> Self:
        """Give the same item when the whole event moves."""
        return replace(self, starts_at=by(self.starts_at), ends_at=by(self.ends_at))


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """Moves clock times along with the start of their event, as people read them on the wall."""

    old: datetime  # both in the zone of the event
    new: datetime

    def __call__(self, moment: datetime | None) -> datetime | None:
        """Move one moment."""
        if moment is None:
            return None
        by = self.new.replace(tzinfo=None) - self.old.replace(tzinfo=None)
        wall = moment.astimezone(self.old.tzinfo).replace(tzinfo=None) + by
        return wall.replace(tzinfo=self.new.tzinfo, fold=self.new.fold)


class ChangeKind(StrEnum):
    """What happened to an item between two releases."""

    ADDED = "added"
    REMOVED = "removed"
    MOVED = "moved"
    CHANGED = "changed"
    EVENT_MOVED = "event_moved"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One line of the change log: at most one for each item."""

    kind: ChangeKind
    session_id: int | None = None
    title: Text = Text()  # noqa: RUF009 - Text is frozen
    old_starts_at: datetime | None = None
    starts_at: datetime | None = None
    fields: tuple[str, ...] = ()  # what differs: "title", "speakers", "order", …

    def as_json(self) -> Json:
        """Shape it for a released version and for the API."""
        return {
            "kind": self.kind.value,
            "session_id": self.session_id,
            "title": self.title.as_dict(),
            "old_starts_at": _written(self.old_starts_at),
            "starts_at": _written(self.starts_at),
            "fields": list(self.fields),
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        """Read a line of the change log."""
        return cls(
            kind=ChangeKind(value["kind"]),
            session_id=value.get("session_id"),
            title=Text.from_dict(value.get("title", {})),
            old_starts_at=_read(value.get("old_starts_at")),
            starts_at=_read(value.get("starts_at")),
            fields=tuple(value.get("fields", ())),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Programme:
    """A released programme as people read it, with approximate times filled in."""

    number: int
    released_at: datetime
    items: tuple[Item, ...]
    changes: tuple[Change, ...]


def current(event: Event) -> tuple[Item, ...]:
    """Read the programme being worked on, the items of a block right after it."""
    rows = list(event.sessions.prefetch_related("parts__speaker"))
    return tuple(_item(row) for row in in_order(rows))


def in_order(rows: Sequence[Session]) -> Iterator[Session]:
    """Walk the sessions in reading order; positions count among those of the same block."""
    for row in rows:
        if row.block_id is None:
            yield row
            yield from (inner for inner in rows if inner.block_id == row.pk)


def _item(row: Session) -> Item:
    return Item(
        session_id=row.pk,
        kind=row.kind,
        title=row.title,
        abstract=row.abstract,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        minutes=row.minutes,
        municipality_code=row.municipality_id,
        block_id=row.block_id,
        language=row.language,
        speakers=tuple(
            Part(
                slug=part.speaker.slug,
                name=part.speaker.name,
                title=part.title,
                organisation=part.organisation,
            )
            for part in row.parts.all()
        ),
    )


def begins(event: Event) -> datetime | None:
    """Give the moment the day begins; None where only a period is known, so that no clock time is made up."""
    return None if event.when_note_fi else event.starts_at


def timed(items: Iterable[Item], starts_at: datetime | None) -> tuple[Item, ...]:
    """Fill in the times that follow from durations, marked approximate; never guess where one is missing."""
    items = tuple(items)
    blocks: dict[int, list[Item]] = {}
    for item in items:
        if item.block_id is not None:
            blocks.setdefault(item.block_id, []).append(item)
    found: list[Item] = []
    cursor: datetime | None = starts_at
    for item in items:
        if item.block_id is None:
            placed, after = _placed(item, cursor)
            inner, cursor_within = _within(placed, blocks.get(item.session_id, ()), cursor)
            found += [placed, *inner]
            cursor = after if after is not None else cursor_within
    return tuple(found)


def _within(
    block: Item, items: Sequence[Item], before: datetime | None
) -> tuple[list[Item], datetime | None]:
    if not items:
        return [], None
    found: list[Item] = []
    cursor = start = block.starts_at or before
    for item in items:
        placed, cursor = _placed(item, start if block.kind == Session.Kind.PARALLEL else cursor)
        found.append(placed)
    return found, cursor


def _placed(item: Item, cursor: datetime | None) -> tuple[Item, datetime | None]:
    """Place one item after the one before it; the second value is where the next one begins, if known."""
    start, end, approximate = item.starts_at, item.ends_at, item.approximate
    if start is None and item.minutes and cursor:
        start, approximate = cursor, True
    if end is None and start and item.minutes:
        end = start + timedelta(minutes=item.minutes)
    after = start if item.kind == Session.Kind.MARKER and end is None else end
    return replace(item, starts_at=start, ends_at=end, approximate=approximate), after


def slots(items: Sequence[Item]) -> tuple[Slot, ...]:
    """Give the items whose times are known as the rules look at them."""
    parallel = {item.session_id for item in items if item.kind == Session.Kind.PARALLEL}
    return tuple(
        Slot(
            session_id=item.session_id,
            starts_at=item.starts_at,
            ends_at=item.ends_at,
            block_id=item.block_id,
            parallel=item.block_id in parallel or (item.block_id is None and item.session_id in parallel),
            speakers=frozenset(part.slug for part in item.speakers),
        )
        for item in items
        if item.starts_at and item.ends_at
    )


def diff(old: Sequence[Item], new: Sequence[Item]) -> tuple[Change, ...]:
    """Tell what changed between two programmes: one line for each item touched, in reading order."""
    before = {item.session_id: item for item in old}
    after = {item.session_id: item for item in new}
    carried = _carried(old, after)
    changes = [
        _change(before.get(item.session_id), item, displaced=item.session_id in carried) for item in new
    ]
    gone = [
        Change(
            kind=ChangeKind.REMOVED,
            session_id=item.session_id,
            title=item.title,
            old_starts_at=item.starts_at,
        )
        for item in old
        if item.session_id not in after
    ]
    return (*(change for change in changes if change), *gone)


def _change(old: Item | None, new: Item, *, displaced: bool) -> Change | None:
    if old is None:
        return Change(
            kind=ChangeKind.ADDED, session_id=new.session_id, title=new.title, starts_at=new.starts_at
        )
    differing = tuple(
        field.name for field in fields(Item) if getattr(old, field.name) != getattr(new, field.name)
    )
    differing += ("order",) if displaced else ()
    if not differing:
        return None
    moved = {"starts_at", "ends_at", "minutes", "block_id", "order"} & set(differing)
    return Change(
        kind=ChangeKind.MOVED if moved else ChangeKind.CHANGED,
        session_id=new.session_id,
        title=new.title,
        old_starts_at=old.starts_at,
        starts_at=new.starts_at,
        fields=differing,
    )


def _carried(old: Sequence[Item], after: Mapping[int, Item]) -> set[int]:
    """Name the fewest items that must have been carried to another place to explain the new order."""
    place = {session_id: index for index, session_id in enumerate(after)}
    common = [item.session_id for item in old if item.session_id in place]
    tails: list[int] = []  # longest increasing run of new places, read in the old order
    ends: list[int] = []
    back: dict[int, int | None] = {}
    for session_id in common:
        at = bisect_left(tails, place[session_id])
        tails[at : at + 1] = [place[session_id]]
        ends[at : at + 1] = [session_id]
        back[session_id] = ends[at - 1] if at else None
    stayed: set[int] = set()
    step = ends[-1] if ends else None
    while step is not None:
        stayed.add(step)
        step = back[step]
    return set(common) - stayed


def _written(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _read(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
