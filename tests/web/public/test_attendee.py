"""One link, the whole journey: before the morning, at its door, after it; and giving a place up."""

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from events.models import Event, EventSeries
from notifications.models import Message
from notifications.suppression import topics_left
from registrations.actions.automatic import plan_due
from registrations.models import Attendee, Registration
from surveys.actions import open_survey
from tests.web.public.conftest import Comes

TUESDAY = datetime(2027, 4, 13, 5, 30, tzinfo=UTC)
TEAMS = "https://teams.example.org/aamu"


def home(attendee: Attendee) -> str:
    return f"/r/{attendee.token}/"


def states(attendee: Attendee) -> list[str]:
    return list(attendee.registrations.order_by("pk").values_list("state", flat=True))


def with_link(series: EventSeries, **changes: object) -> None:
    series.events.update(join_url=TEAMS, **changes)


def test_before_the_morning_the_page_tells_the_place_and_the_link(
    browser: Client, mornings: EventSeries, comes: Comes
) -> None:
    with_link(mornings)
    page = browser.get(home(comes(0, 2))).text
    assert '<html lang="fi">' in page
    assert page.count("Sinulla on paikka") == 2
    assert page.count("Oma liittymissivu") == 2
    assert TEAMS not in page  # the address of the meeting is told by the button alone
    assert "Liity nyt" not in page


def test_a_link_told_on_the_day_before_is_not_on_the_page_sooner(
    browser: Client, mornings: EventSeries, comes: Comes, today: time_machine.Traveller
) -> None:
    with_link(mornings, link_policy=Event.LinkPolicy.DAY_BEFORE)
    attendee = comes(0)
    early = browser.get(home(attendee)).text
    assert "Oma liittymissivu" not in early
    assert "Osallistumislinkki tulee tähän ja sähköpostiin ma 12.4.2027 klo 9.00." in early
    today.move_to(TUESDAY - timedelta(hours=12))
    assert "Oma liittymissivu" in browser.get(home(attendee)).text


def test_reminders_are_left_from_the_own_page_without_a_message_at_hand(
    mornings: EventSeries, comes: Comes, today: time_machine.Traveller
) -> None:
    attendee = comes(0)
    browser = Client(enforce_csrf_checks=True)
    assert f'<a href="{home(attendee)}viestit/">Mitä viestejä saat</a>' in browser.get(home(attendee)).text
    page = browser.get(f"{home(attendee)}viestit/")
    guard = {"csrfmiddlewaretoken": browser.cookies["csrftoken"].value}
    assert home(attendee) in page.text

    saved = browser.post(f"{home(attendee)}viestit/", {"stop": "reminder", **guard})
    assert "Valinta on tallennettu." in saved.text
    today.move_to(TUESDAY - timedelta(days=1))
    plan_due(at=TUESDAY - timedelta(days=1) + timedelta(minutes=30))
    assert not Message.objects.filter(kind="reminder").exists()

    browser.post(f"{home(attendee)}viestit/", {"all": "1", **guard})
    assert topics_left(address=attendee.email, scope=f"series:{mornings.pk}") == frozenset()
    assert browser.get("/r/nobodys/viestit/").status_code == 404


def test_at_the_door_joining_comes_first(
    browser: Client, mornings: EventSeries, comes: Comes, today: time_machine.Traveller
) -> None:
    with_link(mornings)
    attendee = comes(0)
    today.move_to(TUESDAY - timedelta(minutes=15))
    page = browser.get(home(attendee)).text
    assert page.index("Liity nyt") < page.index("Omat tapahtumat")


def test_after_the_morning_the_page_asks_how_it_was(
    browser: Client, mornings: EventSeries, comes: Comes, today: time_machine.Traveller
) -> None:
    attendee = comes(0)
    event = mornings.events.all()[0]
    today.move_to(TUESDAY + timedelta(hours=4))
    open_survey(event=event, at=TUESDAY + timedelta(hours=4))
    page = browser.get(home(attendee)).text
    assert "Vastaa kolmessa minuutissa" in page
    assert "Peru paikkani" not in page


def test_somebody_waiting_sees_the_place_in_line_and_no_link(
    browser: Client, mornings: EventSeries, comes: Comes
) -> None:
    with_link(mornings)
    for number in range(3):
        comes(0, email=f"olli{number}@example.org", name="Olli Esimerkki")
    page = browser.get(home(comes(0))).text
    assert "Jonossa 2. sijalla" in page
    assert TEAMS not in page
    assert "/j/" not in page


def test_leaving_the_line_is_not_called_cancelling_a_place(
    browser: Client, mornings: EventSeries, comes: Comes
) -> None:
    for number in range(2):
        comes(0, email=f"olli{number}@example.org", name="Olli Esimerkki")
    attendee = comes(0)
    address = f"{home(attendee)}peru/{mornings.events.all()[0].slug}/"
    asked = [browser.get(home(attendee)).text, browser.get(address).text]
    left = browser.post(address, follow=True).text

    assert all("Poistu jonosta" in page and "Peru paikkani" not in page for page in asked)
    assert "kymmenen minuutin" not in asked[1]
    assert "Et ole enää jonossa." in left
    assert "Poistuit jonosta" in left
    assert "kalenteristasi" not in left


def test_withdrawing_an_application_is_called_that(
    browser: Client, mornings: EventSeries, comes: Comes
) -> None:
    attendee = comes(0)
    attendee.registrations.update(state=Registration.State.RECEIVED)
    address = f"{home(attendee)}peru/{mornings.events.all()[0].slug}/"
    page = browser.get(address).text

    assert "Perutaanko hakemus?" in page
    assert "Hakemuksesi on peruttu." in browser.post(address, follow=True).text


