"""What a worker does when its broker goes, and when it cannot go on."""

import subprocess
import sys
import time

import pytest
from kombu import Connection
from kombu.transport import virtual

from backend.celery import Channel, Departure, QoS, app


def test_an_acknowledgement_over_a_closed_channel_is_a_lost_connection() -> None:
    connection = Connection("redis://127.0.0.1:1/0")  # nobody listens there, and nobody is asked
    transport = connection.transport
    channel = object.__new__(Channel)
    channel.__dict__["connection"] = None

    with pytest.raises(transport.connection_errors, match="closed"):
        channel._connparams()
    assert vars(type(transport))["Channel"] is Channel


def test_a_task_that_cannot_be_acknowledged_leaves_the_hand_free() -> None:
    channel = object.__new__(Channel)
    channel.__dict__["connection"] = None
    qos = QoS(channel, prefetch_count=1)
    virtual.QoS.append(qos, object(), "one")
    assert not qos.can_consume()

    with pytest.raises(ConnectionError):
        qos.ack("one")
    assert qos.can_consume()
    assert not QoS.restore_at_shutdown
    assert Channel.QoS is QoS


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
