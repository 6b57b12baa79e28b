"""What a worker does when its broker goes, and when it cannot go on."""

import subprocess
import sys
import time

from django.conf import settings
from kombu.transport import redis

from backend.celery import Departure, app


def test_what_a_worker_has_in_hand_is_written_nowhere() -> None:
    """Kombu's way to keep it needs the broker at the very moment at which it is gone."""
    assert settings.CELERY_BROKER_TRANSPORT_OPTIONS["ack_emulation"] is False
    assert redis.Channel.do_restore is False


def test_a_worker_whose_end_hangs_is_gone_nevertheless() -> None:
    hangs = """
import time
from backend.celery import Departure
Departure.SECONDS = 0.2
Departure(None).close(None)
time.sleep(30)
"""
    began = time.monotonic()
    ended = subprocess.run([sys.executable, "-c", hangs], timeout=25, check=False)

    assert ended.returncode == 70
    assert time.monotonic() - began < 20
    assert Departure in app.steps["worker"]
