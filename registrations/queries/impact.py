"""Whom a change of an event reaches, told before it is made: mail, calendars, reminders, who stays behind.

It asks the same number of questions for two people as for ten thousand, and changes nothing.
"""

import copy
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from events.models import Event
from notifications import rules as ledger
from notifications.models import Message
from notifications.suppression import suppressed
from registrations import invitations, rules
from registrations.models import MessageRule, Registration, RuleDelivery
from registrations.queries.automatic import Plan, plans, recipients, reminders_of
from registrations.queries.replies import staying
from registrations.queries.texting import texted
from registrations.queries.versions import Version, behind, versions_of

SHOWN = 200
_LATER_NEWS = ("changed", "calendar_again")  # what brings a calendar an entry it has heard of before


class Deed(StrEnum):
    """What is about to be done to the event."""

    CHANGE = "change"  # its time, place or title
    LINK = "link"  # its joining link, and nothing else
    PROGRAMME = "programme"
    CANCEL = "cancel"


class Gets(StrEnum):
    """What a person is sent."""

    FIRST = "first"  # their invitation has not left: it leaves with what is new
    UPDATE = "update"  # a mail that moves their entry
    REMOVAL = "removal"  # a mail that takes their entry away
    MAIL = "mail"  # a mail without an entry


class Keeps(StrEnum):
    """Why a person may stay with what they know now."""

    BLOCKED = "blocked"
    RETURNED = "returned"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reached:
    """One person whom the change reaches."""

    registration: Registration
    gets: Gets
    version: Version
    reminder: datetime | None  # when they are reminded now, if that changes or is promised anew
    keeps: Keeps | None
    text: bool  # their phone hears it as well

    @property
    def calendar(self) -> bool:
        """Tell whether the mail carries an entry."""
        return self.gets != Gets.MAIL


@dataclass(frozen=True, slots=True, kw_only=True)
class Moving:
    """A message that goes out by itself, and what a change does to its moment."""

    rule: MessageRule
    was: datetime
    will: datetime
    moments: Mapping[int, datetime]  # of the registrations that get it at another time, or once more

    @property
    def moves(self) -> bool:
        """Tell whether its moment becomes another one."""
        return self.was != self.will


@dataclass(frozen=True, slots=True, kw_only=True)
class Impact:
    """Everybody whom a change reaches, counted; the first of them by name."""

    rows: Sequence[Reached]
    count: int
    calendars: int
    reminders: int  # moved, or promised anew
    unreminded: int  # promised, and taken back for good
    keeps: Mapping[Keeps, int]
    texts: int  # phones that hear it as well
    moving: Sequence[Moving] = ()  # every rule whose moment becomes another one, in order of the new moments

    @property
    def rest(self) -> int:
        """Count those who are not among the rows."""
        return self.count - len(self.rows)

    @property
    def blocked(self) -> int:
        """Count those whose address is blocked."""
        return self.keeps.get(Keeps.BLOCKED, 0)

    @property
    def returned(self) -> int:
        """Count those whose newest entry did not arrive."""
        return self.keeps.get(Keeps.RETURNED, 0)


def impact_of(event: Event, deed: Deed, *, at: datetime, shown: int = SHOWN) -> Impact:
    """Tell whom a deed reaches; ``event`` is as it will be, and is not saved."""
    rows = _reached(event, deed, at=at)
    gets = _what_they_get(rows, event, deed)
    keeps = _who_keeps(rows, event)
    promised = _promised(rows)
    moving = [] if deed == Deed.CANCEL else _moving(event, promised, at=at)
    reminders = _earliest(moving)
    texts = _texts(rows, at=at) if deed == Deed.CANCEL else frozenset()
    first = rows[:shown]
    versions = versions_of(first)
    return Impact(
        rows=[
            Reached(
                registration=row,
                gets=gets[row.pk],
                version=versions[row.pk],
                reminder=reminders.get(row.pk),
                keeps=keeps.get(row.pk),
                text=row.pk in texts,
            )
            for row in first
        ],
        count=len(rows),
        calendars=sum(what != Gets.MAIL for what in gets.values()),
        reminders=sum(row.pk in reminders for row in rows),
        unreminded=len(promised - set(reminders)),
        keeps=Counter(keeps.values()),
        texts=len(texts),
        moving=sorted((one for one in moving if one.moves), key=lambda one: (one.will, one.rule.pk)),
    )


def _reached(event: Event, deed: Deed, *, at: datetime) -> list[Registration]:
    """Read those who are written to, as the receivers of the change choose them."""
    if at >= event.ends_at or (deed == Deed.LINK and not _knows_link(event, at=at)):
        return []
    only_places = deed in {Deed.LINK, Deed.PROGRAMME}
    states = Registration.COMES if only_places else Registration.ACTIVE
    found = Registration.objects.filter(event=event.pk, state__in=states)
    rows = list(found.select_related("attendee", "calendar_entry").order_by("attendee__name", "pk"))
    return staying(rows) if deed == Deed.PROGRAMME else rows


