"""What calendars answered, who holds an older version, and sending the entry again."""

from datetime import datetime

import pytest
from django.test import Client
from django.urls import reverse
from rest_framework.test import APIClient

from accounts.models import User
from backend.core.i18n import Text
from events.actions import edit_event
from events.models import EventSeries
from notifications.models import Message
from notifications.reply_address import reply_address
from registrations.actions import take_reply
from registrations.invitations import reply_seed
from registrations.models import CalendarReply
from tests.events.answers import Answer, plain
from tests.registrations.people import AINO, VEERA, attendee, day, registration, sign_up, told
from tests.web.desk.seen import page, preview, save

pytestmark = pytest.mark.django_db


@pytest.fixture
def two(mornings: EventSeries, noon: datetime) -> EventSeries:
    """Aino's calendar says yes and then proposes another time; Veera's newest mail came back."""
    for person in (AINO, VEERA):
        sign_up(mornings, person, 0, at=noon)
    Message.objects.filter(kind="confirmation").update(state="accepted")
    row = registration(AINO, day(mornings))
    yes = Answer(uid=row.calendar_entry.uid, to=reply_address(reply_seed(row)), stamp=noon)
    other = Answer(uid=yes.uid, to=yes.to, method="COUNTER", comment="Sopisiko iltapäivä?", stamp=noon)
    for one in (yes, other):
        take_reply(raw=plain(one), recipient="", at=noon)
    edit_event(event=day(mornings), title=Text("Uusi", "Ny", "New"), at=noon, actor=None)
    changed = Message.objects.filter(kind="changed")
    changed.filter(recipient=AINO.email).update(state="delivered")
    changed.filter(recipient=VEERA.email).update(state="bounced_hard")
    return mornings


def test_the_page_counts_answers_and_names_who_is_behind(desk: Client, two: EventSeries) -> None:
    shown = page(desk, "calendar", day(two).pk)

    assert "1 accepted in the calendar 0 tentative in the calendar" in shown
    assert "1 person holds an older version in their calendar" in shown
    assert [VEERA.name in shown, "Sopisiko iltapäivä?" in shown] == [True, True]
    assert "proposes another time accepted in the calendar" in shown
    assert "1 hold an older version" in page(desk, "event", day(two).pk)
    assert "1 calendar answer needs a look" in page(desk, "series", two.pk)


def test_a_look_takes_the_answer_off_the_list(desk: Client, viewer: Client, two: EventSeries) -> None:
    reply = CalendarReply.objects.get(outcome="proposal")
    address = reverse("desk:calendar-seen", args=[reply.pk])

    assert viewer.post(address).status_code == 403
    assert desk.post(address, follow=True).status_code == 200
    assert desk.post(reverse("desk:calendar-seen", args=[0])).status_code == 404

    assert "No answer waits for you." in page(desk, "calendar", day(two).pk)
    assert "calendar answer needs a look" not in page(desk, "series", two.pk)


def test_one_button_brings_everybody_up_to_date(desk: Client, two: EventSeries) -> None:
    assert preview(desk, "calendar-resend", day(two).pk) == [
        "1 person gets the entry by mail as it stands now.",
        "Nothing else changes.",
    ]
    assert save(desk, "calendar-resend", day(two).pk) == "1 entry is on its way."

    assert told(VEERA)[-1] == ("calendar_again", "queued")
    assert "Every calendar shows what stands now" in page(desk, "calendar", day(two).pk)
    assert save(desk, "calendar-resend", day(two).pk).startswith("Every calendar shows what stands now")


def test_the_page_of_a_person_tells_what_their_calendar_shows_and_the_whole_story(
    desk: Client, two: EventSeries
) -> None:
    aino, veera = (page(desk, "attendee", attendee(person).pk) for person in (AINO, VEERA))

    assert ["shows what stands now" in aino, "shows an older version" in veera] == [True, True]
    assert "Calendar: accepted in the calendar – noted" in aino
    assert "Calendar: accepted in the calendar – proposes another time" in aino
    assert save(desk, "registration-calendar", registration(VEERA, day(two)).pk) == "The entry is on its way."
    assert "Calendar entry once more: will be sent" in page(desk, "attendee", attendee(VEERA).pk)


def test_a_program_does_the_same(olli: User, two: EventSeries) -> None:
    api = APIClient()
    api.force_authenticate(olli)
    address = f"/api/v1/organiser/events/{day(two).pk}/calendar/"

    before = api.get(address).json()
    after = api.post(address).json()
    one = api.post(f"/api/v1/organiser/registrations/{registration(AINO, day(two)).pk}/calendar/")

    assert [before["accepted"], before["behind"], after["behind"], one.status_code] == [1, 1, 0, 204]
    assert [row["outcome"] for row in before["needs_a_look"]] == ["proposal"]
