"""A golden table: whatever happens in a hand-over, the ledger tells what is known, and no more."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

import pytest
from django.db import connection
from pytest_django.fixtures import Settings

from notifications import delivery, outbox, queries, rules
from notifications.models import Message
from tests.faults.sink import Sink
from tests.notifications import letters

pytestmark = pytest.mark.django_db(transaction=True)

LATER = timedelta(minutes=5)

GOLDEN = [
    # step, what the server does there, state afterwards, what the attempt tells, arrived
    ("connect", "drop", "queued", "", 0),
    ("connect", "stall", "queued", "", 0),
    ("connect", "554 not you", "queued", "", 0),
    ("ehlo", "drop", "queued", "", 0),
    ("mail", "421 closing", "retry_wait", "421", 0),
    ("mail", "451 not now", "retry_wait", "451", 0),
    ("mail", "550 never", "failed", "550", 0),
    ("mail", "drop", "retry_wait", "lost-SMTPServerDisconnected", 0),
    ("mail", "stall", "retry_wait", "lost-SMTPServerDisconnected", 0),
    ("rcpt", "450 not now", "retry_wait", "450", 0),
    ("rcpt", "550 no such user", "failed", "550", 0),
    ("rcpt", "drop", "retry_wait", "lost-SMTPServerDisconnected", 0),
    ("data", "452 disk full", "retry_wait", "452", 0),
    ("data", "554 no", "failed", "554", 0),
    ("data", "drop", "retry_wait", "lost-SMTPServerDisconnected", 0),
    ("data", "gibberish", "retry_wait", "-1", 0),
    ("body", "drop", "uncertain", "lost-SMTPServerDisconnected", 0),
    ("dot", "421 closing", "retry_wait", "421", 0),
    ("dot", "451 not now", "retry_wait", "451", 0),
    ("dot", "554 spam", "failed", "554", 0),
    ("dot", "drop", "uncertain", "lost-SMTPServerDisconnected", 0),
    ("reply", "drop", "uncertain", "lost-SMTPServerDisconnected", 1),
    ("reply", "stall", "uncertain", "lost-SMTPServerDisconnected", 1),
    ("reply", "gibberish", "uncertain", "-1", 1),
    ("reply", "250 accepted", "accepted", "250", 1),
    ("quit", "drop", "accepted", "250", 1),
]


@pytest.mark.parametrize(("step", "does", "state", "code", "arrived"), GOLDEN)
def test_the_ledger_tells_what_is_known(
    step: str, does: str, state: str, code: str, arrived: int, noon: datetime, sink: Sink, settings: Settings
) -> None:
    settings.MAILERS = sink.mailers(timeout=0.3)
    sink.points[step] = does
    message = outbox.queue(letters.note(), at=noon)

    delivery.drain(lane="bulk", owner="test", at=noon)

    message.refresh_from_db()
    codes = list(message.attempts.values_list("code", flat=True))
    assert (message.state, codes, sink.accepted.total()) == (state, [code] if code else [], arrived)
    assert (message.owner, message.lease_until) == ("", None)


def test_one_refused_message_leaves_the_connection_to_the_others(noon: datetime, sink: Sink) -> None:
    def stop_refusing() -> None:
        sink.points.pop("rcpt", None)

    def refuse_first() -> None:
        sink.points |= {"rcpt": "550 no such user", "mail": stop_refusing}

    sink.points["mail"] = refuse_first
    messages = outbox.queue_many([letters.note(1), letters.note(2)], at=noon)

    assert delivery.drain(lane="bulk", owner="test", at=noon) == 2

    assert [m.state for m in queries.states_of([m.pk for m in messages])] == ["failed", "accepted"]
    assert sink.connections == 1


def test_after_a_lost_connection_the_next_message_gets_a_new_one(noon: datetime, sink: Sink) -> None:
    sink.points["data"] = "421 closing"
    messages = outbox.queue_many([letters.note(1), letters.note(2)], at=noon)

    assert delivery.drain(lane="bulk", owner="test", at=noon) == 2

    assert [m.state for m in queries.states_of([m.pk for m in messages])] == ["retry_wait", "retry_wait"]
    assert sink.connections == 2


def test_a_message_refused_for_now_climbs_the_ladder_and_then_fails(noon: datetime, sink: Sink) -> None:
    sink.points["rcpt"] = "450 not now"
    message = outbox.queue(letters.note(), at=noon)
    waits, at = [], noon

    while message.state != "failed":
        delivery.drain(lane="bulk", owner="test", at=at)
        message.refresh_from_db()
        waits.append(message.not_before - at)
        assert delivery.drain(lane="bulk", owner="test", at=message.not_before - timedelta(seconds=1)) == 0
        at = message.not_before

    assert len(waits) == len(rules.LADDER) + 1
    assert all(step * 0.8 <= wait <= step * 1.2 for step, wait in zip(rules.LADDER, waits[:-1], strict=True))


def in_between(sink: Sink, step: str, deed: Callable[[], object]) -> None:
    """Do something once, from elsewhere, while the worker waits for the server's answer at this step."""

    def once() -> None:
        sink.points.pop(step)
        try:
            deed()
        finally:
            connection.close()

    sink.points[step] = once


