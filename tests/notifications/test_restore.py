"""A backup is put back: what left since waits for a word (T24). A wrong clock does no harm (T21)."""

import sys
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.utils import timezone

from backend import operations
from notifications import delivery, mime, outbox, restoring
from notifications.models import Message
from tests.notifications import letters

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_restored_queue_waits_for_the_word(made_up_kinds: None, capsys: pytest.CaptureFixture[str]) -> None:
    """The row says "waiting" because it is yesterday's; the mail left an hour after the backup was made."""
    message = outbox.queue(letters.invitation(), at=timezone.now() - timedelta(days=1))

    operations.mail("hold")
    held = delivery.drain(lane="urgent", owner="test")
    operations.mail("release")
    gone = delivery.drain(lane="urgent", owner="test")

    message.refresh_from_db()
    assert (held, gone, message.state) == (0, 1, "accepted")
    assert "Mail is held: 1 messages wait." in capsys.readouterr().out


def test_what_the_mail_servers_log_names_does_not_go_again(
    made_up_kinds: None, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    yesterday = timezone.now() - timedelta(days=1)
    left, forged, waits = (outbox.queue(letters.invitation(n), at=yesterday) for n in range(3))
    log = [
        "cleanup[7]: 4F: message-id=<someone@example.org>\n",
        f"cleanup[7]: 5A: message-id=<{mime.delivery_id(left)}@example.org>\n",
        f"cleanup[7]: 5B: message-id=<d-{forged.pk}.{'x' * 16}@example.org>\n",
    ]
    monkeypatch.setattr(sys, "stdin", log)
    operations.mail("hold")

    assert [operations.mail("sent"), operations.mail("sent"), operations.mail("release")] == [0, 0, 0]

    told = capsys.readouterr().out.splitlines()
    assert told[1:3] == [
        "1 messages had left already and do not go again; 2 wait.",
        "0 messages had left already and do not go again; 2 wait.",
    ]
    assert delivery.drain(lane="urgent", owner="test") == 2
    assert list(left.events.values_list("state", "note")) == [("accepted", restoring.NOTE)]
    assert not left.attempts.exists()
    assert waits.attempts.count() == forged.attempts.count() == 1


def test_what_is_not_held_cannot_be_released(capsys: pytest.CaptureFixture[str]) -> None:
    assert operations.mail("release") == 1
    assert capsys.readouterr().err == "Mail is not held.\n"


@pytest.mark.parametrize("jump", [timedelta(hours=1), timedelta(hours=-1)], ids=["ahead", "behind"])
def test_a_worker_whose_clock_jumps_sends_once(jump: timedelta, made_up_kinds: None) -> None:
    if connection.vendor == "sqlite":
        pytest.skip("asks PostgreSQL: SQLite has no clock but the machine's")
    message = outbox.queue(letters.invitation(), at=timezone.now())

    with time_machine.travel(timezone.now() + jump, tick=True):
        delivery.drain(lane="urgent", owner="jumping")
        delivery.sweep()
        delivery.drain(lane="urgent", owner="another")

    row = Message.objects.get(pk=message.pk)
    assert (row.state, row.attempts.count()) == ("accepted", 1)
    assert abs(row.state_changed_at - timezone.now()) < timedelta(minutes=1)
