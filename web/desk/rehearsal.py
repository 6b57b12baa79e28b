"""A rehearsal: everything a made-up attendee would get about an event, played by the real deeds and undone.

It runs in one transaction that is rolled back: nothing is kept, nothing is sent, and nobody is woken, since
wake-ups wait for a commit that never comes.
"""

import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F

from backend.core.i18n import Language
from events.models import Event, EventSeries
from notifications.models import Message
from notifications.rendering import render
from registrations.actions import Person, open_registration, register
from registrations.actions.automatic import carry_out
from registrations.models import MessageRule, Question, Quota, Registration, RegistrationForm
from registrations.queries import automatic
from surveys.actions import open_survey
from surveys.models import Survey

EARLY = timedelta(days=14)  # an event that has begun is rehearsed as if somebody had registered then
AFTERWARDS = timedelta(hours=1)
FEW = 500  # the survey is played where not many others would be asked along with us
_PEOPLE: Sequence[tuple[str, Language]] = (
    ("Aino Esimerkki", "fi"),
    ("Veera Exempel", "sv"),
    ("Olli Example", "en"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """One message as it would be read."""

    at: datetime
    kind: str
    language: str
    name: str
    subject: str
    text: str
    calendar: str  # REQUEST, CANCEL or nothing


def rehearse(event: Event, *, at: datetime) -> list[Scene]:
    """Play the messages of three made-up people in order of time, and leave no trace of it."""
    with transaction.atomic():
        scenes = _play(event, at=at)
        transaction.set_rollback(True)
    return scenes


def _play(event: Event, *, at: datetime) -> list[Scene]:
    begin = at if at < event.starts_at else event.starts_at - EARLY
    _open_for_us(event, at=begin)
    series = EventSeries.objects.get(pk=event.series_id)
    names = {}
    for name, language in _PEOPLE:
        address = f"{name.split()[0].lower()}.{secrets.token_hex(3)}@example.org"
        names[address] = name
        person = Person(name=name, email=address, language=language)
        register(
            series=series,
            person=person,
            events=[event.slug],
            idempotency_key=secrets.token_hex(8),
            at=begin,
        )
    ours = set(Registration.objects.filter(attendee__email__in=names).values_list("pk", flat=True))
    _let_rules_work(event, ours, begin=begin)
    _ask_afterwards(event, ours)
    told = Message.objects.filter(recipient__in=names).order_by("created_at", "pk")
    return [_scene(message, name=names[message.recipient]) for message in told]


def _open_for_us(event: Event, *, at: datetime) -> None:
    """Publish the event, open its doors and put three places beside the others, for this moment only."""
    series = event.series
    EventSeries.objects.filter(pk=series.pk).update(state=EventSeries.State.PUBLISHED)
    Event.objects.filter(pk=event.pk).update(state=Event.State.PUBLISHED, when_note_fi="")
    Question.objects.filter(series=series, retired_at=None).update(retired_at=at)
    if not RegistrationForm.objects.filter(series=series).exists() or not Quota.objects.filter(event=event):
        open_registration(series=series, opens_at=at, capacity=0, at=at, actor=None)
    RegistrationForm.objects.filter(series=series).update(opens_at=at - EARLY, closes_at=None)
    places = Quota.objects.filter(event=event)
    places.filter(closes_at__lte=at).update(closes_at=event.starts_at)
    places.update(
        capacity=F("capacity") + len(_PEOPLE) + F("taken"),
        hard_cap=F("hard_cap") + F("capacity") + len(_PEOPLE) + F("taken"),
        mode=Quota.Mode.OPEN,
        promotion=Quota.Promotion.AUTO,
    )
    MessageRule.objects.filter(series=series).update(changed_at=at - EARLY)


def _let_rules_work(event: Event, ours: Collection[int], *, begin: datetime) -> None:
    """Move the clock to the moment of each rule, one after the other."""
    rules = MessageRule.objects.filter(series=event.series_id, enabled=True)
    plans = [plan for plan in automatic.plans(rules) if plan.event.pk == event.pk]
    due = [(plan.window(begin).opens, plan) for plan in plans]
    for moment, plan in sorted(due, key=lambda pair: pair[0]):
        if moment >= begin:
            carry_out(plan, at=moment, among=ours)


def _ask_afterwards(event: Event, ours: Collection[int]) -> None:
    """Let all three have come, and send them the survey, if others do not make it a long play."""
    if Registration.objects.filter(event=event).count() > FEW or Survey.objects.filter(event=event).exists():
        return
    Registration.objects.filter(pk__in=ours).update(attended=True)
    open_survey(event=Event.objects.get(pk=event.pk), at=event.ends_at + AFTERWARDS)


def _scene(message: Message, *, name: str) -> Scene:
    seen = render(message)
    return Scene(
        at=message.created_at,
        kind=message.kind,
        language=message.language,
        name=name,
        subject=seen.subject,
        text=seen.text,
        calendar=message.calendar_method,
    )
