"""From the ledger to the transport, on the way that works."""

from datetime import datetime, timedelta

import pytest
from django.db import connection

from notifications import delivery, outbox, suppression
from notifications.models import Message
from tests.faults.sink import Sink
from tests.notifications import letters

pytestmark = pytest.mark.django_db(transaction=True)


def drain(at: datetime, lane: str = "urgent") -> int:
    return delivery.drain(lane=lane, owner="test", at=at)


def story(message: Message) -> tuple[str, list[tuple[str, str]]]:
    message.refresh_from_db()
    return message.state, [(event.state, event.note) for event in message.events.all()]


def test_a_promised_message_reaches_the_mailbox_with_its_invitation(noon: datetime) -> None:
    message = outbox.queue(letters.invitation(), at=noon)

    assert drain(noon) == 1

    assert story(message) == ("accepted", [("accepted", "")])
    assert message.headline == "Olet mukana: Lähiluonto"
    [mail] = letters.arrived()
    assert (mail["Subject"], mail["To"]) == ("Olet mukana: Lähiluonto", "aino@example.org")
    calendars = [part for part in mail.walk() if part.get_content_type() == "text/calendar"]
    assert [(part.get_filename(), part.get_payload(decode=True)) for part in calendars] == [
        (None, letters.ICS.encode()),
        ("kutsu.ics", letters.ICS.encode()),
    ]
    assert drain(noon) == 0


def test_over_smtp_a_whole_batch_uses_one_connection(noon: datetime, sink: Sink) -> None:
    messages = outbox.queue_many(
        [letters.invitation(n, recipient=f"aino{n}@example.org") for n in range(3)], at=noon
    )

    assert drain(noon) == 3

    assert sink.accepted == {f"aino{n}@example.org": 1 for n in range(3)}
    assert sink.connections == 1
    assert [story(message) for message in messages] == [("accepted", [("accepted", "250")])] * 3
    [attempt] = messages[0].attempts.all()
    assert (attempt.outcome, attempt.code, attempt.started_at, attempt.ended_at) == (
        "accepted",
        "250",
        noon,
        noon,
    )


def test_postgresql_plans_the_statement_of_each_mail_once(noon: datetime) -> None:
    if connection.vendor == "sqlite":
        pytest.skip("asks PostgreSQL")
    outbox.queue_many([letters.invitation(n, recipient=f"aino{n}@example.org") for n in range(12)], at=noon)

    assert drain(noon) == 12

    with connection.cursor() as cursor:
        cursor.execute("SELECT generic_plans + custom_plans FROM pg_prepared_statements")
        times = [row[0] for row in cursor.fetchall()]
    assert max(times, default=0) >= 5


def test_nothing_is_sent_before_its_time_or_after_it(noon: datetime) -> None:
    early = outbox.queue(letters.note(1), at=noon + timedelta(minutes=1))
    late = outbox.queue(letters.about(letters.note(2)), at=noon)
    Message.objects.filter(pk=late.pk).update(not_after=noon)

    assert drain(noon, "bulk") == 0
    delivery.sweep(at=noon)

    assert story(early) == ("queued", [])
    assert story(late) == ("expired", [("expired", "")])


def test_a_blocked_address_gets_nothing_and_the_organiser_can_see_it(noon: datetime) -> None:
    suppression.suppress(address="Aino@EXAMPLE.org", reason="complained", at=noon)
    message = outbox.queue(letters.invitation(), at=noon)

    assert drain(noon) == 1

    assert story(message) == ("suppressed", [("suppressed", "complained")])
    assert letters.arrived() == []
    suppression.lift(address="aino@example.org")
    assert suppression.suppressed(["aino@example.org"]) == {}


@pytest.mark.parametrize(
    "recipient", ["a@example.org\nBcc: b@example.org", "a@example.org, b@example.org", "ä@example.org"]
)
def test_a_message_that_cannot_be_made_fails_and_stops_nobody_else(
    recipient: str, noon: datetime, sink: Sink, caplog: pytest.LogCaptureFixture
) -> None:
    broken = outbox.queue(letters.invitation(1, recipient=recipient), at=noon)
    sound = outbox.queue(letters.invitation(2), at=noon)

    assert drain(noon) == 2

    assert story(broken) == ("failed", [("failed", "cannot be made: ValueError")])
    assert [record for record in caplog.messages if "example.org" in record] == []
    assert story(sound)[0] == "accepted"
