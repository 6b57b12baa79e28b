"""An organiser moves somebody's place to another person; the page says first who gets what."""

from datetime import datetime

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import AuditEvent
from events.models import Event, EventSeries
from tests.registrations.people import AINO, OLLI, VEERA, registration, sign_up, states, told
from tests.web.desk.seen import page, preview, problems, save, text

MAIJA = {
    "name": "Maija Esimerkki",
    "email": "maija@example.org",
    "language": "sv",
    "reason": "Asked by phone",
}
FORM = "registration-give"


@pytest.fixture
def three(mornings: EventSeries, noon: datetime) -> EventSeries:
    """Aino and Veera have the two places of Tuesday, Olli waits."""
    for one in (AINO, VEERA, OLLI):
        sign_up(mornings, one, 0, at=noon)
    return mornings


def test_the_page_tells_first_and_then_the_place_is_the_other_persons(
    desk: Client, three: EventSeries, morning: Event
) -> None:
    row = registration(AINO, morning)
    assert "Give the place to somebody else" in page(desk, "attendee", row.attendee_id)
    assert "Aino Esimerkki: Accessibility of nearby nature" in page(desk, FORM, row.pk)

    assert preview(desk, FORM, row.pk, **MAIJA) == [
        "Maija Esimerkki (maija@example.org) gets the place, with a mail and an invitation for the calendar.",
        "Aino Esimerkki gets a mail, and the entry is removed from their calendar.",
        "The waiting list stays as it is.",
    ]
    assert states(AINO) == ["confirmed"]
    assert save(desk, FORM, row.pk, **MAIJA) == "The place is the other person's now, and both get a mail."

    assert (states(AINO), states(OLLI)) == (["cancelled"], ["waiting"])
    assert told(AINO)[-1] == ("place_given", "queued")
    assert AuditEvent.objects.get(action="registration.passed_on").reason == "Asked by phone"
    seen = page(desk, "attendee", row.attendee_id)
    assert "(given to a colleague)" in seen
    assert "Place given to a colleague" in seen
    assert "Give the place to somebody else" not in seen


def test_what_needs_correcting_is_told_before_the_page_that_tells_who_gets_what(
    desk: Client, three: EventSeries, morning: Event
) -> None:
    row = registration(AINO, morning)
    typed = {**MAIJA, "name": " ", "email": AINO.email, "step": "preview"}

    answer = desk.post(reverse(f"desk:{FORM}", args=[row.pk]), typed)

    assert problems(answer) == {
        "id_name": "Enter your colleague's name.",
        "id_email": "The place is this address's already. Enter your colleague's address.",
    }


def test_nothing_typed_is_told_once_beside_each_field(
    desk: Client, three: EventSeries, morning: Event
) -> None:
    row = registration(AINO, morning)

    answer = desk.post(reverse(f"desk:{FORM}", args=[row.pk]), {"language": "fi", "step": "preview"})

    assert problems(answer) == {
        "id_name": "Enter your colleague's name.",
        "id_email": "Enter an email address like name@example.fi.",
    }
    assert answer.content.decode().count('class="wrong"') == 2


def test_a_receiver_who_has_a_place_is_told_beside_the_address(
    desk: Client, three: EventSeries, morning: Event
) -> None:
    row = registration(AINO, morning)

    answer = desk.post(
        reverse(f"desk:{FORM}", args=[row.pk]), {**MAIJA, "email": VEERA.email, "step": "save"}
    )

    assert problems(answer) == {"id_email": "This person has a place at the event already."}
    assert states(AINO) == ["confirmed"]


def test_somebody_who_waits_has_nothing_to_give(desk: Client, three: EventSeries, morning: Event) -> None:
    row = registration(OLLI, morning)

    answer = desk.post(reverse(f"desk:{FORM}", args=[row.pk]), {**MAIJA, "step": "save"})

    assert answer.status_code == 422
    assert "There is no place here that could be given on." in text(answer)
    assert "Give the place to somebody else" not in page(desk, "attendee", row.attendee_id)


def test_a_viewer_sees_no_link_and_may_not(viewer: Client, three: EventSeries, morning: Event) -> None:
    row = registration(AINO, morning)

    assert "Give the place to somebody else" not in page(viewer, "attendee", row.attendee_id)
    assert viewer.get(reverse(f"desk:{FORM}", args=[row.pk])).status_code == 403
