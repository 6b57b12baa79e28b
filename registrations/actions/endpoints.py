"""What organisers do with the webhooks of a series, each deed written into the history."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db import transaction

from accounts import audit
from accounts.models import User
from events.models import EventSeries
from notifications.endpoints import managing
from notifications.endpoints.managing import Shared
from notifications.models import Endpoint, EndpointDelivery


@transaction.atomic
def add_endpoint(
    *,
    series: EventSeries,
    name: str,
    url: str,
    kinds: Collection[str],
    with_people: bool,
    at: datetime,
    actor: User,
) -> Shared:
    """Let another system be told of this series; its secret is told this once."""
    made = managing.add(
        scope=scope_of(series), name=name, url=url, kinds=kinds, with_people=with_people, at=at
    )
    _record("made", made.endpoint, series=series, at=at, actor=actor, with_people=with_people)
    return made


@transaction.atomic
def roll_endpoint(*, series: EventSeries, endpoint: Endpoint, at: datetime, actor: User) -> Shared:
    """Make a new secret; the former one counts for a day more."""
    made = managing.roll(endpoint=endpoint, at=at)
    _record("rolled", endpoint, series=series, at=at, actor=actor)
    return made


@transaction.atomic
def switch_endpoint(*, series: EventSeries, endpoint: Endpoint, on: bool, at: datetime, actor: User) -> None:
    """Stop telling, or start again."""
    managing.switch(endpoint=endpoint, on=on, at=at)
    _record("on" if on else "off", endpoint, series=series, at=at, actor=actor)


def ping_endpoint(*, endpoint: Endpoint, at: datetime) -> EndpointDelivery:
    """Send a made-up piece of news."""
    return managing.ping(endpoint=endpoint, at=at)


@transaction.atomic
def replay_deliveries(
    *,
    series: EventSeries,
    endpoint: Endpoint,
    at: datetime,
    actor: User,
    delivery: int | None = None,
    since: datetime | None = None,
) -> int:
    """Send one piece of news again, or all that failed since a moment; tells how many."""
    number = managing.replay(endpoint=endpoint, at=at, delivery=delivery, since=since)
    _record("replayed", endpoint, series=series, at=at, actor=actor, number=number)
    return number


@transaction.atomic
def remove_endpoint(*, series: EventSeries, endpoint: Endpoint, at: datetime, actor: User) -> None:
    """Forget a webhook together with its log."""
    _record("removed", endpoint, series=series, at=at, actor=actor)
    managing.remove(endpoint=endpoint)


def scope_of(series: EventSeries) -> str:
    """Name what the webhooks of a series are told of."""
    return f"series:{series.pk}"


def _record(
    what: str,
    endpoint: Endpoint,
    *,
    series: EventSeries,
    at: datetime,
    actor: User,
    **details: Any,  # noqa: ANN401 - what the audit trail keeps besides
) -> None:
    audit.record(
        action=f"endpoint.{what}",
        subject=scope_of(series),
        at=at,
        actor=actor,
        organisation_id=series.organisation_id,
        details={"endpoint": endpoint.pk, **details},
    )
