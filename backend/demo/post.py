"""Lets some mails have gone out and some answers have come back: a newcomer sees what the desk tells of them.

Nothing is sent: the rows stand as if it had been, each mail at the end of its way.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from events.models import Event, EventSeries
from events.queries import events_of
from notifications import suppression
from notifications.models import Attempt, Message, MessageEvent
from notifications.rendering import render
from registrations.models import CalendarReply, Registration

_DELIVERED, _BOUNCED = range(4), 16  # by the number of the mail; the others were accepted by the server
_BOUNCE = "5.1.1"  # there is no such mailbox
_SAID = CalendarReply.Attends
_ANSWERS: Mapping[int, str] = {0: _SAID.ACCEPTED, 1: _SAID.ACCEPTED, 2: _SAID.TENTATIVE, 3: _SAID.ACCEPTED}
_PROPOSES, _LATER = 4, timedelta(minutes=30)
_COMMENT = "Juna on perillä vasta yhdeksältä."


def load_post(series: EventSeries, *, at: datetime) -> None:
    """Let what was written have been sent, and calendars have answered about the fullest of the mornings."""
    told = list(Message.objects.filter(scope=f"series:{series.pk}", state=Message.State.QUEUED))
    _send(told, at=at)
    subjects = [message.subject.partition(":")[2] for message in told]
    fullest = events_of(series)[1]
    rows = list(Registration.objects.filter(pk__in=subjects, event=fullest).order_by("pk"))
    _answer(rows, event=fullest, at=at)


def _send(told: Sequence[Message], *, at: datetime) -> None:
    for number, message in enumerate(told):
        message.state = _state(number)
        message.state_changed_at, message.attempts_made, message.headline = at, 1, render(message).subject
        if message.state == Message.State.BOUNCED_HARD:
            suppression.suppress(address=message.recipient, reason=message.state, at=at)
    Message.objects.bulk_update(told, ["state", "state_changed_at", "attempts_made", "headline"])
    Attempt.objects.bulk_create(
        Attempt(message=message, owner="demonstration", started_at=at, ended_at=at, outcome="accepted")
        for message in told
    )
    MessageEvent.objects.bulk_create(
        MessageEvent(message=message, at=at, state=state, note=_note(state))
        for message in told
        for state in dict.fromkeys((Message.State.ACCEPTED, message.state))
    )


def _state(number: int) -> str:
    if number == _BOUNCED:
        return Message.State.BOUNCED_HARD
    return Message.State.DELIVERED if number in _DELIVERED else Message.State.ACCEPTED


def _note(state: str) -> str:
    return _BOUNCE if state == Message.State.BOUNCED_HARD else ""


def _answer(rows: Sequence[Registration], *, event: Event, at: datetime) -> None:
    """Let most accept in their calendar, one not know yet, and one propose another time."""
    said = [
        CalendarReply(
            registration=rows[number],
            method="REPLY",
            attends=attends,
            sequence=0,
            stamped_at=at,
            received_at=at,
            outcome=CalendarReply.Outcome.RECORDED,
        )
        for number, attends in _ANSWERS.items()
    ]
    proposal = CalendarReply(
        registration=rows[_PROPOSES],
        method="COUNTER",
        attends=_SAID.TENTATIVE,
        comment=_COMMENT,
        proposed_start=event.starts_at + _LATER,
        proposed_end=event.ends_at + _LATER,
        sequence=0,
        stamped_at=at,
        received_at=at,
        outcome=CalendarReply.Outcome.PROPOSAL,
    )
    CalendarReply.objects.bulk_create([*said, proposal])
