"""Thin entrances for the workers: tell other systems, and keep the log of it short."""

import logging
from time import monotonic

from celery import shared_task
from django.utils import timezone

from notifications.endpoints import delivering
from notifications.endpoints.wire import Wire

logger = logging.getLogger("vipu.notifications")
SECONDS = 15


def nudge() -> None:
    """Wake a worker; never fails, since the tick finds what waits anyway."""
    try:
        deliver.apply_async(retry=False)
    except Exception as error:  # noqa: BLE001 - whatever the broker's client raises, the deed already stands
        logger.warning("no worker could be woken for webhooks: %s", type(error).__name__)


@shared_task(name="notifications.deliver_endpoints")
def deliver() -> None:
    """Tell other systems what waits for them."""
    until = monotonic() + SECONDS
    while delivering.deliver(wire=Wire()):
        if monotonic() > until:
            nudge()
            return


@shared_task(name="notifications.forget_deliveries", ignore_result=True)
def forget_deliveries() -> None:
    """Keep the log for a month; running it twice is no harm."""
    delivering.forget_old(at=timezone.now())
