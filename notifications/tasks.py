"""Thin entrances for the workers. The broker only carries "wake up"; losing a wake-up loses nothing."""

import logging
import os
import socket
from time import monotonic, sleep

from celery import shared_task
from django.utils import timezone
from prometheus_client import Counter

from notifications import circuit, delivery, inbound, news, queries, rules
from notifications.clock import database_clock
from notifications.inboxes import inboxes

logger = logging.getLogger("vipu.notifications")
LOST_NUDGES = Counter(
    "vipu_nudges_lost", "Wake-ups that the broker did not take; the next tick makes up for them"
)
BATCH = 20
SECONDS = 15  # with a last slow batch still within the time limit, so that nobody is stopped in mid-hand-over


def nudge(*, lane: str) -> None:
    """Wake a worker for this lane; never fails, since the tick finds the messages anyway."""
    try:
        drain.apply_async(kwargs={"lane": lane}, retry=False)
    except Exception as error:  # noqa: BLE001 - whatever the broker's client raises, the deed already stands
        LOST_NUDGES.inc()
        logger.warning("no worker could be woken for lane %s: %s", lane, type(error).__name__)


@shared_task(name="notifications.drain")
def drain(lane: str) -> None:
    """Send what waits in this lane, batch after batch."""
    owner = f"{socket.gethostname()[:16]}:{os.getpid()}"
    until = monotonic() + SECONDS
    while monotonic() < until:
        if any(delivery.drain(lane=one, owner=owner, limit=BATCH) for one in (*rules.BEFORE[lane], lane)):
            continue  # whoever is more urgent comes first, batch after batch
        pause = circuit.wait(lane=lane, at=database_clock())
        if pause is None or not queries.due(at=database_clock()).filter(lane=lane).exists():
            return
        sleep(min(max(pause.total_seconds(), 0.01), 1.0))  # a rate is set, and more waits for its turn
    nudge(lane=lane)


def wake_news() -> None:
    """Wake a worker for what providers told; never fails, since the tick finds it anyway."""
    try:
        hear.apply_async(retry=False)
    except Exception as error:  # noqa: BLE001 - as above
        LOST_NUDGES.inc()
        logger.warning("no worker could be woken for news: %s", type(error).__name__)


@shared_task(name="notifications.hear")
def hear() -> None:
    """Let messages take the news of their providers."""
    at = database_clock()
    while news.work_off(at=at):
        pass
    news.forget(at=at)


@shared_task(name="notifications.sweep")
def sweep() -> None:
    """Pick up what broke off."""
    delivery.sweep()


@shared_task(name="notifications.take_in_mail")
def take_in_mail() -> None:
    """Fetch the answers that wait in our mailboxes, and work off all that has come in."""
    at = timezone.now()
    for inbox in inboxes():
        inbound.fetch(inbox, at=at)
    while inbound.work_off(at=at):
        pass
    inbound.forget(at=at)