def test_a_scanner_opening_every_link_changes_nothing(
    browser: Client, mornings: EventSeries, comes: Comes
) -> None:
    attendee = comes(0, 1)
    event = mornings.events.all()[0]
    before = (states(attendee), Message.objects.count())
    for _time in range(3):
        for tail in ("", "muuta/", "peru/", f"peru/{event.slug}/"):
            assert browser.get(home(attendee) + tail).status_code == 200
        assert browser.get(home(attendee) + "kieli/").status_code == 405
    assert (states(attendee), Message.objects.count()) == before


def test_one_place_is_given_up_in_two_presses(browser: Client, mornings: EventSeries, comes: Comes) -> None:
    attendee = comes(0, 1)
    event = mornings.events.all()[0]
    address = f"{home(attendee)}peru/{event.slug}/"
    assert address in browser.get(home(attendee)).text
    answer = browser.post(address)
    assert (answer.status_code, answer["Location"]) == (303, home(attendee))
    assert states(attendee) == [Registration.State.CANCELLED, Registration.State.CONFIRMED]
    page = browser.get(home(attendee)).text
    assert "Paikka on peruttu. Lähetimme viestin, joka poistaa merkinnän kalenteristasi." in page
    assert browser.post(address).status_code == 303  # pressed again: nothing more happens


def test_all_places_are_given_up_at_once(browser: Client, mornings: EventSeries, comes: Comes) -> None:
    attendee = comes(0, 1, 3)
    assert browser.post(home(attendee) + "peru/").status_code == 303
    assert set(states(attendee)) == {Registration.State.CANCELLED}


def test_mornings_are_swapped_on_one_page(browser: Client, mornings: EventSeries, comes: Comes) -> None:
    attendee = comes(0)
    events = [event.slug for event in mornings.events.all()]
    page = browser.get(home(attendee) + "muuta/").text
    assert page.count(" checked") == 1
    answer = browser.post(home(attendee) + "muuta/", {"events": [events[2]]})
    assert answer.status_code == 303
    active = attendee.registrations.filter(state=Registration.State.CONFIRMED)
    assert [row.event.slug for row in active] == [events[2]]


def test_an_unknown_morning_is_refused_beside_the_boxes(
    browser: Client, mornings: EventSeries, comes: Comes
) -> None:
    answer = browser.post(home(comes(0)) + "muuta/", {"events": ["no-such-morning"]})
    assert answer.status_code == 422
    assert 'class="errors"' in answer.text


def test_the_page_speaks_the_language_of_the_person_or_the_one_asked_for(
    browser: Client, mornings: EventSeries, comes: Comes
) -> None:
    attendee = comes(0, language="sv")
    assert '<html lang="sv">' in browser.get(home(attendee)).text
    assert '<html lang="en">' in browser.get(home(attendee) + "?lang=en").text
    attendee.refresh_from_db()
    assert attendee.language == "sv"
    browser.post(home(attendee) + "kieli/", {"language": "en"})
    attendee.refresh_from_db()
    assert attendee.language == "en"


def test_a_personal_page_is_kept_and_indexed_by_nobody(
    browser: Client, mornings: EventSeries, comes: Comes
) -> None:
    answer = browser.get(home(comes(0)))
    assert answer["Cache-Control"] == "no-store, private"
    assert answer["X-Robots-Tag"] == "noindex, nofollow"
    assert answer["Referrer-Policy"] == "same-origin"


@pytest.mark.parametrize("tail", ["", "muuta/", "peru/"])
def test_a_mangled_link_offers_to_send_a_new_one(browser: Client, mornings: EventSeries, tail: str) -> None:
    answer = browser.get(f"/r/mangled/{tail}")
    assert answer.status_code == 404
    assert 'action="/fi/oma-linkki/"' in answer.text


def test_an_expired_link_says_so(
    browser: Client, mornings: EventSeries, comes: Comes, today: time_machine.Traveller
) -> None:
    attendee = comes(0)
    today.shift(timedelta(days=120))
    answer = browser.get(home(attendee))
    assert answer.status_code == 410
    assert "<h1>Tämä linkki ei enää toimi</h1>" in answer.text


def test_a_lost_link_is_answered_the_same_to_everybody(
    browser: Client, mornings: EventSeries, comes: Comes
) -> None:
    comes(0)
    pages = []
    for email in ("aino@example.org", "nobody@example.org"):
        answer = browser.post("/fi/oma-linkki/", {"email": email}, follow=True)
        assert "Jos osoitteella on ilmoittautumisia, lähetimme siihen linkin." in answer.text
        pages.append(answer.redirect_chain)
    assert pages[0] == pages[1]
    assert Message.objects.filter(kind__contains="manage_link").count() == 1


def test_a_malformed_address_is_told_beside_the_field(browser: Client, db: None) -> None:
    answer = browser.post("/fi/oma-linkki/", {"email": "aino"})
    assert answer.status_code == 422
    assert 'href="#id_email"' in answer.text


def test_three_places_ask_the_database_no_more_than_one(
    browser: Client, mornings: EventSeries, comes: Comes
) -> None:
    counts = []
    for attendee in (comes(0), comes(0, 1, 2, email="veera@example.org", name="Veera Esimerkki")):
        with CaptureQueriesContext(connection) as asked:
            browser.get(home(attendee))
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_the_link_of_a_second_try_ticks_what_was_wanted_and_changes_nothing(
    browser: Client, mornings: EventSeries, comes: Comes
) -> None:
    token = comes(0).token
    slugs = [event.slug for event in mornings.events.all()]

    page = browser.get(f"/r/{token}/muuta/?aamut={slugs[2]}").text

    boxes = re.findall(r'<input[^>]*value="([^"]+)"[^>]* checked', page)
    assert boxes == [slugs[0], slugs[2]]
    assert Registration.objects.count() == 1
