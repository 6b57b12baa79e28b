"""Other systems are told, signed, with patience; what failed can be sent again."""

import base64
import hashlib
import hmac
import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from pytest_django.fixtures import DjangoCaptureOnCommitCallbacks, Settings

from backend.core.errors import Refusal
from notifications.endpoints import announcing, delivering, facts, managing, tasks
from notifications.endpoints.facts import Fact
from notifications.models import Endpoint, EndpointDelivery
from tests.notifications.receiver import HOST, Receiver, answer

pytestmark = pytest.mark.django_db
SCOPE = "series:3"
URL = f"https://{HOST}/vipu"
State = EndpointDelivery.State
AINO = Fact(
    kind="registration.confirmed",
    data={"registration": 12},
    person={"name": "Aino Esimerkki"},
    subject="attendee:7",
)


@pytest.fixture
def receiver(tmp_path: Path) -> Iterator[Receiver]:
    with Receiver(tmp_path) as started:
        yield started


@pytest.fixture(autouse=True)
def _known_kinds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(facts, "_kinds", ["registration.confirmed", "event.changed"])


def added(at: datetime, *, with_people: bool = False, url: str = URL, scope: str = SCOPE) -> managing.Shared:
    kinds = ["registration.confirmed"]
    return managing.add(scope=scope, name="CRM", url=url, kinds=kinds, with_people=with_people, at=at)


def told(at: datetime, *fact: Fact, scope: str = SCOPE) -> None:
    announcing.announce(scope=scope, facts=lambda: fact or [AINO], at=at)


def newest() -> EndpointDelivery:
    return EndpointDelivery.objects.latest("pk")


def test_news_arrives_signed_so_that_the_receiver_can_verify_it(noon: datetime, receiver: Receiver) -> None:
    secret = added(noon).secret
    told(noon)
    assert delivering.deliver(wire=receiver.wire(), at=noon) == 1
    [got] = receiver.requests
    number, moment = got.headers["webhook-id"], got.headers["webhook-timestamp"]
    key = base64.b64decode(secret.removeprefix("whsec_"))
    expected = hmac.new(key, f"{number}.{moment}.".encode() + got.body, hashlib.sha256).digest()
    assert got.headers["webhook-signature"] == "v1," + base64.b64encode(expected).decode()
    assert int(moment) == int(noon.timestamp())
    assert json.loads(got.body) == {
        "type": "registration.confirmed",
        "timestamp": "2027-03-01T12:00:00.000Z",
        "data": {"registration": 12},
    }
    log = newest()
    assert (log.state, log.status, log.answer, log.attempts) == (State.DELIVERED, 200, "thanks", 1)
    assert str(log.event) == number
    assert delivering.deliver(wire=receiver.wire(), at=noon + timedelta(days=1)) == 0


def test_the_secret_is_kept_sealed(noon: datetime) -> None:
    made = added(noon)
    assert made.secret not in str(Endpoint.objects.values().get())
    assert len(base64.b64decode(made.secret.removeprefix("whsec_"))) == 32


def test_names_go_along_only_where_an_organiser_wanted_it(noon: datetime) -> None:
    added(noon)
    with_names = added(noon, with_people=True).endpoint
    told(noon)
    plain, personal = EndpointDelivery.objects.order_by("pk")
    assert "Aino" not in str(plain.payload)
    assert personal.payload["data"]["person"] == {"name": "Aino Esimerkki"}
    assert personal.endpoint == with_names
    assert plain.event == personal.event  # one piece of news, one number


def test_only_what_was_asked_for_is_told_and_only_within_the_scope(noon: datetime) -> None:
    added(noon)
    told(noon, Fact(kind="event.changed", data={}))
    told(noon, scope="series:4")
    assert not EndpointDelivery.objects.exists()


def test_a_batch_costs_one_look_where_nobody_listens(noon: datetime) -> None:
    def never() -> list[Fact]:
        raise AssertionError

    with CaptureQueriesContext(connection) as asked:
        announcing.announce(scope=SCOPE, facts=never, at=noon)
    assert len(asked) == 1


