"""The workers: Celery only carries "wake up"; what is to be done stands in the database (see settings)."""

import os
from threading import Timer

from celery import Celery, bootsteps
from celery.signals import worker_shutdown
from kombu.transport import redis

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "backend.settings")
os.environ.setdefault("REMAP_SIGTERM", "SIGQUIT")  # read by Celery: SIGTERM waits only a limited time

app = Celery("vipu")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.set_default()  # a thread without a default app would publish to a broker that is not ours
app.autodiscover_tasks()

# What a worker has in hand is written nowhere (``ack_emulation`` in the settings) and not given back at its
# end: a task is only a wake-up, and the next tick is one too. Kombu 5.7 would try both over a connection
# that is lost, and end or deafen the worker (tests/faults/test_outages.py).
redis.Channel.do_restore = False


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
