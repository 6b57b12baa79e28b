"""The one door in: once for each intent, together with the deed, and taken back in time."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from threading import Barrier

import pytest
from celery import current_app
from django.db import connection, transaction
from pytest_django.fixtures import DjangoCaptureOnCommitCallbacks

from notifications import delivery, kinds, outbox, queries, tasks
from notifications.models import Message
from tests.notifications import letters

AT_ONCE = 10  # as many connections as a web process has


def in_thread[T](deed: Callable[[], T]) -> T:
    try:
        return deed()
    finally:
        connection.close()


@pytest.mark.django_db(transaction=True)
def test_the_same_intent_a_hundred_times_at_once_is_one_message(noon: datetime) -> None:
    start = Barrier(AT_ONCE)

    def promise(number: int) -> int:
        if number < AT_ONCE:
            start.wait(20)
        return in_thread(lambda: outbox.queue(letters.invitation(), at=noon).pk)

    with ThreadPoolExecutor(AT_ONCE) as pool:
        rows = set(pool.map(promise, range(100)))

    assert rows == set(Message.objects.values_list("pk", flat=True))
    assert len(rows) == 1


@pytest.mark.django_db
def test_the_row_keeps_the_facts_of_the_deed(noon: datetime) -> None:
    message = outbox.queue(letters.invitation(7), at=noon)

    row = dict(Message.objects.values().get(pk=message.pk))
    assert (row.pop("id"), row.pop("context"), row.pop("calendar")) == (
        message.pk,
        letters.FACTS,
        letters.ICS,
    )
    assert row == {
        "scope": "",
        "batch": "",
        "wording_id": None,
        "dedupe_key": "test_invitation|registration:7|1|mail",
        "kind": "test_invitation",
        "subject": "registration:7",
        "audience": "event:1",
        "version": 1,
        "lane": "urgent",
        "channel": "email",
        "recipient": "aino@example.org",
        "language": "fi",
        "links": {"manage": {"purpose": "manage", "seed": "a-seed", "path": "/r/{token}/"}},
        "calendar_method": "REQUEST",
        "headline": "",
        "state": "queued",
        "not_before": noon,
        "not_after": None,
        "created_at": noon,
        "state_changed_at": noon,
        "owner": "",
        "lease_until": None,
        "attempts_made": 0,
        "resends": 0,
    }


@pytest.mark.django_db
def test_many_at_once_come_back_in_the_order_asked(noon: datetime) -> None:
    known = outbox.queue(letters.note(2), at=noon)

    rows = outbox.queue_many([letters.note(3), letters.note(2), letters.note(1), letters.note(3)], at=noon)

    assert [row.subject for row in rows] == ["note:3", "note:2", "note:1", "note:3"]
    assert rows[1] == known
    assert Message.objects.count() == 3
    assert outbox.queue_many([], at=noon) == []


@pytest.mark.django_db
def test_a_batch_gives_the_number_of_each_also_of_those_promised_before(noon: datetime) -> None:
    before = outbox.queue(letters.invitation(2), at=noon)
    Message.objects.filter(pk=before.pk).update(state=Message.State.ACCEPTED)

    asked = [letters.invitation(number) for number in (3, 2, 1, 3)]
    numbers = outbox.queue_batch(asked, at=noon + timedelta(hours=1))

    rows = Message.objects.in_bulk(numbers)
    assert [rows[number].subject for number in numbers] == [f"registration:{n}" for n in (3, 2, 1, 3)]
    before.refresh_from_db()
    assert numbers[1] == before.pk
    assert (before.state, before.created_at) == (Message.State.ACCEPTED, noon)
    assert Message.objects.count() == 3


@pytest.mark.django_db
def test_an_unknown_kind_is_refused_before_anything_is_written(noon: datetime) -> None:
    draft = outbox.Draft(
        kind="nobody_knows", subject="a:1", version=1, recipient="a@example.org", language="fi", context={}
    )

    with pytest.raises(KeyError):
        outbox.queue(draft, at=noon)

    assert not Message.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_deed_undone_leaves_no_message(noon: datetime) -> None:
    with transaction.atomic():
        outbox.queue(letters.invitation(), at=noon)
        transaction.set_rollback(True)

    assert not Message.objects.exists()


@pytest.fixture
def dead_broker(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Nobody listens there."""
    monkeypatch.setattr(current_app.conf, "broker_url", "redis://127.0.0.1:1/0")
    monkeypatch.setattr(current_app.conf, "broker_write_url", "redis://127.0.0.1:1/0")
    monkeypatch.setattr(current_app.amqp, "_producer_pool", None)
    yield
    monkeypatch.setattr(current_app.amqp, "_producer_pool", None)  # the next test connects anew


