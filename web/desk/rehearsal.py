"""A rehearsal: everything a made-up attendee would get about an event, played by the real deeds and undone.

It runs in one transaction that is rolled back: nothing is kept, nothing is sent, and nobody is woken, since
wake-ups wait for a commit that never comes.
"""

import secrets
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby

from django.db import models, transaction
from django.db.models import F

from backend.core.i18n import Language, Text, _
from events.actions import cancel_event, edit_event
from events.calendar import Told, read_entry
from events.models import Event, EventSeries
from notifications.models import Message
from notifications.rendering import render
from registrations.actions import Person, open_registration, register
from registrations.actions.automatic import carry_out
from registrations.models import MessageRule, Question, Quota, Registration, RegistrationForm
from registrations.queries import automatic
from registrations.queries.automatic import Plan
from surveys.actions import open_survey
from surveys.models import Survey
from web.desk.words import message_said

EARLY = timedelta(days=14)  # an event that has begun is rehearsed as if somebody had registered then
AFTERWARDS = timedelta(hours=1)
AHEAD = timedelta(days=2)  # how long before the start things take a turn
LATER = timedelta(hours=1)
_ELSEWHERE = Text("Toinen paikka (harjoitus)", "En annan plats (övning)", "Another place (rehearsal)")
_REASON = Text("Syy kerrotaan tässä.", "Orsaken står här.", "The reason stands here.")
_PEOPLE: Sequence[tuple[str, Language]] = (
    ("Aino Esimerkki", "fi"),
    ("Veera Exempel", "sv"),
    ("Olli Example", "en"),
)


class Turn(models.TextChoices):
    """What happens to the event between the registration and its start."""

    NONE = "none", _("Nothing: everything goes as planned")
    LATER = "later", _("The event begins an hour later")
    ELSEWHERE = "elsewhere", _("The event is held in another place")
    CALLED_OFF = "called-off", _("The event is called off")


