"""A transport that is down, asks for patience or has a rate: nothing is lost, nothing is hammered."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http import HTTPStatus

import pytest
from anymail.exceptions import AnymailAPIError, AnymailRequestsAPIError
from django.db import connection
from django.utils import timezone
from pytest_django.fixtures import Settings
from requests import Response

from notifications import circuit, delivery, outbox, rules, tasks
from notifications.handover import retry_after
from notifications.models import Circuit, Message
from tests.faults.sink import Sink
from tests.notifications import letters
from tests.notifications.providers import Backend

pytestmark = pytest.mark.django_db(transaction=True)
SECOND = timedelta(seconds=1)


def drain(at: datetime, lane: str = "bulk", limit: int = 50) -> int:
    return delivery.drain(lane=lane, owner="test", at=at, limit=limit)


def notes(count: int, *, at: datetime) -> list[Message]:
    return outbox.queue_many(
        [letters.note(n, recipient=f"veera{n}@example.org") for n in range(count)], at=at
    )


def states() -> list[str]:
    return sorted(Message.objects.values_list("state", flat=True))


@pytest.fixture
def provider(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[type[Backend]]:
    settings.MAILERS = {"default": {"BACKEND": "tests.notifications.providers.Backend"}}
    monkeypatch.setattr(Backend, "received", [])
    yield Backend
    Backend.says = None


def asks_for(wait: str, status: HTTPStatus = HTTPStatus.TOO_MANY_REQUESTS) -> AnymailAPIError:
    response = Response()
    response.status_code = status
    response.headers["Retry-After"] = wait
    return AnymailRequestsAPIError(response=response)


def test_after_five_failed_connections_a_transport_is_left_alone_and_then_tried_with_one_message(
    noon: datetime, sink: Sink
) -> None:
    notes(10, at=noon)
    sink.points["connect"] = "drop"

    assert [drain(noon + n * SECOND) for n in range(7)] == [0] * 7

    assert sink.connections == rules.BREAK_AFTER
    row = Circuit.objects.get()
    assert (row.transport, row.failures, row.why) == ("SMTP", 5, "SMTPServerDisconnected")
    assert row.not_before == noon + 4 * SECOND + timedelta(seconds=30)
    assert states() == ["queued"] * 10  # no try of any message was spent

    probe = row.not_before
    drain(probe)
    assert sink.connections == rules.BREAK_AFTER + 1  # it did not help: twice as long
    row.refresh_from_db()
    assert row.not_before == probe + timedelta(seconds=60)

    del sink.points["connect"]
    assert drain(row.not_before) == 1
    assert drain(row.not_before + SECOND) == 9
    well = Circuit.objects.get()
    assert (well.failures, well.not_before, well.why) == (0, None, "")


def test_while_one_worker_probes_the_others_wait_and_an_empty_probe_blocks_nobody(noon: datetime) -> None:
    Circuit.objects.create(transport="mailbox", failures=9, not_before=noon)

    first, second = (circuit.enter(lane="bulk", limit=50, at=noon) for _ in range(2))

    assert (first.allowed, second.allowed) == (1, 0)
    first.leave(at=noon)  # there was nothing to send
    assert circuit.enter(lane="bulk", limit=50, at=noon).allowed == 1


def test_a_server_that_closes_five_times_in_a_row_stops_the_batch(noon: datetime, sink: Sink) -> None:
    notes(10, at=noon)
    sink.points["mail"] = "421 4.7.0 busy"

    assert drain(noon) == rules.BREAK_AFTER

    assert states() == ["queued"] * 5 + ["retry_wait"] * 5
    assert drain(noon + timedelta(seconds=29)) == 0


def test_four_failures_and_a_success_stop_nothing(noon: datetime, sink: Sink) -> None:
    Circuit.objects.create(transport="SMTP", failures=4)
    notes(2, at=noon)

    assert drain(noon) == 2

    assert Circuit.objects.get().failures == 0


def test_a_stop_doubles_up_to_ten_minutes() -> None:
    stops = [rules.stop_after(failures) for failures in range(4, 12)]

    assert [stop and stop.total_seconds() for stop in stops] == [None, 30, 60, 120, 240, 480, 600, 600]


def test_a_provider_that_asks_for_patience_gets_it(noon: datetime, provider: type[Backend]) -> None:
    notes(10, at=noon)
    provider.says = asks_for("120")
    assert drain(noon) == 1  # the first answer ends the batch: no ban by knocking on

    provider.says = None
    assert drain(noon + timedelta(seconds=119)) == 0
    assert circuit.wait(lane="bulk", at=noon) is None
    assert drain(noon + timedelta(seconds=120)) == 10


def test_a_rate_that_a_provider_enforces_is_what_leaves(noon: datetime, provider: type[Backend]) -> None:
    """T37: 10 mails, then 429 for 20 seconds, and so on: within a tenth of that rate, and nothing banned."""
    notes(60, at=noon)
    windows: dict[int, int] = {}
    refused = 0
    for second in range(120):
        at = noon + second * SECOND
        window = second // 20
        while True:
            provider.says = asks_for(str(20 - second % 20)) if windows.get(window, 0) >= 10 else None
            if not drain(at, limit=1):
                break
            if provider.says:
                refused += 1
            else:
                windows[window] = windows.get(window, 0) + 1

    assert all(count == pytest.approx(10, rel=0.1) for count in windows.values())
    assert (len(windows), sum(windows.values()), refused) == (6, 60, 5)


@pytest.mark.parametrize(
    ("written", "seconds"),
    [
        ("7", 7),
        (" 7 ", 7),
        ("0", None),
        ("", None),
        ("soon", None),
        ("-5", None),
        ("9" * 40, None),
        (format_datetime(datetime(2027, 4, 1, 12, 1, tzinfo=UTC), usegmt=True), 60),
        (format_datetime(datetime(2027, 4, 1, 11, 0, tzinfo=UTC), usegmt=True), None),
    ],
)
def test_how_long_a_provider_wants_to_be_left_alone(written: str, seconds: int | None) -> None:
    wait = retry_after({"retry-after": written}, now=datetime(2027, 4, 1, 12, 0, tzinfo=UTC))

    assert (wait and wait.total_seconds()) == seconds


def test_an_amazon_answer_keeps_its_headers_elsewhere(noon: datetime, provider: type[Backend]) -> None:
    notes(1, at=noon)
    answer = {"HTTPStatusCode": 503, "HTTPHeaders": {"retry-after": "99999"}}
    provider.says = AnymailAPIError(response={"ResponseMetadata": answer})

    drain(noon)

    assert Circuit.objects.get().not_before == noon + rules.LONGEST_PAUSE  # then we look again


def test_without_a_figure_a_refusal_for_all_means_half_a_minute(
    noon: datetime, provider: type[Backend]
) -> None:
    notes(2, at=noon)
    provider.says = AnymailAPIError(response={"ResponseMetadata": {"HTTPStatusCode": 429}})

    assert drain(noon) == 1

    assert Circuit.objects.get().not_before == noon + timedelta(seconds=30)


def test_a_rate_is_shared_by_all_workers_and_kept_over_time(noon: datetime, settings: Settings) -> None:
    settings.MAIL_RATE = 10.0
    notes(100, at=noon)
    sent = 0
    for step in range(40):  # two workers, four times a second, for five seconds
        sent += delivery.drain(lane="bulk", owner=f"w{step % 2}", at=noon + step // 2 * SECOND / 4, limit=50)

    assert 45 <= sent <= 60  # ten a second, and what the bucket held at the start


def test_the_reserve_of_a_rate_is_for_the_urgent(noon: datetime, settings: Settings) -> None:
    settings.MAIL_RATE = 10.0
    notes(50, at=noon)
    outbox.queue_many(
        [letters.invitation(n, recipient=f"aino{n}@example.org") for n in range(9)], at=noon + SECOND / 100
    )

    assert drain(noon) == 8
    assert drain(noon) == 0
    assert circuit.wait(lane="bulk", at=noon) == SECOND / 10
    assert drain(noon + SECOND / 100, "urgent") == 2
    assert circuit.wait(lane="urgent", at=noon + SECOND / 100) == pytest.approx(0.09 * SECOND, rel=0.01)


def test_two_workers_that_count_at_once_both_count(noon: datetime, settings: Settings) -> None:
    settings.MAIL_RATE = 10.0
    one, other = (circuit.enter(lane="urgent", limit=3, at=noon) for _ in range(2))

    one.spend(3, at=noon)
    other.spend(3, at=noon)

    assert Circuit.objects.get().tokens == 4


@pytest.mark.parametrize("look_every", [0.0, circuit.LOOK_EVERY])
def test_behind_two_thousand_in_bulk_a_sign_in_is_sent_next(
    look_every: float, sink: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The promise of the lanes, at its full size: only what is being handed over right now comes first."""
    monkeypatch.setattr(circuit, "LOOK_EVERY", look_every)
    monkeypatch.setattr(tasks, "SECONDS", 1.5)
    monkeypatch.setattr(tasks, "nudge", lambda **_lane: None)
    now = timezone.now()
    notes(2_000, at=now)
    ahead = 0

    def somebody_signs_in() -> None:
        nonlocal ahead
        if len(sink.mails) == 10 and not ahead:
            ahead = len(sink.mails)
            outbox.queue(letters.invitation(recipient="aino@example.org"), at=now)
            connection.close()

    sink.points["reply"] = somebody_signs_in
    tasks.drain(lane="bulk")

    order = list(sink.accepted)
    place = order.index("aino@example.org")
    assert place >= 10
    assert place <= (12 if look_every == 0 else 10 + 200)
    assert Message.objects.filter(state="accepted").count() > place


