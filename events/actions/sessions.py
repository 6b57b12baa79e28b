"""What organisers do with the items of a programme; the public sees nothing of it before a release."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypedDict, Unpack

from django.db import transaction
from django.db.models import Max

from accounts.models import Municipality, User
from backend.core.i18n import LANGUAGES, Text, _
from events import rules
from events.actions.rows import hold, record_event, store
from events.actions.speakers import SpeakerPart, give_parts
from events.models import Event, Session

__all__ = [
    "SessionFields",
    "SpeakerPart",
    "add_session",
    "edit_session",
    "remove_session",
    "reorder_session",
]


class SessionFields(TypedDict, total=False):
    """What an item of the programme consists of; what is left out stays as it is."""

    kind: str
    title: Text
    abstract: Text
    starts_at: datetime | None
    ends_at: datetime | None
    minutes: int | None
    language: str
    municipality_code: str | None
    speakers: Sequence[SpeakerPart]
    block: Session | None


@transaction.atomic
def add_session(*, event: Event, at: datetime, actor: User | None, **given: Unpack[SessionFields]) -> Session:
    """Add an item to the end of the programme, or of its block."""
    session = Session(event=event)
    checked = _checked(session, {"title": Text(), **given})
    hold(event)
    siblings = event.sessions.filter(block=given.get("block"))
    session.position = (siblings.aggregate(last=Max("position"))["last"] or 0) + 1
    for name, value in checked.values.items():
        setattr(session, name, value)
    session.save(force_insert=True)
    give_parts(session, checked.speakers or ())
    record_event("session.added", event, at=at, actor=actor, session=session.pk)
    return session


@transaction.atomic
def edit_session(
    *, session: Session, at: datetime, actor: User | None, **given: Unpack[SessionFields]
) -> Session:
    """Correct an item of the programme; only what is given changes."""
    hold(session)
    checked = _checked(session, given)
    differing = store(session, checked.values)
    if checked.speakers is not None and give_parts(session, checked.speakers):
        differing += ("speakers",)
    if differing:
        record_event(
            "session.edited", session.event, at=at, actor=actor, session=session.pk, fields=differing
        )
    return session


@transaction.atomic
def reorder_session(*, session: Session, step: int, at: datetime, actor: User | None) -> Session:
    """Move an item one step up (-1) or down (+1) among its neighbours; at the edge it stays."""
    event = hold(session.event)
    siblings = list(event.sessions.filter(block=session.block_id))
    place = next(index for index, row in enumerate(siblings) if row.pk == session.pk)
    other = place + (1 if step > 0 else -1)
    if 0 <= other < len(siblings):
        siblings[place], siblings[other] = siblings[other], siblings[place]
        for position, row in enumerate(siblings, start=1):
            row.position = position
        Session.objects.bulk_update(siblings, ["position"])
        record_event("session.reordered", event, at=at, actor=actor, session=session.pk)
    session.refresh_from_db(fields=["position"])
    return session


@transaction.atomic
def remove_session(*, session: Session, at: datetime, actor: User | None) -> None:
    """Take an item out of the programme, with what lies in it when it is a block."""
    event, number = hold(session.event), session.pk
    session.delete()
    record_event("session.removed", event, at=at, actor=actor, session=number)


@dataclass(frozen=True, slots=True)
class _Checked:
    values: dict[str, Any]
    speakers: tuple[SpeakerPart, ...] | None


def _checked(session: Session, given: SessionFields) -> _Checked:
    inputs = rules.Inputs()
    values: dict[str, Any] = {}
    if "kind" in given:
        values["kind"] = inputs.choice("kind", given["kind"], Session.Kind.values)
    if "title" in given:
        values |= inputs.some("title", given["title"]).columns("title")
    if "abstract" in given:
        values |= inputs.longs("abstract", given["abstract"]).columns("abstract")
    if "language" in given:
        values["language"] = inputs.choice("language", given["language"], ("", *LANGUAGES))
    if "municipality_code" in given:
        values["municipality_id"] = _municipality(inputs, given["municipality_code"])
    if "block" in given:
        values["block"] = _block(inputs, session, given["block"])
    values |= _times(inputs, session, given)
    speakers = _speakers(inputs, given["speakers"]) if "speakers" in given else None
    inputs.settle()
    return _Checked(values, speakers)


def _times(inputs: rules.Inputs, session: Session, given: SessionFields) -> dict[str, Any]:
    times: dict[str, Any] = {
        name: given[name] if name in given else getattr(session, name)
        for name in ("starts_at", "ends_at", "minutes")
    }
    rules.check_times(inputs, **times)
    return times


def _municipality(inputs: rules.Inputs, code: str | None) -> str | None:
    if code and not Municipality.objects.filter(pk=code).exists():
        inputs.say("municipality", _("There is no municipality with this code."))
    return code or None


def _block(inputs: rules.Inputs, session: Session, block: Session | None) -> Session | None:
    if block is None:
        return None
    holds_others = block.kind in {Session.Kind.BLOCK, Session.Kind.PARALLEL} and block.block_id is None
    if block.event_id != session.event_id or block.pk == session.pk or not holds_others:
        inputs.say("block", rules.FOREIGN_BLOCK)
    elif session.pk and session.items.exists():
        inputs.say("block", _("A block cannot lie within another block."))
    return block


def _speakers(inputs: rules.Inputs, given: Sequence[SpeakerPart]) -> tuple[SpeakerPart, ...]:
    parts = tuple(
        SpeakerPart(
            name=inputs.line(f"speakers.{index}.name", part.name, limit=rules.NAME_LIMIT, required=True),
            title=inputs.line(f"speakers.{index}.title", part.title, limit=rules.NAME_LIMIT),
            organisation=inputs.line(
                f"speakers.{index}.organisation", part.organisation, limit=rules.NAME_LIMIT
            ),
        )
        for index, part in enumerate(given)
    )
    names = [part.name.casefold() for part in parts]
    for index, name in enumerate(names):
        if name and name in names[:index]:
            inputs.say(f"speakers.{index}.name", _("This speaker is already in this item."))
    return parts
