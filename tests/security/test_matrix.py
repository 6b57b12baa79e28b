"""Every route, every method, everybody, own and foreign things (T39)."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from registrations.models import Registration
from tests.security.expectations import routes
from tests.security.matrix import LINKS, Principal, Route, address, ask, every_route, everybody, misfits
from tests.security.world import PRIVATE, ROLES, House

PARTS = ("api/v1/organiser/", "api/v1/", "desk/", "admin/", "accounts/", "")
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
OF_OTHERS = ("account_", "mfa_", "admin:")  # programs of others, whose methods are theirs to tell

type Houses = tuple[House, House]


def test_every_route_stands_in_the_table_and_nothing_else_does() -> None:
    found = every_route()

    assert [route.name for route in found if not route.line] == []
    assert set(routes()) - {route.line for route in found} == set()


@pytest.mark.parametrize("part", PARTS)
def test_everybody_meets_what_the_table_says(part: str, houses: Houses) -> None:
    who = everybody(*houses)
    earlier = PARTS[: PARTS.index(part)]
    mine = [
        route
        for route in every_route()
        if route.pattern.startswith(part) and not route.pattern.startswith(tuple(earlier) or ("-",))
    ]

    assert "\n".join(misfit for route in mine for misfit in misfits(route, who, houses)) == ""


def test_every_private_word_is_read_by_whoever_may_read_it(houses: Houses) -> None:
    """Otherwise its absence elsewhere would prove nothing."""
    mine, _theirs = houses
    doors = [route for route in every_route() if route.pattern.startswith(("desk/", "api/v1/organiser/"))]
    seen = {
        word
        for role in ROLES
        for client in [mine.signed_in(role)]
        for route in doors
        if "GET" in routes()[route.line]
        for word in ask(client, "GET", address(route, mine), is_api=route.is_api).words
    }

    assert seen == mine.words(*PRIVATE)


def test_a_method_that_is_not_in_the_table_is_not_taken(houses: Houses) -> None:
    who = everybody(*houses)

    assert "\n".join(_taken_beyond_the_table(who, houses[0])) == ""


def _taken_beyond_the_table(who: list[Principal], house: House) -> Iterator[str]:
    for route in every_route():
        standing = routes()[route.line]
        if route.name.startswith(OF_OTHERS) or standing == {"GET": ["nothing"]}:
            continue
        holder = _who_may(who, route)
        for method in (method for method in METHODS if method not in standing):
            got = ask(holder.client, method, address(route, house), is_api=route.is_api)
            if got.said != "405" or got.wrote:
                yield f"{method} {route.name}: {got.said}"


def _who_may(who: list[Principal], route: Route) -> Principal:
    doors = {door.removesuffix("-link") for found in routes()[route.line].values() for door in found}
    return next(one for one in who if one.role in (doors & set(LINKS) or {"superuser"}))


# --- Ids within addresses and bodies ----------------------------------------------------------------


def test_an_event_of_another_series_is_not_found_below_this_one(houses: Houses) -> None:
    mine, theirs = houses
    own = mine.attendees["a"]
    addresses = [
        f"/fi/tapahtumat/{mine.series.slug}/{theirs.event.slug}/",
        f"/fi/tapahtumat/{mine.series.slug}/{mine.draft.slug}/",
        f"/r/{own.token}/peru/{theirs.event.slug}/",
        f"/r/{theirs.attendees['a'].token}/peru/{mine.event.slug}/",
    ]

    assert [Client().get(one).status_code for one in addresses] == [404] * 4


@pytest.mark.parametrize("field", ["event", "block"])
def test_a_session_is_never_tied_to_what_belongs_to_others(field: str, houses: Houses) -> None:
    mine, theirs = houses
    foreign = {"event": theirs.event.pk, "block": theirs.session.pk}
    body = {"event": mine.event.pk, "title": {"fi": "Osuus"}, "minutes": 5, field: foreign[field]}
    count = theirs.event.sessions.count()

    answer = _sent(mine, "post", "sessions/", body)

    assert answer.status_code in {400, 404}
    assert theirs.event.sessions.count() == count


def test_nobody_registers_to_an_event_of_another_series_or_to_a_draft(houses: Houses) -> None:
    mine, theirs = houses
    person = {"name": "Veera Esimerkki", "email": "veera@example.org"}
    before = Registration.objects.count()

    for slug in (theirs.event.slug, mine.draft.slug):
        answer = Client().post(
            f"/api/v1/series/{mine.series.slug}/registrations/",
            json.dumps({**person, "events": [slug]}),
            content_type="application/json",
        )
        assert (answer.status_code, answer.json()["code"]) == (422, "unknown-event")
    changed = Client(headers={"authorization": f"Vipu-Link {mine.attendees['a'].token}"}).patch(
        "/api/v1/registration/", json.dumps({"events": [theirs.event.slug]}), content_type="application/json"
    )

    assert (changed.status_code, changed.json()["code"]) == (422, "unknown-event")
    assert Registration.objects.count() == before


def test_filters_and_searches_never_reach_across(houses: Houses) -> None:
    mine, theirs = houses
    asked = [
        f"registrations/?event={theirs.event.slug}",
        f"registrations/?series={theirs.series.slug}",
        "registrations/?q=zqpersona2",
        f"waiting/?event={theirs.event.slug}",
        f"messages/?event={theirs.event.slug}",
        f"events/?series={theirs.series.pk}",
        f"sessions/?event={theirs.event.pk}",
        "submissions/?state=all",
    ]
    program = Client(headers={"authorization": f"Bearer {mine.secret}"})
    browser = mine.signed_in("organiser")
    answers = [
        client.get(f"/api/v1/organiser/{one}").content.decode()
        for one in asked
        for client in (program, browser)
    ]
    pages = [
        browser.get(f"/desk/series/{mine.series.pk}/registrations/?q=zqpersona2&event={theirs.event.slug}"),
        browser.get(f"/desk/series/{mine.series.pk}/messages/?q=zqpersona2&event={theirs.event.slug}"),
        browser.get(f"/desk/people/{mine.attendees['a'].pk}/?q=zqpersona2"),
    ]

    found = [
        body for body in (*answers, *(page.content.decode() for page in pages)) if "2@example.org" in body
    ]
    assert found == []


# --- The doors themselves ---------------------------------------------------------------------------


def test_a_signed_in_browser_changes_nothing_without_its_own_form(houses: Houses) -> None:
    mine, _theirs = houses
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(mine.users["organiser"])
    publish = f"/desk/series/{mine.drafts.pk}/publish/"
    program = f"/api/v1/organiser/series/{mine.drafts.pk}/publish/"

    answers = [
        strict.post(publish, {"step": "save"}),
        strict.post(program, {}, content_type="application/json"),
    ]

    assert [answer.status_code for answer in answers] == [403, 403]
    mine.drafts.refresh_from_db()
    assert mine.drafts.state == "draft"


def test_somebody_who_has_left_finds_every_door_shut(houses: Houses) -> None:
    mine, _theirs = houses
    browser, program = mine.signed_in("organiser"), Client(headers={"authorization": f"Bearer {mine.secret}"})
    mine.users["organiser"].is_active = False
    mine.users["organiser"].save()

    assert browser.get("/desk/").status_code == 302
    assert program.get("/api/v1/organiser/events/").status_code == 401


def test_a_key_ends_with_its_role_and_with_its_day(houses: Houses) -> None:
    mine, _theirs = houses
    program = Client(headers={"authorization": f"Bearer {mine.secret}"})
    mine.users["organiser"].memberships.all().delete()
    without = program.get("/api/v1/organiser/events/").status_code
    mine.key.expires_at = mine.key.created_at
    mine.key.save()

    assert (without, program.get("/api/v1/organiser/events/").status_code) == (403, 401)


def test_a_link_opens_only_what_it_was_made_for(houses: Houses) -> None:
    mine, _theirs = houses
    own = mine.attendees["a"]
    tokens = {
        "r": own.token,
        "s": mine.invitation.token,
        "d": mine.practice.token,
        "feed": own.feed_token,
    }
    opened = {
        (door, made_for): Client()
        .get(f"/feed/{token}.ics" if door == "feed" else f"/{door}/{token}/")
        .status_code
        for door in tokens
        for made_for, token in tokens.items()
    }

    assert {pair: status for pair, status in opened.items() if status != 404} == {
        (door, door): 200 for door in tokens
    }


def _sent(house: House, method: str, path: str, body: object) -> Any:  # noqa: ANN401 - the test client's own answer
    client = house.signed_in("organiser")
    return getattr(client, method)(
        f"/api/v1/organiser/{path}", data=json.dumps(body), content_type="application/json"
    )
