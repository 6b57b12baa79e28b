"""Three workers carry news to another system at once: each piece is posted once."""

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from functools import partial
from pathlib import Path
from threading import Barrier

import pytest
from django.db import connection, connections

from notifications.endpoints import announcing, delivering, facts, managing
from notifications.endpoints.facts import Fact
from notifications.models import EndpointDelivery
from tests.notifications.receiver import HOST, Receiver

pytestmark = pytest.mark.django_db(transaction=True)
PIECES, WORKERS = 12, 3


@pytest.fixture
def receiver(tmp_path: Path) -> Iterator[Receiver]:
    with Receiver(tmp_path) as started:
        yield started
    connections.close_all()


def test_three_workers_post_each_piece_of_news_once(
    noon: datetime, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(facts, "_kinds", ["event.changed"])
    managing.add(
        scope="series:3",
        name="CRM",
        url=f"https://{HOST}/vipu",
        kinds=["event.changed"],
        with_people=False,
        at=noon,
    )
    for number in range(PIECES):
        fact = Fact(kind="event.changed", data={"event": number}, person={}, subject=f"event:{number}")
        announcing.announce(scope="series:3", facts=partial(list, [fact]), at=noon)
    start = Barrier(WORKERS)

    def work(_number: int) -> int:
        start.wait(20)
        try:
            return sum(delivering.deliver(wire=receiver.wire(), at=noon, limit=2) for _round in range(PIECES))
        finally:
            connection.close()

    with ThreadPoolExecutor(WORKERS) as threads:
        tried = sum(threads.map(work, range(WORKERS)))

    posted = Counter(one.headers["webhook-id"] for one in receiver.requests)
    assert posted == {str(row.event): 1 for row in EndpointDelivery.objects.all()}
    assert (tried, len(posted)) == (PIECES, PIECES)
    assert set(EndpointDelivery.objects.values_list("state", "attempts")) == {("delivered", 1)}
