"""Opening the doors: the hours of a series and the places of its events."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Greatest

from accounts import audit
from accounts.models import Organisation, User
from backend.core.i18n import Text, _
from events.actions import create_series
from events.models import Event, EventSeries
from events.templates import Template
from notifications import outbox
from registrations import rules
from registrations.actions.cancelling import welcome
from registrations.actions.placing import fill, lock_quotas
from registrations.actions.ruling import remind_the_day_before
from registrations.models import Quota, RegistrationForm

CAPACITY_LIMIT = 100_000


@transaction.atomic
def open_registration(
    *, series: EventSeries, opens_at: datetime, capacity: int, at: datetime, actor: User | None
) -> RegistrationForm:
    """Take registrations to a series from this moment, each event until it starts.

    Events that have places already keep them.
    """
    _require_capacity(capacity)
    form, is_new = RegistrationForm.objects.update_or_create(series=series, defaults={"opens_at": opens_at})
    if is_new:
        remind_the_day_before(series, at=at)
    without = Event.objects.filter(series=series, quota__isnull=True).exclude(state=Event.State.CANCELLED)
    Quota.objects.bulk_create(
        Quota(event=event, capacity=capacity, hard_cap=capacity, closes_at=event.starts_at)
        for event in without.order_by("pk")
    )
    _record("registration.opened", f"series:{series.pk}", series, at=at, actor=actor, capacity=capacity)
    return form


@transaction.atomic
def new_series_from_template(
    *,
    organisation: Organisation,
    template: Template,
    title: Text,
    first_day: date,
    slug: str,
    at: datetime,
    actor: User | None,
) -> EventSeries:
    """Set up a series as a draft, with places; registration opens when it is published."""
    series = create_series(
        organisation=organisation,
        template=template,
        title=title,
        first_day=first_day,
        slug=slug,
        at=at,
        actor=actor,
    )
    open_registration(series=series, opens_at=at, capacity=template.capacity, at=at, actor=actor)
    return series


@transaction.atomic
def set_capacity(*, event: Event, capacity: int, at: datetime, actor: User | None) -> Quota:
    """Give an event more places or fewer; more let the next in line in, fewer take nobody's place away."""
    _require_capacity(capacity)
    Quota.objects.get_or_create(
        event=event,
        defaults={"capacity": capacity, "hard_cap": capacity, "closes_at": event.starts_at},
    )
    quota = lock_quotas([event.pk])[event.pk]
    before = quota.capacity
    Quota.objects.filter(pk=quota.pk).update(capacity=capacity, hard_cap=Greatest(F("taken"), capacity))
    outbox.queue_many(welcome(fill([quota], at=at), at=at), at=at)
    _record("event.capacity", f"event:{event.pk}", event.series, at=at, actor=actor, old=before, new=capacity)
    quota.refresh_from_db()
    return quota


def _require_capacity(capacity: int) -> None:
    if not 0 <= capacity <= CAPACITY_LIMIT:
        sentence = _("Give a number of places between 0 and 100 000.")
        raise rules.Invalid(sentence, fields={"capacity": [sentence]})


def _record(
    action: str, subject: str, series: EventSeries, *, at: datetime, actor: User | None, **details: object
) -> None:
    audit.record(
        action=action,
        subject=subject,
        at=at,
        actor=actor,
        organisation_id=series.organisation_id,
        details=details,
    )
