"""Workers die and freeze at the worst moments; nothing is lost, and nothing is sent twice, in silence."""

import os
import random
import signal
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial

import pytest
from django.utils import timezone

from notifications import delivery, outbox, queries, rules
from notifications.models import Message
from tests.faults.conftest import Size
from tests.faults.sink import Sink
from tests.faults.workers import Workers, factory
from tests.notifications import letters

pytestmark = pytest.mark.django_db(transaction=True)

WORKERS = 4
LATER = timedelta(minutes=5)


@pytest.fixture
def sink() -> Iterator[Sink]:
    with Sink() as started:
        yield started


@pytest.fixture(scope="module")
def worker_factory() -> Iterator[subprocess.Popen[str]]:
    with factory() as process:
        yield process


@pytest.fixture
def workers(sink: Sink, worker_factory: subprocess.Popen[str], made_up_kinds: None) -> Iterator[Workers]:
    started = Workers(worker_factory, sink)
    yield started
    started.kill_all()


def wait_for(condition: Callable[[], bool], *, seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited too long"
        time.sleep(0.02)


def has_accepted(sink: Sink, number: float) -> bool:
    return sink.accepted.total() >= number


def state_of(message: Message) -> str:
    message.refresh_from_db()
    return message.state


def test_workers_killed_at_random_lose_nothing_and_repeat_nothing(
    size: Size, sink: Sink, workers: Workers
) -> None:
    queued = outbox.queue_many(
        [letters.note(n, recipient=f"veera{n}@example.org") for n in range(size.mails)], at=timezone.now()
    )
    chance = random.Random(2027)  # noqa: S311 - the moments may be guessed
    moments = sorted(chance.randrange(size.mails) for _ in range(size.kills))
    for _ in range(WORKERS):
        workers.start("bulk")
    for moment in moments:
        wait_for(partial(has_accepted, sink, moment * 0.95), seconds=size.seconds)
        time.sleep(chance.uniform(0, 0.02))  # the point within a hand-over is left to chance
        workers.kill(chance.choice(workers.alive))
        workers.start("bulk")
    waiting = Message.objects.filter(state__in=rules.WAITING)
    wait_for(lambda: not waiting.exists(), seconds=size.seconds)

    states = Counter(Message.objects.values_list("state", flat=True))
    arrived = set(sink.accepted)
    accepted = {message.recipient for message in Message.objects.filter(state="accepted")}
    uncertain = set(Message.objects.filter(state="uncertain"))
    print(f"\n{size.mails} mails, {size.kills} kills: {dict(states)}, {len(arrived)} at the sink")  # noqa: T201 - the figures of the run
    assert set(sink.accepted.values()) == {1}  # nobody got it twice
    assert accepted <= arrived  # nothing is called accepted that did not arrive
    assert accepted | {message.recipient for message in uncertain} == {m.recipient for m in queued}
    assert len(uncertain) <= size.kills
    assert set(queries.troubled(audience="series:1")) == uncertain  # the desk shows each of them


@pytest.mark.parametrize(
    ("step", "ends", "arrived"),
    [
        ("connect", "queued", 0),
        ("ehlo", "queued", 0),
        ("mail", "uncertain", 0),
        ("rcpt", "uncertain", 0),
        ("data", "uncertain", 0),
        ("dot", "uncertain", 1),
        ("reply", "uncertain", 1),
        ("quit", "accepted", 1),
    ],
)
def test_a_worker_killed_at_each_step_leaves_the_truth_behind(
    step: str, ends: str, arrived: int, sink: Sink, workers: Workers
) -> None:
    died = []

    def kill() -> None:
        died.append(True)
        workers.kill(workers.alive[0])

    sink.points[step] = kill
    workers.start("bulk")
    message = outbox.queue(letters.note(), at=timezone.now())  # once it is known which process to kill
    wait_for(lambda: bool(died))
    sink.points.clear()

    delivery.sweep(at=timezone.now() + LATER)

    assert (state_of(message), sink.accepted.total()) == (ends, arrived)


def test_a_frozen_worker_sends_nothing_stale_when_it_wakes(sink: Sink, workers: Workers) -> None:
    frozen: list[int] = []

    def freeze() -> None:
        if not frozen:
            frozen.append(workers.alive[0])
            os.kill(workers.alive[0], signal.SIGSTOP)

    sink.points["rcpt"] = freeze
    workers.start("urgent")
    message = outbox.queue(letters.invitation(), at=timezone.now())  # once it is known which process to stop
    wait_for(lambda: bool(frozen))
    time.sleep(2.5)  # longer than it may hand over after its mark
    delivery.sweep(at=timezone.now() + LATER)
    assert state_of(message) == "queued"  # the kind of this message is sent once more
    workers.start("urgent")
    wait_for(lambda: state_of(message) == "accepted")

    os.kill(frozen[0], signal.SIGCONT)
    time.sleep(1)

    assert (state_of(message), sink.accepted) == ("accepted", {"aino@example.org": 1})
    assert {a.outcome for a in message.attempts.all()} <= {"unknown", "temporary", "accepted"}
