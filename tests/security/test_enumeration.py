"""Nobody learns from an answer whether somebody is known (T40 without its clock)."""

import json
import re
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from registrations.models import Attendee
from tests.security.matrix import undone
from tests.security.world import House

MASKS = (
    (r"(ilmoittautuminen|anmalan|registration)/[\w-]+/", r"\1/…/"),
    (r'name="csrfmiddlewaretoken" value="\w+"', ""),
    (r'nonce="[^"]+"|\bnonce-[\w+/=-]+', ""),
    (r'"receipt":"[^"]+"', ""),
    (r'value="[\w-]{24}"', ""),
)


@pytest.fixture
def known(houses: tuple[House, House]) -> House:
    return houses[0]


def masked(answer: Any, *, email: str) -> tuple[int, str, list[tuple[str, str]]]:  # noqa: ANN401 - the test client's own answer
    """An answer without what is made anew each time, and without what was typed."""
    text = answer.content.decode().replace(email, "…")
    heads = sorted(
        (name, value)
        for name, value in answer.items()
        if name not in {"Content-Length", "Content-Security-Policy"}
    )
    for pattern, instead in MASKS:
        text = re.sub(pattern, instead, text)
        heads = [(name, re.sub(pattern, instead, value)) for name, value in heads]
    return answer.status_code, text, heads


def both(known: House, ask: Any) -> list[Any]:  # noqa: ANN401 - a function of an address
    """Ask with an address that is known and with one that is not."""
    return [
        masked(ask(email), email=email) for email in (known.attendees["a"].email, "zqnobodya@example.org")
    ]


def test_the_lost_link(known: House) -> None:
    def ask(email: str) -> Any:  # noqa: ANN401 - the test client's own answer
        return Client().post("/fi/oma-linkki/", {"email": email}, follow=True)

    there, not_there = both(known, ask)

    assert there == not_there
    assert there[0] == 200


def test_registering_on_the_page_with_its_receipt(known: House) -> None:
    where = f"/fi/tapahtumat/{known.series.slug}/ilmoittaudu/"

    def ask(email: str, *, follow: bool) -> Any:  # noqa: ANN401 - the test client's own answer
        typed = {"name": "Aino Esimerkki", "email": email, "events": known.event.slug, "key": email}
        client = Client()
        answer = client.post(where, typed)
        return client.get(answer["Location"]) if follow else answer

    before = list(Attendee.objects.filter(series=known.series).values_list("name", "wish"))

    assert len({str(one) for one in both(known, lambda email: ask(email, follow=False))}) == 1
    there, not_there = both(known, lambda email: ask(email, follow=True))
    assert there == not_there
    assert (
        list(Attendee.objects.filter(series=known.series).values_list("name", "wish"))[: len(before)]
        == before
    )


def test_registering_through_the_api(known: House) -> None:
    where = f"/api/v1/series/{known.series.slug}/registrations/"

    def ask(email: str) -> Any:  # noqa: ANN401 - the test client's own answer
        body = {"name": "Aino Esimerkki", "email": email, "events": [known.event.slug]}
        return Client().post(where, json.dumps(body), content_type="application/json")

    there, not_there = both(known, ask)

    assert there == not_there
    assert there[0] == 201


def test_giving_a_place_away_on_the_page(known: House) -> None:
    """A colleague who has a place already is told so by mail; whoever gives theirs learns nothing."""
    giver = known.attendees["b"]
    where = f"/r/{giver.token}/anna/{known.event.slug}/"

    def ask(email: str) -> Any:  # noqa: ANN401 - the test client's own answer
        typed = {"name": "Aino Esimerkki", "email": email, "language": "fi"}
        client = Client()
        with undone():
            client.post(where, {**typed, "step": "look"})
            return client.post(where, {**typed, "step": "save"}, follow=True)

    there, not_there = both(known, ask)

    assert there == not_there
    assert "Paikkasi on annettu toiselle" in there[1]


def test_giving_a_place_away_through_the_api(known: House) -> None:
    client = Client(headers={"authorization": f"Vipu-Link {known.attendees['b'].token}"})
    where = f"/api/v1/registration/places/{known.event.slug}/transfer/"

    def ask(email: str) -> Any:  # noqa: ANN401 - the test client's own answer
        body = {"name": "Aino Esimerkki", "email": email}
        with undone():
            return client.post(where, json.dumps(body), content_type="application/json")

    there, not_there = both(known, ask)

    assert there == not_there
    assert there[0] == 200


@pytest.mark.parametrize("where", ["login/", "password/reset/"])
def test_signing_in_and_a_forgotten_password(where: str, known: House) -> None:
    def ask(email: str) -> Any:  # noqa: ANN401 - the test client's own answer
        return Client().post(
            f"/accounts/{where}", {"login": email, "email": email, "password": "not this one"}, follow=True
        )

    answers = [
        masked(ask(email), email=email) for email in (known.users["organiser"].email, "nobody@example.org")
    ]

    assert answers[0] == answers[1]
    assert len(mail.outbox) <= 2


def test_a_foreign_number_and_one_that_is_none(known: House, houses: tuple[House, House]) -> None:
    """What belongs to others answers exactly as what does not exist."""
    client, theirs = known.signed_in("organiser"), houses[1]
    foreign = {
        "desk/series": theirs.series.pk,
        "desk/events": theirs.event.pk,
        "desk/people": theirs.attendees["a"].pk,
        "api/v1/organiser/series": theirs.series.pk,
        "api/v1/organiser/events": theirs.event.pk,
        "api/v1/organiser/sessions": theirs.session.pk,
    }

    for where, number in foreign.items():
        told = [client.get(f"/{where}/{one}/") for one in (number, 987_654_321, 10**25)]
        assert {one.status_code for one in told} == {404}
        bodies = {
            masked(one, email="…")[1].replace(f"/{n}/", "/N/")
            for one, n in zip(told, (number, 987_654_321, 10**25), strict=True)
        }
        assert len(bodies) == 1, where
