"""News for other systems, written down in the same transaction as the deed it tells of."""

import uuid
from collections.abc import Callable, Iterable
from datetime import UTC, datetime

from django.db import connection, transaction

from notifications.drafts import Json
from notifications.endpoints import tasks
from notifications.endpoints.facts import Fact
from notifications.models import Endpoint, EndpointDelivery


def announce(*, scope: str, facts: Callable[[], Iterable[Fact]], at: datetime) -> None:
    """Tell every endpoint of this scope what it asked for; the facts are only made when somebody listens.

    Where nobody does, this is one look at an index, however many facts there would be.
    """
    listeners = list(Endpoint.objects.filter(scope=scope, off=Endpoint.Off.NOT))
    if not listeners:
        return
    rows = [
        row_for(endpoint, fact, event=event, at=at)
        for fact in facts()
        for event in [uuid.uuid4()]
        for endpoint in listeners
        if fact.kind in endpoint.kinds
    ]
    EndpointDelivery.objects.bulk_create(rows, batch_size=500)
    if rows:
        wake()


def row_for(endpoint: Endpoint, fact: Fact, *, event: uuid.UUID, at: datetime) -> EndpointDelivery:
    """Write one piece of news as this endpoint is to get it: names only where it was set so."""
    data: dict[str, Json] = dict(fact.data)
    if endpoint.with_people and fact.person:
        data["person"] = dict(fact.person)
    moment = at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return EndpointDelivery(
        endpoint=endpoint,
        event=event,
        kind=fact.kind,
        subject=fact.subject,
        payload={"type": fact.kind, "timestamp": moment, "data": data},
        created_at=at,
        next_at=at,
    )


def wake() -> None:
    """Nudge a worker once when the transaction commits; the tick would find the rows as well."""
    waiting = [callback for _, callback, *_ in connection.run_on_commit]
    if tasks.nudge not in waiting:
        transaction.on_commit(tasks.nudge, robust=True)


def forget(*, subjects: Iterable[str]) -> None:
    """Remove all that was told of these people from the log, because they are removed."""
    EndpointDelivery.objects.filter(subject__in=list(subjects)).delete()