class Presence(models.TextChoices):
    """Whether the three turn up at the event."""

    CAME = "came", _("Came")
    AWAY = "away", _("Was absent")


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """One message as one of the three reads it, and what their calendar says from then on."""

    language: str
    name: str
    subject: str
    text: str
    html: str
    entry: Told | None
    told: bool  # it is this message that tells the calendar


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One message to all three."""

    at: datetime
    kind: str
    name: str
    scenes: Sequence[Scene]

    @property
    def told(self) -> Told | None:
        """Give what calendars are told with this message, if anything."""
        return next((scene.entry for scene in self.scenes if scene.told), None)


def rehearse(
    event: Event, *, at: datetime, turn: Turn = Turn.NONE, presence: Presence = Presence.CAME
) -> list[Step]:
    """Play the messages of three made-up people in order of time, and leave no trace of it."""
    with transaction.atomic():
        steps = _play(event, turn=turn, presence=presence, at=at)
        transaction.set_rollback(True)
    return steps


def _play(event: Event, *, turn: Turn, presence: Presence, at: datetime) -> list[Step]:
    begin = at if at < event.starts_at else event.starts_at - EARLY
    turns_at = max(event.starts_at - AHEAD, begin + (event.starts_at - begin) / 2)
    _open_for_us(event, at=begin)
    names = dict(_come(event, at=begin))
    ours = set(Registration.objects.filter(attendee__email__in=names).values_list("pk", flat=True))
    _hide_the_others(event, ours)
    _let_rules_work(event, ours, begin=begin, since=begin, until=turns_at)
    Message.objects.filter(recipient__in=names).update(state=Message.State.ACCEPTED)
    _take(turn, _as_it_stands(event), at=turns_at)
    ends_at = _as_it_stands(event).ends_at
    _let_rules_work(event, ours, begin=begin, since=turns_at, until=ends_at)
    _mark(_as_it_stands(event), ours, presence)
    _let_rules_work(event, ours, begin=begin, since=ends_at)
    told = Message.objects.filter(recipient__in=names).order_by("created_at", "kind", "pk")
    return list(_steps(told, names=names))


def _come(event: Event, *, at: datetime) -> Iterator[tuple[str, str]]:
    """Register the three, and give the address of each with the name."""
    series = EventSeries.objects.get(pk=event.series_id)
    for name, language in _PEOPLE:
        address = f"{name.split()[0].lower()}.{secrets.token_hex(3)}@example.org"
        person = Person(name=name, email=address, language=language)
        key = secrets.token_hex(8)
        register(series=series, person=person, events=[event.slug], idempotency_key=key, at=at)
        yield address, name


def _as_it_stands(event: Event) -> Event:
    return Event.objects.select_related("series__organisation").get(pk=event.pk)


def _hide_the_others(event: Event, ours: Collection[int]) -> None:
    """Let the real people sit out: what happens to them all would take its time, and is not shown."""
    others = Registration.objects.filter(event=event).exclude(pk__in=ours)
    others.update(state=Registration.State.CANCELLED, held=False)


def _take(turn: Turn, event: Event, *, at: datetime) -> None:
    """Do to the event what an organiser would do."""
    if turn == Turn.LATER:
        starts_at, ends_at = event.starts_at + LATER, event.ends_at + LATER
        edit_event(event=event, starts_at=starts_at, ends_at=ends_at, at=at, actor=None)
    elif turn == Turn.ELSEWHERE:
        edit_event(event=event, mode=Event.Mode.ON_SITE, place=_ELSEWHERE, at=at, actor=None)
    elif turn == Turn.CALLED_OFF:
        cancel_event(event=event, reason=_REASON, at=at, actor=None)


def _open_for_us(event: Event, *, at: datetime) -> None:
    """Publish the event, open its doors and put three places beside the others, for this moment only.

    Rules are held before places, as whoever sends by them does: so neither waits for the other.
    """
    series = event.series
    EventSeries.objects.filter(pk=series.pk).update(state=EventSeries.State.PUBLISHED)
    Event.objects.filter(pk=event.pk).update(state=Event.State.PUBLISHED, when_note_fi="")
    Question.objects.filter(series=series, retired_at=None).update(retired_at=at)
    if not RegistrationForm.objects.filter(series=series).exists() or not Quota.objects.filter(event=event):
        open_registration(series=series, opens_at=at, capacity=0, at=at, actor=None)
    RegistrationForm.objects.filter(series=series).update(opens_at=at - EARLY, closes_at=None)
    MessageRule.objects.filter(series=series).update(changed_at=at - EARLY)
    places = Quota.objects.filter(event=event)
    places.filter(closes_at__lte=at).update(closes_at=event.starts_at)
    places.update(
        capacity=F("capacity") + len(_PEOPLE) + F("taken"),
        hard_cap=F("hard_cap") + F("capacity") + len(_PEOPLE) + F("taken"),
        mode=Quota.Mode.OPEN,
        promotion=Quota.Promotion.AUTO,
    )


def _let_rules_work(
    event: Event, ours: Collection[int], *, begin: datetime, since: datetime, until: datetime | None = None
) -> None:
    """Move the clock to the moment of each rule, one after the other."""
    rules = MessageRule.objects.filter(series=event.series_id, enabled=True)
    plans = [plan for plan in automatic.plans(rules) if plan.event.pk == event.pk]
    due = [(_moment(plan, begin=begin), plan) for plan in plans]
    for moment, plan in sorted(due, key=lambda pair: pair[0]):
        if since <= moment and (until is None or moment < until):
            carry_out(plan, at=moment, among=ours)


def _moment(plan: Plan, *, begin: datetime) -> datetime:
    """Tell when a rule speaks; one that asks who came has to wait until our three are marked, at the end."""
    opens = plan.window(begin).opens
    return max(opens, plan.event.ends_at) if plan.rule.waits_for_a_mark else opens


def _mark(event: Event, ours: Collection[int], presence: Presence) -> None:
    """Mark the three once the event is over, and send the survey if it has not been opened for real.

    Who stayed away is not asked how it was: the survey itself leaves them out.
    """
    if event.state == Event.State.CANCELLED:
        return
    Registration.objects.filter(pk__in=ours).update(attended=presence == Presence.CAME)
    if not Survey.objects.filter(event=event).exists():
        open_survey(event=event, at=event.ends_at + AFTERWARDS)


def _steps(told: Iterable[Message], *, names: Mapping[str, str]) -> Iterator[Step]:
    """Put the same message to all three together, with what each calendar holds by then."""
    held: dict[str, Told] = {}
    for (at, kind), same in groupby(told, key=lambda message: (message.created_at, message.kind)):
        messages, scenes = list(same), []
        for message in messages:
            if message.calendar:
                held[message.recipient] = read_entry(message.calendar)
            entry, name = held.get(message.recipient), names[message.recipient]
            scenes.append(_scene(message, name=name, entry=entry))
        yield Step(at=at, kind=kind, name=message_said(messages[0]), scenes=scenes)


def _scene(message: Message, *, name: str, entry: Told | None) -> Scene:
    seen = render(message)
    return Scene(
        language=message.language,
        name=name,
        subject=seen.subject,
        text=seen.text,
        html=seen.html,
        entry=entry,
        told=bool(message.calendar),
    )
