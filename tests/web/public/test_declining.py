"""Who said no in their calendar finds until when the place is theirs, and a button to keep it."""

from datetime import datetime, timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from events.models import EventSeries
from notifications.reply_address import reply_address
from registrations.actions import take_reply
from registrations.invitations import reply_seed
from tests.events.answers import Answer, plain
from tests.registrations.people import VEERA, attendee, day, registration, sign_up


@pytest.fixture
def declined(mornings: EventSeries, noon: datetime) -> EventSeries:
    """Veera's calendar has said no to Tuesday."""
    sign_up(mornings, VEERA, 0, at=noon)
    row = registration(VEERA, day(mornings))
    address = reply_address(reply_seed(row))
    said = Answer(
        uid=row.calendar_entry.uid, to=address, attendee=VEERA.email, partstat="DECLINED", stamp=noon
    )
    assert take_reply(raw=plain(said), recipient="", at=noon) == "grace"
    return mornings


def test_the_page_says_until_when_and_the_button_keeps(
    client: Client, declined: EventSeries, noon: datetime
) -> None:
    page = reverse("personal:places", args=[attendee(VEERA).token])
    keep = reverse("personal:keep", args=[attendee(VEERA).token, day(declined).slug])
    with time_machine.travel(noon + timedelta(minutes=5), tick=False):
        shown = client.get(page).text
        assert "Du tackade nej i din kalender" in shown
        assert "kl. 14.15" in shown

        answer = client.post(keep, follow=True)

    assert "Platsen är fortfarande din." in answer.text
    assert "Du tackade nej i din kalender" not in answer.text
    assert registration(VEERA, day(declined)).state == "confirmed"


def test_the_button_is_no_longer_there_when_the_place_has_gone(
    client: Client, declined: EventSeries, noon: datetime
) -> None:
    row = registration(VEERA, day(declined))
    row.state, row.cancelled_by = "cancelled", "calendar"
    row.save(update_fields=["state", "cancelled_by"])
    keep = reverse("personal:keep", args=[attendee(VEERA).token, day(declined).slug])
    with time_machine.travel(noon, tick=False):
        answer = client.post(keep, follow=True)

    assert "Platsen kan inte längre tas tillbaka" in answer.text
