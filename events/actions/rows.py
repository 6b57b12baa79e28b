"""How an action holds a row while it works, and writes down what it did."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import Model

from accounts import audit
from accounts.models import User
from events.models import Event, EventSeries


def hold[Row: Model](row: Row) -> Row:
    """Lock the row and read it anew, so that two organisers never build on each other's old page.

    Without the key: a row that points here checks at its commit that this one is there, and whoever wrote it
    may hold what the caller asks for next.
    """
    held = type(row)._default_manager.select_for_update(no_key=True)  # noqa: SLF001 - Django's documented name
    row.refresh_from_db(from_queryset=held)
    return row


def store(row: Model, values: Mapping[str, Any]) -> tuple[str, ...]:
    """Write the values that differ and name their columns."""
    differing = tuple(name for name, value in values.items() if getattr(row, name) != value)
    for name in differing:
        setattr(row, name, values[name])
    if differing:
        row.save(update_fields=differing)
    return differing


def record_series(
    action: str, series: EventSeries, *, at: datetime, actor: User | None, **details: object
) -> None:
    """Write down what was done to a series."""
    audit.record(
        action=action,
        subject=f"series:{series.pk}",
        at=at,
        actor=actor,
        organisation_id=series.organisation_id,
        details=details,
    )


def record_event(
    action: str, event: Event, *, at: datetime, actor: User | None, reason: str = "", **details: object
) -> None:
    """Write down what was done to an event or its programme."""
    audit.record(
        action=action,
        subject=f"event:{event.pk}",
        at=at,
        actor=actor,
        organisation_id=event.series.organisation_id,
        details=details,
        reason=reason,
    )
