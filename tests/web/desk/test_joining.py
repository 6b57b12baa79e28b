"""Who somebody is, at the desk and at the API: an address corrected, two registrations made one."""

import json
from collections.abc import Iterator
from datetime import datetime

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from accounts.models import AuditEvent, Organisation
from events.models import EventSeries
from notifications.models import Message
from registrations import rules
from registrations.actions import ask_new_address, correct_address
from registrations.models import Answer, Attendee, Consent, EmailChange, Quota, Registration
from tests import factories
from tests.registrations.forms import consent, question
from tests.registrations.people import (
    AINO,
    OLLI,
    VEERA,
    all_sent,
    attendee,
    day,
    registration,
    sign_up,
    states,
    told,
)

RIGHT = "aino.esimerkki@example.org"


@pytest.fixture(autouse=True)
def now(noon: datetime) -> Iterator[None]:
    with time_machine.travel(noon, tick=False):
        yield


@pytest.fixture
def two(mornings: EventSeries, noon: datetime) -> EventSeries:
    """Aino has a place on Tuesday; Veera on Tuesday and Wednesday."""
    sign_up(mornings, AINO, 0, at=noon)
    sign_up(mornings, VEERA, 0, 1, at=noon)
    all_sent()
    return mornings


def page(name: str, *people: Attendee) -> str:
    return reverse(f"desk:{name}", args=[one.pk for one in people])


def test_a_mail_that_went_astray_is_repaired_by_the_right_address(two: EventSeries, desk: Client) -> None:
    aino = attendee(AINO)
    address = page("attendee-address", aino)
    assert address in desk.get(page("attendee", aino)).text
    typed = {"email": RIGHT, "reason": "a typing mistake"}

    preview = desk.post(address, typed | {"step": "preview"}).text

    assert f"From now on mails go to {RIGHT}." in preview
    assert attendee(AINO) == aino  # nothing has happened yet
    shown = desk.post(address, typed | {"step": "save"}, follow=True).text
    assert "The address is corrected." in shown
    assert "Address corrected" in shown
    again = Message.objects.get(recipient=RIGHT, kind="confirmation")
    assert again.calendar_method == "REQUEST"
    assert again.links["manage"]["seed"] != aino.link_seed
    assert told(AINO)[-1] == ("address_changed", "queued")
    assert Message.objects.get(kind="address_changed").context["by_organiser"] is True
    row = AuditEvent.objects.get(action="attendee.address")
    assert (row.reason, row.details) == ("a typing mistake", {})


@pytest.mark.parametrize("typed", ["", "aino@", "a b@example.org", "x" * 299 + "@example.org", AINO.email])
def test_what_is_no_other_address_comes_back_beside_its_field(
    two: EventSeries, desk: Client, typed: str
) -> None:
    answer = desk.post(page("attendee-address", attendee(AINO)), {"email": typed, "step": "save"})

    assert answer.status_code == 422
    assert 'href="#id_email"' in answer.text
    assert attendee(AINO).email == AINO.email


@pytest.mark.parametrize("step", ["preview", "save"])
def test_the_address_of_another_person_leads_to_joining_the_two(
    two: EventSeries, desk: Client, step: str
) -> None:
    aino, veera = attendee(AINO), attendee(VEERA)

    answer = desk.post(page("attendee-address", aino), {"email": "Veera@Example.org", "step": step})

    assert answer.status_code == 422
    assert "Join the two if they are the same person." in answer.text
    assert page("attendee-merge-with", aino, veera) in answer.text


def test_a_correction_ends_what_the_person_asked_for(two: EventSeries, noon: datetime) -> None:
    asked = ask_new_address(attendee=attendee(AINO), email="uusi@example.org", at=noon)

    correct_address(attendee=attendee(AINO), email=RIGHT, reason="", at=noon, actor=None)

    asked.refresh_from_db()
    assert asked.expires_at == noon
    assert Message.objects.get(kind="new_address").state == "cancelled"
    assert EmailChange.objects.count() == 1


def test_the_twin_is_found_and_the_page_says_precisely_what_stays(two: EventSeries, desk: Client) -> None:
    aino, veera = attendee(AINO), attendee(VEERA)
    found = desk.get(page("attendee-merge", aino), {"q": "veera"}).text
    address = page("attendee-merge-with", aino, veera)
    assert address in found
    form = desk.get(address).text
    assert page("attendee-merge-with", veera, aino) in form  # the other way round

    preview = desk.post(address, {"step": "preview", "reason": ""}).text

    assert f"{AINO.email} (confirmed) stays, {VEERA.email} (confirmed) ends" in preview
    assert "comes over (confirmed)" in preview
    assert f"{VEERA.email} (confirmed) ends. The place comes free." in preview  # nobody waits for it
    assert "This cannot be undone." in preview
    assert Attendee.objects.count() == 2
    shown = desk.post(address, {"step": "save", "reason": "rang"}, follow=True).text
    assert "The two registrations are one now." in shown
    assert "Two registrations joined" in shown
    assert states(AINO) == ["confirmed", "cancelled", "confirmed"]
    assert desk.get(page("attendee", veera)).status_code == 404


