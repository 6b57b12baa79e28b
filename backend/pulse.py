"""Who is alive: the scheduler sends a pulse to every worker, and each worker writes that it got it.

A row proves the whole chain (scheduler, broker, worker, database), which a connected process does not.
"""

from datetime import datetime, timedelta

from celery import Task, shared_task
from django.utils import timezone

from notifications.models import Heartbeat

LATE = timedelta(seconds=60)
FORGOTTEN = timedelta(days=1)


@shared_task(name="backend.pulse", bind=True)
def beat(self: "Task[..., None]") -> None:
    """Write down that the scheduler and this worker are alive."""
    record(worker=str(self.request.hostname or ""), at=timezone.now())


def record(*, worker: str, at: datetime) -> None:
    """Renew both rows, and forget workers that have been gone for a day."""
    for kind, name in (("beat", "beat"), ("worker", worker[:80])):
        Heartbeat.objects.update_or_create(name=name, defaults={"kind": kind, "at": at})
    Heartbeat.objects.filter(at__lt=at - FORGOTTEN).delete()


def last(kind: str) -> Heartbeat | None:
    """Give the latest sign of life of this kind."""
    return Heartbeat.objects.filter(kind=kind).order_by("-at").first()


def is_alive(kind: str, *, at: datetime, name: str = "") -> bool:
    """Tell whether something of this kind (or the one of this name) has been heard of in the last minute."""
    rows = Heartbeat.objects.filter(kind=kind, at__gt=at - LATE)
    return rows.filter(name=name).exists() if name else rows.exists()
