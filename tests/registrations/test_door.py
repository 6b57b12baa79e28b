"""T45: the busy door. Nobody is lost at it, and no ticket opens it twice, late, or for somebody else."""

import hashlib
import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import count
from typing import Any

import pytest
import time_machine
from django.conf import settings as ours
from django.core.cache import cache
from django.test import Client
from pytest_django.fixtures import Settings

from backend.core.rates import Rate
from events.models import EventSeries
from registrations import door, limits
from registrations.actions import forget_spent_tickets, spend_ticket
from registrations.limits import Crowd
from registrations.models import Registration, SpentTicket
from registrations.rules import is_likely_by_hand
from registrations.tasks import forget_tickets as tidy
from tests.together import AT_ONCE, together

QUIET = Rate(tries=1000, seconds=60)
URL = "/api/v1/series/aamukahvit-2027/registrations/"
JSON = "application/json"
EIGHTEEN_ZERO_BITS = b"\0\0\x40"


@pytest.fixture(autouse=True)
def clock(noon: datetime, settings: Settings) -> Iterator[time_machine.Traveller]:
    settings.RATE_LIMITS = True
    with time_machine.travel(noon, tick=False) as traveller:
        yield traveller


@pytest.fixture
def crowd(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two presses of one network within a minute are a crowd already."""
    small = Crowd(name="few", network=Rate(tries=1, seconds=60), event=QUIET, service=QUIET)
    monkeypatch.setattr(limits, "REGISTERING", small)
    assert ours.RATE_LIMITS


def body(number: int = 1, **given: object) -> dict[str, Any]:
    person = {"name": "Aino Esimerkki", "email": f"aino{number}@example.org"}
    return {**person, "events": ["aamukahvit-2027-04-13"], **given}


def send(said: dict[str, Any], *, ticket: str = "", proof: str = "", address: str = "192.0.2.7") -> Any:  # noqa: ANN401 - the test client's answer
    headers = {"Accept-Language": "en", "Idempotency-Key": said["email"]}
    headers |= {"Vipu-Ticket": ticket} if ticket else {}
    headers |= {"Vipu-Proof": proof} if proof else {}
    return Client(headers=headers).post(URL, json.dumps(said), content_type=JSON, REMOTE_ADDR=address)


def work(ticket: str) -> str:
    """Find the number as a program of somebody else would, from what the challenge says."""
    begun = hashlib.sha256(f"{ticket}:".encode())
    for number in count():
        tried = begun.copy()
        tried.update(b"%d" % number)
        if tried.digest() < EIGHTEEN_ZERO_BITS:
            break
    return str(number)


def turned_away(said: dict[str, Any]) -> str:
    """Press in a crowd; give the ticket."""
    send(body(99))
    answer = send(said)
    assert answer.status_code == 429
    return str(answer.json()["challenge"]["ticket"])


def test_in_a_crowd_the_answer_carries_its_own_way_through(mornings: EventSeries, crowd: None) -> None:
    assert send(body(1)).status_code == 201
    answer = send(body(2))

    problem = answer.json()
    challenge = problem.pop("challenge")
    assert (answer.status_code, answer["Retry-After"], problem["code"]) == (429, "10", "one-moment")
    assert challenge.pop("ticket")
    assert challenge == {"algorithm": "SHA-256", "bits": 18, "wait_seconds": 10}
    assert Registration.objects.count() == 1


def test_whoever_did_the_work_comes_in_at_once(mornings: EventSeries, crowd: None) -> None:
    ticket = turned_away(body(1))

    assert send(body(1), ticket=ticket, proof=work(ticket)).status_code == 201


def test_whoever_waited_comes_in_without_the_work(
    mornings: EventSeries, crowd: None, clock: time_machine.Traveller
) -> None:
    ticket = turned_away(body(1))
    clock.shift(timedelta(seconds=4))
    early = send(body(1), ticket=ticket)
    clock.shift(timedelta(seconds=6))

    assert early.json()["challenge"] == {
        "ticket": ticket,
        "algorithm": "SHA-256",
        "bits": 18,
        "wait_seconds": 6,
    }
    assert send(body(1), ticket=ticket).status_code == 201


def test_a_used_ticket_opens_nothing(mornings: EventSeries, crowd: None) -> None:
    ticket = turned_away(body(1))
    proof = work(ticket)
    assert send(body(1), ticket=ticket, proof=proof).status_code == 201

    again = [send(body(1), ticket=ticket, proof=proof) for _time in range(3)]

    assert [answer.status_code for answer in again] == [429] * 3
    assert all(answer.json()["challenge"]["ticket"] != ticket for answer in again)


def test_a_ticket_is_for_what_was_asked_and_for_the_network_that_asked(
    mornings: EventSeries, crowd: None
) -> None:
    ticket = turned_away(body(1))
    proof = work(ticket)
    tries = [
        send(body(2), ticket=ticket, proof=proof),
        send(body(1, name="Veera Esimerkki"), ticket=ticket, proof=proof),
        send(body(1, events=["aamukahvit-2027-04-14"]), ticket=ticket, proof=proof),
        send(body(1), ticket=ticket, proof=proof, address="198.51.100.7"),
    ]

    assert [answer.status_code for answer in tries] == [429] * 4
    assert Registration.objects.count() == 1  # the one that made the crowd


@pytest.mark.parametrize("hours", [0.5, 1, 24])
def test_a_ticket_does_not_live_long(
    mornings: EventSeries, crowd: None, clock: time_machine.Traveller, hours: float
) -> None:
    ticket = turned_away(body(1))
    proof = work(ticket)
    clock.shift(timedelta(hours=hours))

    assert send(body(1), ticket=ticket, proof=proof).status_code == 429


def test_a_ticket_that_was_touched_or_put_together_is_none(mornings: EventSeries, crowd: None) -> None:
    first, second = turned_away(body(1)), turned_away(body(2))
    proof = work(first)
    content, _, seal = first.rpartition(":")
    forged = [
        first + "0",
        first[:-1],
        "x" + first,
        first.swapcase(),
        f"{content}:{second.rpartition(':')[2]}",
        f"{second.rpartition(':')[0]}:{seal}",
        content,
        "x:y",
        "ä" * 300,
        door.stamp(at=datetime.fromisoformat("2027-03-01T12:00:00+00:00")),
    ]

    assert [send(body(1), ticket=one, proof=proof).status_code for one in forged] == [429] * len(forged)


@pytest.mark.parametrize("proof", ["0", "-1", "1e9", "１２", "9" * 40, "x", " "])
def test_what_is_no_work_opens_nothing(mornings: EventSeries, crowd: None, proof: str) -> None:
    assert send(body(1), ticket=turned_away(body(1)), proof=proof).status_code == 429


def test_the_work_for_one_ticket_is_none_for_another(mornings: EventSeries, crowd: None) -> None:
    first, second = turned_away(body(1)), turned_away(body(2))

    assert send(body(2), ticket=second, proof=work(first)).status_code == 429


def test_what_needs_correcting_is_told_before_anybody_waits(mornings: EventSeries, crowd: None) -> None:
    send(body(99))

    assert send(body(1, email="nobody")).status_code == 422


def test_a_ticket_tells_nobody_anything(mornings: EventSeries, crowd: None) -> None:
    from base64 import urlsafe_b64decode  # noqa: PLC0415 - only here

    content = turned_away(body(1)).split(":")[0]
    held = json.loads(urlsafe_b64decode(content + "=="))

    assert sorted(held) == ["b", "t", "x"]
    assert "aino" not in json.dumps(held)


@pytest.mark.parametrize("proxies", [0, 1, 2])
def test_a_forged_header_moves_nobody_past_the_door(
    mornings: EventSeries, crowd: None, settings: Settings, proxies: int
) -> None:
    settings.TRUSTED_PROXIES = proxies
    hops = ["203.0.113.9", "10.0.0.1"][
        :proxies
    ]  # what our own proxies add: the visitor, then the first proxy
    client = Client(headers={"Accept-Language": "en"})
    answers = [
        client.post(
            URL,
            json.dumps(body(number)),
            content_type=JSON,
            REMOTE_ADDR="203.0.113.9",
            HTTP_X_FORWARDED_FOR=", ".join([f"10.{number}.0.1", *hops]),
        ).status_code
        for number in range(20)
    ]

    assert answers == [201] + [429] * 19


@pytest.mark.parametrize("busy", ["event", "service"])
def test_a_rush_on_one_event_or_on_everything_is_a_crowd_too(
    mornings: EventSeries, monkeypatch: pytest.MonkeyPatch, busy: str
) -> None:
    rates = {"network": QUIET, "event": QUIET, "service": QUIET, busy: Rate(tries=2, seconds=60)}
    monkeypatch.setattr(limits, "REGISTERING", Crowd(name="rush", **rates))

    first = [send(body(number), address=f"10.{number}.0.1").status_code for number in range(4)]
    elsewhere = send(body(9, events=["aamukahvit-2027-04-15"]), address="10.9.0.1").status_code

    assert (first, elsewhere) == ([201, 201, 429, 429], 201 if busy == "event" else 429)


def test_a_town_hall_registers_without_noticing_the_door(mornings: EventSeries) -> None:
    assert [send(body(number)).status_code for number in range(40)] == [201] * 40


def test_switched_off_the_door_stands_open(mornings: EventSeries, crowd: None, settings: Settings) -> None:
    settings.RATE_LIMITS = False

    assert [send(body(number)).status_code for number in range(5)] == [201] * 5


@pytest.mark.django_db(transaction=True)
def test_of_many_who_show_the_same_ticket_at_once_one_comes_in(noon: datetime) -> None:
    def show() -> None:
        came_in.append(spend_ticket(digest="d" * 64, at=noon))

    came_in: list[bool] = []
    together(show)

    assert sorted(came_in) == [False] * (AT_ONCE - 1) + [True]


def test_used_tickets_are_forgotten_when_they_would_be_too_old_anyway(db: None, noon: datetime) -> None:
    for minutes in (0, 59, 61, 600):
        SpentTicket.objects.create(digest=f"{minutes}", spent_at=noon - timedelta(minutes=minutes))

    assert forget_spent_tickets(at=noon) == 2
    tidy()
    assert SpentTicket.objects.count() == 2


def test_a_form_is_filled_in_by_hand_in_seconds_to_hours(noon: datetime) -> None:
    open_for = [-1, 0, 1.9, 2, 600, 86_399, 86_400]

    by_hand = [is_likely_by_hand(noon, at=noon + timedelta(seconds=seconds)) for seconds in open_for]

    assert by_hand == [False, False, False, True, True, True, False]
    assert not door.is_stamped("2027", at=noon)
    assert not cache.get("limit")
