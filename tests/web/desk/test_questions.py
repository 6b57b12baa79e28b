"""How many questions a page asks the database: as many for three rows as for one."""

from datetime import datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts import audit
from accounts.models import Organisation
from backend.core.i18n import Text
from events.actions import SpeakerPart, add_session
from events.models import Event, EventSeries
from registrations.models import Quota
from tests import factories
from tests.registrations.people import AINO, attendee, sign_up, somebody


def asked(client: Client, name: str, *args: int) -> int:
    address = reverse(f"desk:{name}", args=args)
    client.get(address)  # what is read once for a session is read now
    with CaptureQueriesContext(
        connection,
    ) as questions:
        assert client.get(address).status_code == 200
    return len(questions)


def grow(series: EventSeries, event: Event, number: int, at: datetime) -> None:
    sign_up(series, somebody(number), 0, 1, 2, at=at)
    speaker = (SpeakerPart(name=f"Esimerkki {number}"),)
    add_session(event=event, kind="talk", title=Text("Osuus"), minutes=5, speakers=speaker, at=at, actor=None)
    audit.record(action="event.edited", subject=f"event:{event.pk}", at=at)


@pytest.mark.parametrize(
    "name",
    [
        "series",
        "registrations",
        "messages",
        "history",
        "event",
        "programme",
        "attendance",
        "event-waiting",
        "survey",
    ],
)
def test_a_page_asks_the_same_for_one_row_and_for_three(
    desk: Client, mornings: EventSeries, morning: Event, noon: datetime, name: str
) -> None:
    number = mornings.pk if name in {"series", "registrations", "messages", "history"} else morning.pk
    if name == "event-waiting":
        Quota.objects.update(capacity=0)
    grow(mornings, morning, 0, noon)
    one = asked(desk, name, number)
    for other in (1, 2):
        grow(mornings, morning, other, noon)

    assert asked(desk, name, number) == one


def test_the_first_page_asks_the_same_for_one_series_and_for_three(
    desk: Client, demos: Organisation, mornings: EventSeries
) -> None:
    one = asked(desk, "home")
    for slug in ("toinen-2027", "kolmas-2027"):
        factories.four_mornings(organisation=demos, slug=slug)

    assert asked(desk, "home") == one


def test_a_persons_page_asks_little_more_for_each_event(
    desk: Client, mornings: EventSeries, noon: datetime
) -> None:
    sign_up(mornings, AINO, 0, 1, 2, 3, at=noon)

    assert asked(desk, "attendee", attendee(AINO).pk) <= 34