@pytest.mark.parametrize(
    ("point", "reply"),
    [
        ("rcpt", "432 4.3.2 STOREDRV.ClientSubmit; sender thread limit exceeded"),
        ("rcpt", "451 4.7.500 Server busy. Please try again later"),
        ("data", "452 4.3.2 System not accepting network messages"),
    ],
)
def test_a_server_that_feels_hurried_is_left_alone_for_half_a_minute(
    noon: datetime, sink: Sink, point: str, reply: str
) -> None:
    sink.scripts = {"veera0@example.org": [(point, reply)]}
    notes(3, at=noon)

    assert drain(noon) == 1
    assert drain(noon + 29 * SECOND) == 0
    while drain(noon + 60 * SECOND):
        pass
    assert dict(sink.accepted) == {f"veera{n}@example.org": 1 for n in range(3)}


@pytest.mark.parametrize(
    "reply", ["451 4.7.1 Greylisted, come back later", "550 4.3.2 a no, whatever it says"]
)
def test_a_no_that_means_one_reader_holds_nobody_else_up(noon: datetime, sink: Sink, reply: str) -> None:
    sink.scripts = {"veera0@example.org": [("rcpt", reply)]}
    notes(3, at=noon)

    assert drain(noon) == 3
    assert len(sink.accepted) == 2
