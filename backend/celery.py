"""The workers: Celery only carries "wake up"; what is to be done stands in the database (see settings)."""

import os

from celery import Celery
from kombu.transport.redis import QoS

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "backend.settings")
os.environ.setdefault("REMAP_SIGTERM", "SIGQUIT")  # read by Celery: SIGTERM waits only a limited time

app = Celery("vipu")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.set_default()  # a thread without a default app would publish to a broker that is not ours
app.autodiscover_tasks()

# A worker that loses its broker in mid-task would try to give the task back over the lost connection, and die
# of that for good (kombu 5.7, see tests/faults/test_outages.py). A task is only a wake-up: let it go.
QoS.restore_at_shutdown = False