def test_what_was_told_to_the_one_who_went_stays_on_the_page(two: EventSeries, desk: Client) -> None:
    aino, veera = attendee(AINO), attendee(VEERA)
    Registration.objects.filter(attendee=veera).update(registered_at=veera.created_at)
    AuditEvent.objects.create(
        action="attendee.may_change",
        subject=f"attendee:{veera.pk}",
        at=veera.created_at,
        organisation_id=two.organisation_id,
    )

    desk.post(page("attendee-merge-with", aino, veera), {"step": "save", "reason": ""})

    shown = desk.get(page("attendee", aino)).text
    assert "Changes allowed after the deadline" in shown
    assert "Doubled place removed" in shown


def test_the_search_says_when_nobody_is_found(two: EventSeries, desk: Client) -> None:
    aino = attendee(AINO)

    assert "Nobody else in the series has this name." in desk.get(page("attendee-merge", aino)).text
    assert "Nobody was found." in desk.get(page("attendee-merge", aino), {"q": "x\x00yz"}).text


def test_people_of_two_series_have_no_page_together(
    two: EventSeries, demos: Organisation, desk: Client, noon: datetime
) -> None:
    other = factories.four_mornings(organisation=demos, slug="toiset")
    sign_up(other, AINO, 0, at=noon)
    here, there = Attendee.objects.filter(email=AINO.email).order_by("pk")

    assert desk.get(page("attendee-merge-with", here, there)).status_code == 404
    assert desk.get(page("attendee-merge-with", here, here)).status_code == 404


def test_answers_and_consents_that_come_along_are_named(
    two: EventSeries, desk: Client, noon: datetime
) -> None:
    aino, veera = attendee(AINO), attendee(VEERA)
    Answer.objects.create(attendee=veera, question=question(two, "bus"), value="yes")
    Consent.objects.create(attendee=veera, text=consent(two), given_at=noon)
    Attendee.objects.filter(pk=veera.pk).update(role="tutkija")

    preview = desk.post(page("attendee-merge-with", aino, veera), {"step": "preview", "reason": ""}).text

    assert "Answers brought over, since this registration has none: bus en" in preview
    assert "Consents brought over: photos" in preview
    assert "Missing details are filled in" in preview


def test_viewers_change_nothing(two: EventSeries, viewer: Client) -> None:
    aino, veera = attendee(AINO), attendee(VEERA)

    for address in (page("attendee-address", aino), page("attendee-merge-with", aino, veera)):
        assert viewer.post(address, {"step": "save", "email": RIGHT, "reason": ""}).status_code == 403
    assert Attendee.objects.count() == 2


def _api(
    client: Client, row: Registration, what: str, body: object, *, method: str
) -> tuple[int, dict[str, object]]:
    address = f"/api/v1/organiser/registrations/{row.pk}/{what}/"
    answer = client.generic(method, address, json.dumps(body), content_type="application/json")
    return answer.status_code, answer.json()


def test_a_program_corrects_an_address(two: EventSeries, desk: Client) -> None:
    row = registration(AINO, day(two))

    status, said = _api(desk, row, "address", {"email": VEERA.email}, method="PUT")
    assert (status, said["code"]) == (422, "address-taken")
    assert Registration.objects.get(pk=str(said["other"])).attendee == attendee(VEERA)  # as joining takes it
    status, said = _api(desk, row, "address", {"email": "x"}, method="PUT")
    assert (status, said["code"]) == (422, "invalid")
    status, said = _api(desk, row, "address", {"email": RIGHT}, method="PUT")

    assert (status, said["email"]) == (200, RIGHT)


def test_a_program_joins_two_people(two: EventSeries, desk: Client, stranger: Client) -> None:
    row, twin = registration(AINO, day(two)), registration(VEERA, day(two))

    assert _api(stranger, row, "merge", {"other": twin.pk}, method="POST")[0] == 404
    assert _api(desk, row, "merge", {"other": 0}, method="POST")[0] == 404
    assert _api(desk, row, "merge", {}, method="POST")[0] == 400
    status, said = _api(desk, row, "merge", {"other": row.pk}, method="POST")
    assert (status, said["code"]) == (422, rules.NotTwoPeople.code)
    status, said = _api(desk, row, "merge", {"other": twin.pk, "reason": "rang"}, method="POST")

    assert (status, said) == (200, {"email": AINO.email, "ended": 1, "moved": 1})


def test_where_nobody_stands_twice_no_place_comes_free(
    two: EventSeries, desk: Client, noon: datetime
) -> None:
    sign_up(two, OLLI, 2, at=noon)
    aino, olli = attendee(AINO), attendee(OLLI)

    preview = desk.post(page("attendee-merge-with", aino, olli), {"step": "preview", "reason": ""}).text

    assert "comes over (confirmed)" in preview
    assert "The place comes free" not in preview


@pytest.mark.parametrize(
    ("promotion", "sentence"),
    [("auto", "The next in line gets the place."), ("offer", "The next in line is offered the place.")],
)
def test_where_somebody_waits_it_is_said_who_comes_next(
    two: EventSeries, desk: Client, noon: datetime, promotion: str, sentence: str
) -> None:
    Quota.objects.update(capacity=2, promotion=promotion)
    sign_up(two, OLLI, 0, at=noon)  # waits on Tuesday
    aino, veera = attendee(AINO), attendee(VEERA)
    wednesday = registration(VEERA, day(two, 1))
    wednesday.pk, wednesday.attendee = None, aino
    wednesday.save()

    preview = desk.post(page("attendee-merge-with", aino, veera), {"step": "preview", "reason": ""}).text

    assert preview.count(sentence) == 1
    assert preview.count("The place comes free.") == 1
