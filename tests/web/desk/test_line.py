"""The waiting line at the desk and on the attendee's page: terms, order, more time, yes and no."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEvent, Organisation
from events.models import EventSeries
from registrations.models import Quota, Registration
from tests import factories
from tests.registrations.people import AINO, OLLI, VEERA, attendee, day, registration, sign_up, states


@pytest.fixture
def line(mornings: EventSeries, noon, client: Client):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201 - a moment that is now
    """One place, which Aino has; Veera and Olli wait; the organiser is signed in and it is noon."""
    with time_machine.travel(noon, tick=False):
        Quota.objects.update(capacity=1, hard_cap=1, promotion="offer", offer_in_working_hours=False)
        for person in (AINO, VEERA, OLLI):
            sign_up(mornings, person, 0, at=noon)
        client.force_login(factories.organiser(Organisation.objects.get(), email="desk@example.org"))
        yield mornings


def test_the_desk_shows_the_line_and_moves_somebody(line: EventSeries, client: Client) -> None:
    page = client.get(reverse("desk:event-waiting", args=[day(line).pk]))
    assert page.status_code == 200
    moved = registration(OLLI, day(line))
    address = reverse("desk:registration-line", args=[moved.pk])
    assert client.post(address, {"step": "save", "position": "1", "reason": ""}).status_code == 422

    client.post(address, {"step": "save", "position": "1", "reason": "speaks"})

    order = Registration.objects.filter(state="waiting").order_by("waiting_number")
    assert [row.attendee.name for row in order] == [OLLI.name, VEERA.name]
    assert AuditEvent.objects.get(action="waiting.moved").reason == "speaks"


def test_an_offer_is_extended_and_taken(line: EventSeries, client: Client, noon) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001
    terms = {"promotion": "offer", "offer_hours": "6", "offer_cutoff_hours": "1", "step": "save"}
    client.post(reverse("desk:line-terms", args=[day(line).pk]), terms)
    taken = registration(AINO, day(line)).pk
    client.post(reverse("desk:registration-cancel", args=[taken]), {"step": "save", "reason": ""})
    own = registration(VEERA, day(line))
    assert own.offer_expires_at == noon + timedelta(hours=6)
    extend = reverse("desk:registration-offer", args=[own.pk])
    until = {"day": "2027-03-03", "until": "12:00", "reason": "ill", "step": "save"}
    assert client.get(extend).status_code == 200
    assert client.post(extend, until | {"day": "2027-02-01"}).status_code == 422

    client.post(extend, until)

    veera = attendee(VEERA).token
    offer = reverse("personal:offer", args=[veera, day(line).slug])
    assert "3.3.2027" in client.get(reverse("personal:places", args=[veera])).text
    assert client.get(offer).status_code == 200
    assert states(VEERA) == ["offered"]
    assert client.post(offer, {"answer": "accept"}).status_code == 303
    assert states(VEERA) == ["confirmed"]
    olli = reverse("personal:offer", args=[attendee(OLLI).token, day(line).slug])
    assert client.post(olli, {"answer": "accept"}).status_code == 422


def test_an_offer_is_declined_on_the_page(line: EventSeries, client: Client) -> None:
    taken = registration(AINO, day(line)).pk
    client.post(reverse("desk:registration-cancel", args=[taken]), {"step": "save", "reason": ""})

    client.post(reverse("personal:offer", args=[attendee(VEERA).token, day(line).slug]), {"answer": "no"})

    assert (states(VEERA), states(OLLI)) == (["declined"], ["offered"])
    stranger = reverse("personal:offer", args=[attendee(VEERA).token, day(line, 2).slug])
    assert client.get(stranger).status_code == 404


def test_a_cancelled_place_is_taken_back_on_the_page(line: EventSeries, client: Client) -> None:
    token = attendee(AINO).token
    client.post(reverse("personal:cancel", args=[token, day(line).slug]))
    assert (
        reverse("personal:restore", args=[token, day(line).slug])
        in client.get(reverse("personal:places", args=[token])).text
    )
    restore = reverse("personal:restore", args=[token, day(line).slug])

    assert client.post(restore).status_code == 303

    assert states(AINO) == ["cancelled", "confirmed"]
    veera = reverse("personal:restore", args=[attendee(VEERA).token, day(line).slug])
    client.post(veera)
    assert states(VEERA) == ["waiting"]


def test_one_person_may_change_after_the_deadline(line: EventSeries, client: Client, noon) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001
    Quota.objects.update(closes_at=noon)
    one = attendee(AINO)
    address = reverse("desk:attendee-exception", args=[one.pk])
    assert client.get(address).status_code == 200

    client.post(address, {"day": "2027-03-04", "until": "12:00", "reason": "agreed", "step": "save"})

    assert attendee(AINO).may_change_until is not None
    assert address in client.get(reverse("desk:attendee", args=[one.pk])).text
    change = reverse("personal:change", args=[one.token])
    both = [day(line).slug, day(line, 1).slug]
    assert f'value="{both[1]}"' in client.get(change).text
    assert client.post(change, {"events": both}).status_code == 303
    assert states(AINO) == ["confirmed", "confirmed"]
    client.post(reverse("personal:cancel", args=[one.token, day(line).slug]))
    assert states(AINO) == ["cancelled", "confirmed"]


def test_the_exception_that_stands_is_shown_and_taken_back(line: EventSeries, client: Client, noon) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001
    Quota.objects.update(closes_at=noon)
    address = reverse("desk:attendee-exception", args=[attendee(AINO).pk])
    before = client.get(address).text
    client.post(address, {"day": "2027-03-04", "until": "12:00", "reason": "agreed", "step": "save"})

    shown = client.get(address).text
    taken_back = client.post(address, {"step": "remove"})

    assert before.count("1.3.2027") == 4  # the usual deadline of each day
    assert 'value="remove"' not in before
    assert all(part in shown for part in ('value="2027-03-04"', 'value="12:00"', 'value="remove"'))
    assert taken_back.status_code == 303
    assert attendee(AINO).may_change_until is None
    ended = AuditEvent.objects.filter(action="attendee.may_change").latest("pk")
    assert (ended.details["new"], ended.details["old"] is None) == (None, False)
    change = reverse("personal:change", args=[attendee(AINO).token])
    assert f'value="{day(line, 1).slug}"' not in client.get(change).text


def test_programs_see_where_each_stands_and_why(line: EventSeries, client: Client) -> None:
    sign_up(line, AINO, 1, at=timezone.now())
    for person in (VEERA, OLLI):
        sign_up(line, person, 1, at=timezone.now(), key=f"second {person.email}")
    base = "/api/v1/organiser"
    client.post(f"{base}/registrations/{registration(AINO, day(line)).pk}/cancel/")

    rows = client.get(f"{base}/events/{day(line).pk}/line/").json()["results"]
    with CaptureQueriesContext(connection) as asked:
        everybody = client.get(f"{base}/waiting/").json()["results"]

    assert [(one["name"], one["position"], one["why"]) for one in rows] == [(OLLI.name, 1, "offer-out")]
    assert len(asked) < 15
    assert [(one["event"], one["name"], one["position"], one["why"]) for one in everybody] == [
        (day(line).slug, OLLI.name, 1, "offer-out"),
    ]
    Quota.objects.filter(event=day(line)).delete()
    assert client.get(f"{base}/events/{day(line).pk}/waiting/").status_code == 404


def test_programs_give_one_person_a_later_deadline(line: EventSeries, client: Client) -> None:
    kind, row = "application/json", registration(AINO, day(line))
    address = f"/api/v1/organiser/registrations/{row.pk}/exception/"
    until = {"until": "2027-03-04T10:00:00Z", "reason": "agreed by phone"}

    assert client.put(address, until | {"until": "2027-01-04T10:00:00Z"}, kind).status_code == 422
    assert client.put(address, until, kind).json()["until"][:16] == "2027-03-04T12:00"

    [shown] = client.get(f"/api/v1/organiser/registrations/?q={AINO.email}").json()["results"]
    assert shown["may_change_until"][:16] == "2027-03-04T12:00"
    assert AuditEvent.objects.get(action="attendee.may_change").reason == "agreed by phone"
    assert client.put(address, {"until": None}, kind).json() == {"until": None}


def test_programs_set_terms_order_and_time(line: EventSeries, client: Client) -> None:
    base = "/api/v1/organiser"
    terms = {
        "promotion": "offer",
        "offer_hours": 5,
        "offer_in_working_hours": True,
        "offer_cutoff_hours": 3,
    }
    kind = "application/json"
    assert client.put(f"{base}/events/{day(line).pk}/waiting/", terms, kind).json() == terms
    assert client.get(f"{base}/events/{day(line).pk}/waiting/").json() == terms
    last, first = registration(OLLI, day(line)).pk, registration(VEERA, day(line)).waiting_number
    moved = client.put(
        f"{base}/registrations/{last}/position/", {"position": 1, "reason": "speaks"}, kind
    ).json()
    assert moved["waiting_number"] == first
    client.post(f"{base}/registrations/{registration(AINO, day(line)).pk}/cancel/")
    late = {"until": "2027-03-09T12:00:00Z", "reason": "ill"}
    assert client.put(f"{base}/registrations/{last}/offer/", late, kind).status_code == 200
    headers = {"Authorization": f"Vipu-Link {attendee(OLLI).token}"}
    path = f"/api/v1/registration/offers/{day(line).slug}/accept/"
    [place] = client.post(path, headers=headers).json()["places"]
    assert (place["state"], place["why"]) == ("confirmed", None)
