"""The ticket and the joining page: looking at them does nothing, the button lets in."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.test import Client

from events.models import Event, EventSeries
from registrations.actions import cancel
from registrations.models import Attendee, Registration
from tests.web.public.conftest import Comes

TUESDAY = datetime(2027, 4, 13, 5, 30, tzinfo=UTC)
TEAMS = "https://teams.example.org/aamu"
MINUTE = timedelta(minutes=1)


@pytest.fixture
def tuesday(mornings: EventSeries) -> Event:
    mornings.events.update(join_url=TEAMS)
    return mornings.events.all()[0]


def joining(attendee: Attendee, event: Event) -> str:
    return f"/j/{attendee.ticket_token}/{event.slug}/"


def attended(attendee: Attendee) -> tuple[bool | None, str]:
    row = attendee.registrations.latest("pk")
    return row.attended, row.came


def test_before_its_time_the_page_says_when_the_button_comes(
    browser: Client, tuesday: Event, comes: Comes
) -> None:
    aino = comes(0)

    page = browser.get(joining(aino, tuesday))

    assert "Liittymispainike tulee tähän ti 13.4.2027 klo 8.15." in page.text
    assert "<button" not in page.text.partition("<main")[2]
    refused = browser.post(joining(aino, tuesday))
    assert (refused.status_code, attended(aino)) == (409, (None, ""))
    assert TEAMS not in page.text + refused.text


def test_only_the_button_lets_in_and_leads_to_the_meeting(
    browser: Client, tuesday: Event, comes: Comes, today: time_machine.Traveller
) -> None:
    aino = comes(0)
    today.move_to(TUESDAY - 15 * MINUTE)
    for look in (browser.get, browser.head, browser.options):
        look(joining(aino, tuesday))
    assert attended(aino) == (None, "")

    page = browser.get(joining(aino, tuesday))
    answer = browser.post(joining(aino, tuesday))

    assert "Liity mukaan</button>" in page.text
    assert TEAMS not in page.text
    assert (answer.status_code, answer["Location"]) == (303, TEAMS)
    assert attended(aino) == (True, Registration.Came.JOINED)
    assert "form-action 'self' https:" in page["Content-Security-Policy"]
    assert page["Cache-Control"] == "no-store, private"


def test_after_the_end_and_when_called_off_there_is_no_button(
    browser: Client, tuesday: Event, comes: Comes, today: time_machine.Traveller
) -> None:
    aino = comes(0)
    today.move_to(TUESDAY + 90 * MINUTE)
    assert "Tapahtuma on päättynyt." in browser.get(joining(aino, tuesday)).text
    today.move_to(TUESDAY)
    Event.objects.filter(pk=tuesday.pk).update(join_url="")
    assert "Järjestäjä ei ole vielä antanut" in browser.get(joining(aino, tuesday)).text
    Event.objects.filter(pk=tuesday.pk).update(state=Event.State.CANCELLED)
    assert "Tapahtuma on peruttu" in browser.get(joining(aino, tuesday)).text


def test_whoever_gave_the_place_up_finds_no_button(
    browser: Client, tuesday: Event, comes: Comes, noon: datetime, today: time_machine.Traveller
) -> None:
    aino = comes(0)
    cancel(registration=aino.registrations.get(), by=Registration.CancelledBy.ATTENDEE, at=noon)
    today.move_to(TUESDAY)

    page, answer = browser.get(joining(aino, tuesday)), browser.post(joining(aino, tuesday))

    assert "Sinulla ei ole paikkaa" in page.text
    assert answer.status_code == 422
    assert TEAMS not in page.text + answer.text


def test_somebody_elses_event_and_made_up_tickets_lead_nowhere(
    browser: Client, mornings: EventSeries, tuesday: Event, comes: Comes
) -> None:
    aino = comes(0)
    other = mornings.events.all()[1]

    said = [
        browser.get(address).status_code
        for address in (
            joining(aino, other),
            f"/j/{aino.token}/",
            "/j/made-up/",
            f"/j/made-up/{tuesday.slug}/",
        )
    ]

    assert said == [404, 404, 404, 404]


@pytest.mark.parametrize(
    ("language", "title"),
    [
        ("fi", "Oma lippu"),
        ("sv", "Din biljett"),
        ("en", "Your ticket"),
    ],
)
def test_the_ticket_shows_its_code_as_a_picture_and_in_letters(
    browser: Client, tuesday: Event, comes: Comes, language: str, title: str
) -> None:
    aino = comes(0, language=language)

    page = browser.get(f"/j/{aino.ticket_token}/").text

    code = aino.ticket_hash[:8].upper()
    assert f"<h1>{title}</h1>" in page
    assert 'role="img" aria-label="' in page
    assert "<svg" in page.partition('role="img"')[2][:200]
    assert f"{code[:4]} {code[4:]}" in page
    assert joining(aino, tuesday) in page
    assert aino.token not in page, "the ticket does not open the page where places are cancelled"


def test_a_certificate_is_there_after_the_event_for_those_present(
    browser: Client, tuesday: Event, comes: Comes, today: time_machine.Traveller
) -> None:
    aino = comes(0)
    address = f"/r/{aino.token}/todistus/{tuesday.slug}/"
    assert browser.get(address).status_code == 404
    today.move_to(TUESDAY)
    browser.post(joining(aino, tuesday))
    today.move_to(TUESDAY + 90 * MINUTE)

    page, pdf = browser.get(f"/r/{aino.token}/").text, browser.get(address)

    assert address in page
    assert (pdf.status_code, pdf["Content-Type"]) == (200, "application/pdf")
    assert pdf.content.startswith(b"%PDF-")
    assert pdf["Content-Disposition"] == f'attachment; filename="{tuesday.slug}.pdf"'
