"""A mail server that fails in every way at once, and the books balance nevertheless (T32)."""

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random

import pytest
from django.db.models import Min
from pytest_django.fixtures import Settings

from notifications import delivery, outbox
from notifications.models import Circuit, Message
from notifications.outbox import Draft
from tests.faults.sink import Sink
from tests.notifications import letters

pytestmark = pytest.mark.django_db(transaction=True)

MAILS, MANY = 200, 1000
SHARES = {  # in a hundred mails, what the first try of each meets
    ("rcpt", "421 closing"): 10,
    ("rcpt", "451 not now"): 5,
    ("rcpt", "550 no such user"): 2,
    ("reply", "drop"): 1,
    ("reply", "stall"): 1,
}
FAILED = UNKNOWN = 2  # of a hundred
IN_A_ROW = 6  # enough closed connections to stop the transport once


def scripts_of(recipients: list[str]) -> dict[str, list[tuple[str, str]]]:
    """Deal the misfortunes out by chance, but for the first few: the server closes on them in a row."""
    dealt = [step for step, share in SHARES.items() for _ in range(len(recipients) * share // 100)]
    front, rest = dealt[:IN_A_ROW], dealt[IN_A_ROW:]
    behind = recipients[IN_A_ROW:]
    Random(32).shuffle(behind)  # noqa: S311 - nobody has to be unable to guess it
    return {
        who: [step] for who, step in zip([*recipients[:IN_A_ROW], *behind], [*front, *rest], strict=False)
    }


def send_all(lane: str, at: datetime) -> tuple[int, datetime]:
    """Drain, sweep and let time pass until nothing waits; tells how often the transport was stopped."""
    stops = 0
    for _step in range(400):
        while delivery.drain(lane=lane, owner="test", at=at):
            pass
        delivery.sweep(at=at)
        waits = Message.objects.filter(state__in=("queued", "retry_wait")).aggregate(Min("not_before"))
        if (first := waits["not_before__min"]) is None:
            return stops, at
        stopped = Circuit.objects.get().not_before
        stops += bool(stopped and stopped > at)
        at = max(first, stopped or first, at + timedelta(seconds=1))
    pytest.fail("mail still waits")


@pytest.mark.parametrize(
    ("letter", "lane", "unknown", "times"),
    [(letters.note, "bulk", UNKNOWN, 1), (letters.invitation, "urgent", 0, 2)],
)
def test_every_mail_comes_to_the_end_that_it_deserves(
    letter: Callable[..., Draft],
    lane: str,
    unknown: int,
    times: int,
    noon: datetime,
    sink: Sink,
    settings: Settings,
    *,
    full: bool,
) -> None:
    mails = MANY if full else MAILS
    settings.MAILERS = sink.mailers(timeout=0.5)
    recipients = [f"veera{n}@example.org" for n in range(mails)]
    sink.scripts = scripts_of(recipients)
    lost = {who for who, [(step, _reply)] in sink.scripts.items() if step == "reply"}
    outbox.queue_many([letter(n, recipient=who) for n, who in enumerate(recipients)], at=noon)

    stops, over = send_all(lane, noon)

    failed, not_known = mails * FAILED // 100, mails * unknown // 100
    ends = Counter(Message.objects.values_list("state", flat=True))
    assert ends == +Counter(failed=failed, uncertain=not_known, accepted=mails - failed - not_known)
    assert {who for who, count in sink.accepted.items() if count > 1} == (lost if times > 1 else set())
    assert {sink.accepted[who] for who in lost} == {times}
    assert len(sink.accepted) == mails - failed
    assert stops > 0  # the transport was left alone, and went on
    assert Circuit.objects.get().failures == 0
    assert over - noon < timedelta(hours=1)
