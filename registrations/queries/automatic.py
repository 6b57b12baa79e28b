"""Who gets a rule's message, when, and why others do not: one answer for the page and for the sending."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Self, TypedDict, cast

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from events.models import Event, EventSeries
from notifications.kinds import topic_of
from notifications.suppression import opted_out, suppressed
from registrations import rules
from registrations.models import Answer, MessageRule, Quota, Registration, RuleDelivery

FURTHEST = timedelta(days=90)  # how far from its anchor a rule may lie
LOOKED_AT = (*Registration.ACTIVE, Registration.State.NOT_CHOSEN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A rule and one event it counts for."""

    rule: MessageRule
    event: Event
    closes_at: datetime

    def anchor(self, registered_at: datetime) -> datetime:
        """Name what the moment is counted from."""
        return {
            MessageRule.Anchor.START: self.event.starts_at,
            MessageRule.Anchor.END: self.event.ends_at,
            MessageRule.Anchor.DEADLINE: self.closes_at,
            MessageRule.Anchor.REGISTRATION: registered_at,
        }[MessageRule.Anchor(self.rule.anchor)]

    def window(self, registered_at: datetime) -> rules.Window:
        """Tell from when to when the message makes sense; a reminder only before the start.

        What counts from the registration of each makes sense until the event ends: who registers so late
        that their moment lies after it gets nothing, and the page says so.
        A rule that asks who came waits for the mark, past the end of the event.
        """
        anchor, zone = self.anchor(registered_at), self.event.series.timezone
        if self.rule.waits_for_a_mark:
            return rules.marking_window(self.rule.when, anchor=anchor, zone=zone)
        bound = self._reminds or self._counts_from_each
        return rules.window_of(self.rule.when, anchor=anchor, zone=zone, until=self._until, never_after=bound)

    @property
    def _reminds(self) -> bool:
        return self.rule.kind == MessageRule.Kind.REMINDER

    @property
    def _counts_from_each(self) -> bool:
        return self.rule.anchor == MessageRule.Anchor.REGISTRATION

    @property
    def _until(self) -> datetime:
        return self.event.starts_at if self._reminds else self.event.ends_at

    def day(self, registered_at: datetime) -> date:
        """Name the day for which it is sent once."""
        return rules.day_of(self.anchor(registered_at), zone=self.event.series.timezone)

    @property
    def shared(self) -> rules.Window | None:
        """Give the one window of everybody; None where each has their own."""
        return None if self._counts_from_each else self.window(self.event.starts_at)

    def is_ahead(self, *, at: datetime) -> bool:
        """Tell whether anything is, or will be, to be done for somebody."""
        window = self.shared
        return not window.is_over(at=at) if window else at < self._until

    def decides_as(self, other: Self) -> bool:
        """Tell whether nothing has become different that decides who gets it, and when."""
        ours, theirs = (
            (plan.event.starts_at, plan.event.ends_at, plan.event.state, plan.event.mode, plan.closes_at)
            for plan in (self, other)
        )
        return ours == theirs

    def concerns(self, *, at: datetime) -> bool:
        """Tell whether anything may be due at this moment."""
        if window := self.shared:
            return window.opens <= at < window.ends
        return at < self._until


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    """Somebody who may get a rule's message, and what becomes of it."""

    registration: int
    attendee: int
    name: str
    email: str
    language: str
    registered_at: datetime
    moment: datetime
    verdict: rules.Verdict
    handled_at: datetime | None


def plans(found: QuerySet[MessageRule], *, at: datetime | None = None, drafts: bool = False) -> list[Plan]:
    """List these rules with each event they count for, in order of time; ``at`` leaves the far-off out."""
    chosen = list(found.select_related("question"))
    events = Event.objects.filter(series__in={rule.series_id for rule in chosen}, when_note_fi="")
    events = events.select_related("series__organisation", "quota")
    if not drafts:
        events = events.filter(state=Event.State.PUBLISHED, series__state=EventSeries.State.PUBLISHED)
    if at is not None:
        events = events.filter(_near(chosen, at=at))
    by_series: dict[int, list[Event]] = {}
    for event in events.exclude(state=Event.State.CANCELLED) if chosen else ():
        by_series.setdefault(event.series_id, []).append(event)
    return [
        Plan(rule=rule, event=event, closes_at=_closes_at(event))
        for rule in chosen
        for event in by_series.get(rule.series_id, ())
        if rule.event_id in {None, event.pk} and (not rule.modes or event.mode in rule.modes)
    ]


