"""Those who registered: found by name, stepped through, cancelled for, ticked off."""

from datetime import datetime

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import AuditEvent
from events.models import Event, EventSeries
from notifications.models import Message
from registrations.models import Quota, Registration
from tests.registrations.people import AINO, OLLI, VEERA, attendee, registration, sign_up, somebody, told
from tests.web.desk.seen import page, preview, save, text


@pytest.fixture
def three(mornings: EventSeries, noon: datetime) -> EventSeries:
    """Aino and Veera fit in on the first morning, Olli waits; Veera comes on the second one too."""
    sign_up(mornings, AINO, 0, at=noon)
    sign_up(mornings, VEERA, 0, 1, at=noon)
    sign_up(mornings, OLLI, 0, at=noon)
    return mornings


def names(shown: str) -> list[bool]:
    return [person.name in shown for person in (AINO, VEERA, OLLI)]


def test_the_list_is_narrowed_by_what_stands_in_the_address(desk: Client, three: EventSeries) -> None:
    second = three.events.all()[1].slug

    assert names(page(desk, "registrations", three.pk)) == [True, True, True]
    assert names(page(desk, "registrations", three.pk, q="vee")) == [False, True, False]
    assert names(page(desk, "registrations", three.pk, state="waiting")) == [False, False, True]
    assert names(page(desk, "registrations", three.pk, event=second)) == [False, True, False]
    assert "Nobody matches." in page(desk, "registrations", three.pk, q="nobody")
    assert names(page(desk, "registrations", three.pk, state="nonsense")) == [True, True, True]


def test_a_row_tells_the_events_and_whether_the_last_message_arrived(
    desk: Client, three: EventSeries
) -> None:
    Message.objects.filter(recipient=AINO.email, kind="confirmation").update(state="bounced_hard")
    Message.objects.filter(recipient=AINO.email, kind="reminder").delete()
    shown = page(desk, "registrations", three.pk, q="aino")

    assert "1 person " in shown
    assert "Tue 13 April" in shown
    assert "Confirmation, Mon 1 March 2027, 14.00" in shown


def test_one_person_shows_every_message_and_the_way_to_the_next_one(desk: Client, three: EventSeries) -> None:
    shown = page(desk, "attendee", attendee(OLLI).pk)
    narrowed = page(desk, "attendee", attendee(OLLI).pk, state="waiting")

    assert ["Previous: Aino" in shown, "Next: Veera" in shown] == [True, True]
    assert "On the waiting list" in shown
    assert ["Previous" in narrowed, "Next" in narrowed] == [False, False]


def test_cancelling_for_somebody_tells_first_and_keeps_the_reason(
    desk: Client, three: EventSeries, morning: Event
) -> None:
    row = registration(AINO, morning)

    form = desk.get(reverse("desk:registration-cancel", args=[row.pk]))
    assert "Aino Esimerkki: Accessibility of nearby nature" in text(form)
    assert preview(desk, "registration-cancel", row.pk, reason="Asked by phone") == [
        "The person gets a mail of the cancellation.",
        "The entry is removed from their calendar.",
        "The first person on the waiting list gets the place and a mail of it.",
    ]
    Quota.objects.update(promotion="offer")
    assert preview(desk, "registration-cancel", row.pk, reason="")[2:] == [
        "The first person on the waiting list is offered the place and gets a mail of it.",
    ]
    Quota.objects.update(promotion="auto", capacity=1)  # a place too many has been given: nobody is called
    assert len(preview(desk, "registration-cancel", row.pk, reason="")) == 2
    Quota.objects.update(capacity=2)
    waits = registration(OLLI, morning)
    assert preview(desk, "registration-cancel", waits.pk, reason="") == [
        "The person gets a mail of the cancellation."
    ]
    assert (
        save(desk, "registration-cancel", row.pk, reason="Asked by phone") == "The registration is cancelled."
    )
    row.refresh_from_db()
    assert (row.state, row.cancelled_by) == ("cancelled", "organiser")
    assert registration(OLLI, morning).state == "confirmed"
    assert "promoted" in dict(told(OLLI))
    assert AuditEvent.objects.get(action="registration.cancelled").reason == "Asked by phone"
    assert "Asked by phone" in page(desk, "attendee", row.attendee_id)


def test_cancelling_a_place_in_line_moves_nobody(desk: Client, three: EventSeries, morning: Event) -> None:
    assert preview(desk, "registration-cancel", registration(OLLI, morning).pk, reason="") == [
        "The person gets a mail of the cancellation."
    ]


def test_one_persons_attendance_is_marked_and_unmarked(
    desk: Client, three: EventSeries, morning: Event
) -> None:
    row = registration(AINO, morning)
    marks = []
    for mark in ("came", "absent", ""):
        save(desk, "registration-mark", row.pk, attended=mark)
        row.refresh_from_db()
        marks.append(row.attended)

    assert marks == [True, False, None]


def test_somebody_who_waits_cannot_have_come(desk: Client, three: EventSeries, morning: Event) -> None:
    row = registration(OLLI, morning)

    assert (
        save(desk, "registration-mark", row.pk, attended="came")
        == "Only somebody who has a place can be marked."
    )


def attended(event: Event) -> dict[str, bool | None]:
    rows = Registration.objects.filter(event=event, state="confirmed")
    return dict(rows.values_list("attendee__name", "attended"))


def test_ticks_mark_those_who_came_and_the_others_only_when_asked(
    desk: Client, three: EventSeries, morning: Event
) -> None:
    aino, veera = registration(AINO, morning).pk, registration(VEERA, morning).pk

    ticked = {"shown": [aino, veera], "came": [aino]}
    assert save(desk, "attendance", morning.pk, **ticked) == "1 mark is saved."
    assert attended(morning) == {AINO.name: True, VEERA.name: None}
    save(desk, "attendance", morning.pk, **ticked, others="absent")
    assert attended(morning) == {AINO.name: True, VEERA.name: False}
    save(desk, "attendance", morning.pk, shown=[aino, veera])
    assert attended(morning) == {AINO.name: None, VEERA.name: False}


def test_somebody_who_was_not_on_the_page_is_not_taken_for_absent(
    desk: Client, three: EventSeries, morning: Event
) -> None:
    aino = registration(AINO, morning).pk
    save(desk, "attendance", morning.pk, shown=[aino], came=[aino], others="absent")

    assert attended(morning) == {AINO.name: True, VEERA.name: None}


def test_a_long_list_is_turned_page_by_page_with_its_filters(
    desk: Client, mornings: EventSeries, noon: datetime
) -> None:
    for number in range(51):
        sign_up(mornings, somebody(number), 0, at=noon)
    first = desk.get(reverse("desk:registrations", args=[mornings.pk]), {"q": "esimerkki"})

    assert "Page 1 of 2" in text(first)
    assert "?q=esimerkki&amp;page=2" in first.content.decode()
    assert "Page 2 of 2" in page(desk, "registrations", mornings.pk, q="esimerkki", page="9")
