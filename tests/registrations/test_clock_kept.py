"""Other rules for the clocks: calendars get the same hour anew, and nobody is told of a move (T58)."""

from datetime import datetime, timedelta

import pytest

from events import actions
from events.models import Event, EventSeries
from notifications import rendering
from registrations.models import Quota
from tests.registrations.people import AINO, all_sent, day, entry, mail, sign_up

pytestmark = pytest.mark.django_db
ONCE = "2027-04-13T07:30:00+02:00/2027-04-13T09:00:00+02:00"
HOUR = timedelta(hours=1)


def test_the_calendar_follows_with_the_next_sequence_and_the_deadline_keeps_its_hour(
    mornings: EventSeries, noon: datetime
) -> None:
    sign_up(mornings, AINO, 0, at=noon)
    all_sent()
    event = day(mornings)
    before, closes_at = entry(mail(AINO, "confirmation")), Quota.objects.get(event=event).closes_at
    Event.objects.filter(pk=event.pk).update(clock=ONCE)

    assert actions.keep_clock(event=day(mornings), at=noon + HOUR)

    told = mail(AINO, "changed")
    after = entry(told)
    assert int(after["SEQUENCE"]) == int(before["SEQUENCE"]) + 1
    assert (after["UID"], before["DTSTART"], after["DTSTART"]) == (
        before["UID"],
        "20270413T083000",
        "20270413T073000",
    )
    text = rendering.render(told).text
    assert "klo 7.30" in text
    assert "Aiempi" not in text
    assert Quota.objects.get(event=event).closes_at <= closes_at