def _knows_link(event: Event, *, at: datetime) -> bool:
    return invitations.tells_link(event, at=at, reminder=reminders_of([event]).get(event.pk))


def _what_they_get(rows: Sequence[Registration], event: Event, deed: Deed) -> dict[int, Gets]:
    waiting = Message.objects.filter(
        audience=f"event:{event.pk}", state__in=ledger.NOT_BEGUN, calendar_method=invitations.REQUEST
    ).exclude(kind__in=_LATER_NEWS)
    uninvited = set(waiting.values_list("subject", flat=True))
    return {row.pk: _gets(row, deed, unsent=f"registration:{row.pk}" in uninvited) for row in rows}


def _gets(row: Registration, deed: Deed, *, unsent: bool) -> Gets:
    if not row.calendar_entry.last_method:
        return Gets.MAIL
    if deed == Deed.CANCEL:
        seated = row.state in Registration.COMES
        return Gets.REMOVAL if seated and not unsent else Gets.MAIL
    return Gets.FIRST if unsent else Gets.UPDATE


def _who_keeps(rows: Sequence[Registration], event: Event) -> dict[int, Keeps]:
    older = set(behind(event).values_list("pk", flat=True))
    blocked = suppressed({row.attendee.email for row in rows})
    found = {row.pk: Keeps.RETURNED for row in rows if row.pk in older}
    return found | {row.pk: Keeps.BLOCKED for row in rows if row.attendee.email in blocked}


def _texts(rows: Sequence[Registration], *, at: datetime) -> frozenset[int]:
    numbers = texted(rows, at=at)
    blocked = suppressed(numbers.values())
    return frozenset(pk for pk, number in numbers.items() if number not in blocked)


def _promised(rows: Sequence[Registration]) -> set[int]:
    """Find those whose reminder is promised and nobody has begun to send it: it is taken back."""
    if not rows:
        return set()
    own = RuleDelivery.objects.filter(
        registration__event=rows[0].event_id,
        rule__kind=MessageRule.Kind.REMINDER,
        message__state__in=ledger.NOT_BEGUN,
    )
    return set(own.values_list("registration", flat=True)) & {row.pk for row in rows}


def _moving(event: Event, promised: Collection[int], *, at: datetime) -> list[Moving]:
    """Look at each rule of the event whose moment is everybody's, unless it is over before and after."""
    found = []
    for plan in plans(MessageRule.objects.filter(series=event.series_id, enabled=True)):
        then = _as_it_will_be(plan, event)
        was, will = plan.shared, then.shared
        if plan.event.pk != event.pk or was is None or will is None:
            continue
        if not was.is_over(at=at) or not will.is_over(at=at):
            moments = _moments(plan, then, promised, at=at)
            found.append(Moving(rule=plan.rule, was=was.opens, will=will.opens, moments=moments))
    return found


def _moments(plan: Plan, then: Plan, promised: Collection[int], *, at: datetime) -> dict[int, datetime]:
    """Tell who gets it at another time, or once more, and when that is."""
    was, will = plan.window(plan.event.starts_at), then.window(then.event.starts_at)
    reminds = plan.rule.kind == MessageRule.Kind.REMINDER
    moved = (plan.event.starts_at, plan.event.ends_at) != (then.event.starts_at, then.event.ends_at)
    if reminds and moved and will.opens <= at and plan.rule.late != MessageRule.Late.SEND:
        return {}  # the mail of the change says it all
    again = {rules.Verdict.AHEAD, rules.Verdict.DUE}
    return {
        one.registration: max(one.moment, at)
        for one in recipients(then, at=at)
        if (was.opens != will.opens and one.verdict in again)
        or (reminds and one.registration in promised and not will.is_over(at=at))
    }


def _earliest(moving: Sequence[Moving]) -> dict[int, datetime]:
    """Tell whose reminder comes at another time, or once more, and when that is; the earliest counts."""
    found: dict[int, datetime] = {}
    for one in moving:
        for pk, moment in one.moments.items() if one.rule.kind == MessageRule.Kind.REMINDER else ():
            found[pk] = min(found.get(pk, moment), moment)
    return found


def _as_it_will_be(plan: Plan, event: Event) -> Plan:
    later = copy.copy(plan.event)
    later.starts_at, later.ends_at, later.mode = event.starts_at, event.ends_at, event.mode
    zone = plan.event.series.timezone
    closes_at = rules.shifted(plan.closes_at, old=plan.event.starts_at, new=event.starts_at, zone=zone)
    return replace(plan, event=later, closes_at=closes_at)