def test_a_thousand_facts_are_a_few_statements_and_one_nudge(
    noon: datetime,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    added(noon)
    with (
        django_capture_on_commit_callbacks() as nudges,
        CaptureQueriesContext(connection) as asked,
        transaction.atomic(),
    ):
        told(noon, *[AINO] * 1000)
        told(noon)
    assert len(nudges) == 1
    assert len([one for one in asked if "INSERT" in one["sql"]]) <= 4


def test_what_is_rolled_back_is_told_to_nobody(noon: datetime) -> None:
    added(noon)
    with transaction.atomic():
        told(noon)
        transaction.set_rollback(True)
    assert not EndpointDelivery.objects.exists()


def test_a_failing_receiver_is_asked_again_ever_later_and_then_no_more(
    noon: datetime, receiver: Receiver
) -> None:
    added(noon)
    told(noon)
    receiver.behaviours = [answer(500, words=b"broken")]
    wire, at, tries = receiver.wire(), noon, 0
    while newest().state == State.WAITING:
        at = max(at + delivering.REST, newest().next_at)  # the first wait may be shorter than its rest
        tries += delivering.deliver(wire=wire, at=at)
    log = newest()
    assert (log.state, log.status, log.answer, tries) == (State.FAILED, 500, "broken", 7)
    assert timedelta(hours=6) < at - noon < timedelta(hours=11)


def test_a_receiver_in_trouble_delays_nobody_else(noon: datetime, receiver: Receiver) -> None:
    added(noon)
    well = added(noon, url=f"https://{HOST}/well", scope="series:4").endpoint
    told(noon, AINO, AINO, AINO)
    told(noon, scope="series:4")
    receiver.behaviours = [answer(503), answer(200)]
    assert delivering.deliver(wire=receiver.wire(), at=noon) == 2
    assert [got.line.split()[1] for got in receiver.requests] == ["/vipu", "/well"]
    assert well.deliveries.get().state == State.DELIVERED
    assert delivering.deliver(wire=receiver.wire(), at=noon + timedelta(seconds=10)) == 0
    assert delivering.deliver(wire=receiver.wire(), at=noon + timedelta(seconds=60)) == 3
    assert set(EndpointDelivery.objects.values_list("state", flat=True)) == {State.DELIVERED}
    assert Endpoint.objects.filter(failing_since=None, resting_until=None).count() == 2


def test_a_receiver_may_say_how_long_to_wait(noon: datetime, receiver: Receiver) -> None:
    added(noon)
    told(noon)
    receiver.behaviours = [answer(429, more="Retry-After: 900\r\n")]
    delivering.deliver(wire=receiver.wire(), at=noon)
    assert newest().next_at == noon + timedelta(seconds=900)
    assert delivering.deliver(wire=receiver.wire(), at=noon + timedelta(seconds=899)) == 0


def test_a_receiver_that_is_gone_is_switched_off_at_once(noon: datetime, receiver: Receiver) -> None:
    endpoint = added(noon).endpoint
    told(noon)
    receiver.behaviours = [answer(410)]
    delivering.deliver(wire=receiver.wire(), at=noon)
    endpoint.refresh_from_db()
    assert (endpoint.off, endpoint.active, newest().state) == ("gone", False, State.FAILED)
    told(noon)
    assert EndpointDelivery.objects.count() == 1  # nothing is written for it any more


def test_five_days_of_failures_switch_a_webhook_off(noon: datetime, receiver: Receiver) -> None:
    endpoint = added(noon).endpoint
    receiver.behaviours = [answer(500)]
    for day in range(6):
        told(noon + timedelta(days=day))
        delivering.deliver(wire=receiver.wire(), at=noon + timedelta(days=day))
    endpoint.refresh_from_db()
    assert endpoint.off == Endpoint.Off.FAILING
    managing.switch(endpoint=endpoint, on=True, at=noon + timedelta(days=6))
    assert (endpoint.active, endpoint.failing_since) == (True, None)
    receiver.behaviours = [answer(200)]
    assert delivering.deliver(wire=receiver.wire(), at=noon + timedelta(days=6, hours=7)) > 0


def test_a_worker_that_dies_with_news_in_hand_loses_nothing(noon: datetime, receiver: Receiver) -> None:
    added(noon)
    told(noon)
    EndpointDelivery.objects.update(
        state=State.SENDING, owner="dead", lease_until=noon + timedelta(seconds=60)
    )
    assert delivering.deliver(wire=receiver.wire(), at=noon + timedelta(seconds=59)) == 0
    assert delivering.deliver(wire=receiver.wire(), at=noon + timedelta(seconds=60)) == 1
    assert newest().state == State.DELIVERED


def test_for_a_day_both_secrets_sign(noon: datetime, receiver: Receiver) -> None:
    made = added(noon)
    later = managing.roll(endpoint=made.endpoint, at=noon)
    assert later.secret != made.secret
    wire = receiver.wire()
    for after, signatures in ((timedelta(hours=23), 2), (timedelta(hours=24), 1)):
        told(noon + after)
        delivering.deliver(wire=wire, at=noon + after)
        assert len(receiver.requests[-1].headers["webhook-signature"].split()) == signatures


def test_a_secret_that_cannot_be_opened_is_said(
    noon: datetime, receiver: Receiver, settings: Settings
) -> None:
    added(noon)
    told(noon)
    settings.SECRET_KEY = "another secret of the service, long enough to be one"
    delivering.deliver(wire=receiver.wire(), at=noon)
    assert (newest().problem, receiver.requests) == ("secret", [])


def test_what_was_sent_can_be_sent_again_under_the_same_number(noon: datetime, receiver: Receiver) -> None:
    endpoint = added(noon).endpoint
    told(noon)
    delivering.deliver(wire=receiver.wire(), at=noon)
    assert managing.replay(endpoint=endpoint, delivery=newest().pk, at=noon) == 1
    delivering.deliver(wire=receiver.wire(), at=noon)
    first, second = receiver.requests
    assert first.headers["webhook-id"] == second.headers["webhook-id"]


def test_all_that_failed_since_a_moment_is_sent_again(noon: datetime) -> None:
    endpoint = added(noon).endpoint
    for day in range(3):
        told(noon + timedelta(days=day))
    EndpointDelivery.objects.update(state=State.FAILED)
    since = noon + timedelta(days=1)
    assert managing.replay(endpoint=endpoint, since=since, at=noon + timedelta(days=3)) == 2
    assert managing.replay(endpoint=endpoint, at=noon + timedelta(days=3)) == 1  # the rest
    with pytest.raises(managing.EndpointRefused):
        managing.replay(endpoint=endpoint, at=noon + timedelta(days=3))


def test_a_webhook_is_tried_with_made_up_news(noon: datetime, receiver: Receiver) -> None:
    endpoint = added(noon).endpoint
    managing.ping(endpoint=endpoint, at=noon)
    delivering.deliver(wire=receiver.wire(), at=noon)
    assert json.loads(receiver.requests[0].body)["type"] == "endpoint.ping"


def test_what_is_switched_off_is_neither_tried_nor_replayed(noon: datetime, receiver: Receiver) -> None:
    endpoint = added(noon).endpoint
    told(noon)
    managing.switch(endpoint=endpoint, on=False, at=noon)
    assert endpoint.off == Endpoint.Off.PERSON
    assert delivering.deliver(wire=receiver.wire(), at=noon) == 0
    for refused in (managing.ping, managing.replay):
        with pytest.raises(managing.EndpointRefused):
            refused(endpoint=endpoint, at=noon)


@pytest.mark.parametrize(
    ("field", "given"),
    [
        ("name", {"name": " "}),
        ("name", {"name": "x" * 101}),
        ("name", {"name": "CRM\x07"}),
        ("url", {"url": "https://10.0.0.1/"}),
        ("kinds", {"kinds": []}),
        ("kinds", {"kinds": ["registration.confirmed", "everything"]}),
    ],
)
def test_what_cannot_be_kept_is_said_beside_its_field(
    noon: datetime, field: str, given: dict[str, object]
) -> None:
    usual: dict[str, object] = {"name": "CRM", "url": URL, "kinds": ["event.changed"]}
    with pytest.raises(Refusal) as no:
        managing.add(scope=SCOPE, with_people=False, at=noon, **(usual | given))  # type: ignore[arg-type]  # bad on purpose
    assert list(no.value.fields) == [field]
    assert not Endpoint.objects.exists()


def test_a_kind_of_news_that_does_not_exist_is_named(noon: datetime) -> None:
    kinds = ["event.changed", "registration.confirm", "everything"]
    with pytest.raises(Refusal, match=r"everything, registration\.confirm\."):
        managing.add(scope=SCOPE, name="CRM", url=URL, kinds=kinds, with_people=False, at=noon)


def test_ten_webhooks_are_enough(noon: datetime) -> None:
    for _ in range(10):
        added(noon)
    with pytest.raises(managing.EndpointRefused):
        added(noon)
    added(noon, scope="series:4")


def test_the_log_is_kept_for_a_month_and_goes_with_the_person(noon: datetime) -> None:
    added(noon)
    told(noon)
    told(noon + timedelta(days=20), AINO, Fact(kind="registration.confirmed", data={}, subject="attendee:8"))
    delivering.forget_old(at=noon + timedelta(days=31))
    assert EndpointDelivery.objects.count() == 2
    announcing.forget(subjects=["attendee:7"])
    assert newest().subject == "attendee:8"
    managing.remove(endpoint=Endpoint.objects.get())
    assert not EndpointDelivery.objects.exists()


def test_the_list_tells_what_waits_and_what_failed(noon: datetime) -> None:
    added(noon)
    told(noon, AINO, AINO)
    EndpointDelivery.objects.filter(pk=newest().pk).update(state=State.FAILED)
    row: Any = managing.endpoints_of(SCOPE).get()
    assert (row.waiting, row.failed) == (1, 1)


def test_the_tasks_are_safe_to_run_at_any_time(noon: datetime) -> None:
    tasks.deliver()
    added(noon)
    told(noon)
    tasks.forget_deliveries()
    assert EndpointDelivery.objects.count() == 1