def read_again(plan: Plan) -> Plan:
    """Read the event of a plan as it is now, with all that a message says of it; its places are held."""
    events = Event.objects.select_related("series__organisation", "quota")
    event = events.get(pk=plan.event.pk)
    return Plan(rule=plan.rule, event=event, closes_at=_closes_at(event))


def _near(chosen: Iterable[MessageRule], *, at: datetime) -> Q:
    """Name the events that may have anything due: not those long past, nor those still far off.

    However far off an event is, somebody may register for it today, and its deadline may be near.
    """
    of_event = {MessageRule.Anchor.START, MessageRule.Anchor.END}
    others = {rule.series_id for rule in chosen if rule.anchor not in of_event}
    standing = Q(ends_at__gt=at - FURTHEST) | Q(quota__closes_at__gt=at - FURTHEST)
    return standing & (Q(starts_at__lte=at + FURTHEST) | Q(series__in=others))


def _closes_at(event: Event) -> datetime:
    quota: Quota | None = getattr(event, "quota", None)
    return quota.closes_at if quota else event.starts_at


def due(*, at: datetime) -> list[Plan]:
    """List what may have something to send at this moment."""
    found = plans(MessageRule.objects.filter(enabled=True), at=at)
    return [plan for plan in found if plan.concerns(at=at)]


def recipients(
    plan: Plan,
    *,
    at: datetime,
    after: int = 0,
    limit: int | None = None,
    pending: bool = False,
    among: Collection[int] | None = None,
    blocked: Collection[str] | None = None,
    unwilling: Collection[str] | None = None,
) -> list[Recipient]:
    """Tell for each registration of the event what the rule does for it, seen at this moment.

    ``pending`` leaves out those for whom it has done its work; ``after`` and ``limit`` cut a long list;
    ``blocked`` are the addresses not to be mailed, and ``unwilling`` those that do not want such
    messages, where the caller knows them already.
    """
    wanted = Registration.objects.filter(event=plan.event, pk__gt=after)
    wanted = _undone(plan, wanted, at=at) if pending else wanted
    if among is not None:
        wanted = wanted.filter(pk__in=among)
    found = _read(plan, wanted, limit=limit)
    answers = _answers(plan.rule, [row["attendee_id"] for row in found])
    addresses = {row["attendee__email"] for row in found}
    if blocked is None:
        blocked = suppressed(addresses) if found else {}
    if unwilling is None:
        unwilling = unwilling_among(addresses, rule=plan.rule) if found else frozenset()
    shared = plan.shared
    return [
        _recipient(
            plan,
            row,
            window=shared or plan.window(row["registered_at"]),
            answers=answers,
            blocked=blocked,
            unwilling=unwilling,
            at=at,
        )
        for row in found
    ]


def unwilling_among(addresses: Collection[str], *, rule: MessageRule) -> frozenset[str]:
    """Find who of these does not want what this rule sends."""
    return opted_out(addresses, scope=f"series:{rule.series_id}", topic=topic_of(rule.kind))


def still_pending(plan: Plan, *, among: Collection[int]) -> set[int]:
    """Tell which of these stand as before, and have not been dealt with by another scheduler meanwhile.

    Asked as two plain questions: of rows that were written a moment ago the planner of PostgreSQL knows
    nothing yet, and joins them in a way that takes a second for each thousand. Asked from the first to the
    last of them, since a thousand numbers in a question take longer than a few answers too many.
    """
    span = (min(among), max(among))
    done = _done(plan).filter(registration__pk__range=span).values_list("registration", flat=True)
    standing = _matching(plan, Registration.objects.filter(event=plan.event, pk__range=span))
    return set(among) & set(standing.order_by().values_list("pk", flat=True)) - set(done)


def _undone(plan: Plan, wanted: QuerySet[Registration], *, at: datetime) -> QuerySet[Registration]:
    if plan.shared is None:
        wanted = wanted.filter(registered_at__gt=at - FURTHEST)  # the moment of the others is long past
    return _matching(plan, wanted.filter(~Exists(_done(plan).filter(registration=OuterRef("pk")))))


