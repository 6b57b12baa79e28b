"""The pages of who came: how it is known, the door for a phone, and certificates."""

import re
from datetime import datetime, timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from accounts.models import User
from events.models import Event, EventSeries
from registrations.actions import join, mark_attendance
from registrations.models import Registration
from tests.registrations.people import AINO, OLLI, VEERA, attendee, day, registration, sign_up
from tests.web.desk.conftest import signed_in
from web.desk.views import attending


@pytest.fixture
def morning(mornings: EventSeries, noon: datetime) -> Event:
    """Aino joined by her page, Veera is ticked, Olli waits; the morning is over."""
    mornings.events.update(join_url="https://meet.example.org/kahvit")
    for person in (AINO, VEERA, OLLI):
        sign_up(mornings, person, 0, at=noon)
    event = day(mornings)
    join(attendee=attendee(AINO), event=event, at=event.starts_at)
    mark_attendance(registration=registration(VEERA, event), attended=True, at=event.ends_at, actor=None)
    return event


def page(desk: Client, name: str, pk: int, **asked: str) -> str:
    return desk.get(reverse(f"desk:{name}", args=[pk]), asked).text


def test_the_list_tells_how_and_when_it_is_known(desk: Client, morning: Event) -> None:
    shown = page(desk, "attendance", morning.pk)

    assert "opened the joining link, Tue 13 April 2027, 8.30" in shown
    assert "marked by the organiser, Tue 13 April 2027, 10.00" in shown
    assert "Olli Example" not in shown


def test_the_list_is_searched_and_keeps_the_search(desk: Client, morning: Event) -> None:
    shown = page(desk, "attendance", morning.pk, q="veera")

    assert "Veera Exempel" in shown
    assert "Aino Esimerkki" not in shown
    assert "?page=1&amp;q=veera" in shown
    assert "Nobody was found." in page(desk, "attendance", morning.pk, q="nobody")


def test_certificates_are_given_after_the_event_only(olli: User, morning: Event) -> None:
    every, one = (
        reverse("desk:certificates", args=[morning.pk]),
        reverse("desk:certificate", args=[registration(AINO, morning).pk]),
    )
    told = []
    for at in (morning.starts_at, morning.ends_at):
        with time_machine.travel(at + timedelta(seconds=1), tick=False):
            desk = signed_in(olli)
            told.append([desk.get(address).headers["Content-Type"] for address in (every, one)])

    assert told[1] == ["application/pdf", "application/pdf"]
    assert "application/pdf" not in told[0]


def test_the_certificates_of_many_come_in_several_files(
    olli: User, morning: Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attending, "_IN_ONE_FILE", 1)
    Registration.objects.filter(event=morning, state="confirmed").update(attended=True)
    with time_machine.travel(morning.ends_at + timedelta(seconds=1), tick=False):
        desk = signed_in(olli)
        page = desk.get(reverse("desk:attendance", args=[morning.pk])).text
        links = re.findall(r'href="([^"]+/certificates/[^"]*)">([^<]+)<', page)
        files = [desk.get(address) for address, _words in links]

    assert [words for _address, words in links] == [
        f"Certificates of attendance (PDF) {number}–{number}" for number in (1, 2)
    ]
    assert [file.headers["Content-Disposition"].rpartition("-")[2] for file in files] == ['1.pdf"', '2.pdf"']


def test_the_door_carries_its_worker_and_no_names(desk: Client, morning: Event) -> None:
    shown = page(desk, "check-in", morning.pk)
    worker = desk.get(reverse("desk:check-in-worker", args=[morning.pk]))

    assert f'data-api="/api/v1/organiser/events/{morning.pk}/check-in/"' in shown
    assert reverse("desk:attendance", args=[morning.pk]) in shown
    assert "Aino Esimerkki" not in shown, "the page is kept on the phone; the names are kept apart"
    assert worker["Content-Type"] == "text/javascript; charset=utf-8"
    assert "addEventListener" in worker.text