def test_what_was_taken_over_from_a_slow_worker_is_left_alone(noon: datetime, sink: Sink) -> None:
    messages = outbox.queue_many([letters.note(n, recipient=f"v{n}@example.org") for n in range(3)], at=noon)

    def take_over() -> None:
        delivery.sweep(at=noon + LATER)
        delivery.drain(lane="bulk", owner="other", at=noon + LATER)

    in_between(sink, "reply", take_over)

    assert delivery.drain(lane="bulk", owner="slow", at=noon) == 1

    assert sink.accepted == {f"v{n}@example.org": 1 for n in range(3)}
    assert {m.state for m in queries.states_of([m.pk for m in messages])} == {"accepted"}


def test_a_late_yes_stops_the_second_sending(noon: datetime, sink: Sink) -> None:
    message = outbox.queue(letters.invitation(), at=noon)
    in_between(sink, "reply", partial(delivery.sweep, at=noon + LATER))

    delivery.drain(lane="urgent", owner="slow", at=noon)

    message.refresh_from_db()
    assert [event.state for event in message.events.all()] == ["uncertain", "queued", "accepted"]
    assert (message.state, delivery.drain(lane="urgent", owner="other", at=noon + LATER)) == ("accepted", 0)
    assert sink.accepted == {"aino@example.org": 1}


def test_a_worker_too_late_at_the_point_of_no_return_lets_go(noon: datetime, sink: Sink) -> None:
    message = outbox.queue(letters.note(), at=noon)
    terms = delivery.Terms(send=timedelta(seconds=10), answer=timedelta(seconds=10))

    delivery.drain(lane="bulk", owner="slow", at=noon, terms=terms)

    message.refresh_from_db()
    [attempt] = message.attempts.all()
    assert (message.state, attempt.outcome, attempt.code) == ("retry_wait", "temporary", "lease-over")
    assert sink.accepted.total() == 0


def test_a_message_that_must_arrive_is_sent_once_more_and_only_once(noon: datetime, sink: Sink) -> None:
    sink.points["reply"] = "drop"
    message = outbox.queue(letters.invitation(), at=noon)

    for minute in range(4):
        delivery.drain(lane="urgent", owner="test", at=noon + timedelta(minutes=minute))
        delivery.sweep(at=noon + timedelta(minutes=minute))

    message.refresh_from_db()
    assert (message.state, message.resends, sink.accepted.total()) == ("uncertain", 1, 2)
    identities = {mail.split(b"Message-ID: ")[1].split(b"\r\n")[0] for mail in sink.mails}
    assert len(identities) == 1  # a calendar or a mail program recognises it as the same mail


def test_a_message_that_must_not_come_twice_waits_for_a_person_and_is_closed_in_the_end(
    noon: datetime, sink: Sink
) -> None:
    sink.points["reply"] = "drop"
    message = outbox.queue(letters.note(), at=noon)
    delivery.drain(lane="bulk", owner="test", at=noon)

    delivery.sweep(at=noon + timedelta(hours=71))
    assert list(queries.troubled()) == [message]
    delivery.sweep(at=noon + timedelta(hours=72))

    message.refresh_from_db()
    assert (message.state, sink.accepted.total()) == ("closed", 1)


def test_a_dead_worker_gives_back_what_it_only_claimed(noon: datetime) -> None:
    message = outbox.queue(letters.note(), at=noon)
    Message.objects.update(state="claimed", owner="gone", lease_until=noon + timedelta(seconds=60))

    delivery.sweep(at=noon + timedelta(seconds=59))
    message.refresh_from_db()
    assert message.state == "claimed"
    delivery.sweep(at=noon + timedelta(seconds=60))
    message.refresh_from_db()
    assert (message.state, message.owner, message.lease_until) == ("queued", "", None)
