"""Thin entrances for the workers. The broker only carries "wake up"; losing a wake-up loses nothing."""

import logging

from celery import shared_task
from prometheus_client import Counter

logger = logging.getLogger("vipu.notifications")
LOST_NUDGES = Counter(
    "vipu_nudges_lost", "Wake-ups that the broker did not take; the next tick makes up for them"
)


def nudge(*, lane: str) -> None:
    """Wake a worker for this lane; never fails and never waits, since the tick finds the messages anyway."""
    try:
        drain.apply_async(args=(lane,), retry=False)
    except Exception as error:  # noqa: BLE001 - whatever the broker's client raises, the deed already stands
        LOST_NUDGES.inc()
        logger.warning("no worker could be woken for lane %s: %s", lane, type(error).__name__)


@shared_task(name="notifications.drain", queue="notifications")
def drain(lane: str) -> None:
    """Send what waits in this lane."""


@shared_task(name="notifications.sweep", queue="notifications")
def sweep() -> None:
    """Pick up what broke off."""
