"""The no of a calendar, the tick that frees the place and the button that keeps it, all at once."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier

import pytest
from django.db import connection, connections

from backend.core.errors import Refusal
from events.models import EventSeries
from notifications.models import Message
from notifications.reply_address import reply_address
from registrations import invitations
from registrations.actions import keep_place, release_declined, take_reply
from registrations.models import CalendarReply, Quota
from registrations.queries import drift
from tests import factories
from tests.events.answers import Answer, plain
from tests.registrations.people import AINO, OLLI, VEERA, all_sent, attendee, day, registration, sign_up

pytestmark = pytest.mark.django_db(transaction=True)
GRACE = timedelta(minutes=15)
ROUNDS = 4


@pytest.fixture
def full(noon: datetime) -> Iterator[EventSeries]:
    """Aino and Veera have the two places of Tuesday, Olli waits; every mail has left."""
    series = factories.four_mornings(organisation=factories.organisation(), capacity=2)
    Quota.objects.update(capacity=2, hard_cap=2)
    for person in (AINO, VEERA, OLLI):
        sign_up(series, person, 0, at=noon)
    all_sent()
    yield series
    connections.close_all()


@pytest.mark.parametrize("number", range(ROUNDS))
def test_the_place_is_kept_or_freed_and_both_sides_agree(
    full: EventSeries, noon: datetime, number: int
) -> None:
    row, event = registration(AINO, day(full)), day(full)
    raw = plain(
        Answer(
            uid=row.calendar_entry.uid,
            to=reply_address(invitations.reply_seed(row)),
            partstat="DECLINED",
            stamp=noon,
        )
    )
    assert take_reply(raw=raw, recipient="", at=noon) == "grace"
    after = noon + GRACE
    start = Barrier(4)
    deeds: list[Callable[[], object]] = [
        lambda: keep_place(attendee=attendee(AINO), event=event, at=after),
        lambda: release_declined(at=after),
        lambda: release_declined(at=after),
        lambda: take_reply(raw=raw, recipient="", at=after),
    ]

    def one(turn: int) -> str:
        start.wait(20)
        try:
            deeds[(turn + number) % 4]()
        except Refusal as refusal:
            return refusal.code
        finally:
            connection.close()
        return "done"

    with ThreadPoolExecutor(4) as threads:
        told = list(threads.map(one, range(4)))

    aino, olli = registration(AINO, event), registration(OLLI, event)
    outcomes = list(CalendarReply.objects.order_by("pk").values_list("outcome", flat=True))
    if aino.state == "confirmed":
        assert (olli.state, outcomes[0]) == ("waiting", "kept")
        assert Message.objects.filter(kind="calendar_again").count() == 1
    else:
        assert (aino.state, olli.state, outcomes[0]) == ("cancelled", "confirmed", "released")
        assert "not-restorable" in told
    assert outcomes.count("released") + outcomes.count("kept") == 1
    assert not drift()
