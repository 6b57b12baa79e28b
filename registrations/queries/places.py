"""How many places are left, and whether one may register now."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, F, OuterRef, Q, Subquery

from events.models import Event
from registrations.models import Quota, Registration, RegistrationForm
from registrations.rules import (
    Line,
    OfferTerms,
    State,
    Terms,
    WhyWaiting,
    own_deadline,
    state_of,
    why_waiting,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Availability:
    """What a page says of the places of one event."""

    state: State
    places_left: int | None
    waiting: int
    capacity: int | None
    mode: str = Quota.Mode.OPEN


def availability(
    events: Iterable[Event], *, at: datetime, exception: datetime | None = None
) -> dict[int, Availability]:
    """Tell for each event whether one may register, how many places are left and how many wait.

    ``exception`` is the later deadline that an organiser gave the one person who looks.
    """
    events = list(events)
    quotas = quotas_of(event.pk for event in events)
    forms = forms_of({event.series_id for event in events})
    waiting = _waiting({event.pk for event in events})
    return {
        event.pk: _availability(
            terms_of(
                event,
                quota=quotas.get(event.pk),
                form=forms.get(event.series_id),
                exception=exception,
                waiting=waiting.get(event.pk, 0),
            ),
            waiting=waiting.get(event.pk, 0),
            mode=quotas[event.pk].mode if event.pk in quotas else Quota.Mode.OPEN,
            at=at,
        )
        for event in events
    }


def _availability(terms: Terms, *, waiting: int, mode: str, at: datetime) -> Availability:
    return Availability(
        state=state_of(terms, at=at),
        places_left=None if terms.capacity is None else terms.places_left,
        waiting=waiting,
        capacity=terms.capacity,
        mode=mode,
    )


def terms_of(
    event: Event,
    *,
    quota: Quota | None,
    form: RegistrationForm | None,
    exception: datetime | None = None,
    waiting: int = 0,
) -> Terms:
    """Gather what the rules decide from; one person's exception outlasts every deadline but the start."""
    closing = [moment for moment in (quota and quota.closes_at, form and form.closes_at) if moment]
    closes_at = own_deadline(min(closing), exception=exception) if closing else None
    return Terms(
        cancelled=event.state == Event.State.CANCELLED,
        starts_at=event.starts_at,
        ends_at=event.ends_at,
        times_known=not event.when_note_fi,
        opens_at=form.opens_at if form else None,
        closes_at=closes_at,
        capacity=quota.capacity if quota else None,
        taken=quota.taken if quota else 0,
        has_waiting_list=quota.has_waiting_list if quota else True,
        by_application=quota is not None and quota.mode == Quota.Mode.APPLICATION,
        behind_others=quota is not None and waiting > 0 and not may_pass(quota),
    )


def may_pass(quota: Quota) -> bool:
    """Tell whether a free place is a newcomer's without a look at the line: nobody waits beside one.

    Where places are offered one may be free while people wait: after the last moment for offers.
    """
    return quota.promotion == Quota.Promotion.AUTO or not quota.has_waiting_list


def offer_terms(quota: Quota, event: Event) -> OfferTerms:
    """Gather how an event calls those who wait; the event comes with its series."""
    return OfferTerms(
        offers=quota.promotion == Quota.Promotion.OFFER,
        hours=quota.offer_hours,
        working_hours=quota.offer_in_working_hours,
        cutoff_hours=quota.offer_cutoff_hours,
        starts_at=event.starts_at,
        zone=event.series.timezone,
    )


def _line_of(event: Event, quota: Quota, *, promised: int) -> Line:
    """Gather how the places of an event stand for those who wait."""
    return Line(
        published=event.state == Event.State.PUBLISHED,
        terms=offer_terms(quota, event),
        capacity=quota.capacity,
        taken=quota.taken,
        promised=promised,
    )


def reasons_of(
    registrations: Iterable[Registration], positions: Mapping[int, int], *, at: datetime
) -> dict[int, WhyWaiting]:
    """Tell for each registration that waits why it has no place yet; read with its event and series."""
    rows = [row for row in registrations if row.pk in positions]
    quotas = quotas_of({row.event_id for row in rows})
    events = {row.event_id: row.event for row in rows}
    promised = _promised(events)
    lines = {pk: _line_of(one, quotas[pk], promised=promised.get(pk, 0)) for pk, one in events.items()}
    return {row.pk: why_waiting(lines[row.event_id], position=positions[row.pk], at=at) for row in rows}


def _promised(event_ids: Collection[int]) -> dict[int, int]:
    """Count the places of each event that somebody may still take, or take back."""
    rows = Registration.objects.filter(
        Q(state=Registration.State.OFFERED) | Q(held=True), event__in=event_ids
    )
    return dict(rows.order_by().values_list("event").annotate(count=Count("pk")))


def quotas_of(event_ids: Iterable[int]) -> dict[int, Quota]:
    """Read the quotas of these events, by event."""
    return {quota.event_id: quota for quota in Quota.objects.filter(event__in=list(event_ids))}


def forms_of(series_ids: Collection[int]) -> dict[int, RegistrationForm]:
    """Read the registration forms of these series, by series."""
    return {form.series_id: form for form in RegistrationForm.objects.filter(series__in=series_ids)}


def _waiting(event_ids: Collection[int]) -> dict[int, int]:
    rows = Registration.objects.filter(event__in=event_ids, state=Registration.State.WAITING)
    return dict(rows.order_by().values_list("event").annotate(count=Count("pk")))


def drift() -> dict[int, tuple[int, int]]:
    """Find events whose counter and rows differ, as (counted, held): always empty, never just repaired."""
    row = "event__registrations__"
    counts = Q((f"{row}state__in", Registration.HOLDS_A_PLACE)) | Q((f"{row}held", True))
    held = Count("event__registrations", filter=counts)
    rows = Quota.objects.annotate(held=held).exclude(taken=F("held")).order_by("event")
    return {event_id: (taken, held) for event_id, taken, held in rows.values_list("event", "taken", "held")}


def positions_of(registrations: Iterable[Registration]) -> dict[int, int]:
    """Tell the place in line of each registration that waits: 1 is the next to get a place."""
    waiting = [row for row in registrations if row.state == Registration.State.WAITING]
    if len(waiting) > _MANY:
        return _whole_lines({row.event_id for row in waiting})
    return _counted([row.pk for row in waiting]) if waiting else {}


_MANY = 50  # from here on reading the whole line once is less work than counting for each
_IN_LINE = Registration.objects.filter(state=Registration.State.WAITING)


def _counted(pks: Collection[int]) -> dict[int, int]:
    up_to = _IN_LINE.filter(event=OuterRef("event"), waiting_number__lte=OuterRef("waiting_number"))
    count = up_to.order_by().values("event").annotate(count=Count("pk")).values("count")
    return dict(Registration.objects.filter(pk__in=pks).values_list("pk", Subquery(count)))


def _whole_lines(event_ids: Collection[int]) -> dict[int, int]:
    lines: dict[int, int] = {}
    positions: dict[int, int] = {}
    rows = _IN_LINE.filter(event__in=event_ids).order_by("event", "waiting_number")
    for pk, event_id in rows.values_list("pk", "event"):
        positions[pk] = lines[event_id] = lines.get(event_id, 0) + 1
    return positions