def _matching(plan: Plan, wanted: QuerySet[Registration]) -> QuerySet[Registration]:
    found = wanted.filter(state__in=plan.rule.readers.states)
    return found.filter(attended=plan.rule.marked) if plan.rule.waits_for_a_mark else found


class _Row(TypedDict):
    """A registration as the rules look at it, with what was done for it already."""

    pk: int
    state: str
    registered_at: datetime
    state_changed_at: datetime
    attended: bool | None
    attendee_id: int
    attendee__name: str
    attendee__email: str
    attendee__language: str
    handled: str | None
    handled_at: datetime | None


def _done(plan: Plan) -> QuerySet[RuleDelivery]:
    """List what the rule has done for this event; of an event that was moved, only on its present day."""
    done = RuleDelivery.objects.filter(rule=plan.rule)
    return done.filter(day=plan.day(plan.event.starts_at)) if plan.shared else done


def _read(plan: Plan, wanted: QuerySet[Registration], *, limit: int | None) -> list[_Row]:
    """Read registrations with what the rule has done for them already."""
    done = _done(plan).filter(registration=OuterRef("pk"))
    rows = wanted.annotate(
        handled=Subquery(done.values("outcome")[:1]), handled_at=Subquery(done.values("at")[:1])
    )
    seen = rows.filter(Q(state__in=LOOKED_AT) | Exists(done))
    found = seen.order_by("pk").values(*_Row.__annotations__)[:limit]
    return cast("list[_Row]", list(found))


def _answers(rule: MessageRule, attendees: Collection[int]) -> dict[int, frozenset[str]]:
    """Read what these people answered to the question of the rule, as keys."""
    if rule.question_id is None:
        return {}
    found = Answer.objects.filter(question=rule.question_id, attendee__in=attendees)
    return {pk: _keys(value) for pk, value in found.values_list("attendee", "value")}


def _keys(value: object) -> frozenset[str]:
    if isinstance(value, bool):
        return frozenset({"yes" if value else "no"})
    return frozenset(map(str, value)) if isinstance(value, list) else frozenset({str(value)})


def _recipient(
    plan: Plan,
    row: _Row,
    *,
    window: rules.Window,
    answers: Mapping[int, frozenset[str]],
    blocked: Collection[str],
    unwilling: Collection[str],
    at: datetime,
) -> Recipient:
    reader = rules.Reader(
        state=row["state"],
        language=row["attendee__language"],
        mode=plan.event.mode,
        since=row["state_changed_at"],
        attended=row["attended"],
        answers=answers.get(row["attendee_id"], frozenset()),
        handled=row["handled"] or "",
        blocked=row["attendee__email"] in blocked,
        unwanted=row["attendee__email"] in unwilling,
    )
    return Recipient(
        registration=row["pk"],
        attendee=row["attendee_id"],
        name=row["attendee__name"],
        email=row["attendee__email"],
        language=row["attendee__language"],
        registered_at=row["registered_at"],
        moment=window.opens,
        verdict=rules.verdict(
            reader, readers=plan.rule.readers, window=window, policy=plan.rule.policy, at=at
        ),
        handled_at=row["handled_at"],
    )


def counts(found: Iterable[Recipient]) -> Counter[rules.Verdict]:
    """Count what becomes of the message."""
    return Counter(one.verdict for one in found)


def reminders_of(events: Collection[Event]) -> dict[int, datetime]:
    """Tell when all who come to these events are reminded; an event without a reminder is not there.

    Only rules that reach everybody count, and the earliest of them: what it tells need not be told before.
    """
    series = {event.series_id for event in events}
    standing = MessageRule.objects.filter(
        series__in=series,
        enabled=True,
        kind=MessageRule.Kind.REMINDER,
        anchor__in=[MessageRule.Anchor.START, MessageRule.Anchor.END],
    )
    found: dict[int, datetime] = {}
    for rule in [rule for rule in standing if rule.reaches_all] if series else ():
        for event in _concerned(rule, events):
            window = Plan(rule=rule, event=event, closes_at=event.starts_at).window(event.starts_at)
            if window.opens < window.ends:
                found[event.pk] = min(found.get(event.pk, window.opens), window.opens)
    return found


def _concerned(rule: MessageRule, events: Iterable[Event]) -> Sequence[Event]:
    return [
        event
        for event in events
        if event.series_id == rule.series_id
        and rule.event_id in {None, event.pk}
        and (not rule.modes or event.mode in rule.modes)
    ]
