from datetime import datetime

import pytest
from django.test import Client

from accounts.models import User
from backend.core.i18n import Text
from events import actions
from events.models import Event, EventSeries
from tests.events.calendars import events_in

BOTH = ("/series/aamukahvit-2027.ics", "/events/aamukahvit-2027-04-13.ics")


@pytest.mark.parametrize(("path", "count"), [(BOTH[0], 4), (BOTH[1], 1)])
def test_anybody_may_subscribe(client: Client, mornings: EventSeries, path: str, count: int) -> None:
    answer = client.get(path)

    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "text/calendar; charset=utf-8")
    assert answer.headers["Content-Disposition"] == f'inline; filename="{path.rpartition("/")[2]}"'
    assert len(events_in(answer.content.decode())) == count


def test_the_reader_chooses_the_language(client: Client, mornings: EventSeries) -> None:
    titles = [
        str(events_in(client.get(f"{BOTH[1]}{query}").content.decode())[0]["SUMMARY"])
        for query in ("", "?lang=sv", "?lang=en", "?lang=de")
    ]

    assert titles == [
        "Lähiluonnon saavutettavuus",
        "Närnaturens tillgänglighet",
        "Accessibility of nearby nature",
        "Lähiluonnon saavutettavuus",
    ]


@pytest.mark.parametrize("path", BOTH)
def test_a_calendar_that_has_not_changed_is_not_sent_again(
    client: Client, morning: Event, olli: User, noon: datetime, path: str
) -> None:
    tag = client.get(path).headers["ETag"]
    again = client.get(path, headers={"if-none-match": tag})

    actions.cancel_event(event=morning, reason=Text("Sairaus."), at=noon, actor=olli)
    changed = client.get(path, headers={"if-none-match": tag})

    assert (again.status_code, again.content) == (304, b"")
    assert changed.status_code == 200
    assert str(events_in(changed.content.decode())[0]["STATUS"]) == "CANCELLED"


@pytest.mark.parametrize("path", BOTH)
def test_drafts_have_no_calendar(client: Client, mornings: EventSeries, path: str) -> None:
    EventSeries.objects.update(state=EventSeries.State.DRAFT)

    assert client.get(path).status_code == 404


def test_an_event_without_clock_times_has_no_calendar_entry(client: Client, morning: Event) -> None:
    Event.objects.update(when_note_fi="syksy 2027")

    assert client.get(BOTH[1]).status_code == 404
    assert client.get(BOTH[0]).status_code == 200


@pytest.mark.parametrize("path", BOTH)
def test_a_calendar_is_only_read(client: Client, mornings: EventSeries, path: str) -> None:
    assert client.post(path).status_code == 405


def test_nobodys_name_or_joining_link_is_in_a_public_calendar(
    client: Client, mornings: EventSeries, olli: User
) -> None:
    Event.objects.update(join_url="https://example.org/salainen-kokous")

    for path in BOTH:
        content = client.get(path).content.decode().replace("\r\n ", "")
        assert "salainen" not in content
        assert "olli" not in content.lower()