@pytest.mark.django_db(transaction=True)
def test_with_a_dead_broker_the_deed_stands_and_the_tick_sends(noon: datetime, dead_broker: None) -> None:
    lost_before = tasks.LOST_NUDGES._value.get()  # noqa: SLF001 - counters have no other way to be read

    with transaction.atomic():
        message = outbox.queue(letters.invitation(), at=noon)

    assert tasks.LOST_NUDGES._value.get() == lost_before + 1  # noqa: SLF001 - as above
    assert delivery.drain(lane="urgent", owner="tick", at=noon) == 1
    assert [mail["To"] for mail in letters.arrived()] == [message.recipient]


@pytest.mark.django_db
def test_one_wake_up_for_each_lane_whatever_was_queued(
    noon: datetime, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    with django_capture_on_commit_callbacks() as callbacks:
        outbox.queue(letters.invitation(1), at=noon)
        outbox.queue_many([letters.invitation(2), letters.note(1)], at=noon)
        outbox.queue(letters.note(2), at=noon)

    assert callbacks == [outbox.Nudge("urgent"), outbox.Nudge("bulk")]


@pytest.mark.django_db
def test_a_message_for_later_wakes_nobody_now(
    noon: datetime, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    with django_capture_on_commit_callbacks() as callbacks:
        draft = replace(letters.note(), not_before=noon + timedelta(hours=1))
        outbox.queue(draft, at=noon)

    assert callbacks == []


@pytest.mark.django_db
def test_taking_back_names_what_was_taken_and_leaves_the_rest(noon: datetime) -> None:
    outbox.queue_many([letters.invitation(1), letters.invitation(2), letters.note(1)], at=noon)
    sent = outbox.queue(letters.invitation(3), at=noon)
    Message.objects.filter(pk=sent.pk).update(state="accepted")

    taken = outbox.withdraw(
        subjects={"registration:1", "registration:3", "note:1"},
        kinds={"test_invitation"},
        at=noon,
        note="moved",
    )

    assert taken == {("registration:1", "test_invitation")}
    assert dict(Message.objects.values_list("subject", "state")) == {
        "registration:1": "cancelled",
        "registration:2": "queued",
        "registration:3": "accepted",
        "note:1": "queued",
    }
    [withdrawn] = queries.timeline("registration:1")
    assert [(event.state, event.note, event.at) for event in withdrawn.events.all()] == [
        ("cancelled", "moved", noon)
    ]


@pytest.mark.django_db(transaction=True)
def test_a_message_taken_back_while_being_sent_is_either_sent_or_taken_back(noon: datetime) -> None:
    queued = outbox.queue_many(
        [letters.invitation(n, recipient=f"a{n}@example.org") for n in range(40)], at=noon
    )
    start = Barrier(2)

    def send() -> None:
        start.wait(20)
        while delivery.drain(lane="urgent", owner="racer", limit=5, at=noon):
            pass

    def take_back() -> frozenset[tuple[str, str]]:
        start.wait(20)
        taken: frozenset[tuple[str, str]] = frozenset()
        for message in reversed(queued):
            taken |= outbox.withdraw(subjects=[message.subject], kinds=[message.kind], at=noon)
        return taken

    with ThreadPoolExecutor(2) as pool:
        sending, taking = pool.submit(in_thread, send), pool.submit(in_thread, take_back)
        sending.result(60)
        taken = {subject for subject, _ in taking.result(60)}

    while delivery.drain(lane="urgent", owner="last", at=noon):
        pass
    arrived = sorted(mail["To"] for mail in letters.arrived())
    assert arrived == sorted(message.recipient for message in queued if message.subject not in taken)
    assert set(Message.objects.filter(state="cancelled").values_list("subject", flat=True)) == taken


def test_two_apps_cannot_own_one_kind() -> None:
    with pytest.raises(ValueError, match="registered twice"):
        kinds.register(replace(letters.NOTE, template="other"))

    assert kinds.get("test_note") == letters.NOTE
    assert letters.NOTE in kinds.all_kinds()
