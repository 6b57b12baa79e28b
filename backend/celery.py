"""The workers: Celery only carries "wake up"; what is to be done stands in the database (see settings)."""

import os
from threading import Timer
from typing import Any

from celery import Celery, bootsteps
from celery.signals import worker_shutdown
from kombu.transport import redis, virtual

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "backend.settings")
os.environ.setdefault("REMAP_SIGTERM", "SIGQUIT")  # read by Celery: SIGTERM waits only a limited time

app = Celery("vipu")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.set_default()  # a thread without a default app would publish to a broker that is not ours
app.autodiscover_tasks()


class QoS(redis.QoS):
    """What a worker has in hand; kombu 5.7 has two holes here (see tests/faults/test_outages.py).

    A worker that loses its broker in mid-task would try to give the task back over the lost connection, and
    die of that for good. And a task that could not be acknowledged would fill a hand for ever, until none is
    left to take another with: the worker is deaf. A task is only a wake-up: let it go.
    """

    restore_at_shutdown = False

    def ack(self, delivery_tag: str) -> None:
        """Let go of it in any case."""
        try:
            super().ack(delivery_tag)
        except Exception:
            virtual.QoS.ack(self, delivery_tag)
            raise


class Channel(redis.Channel):
    """A channel that says so when it is closed: a late acknowledgement over it is a lost connection.

    Kombu 5.7 stumbles over itself there, which Celery takes for a defect and ends the worker.
    """

    QoS = QoS

    def _connparams(self, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - kombu's own
        if self.connection is None:
            raise ConnectionError("the channel is closed")
        return super()._connparams(*args, **kwargs)  # type: ignore[misc]  # not in the stubs


redis.Transport.Channel = Channel


class Departure(bootsteps.StartStopStep):
    """A worker that is told to end, or cannot go on, is gone in a minute, even if its end hangs.

    Whoever watches over it (``restart`` in docker-compose.yml) starts another only when this one is gone.
    """

    SECONDS = 60  # twice what the task in hand may take

    def close(self, _worker: object) -> None:
        """Begin to count; whoever ends in time stops the clock."""
        clock = Timer(self.SECONDS, os._exit, [os.EX_SOFTWARE])
        clock.daemon = True
        clock.start()
        worker_shutdown.connect(lambda **_: clock.cancel(), weak=False)


app.steps["worker"].add(Departure)
