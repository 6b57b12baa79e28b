"""What happened between us and one person, in order: planned, sent, arrived, answered, joined.

The ledger, the calendar's answers and the marks of attendance know different parts of it; what stands above
this app (a survey's answer) or is planned and has no row yet is handed in by whoever shows it.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from operator import attrgetter

from django.db.models import Q

from events.models import Event
from notifications import rules as ledger
from notifications.models import Message
from notifications.queries import timeline as told
from notifications.suppression import suppressed
from registrations.models import Attendee, CalendarReply, MessageRule, Registration
from registrations.queries.automatic import plans, recipients, unwilling_among
from registrations.rules.automatic import Verdict
from registrations.rules.replies import Outcome


class Step(StrEnum):
    """What kind of thing happened."""

    REGISTERED = "registered"
    PLANNED = "planned"
    MESSAGE = "message"
    REPLY = "reply"
    RELEASE = "release"  # a declined place will be released
    CAME = "came"
    ANSWERED = "answered"


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """One thing that happened, or will."""

    at: datetime
    step: Step
    event: Event | None = None
    message: Message | None = None
    state: str = ""  # of the message then
    note: str = ""
    kind: str = ""  # of a planned message that is no row yet
    reply: CalendarReply | None = None
    registration: Registration | None = None
    ahead: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """One message as its reader is told of it: when it left, and what became of it."""

    headline: str
    left_at: datetime | None
    arrived_at: datetime | None
    state: str
    number: str = ""  # of the phone that got it; empty: it is a mail

    @property
    def returned(self) -> bool:
        """Whether it did not reach the person."""
        return self.state in _RETURNED


_RETURNED = frozenset(
    {ledger.BOUNCED_HARD, ledger.BOUNCED_SOFT, ledger.FAILED, ledger.SUPPRESSED, ledger.COMPLAINED}
)
_TOLD = (
    frozenset({ledger.ACCEPTED, ledger.DELIVERED, ledger.DEFERRED, ledger.UNCERTAIN, ledger.CLOSED})
    | _RETURNED
)
LETTERS = 20


def timeline_of(
    attendee: Attendee,
    *,
    at: datetime,
    subjects: Mapping[int, Iterable[str]] | None = None,
    more: Iterable[Moment] = (),
) -> list[Moment]:
    """List all of it, oldest first and what lies ahead at the end.

    ``subjects`` names, by registration, what else the ledger files about it (a survey's invitation); ``more``
    are moments that other apps know of.
    """
    rows = list(attendee.registrations.select_related("event__series").order_by("pk"))
    found = [_registered(row) for row in rows]
    found += _planned(rows, at=at)
    found += [_came(row) for row in rows if row.attended is not None and row.attended_at]
    about: dict[str, Registration | None] = {f"attendee:{attendee.pk}": None}
    for row in rows:
        about[f"registration:{row.pk}"] = row
        about |= dict.fromkeys((subjects or {}).get(row.pk, ()), row)
    for message in told(*about):
        found += _steps(message, about[message.subject], at=at)
    replies = CalendarReply.objects.filter(registration__in=rows).select_related(
        "registration__event__series"
    )
    for reply in replies:
        found += _said(reply)
    return sorted([*found, *more], key=attrgetter("ahead", "at"))


def _planned(rows: Collection[Registration], *, at: datetime) -> Iterator[Moment]:
    """Tell what rules will send the person, as they would decide now; such a message has no row yet."""
    events = {row.event_id for row in rows}
    own = MessageRule.objects.filter(series__in={row.event.series_id for row in rows}, enabled=True)
    addresses = {row.attendee.email for row in rows}
    blocked = suppressed(addresses)
    found = plans(own)
    rules = {plan.rule.pk: plan.rule for plan in found}  # each is asked once, however many its events
    unwilling = {pk: unwilling_among(addresses, rule=rule) for pk, rule in rules.items()}
    for plan in found:
        if plan.event.pk not in events or not plan.is_ahead(at=at):
            continue
        for one in recipients(
            plan,
            at=at,
            among=[row.pk for row in rows],
            pending=True,
            blocked=blocked,
            unwilling=unwilling[plan.rule.pk],
        ):
            if one.verdict in {Verdict.DUE, Verdict.AHEAD}:
                yield Moment(
                    at=one.moment, step=Step.PLANNED, event=plan.event, kind=plan.rule.kind, ahead=True
                )


def _registered(row: Registration) -> Moment:
    return Moment(at=row.registered_at, step=Step.REGISTERED, event=row.event, registration=row)


def _came(row: Registration) -> Moment:
    return Moment(
        at=row.attended_at or row.state_changed_at, step=Step.CAME, event=row.event, registration=row
    )


def _steps(message: Message, row: Registration | None, *, at: datetime) -> list[Moment]:
    event = row.event if row else None
    steps = [
        Moment(at=one.at, step=Step.MESSAGE, event=event, message=message, state=one.state, note=one.note)
        for one in message.events.all()
    ]
    if message.state in ledger.DUE | {ledger.HELD}:
        planned = Moment(
            at=message.not_before,
            step=Step.PLANNED,
            event=event,
            message=message,
            state=message.state,
            ahead=message.not_before > at,
        )
        steps.append(planned)
    return steps


def _said(reply: CalendarReply) -> list[Moment]:
    row = reply.registration
    said = [Moment(at=reply.received_at, step=Step.REPLY, event=row.event, registration=row, reply=reply)]
    if reply.outcome == Outcome.GRACE and reply.due_at:
        going = Moment(
            at=reply.due_at, step=Step.RELEASE, event=row.event, registration=row, reply=reply, ahead=True
        )
        said.append(going)
    return said


def subjects_of(attendee: Attendee) -> list[str]:
    """Name what messages to this person are about, as the ledger does: themselves, and each registration."""
    numbers = attendee.registrations.values_list("pk", flat=True)
    return [f"attendee:{attendee.pk}", *(f"registration:{pk}" for pk in numbers)]


def own_letters(attendee: Attendee) -> list[Letter]:
    """List what went to the person's address of now and to their phone, newest first, in words for them."""
    theirs = Q(recipient=attendee.email) | Q(channel=Message.Channel.SMS)
    rows = Message.objects.filter(theirs, subject__in=subjects_of(attendee), state__in=_TOLD)
    return [_letter(row) for row in rows.order_by("-pk").prefetch_related("events")[:LETTERS]]


def _letter(message: Message) -> Letter:
    when: dict[str, datetime] = {}
    for step in message.events.all():
        when.setdefault(step.state, step.at)
    left = when.get(ledger.ACCEPTED)
    return Letter(
        headline=message.headline,
        left_at=left or (message.state_changed_at if message.state not in _RETURNED else None),
        arrived_at=when.get(ledger.DELIVERED),
        state=message.state,
        number=message.recipient if message.channel == Message.Channel.SMS else "",
    )
