"""What every page tells the browser, so that a slip of ours stays without consequences."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from tests.security.expectations import routes
from tests.security.matrix import LINKS, address, every_route, everybody
from tests.security.world import House

FRAMED = {"desk:wording-picture", "desk:rule-picture"}  # a mail as its reader sees it, within a page of ours
MAY_STYLE_INLINE = {
    "reference",
    *FRAMED,
}  # the reference is a program of others that writes styles as it goes
TOKENS = ("r/", "s/", "d/", "feed/", "mailbox/", "fi/ilmoittautuminen/")


@pytest.fixture
def answers(houses: tuple[House, House]) -> list[tuple[str, str, Any]]:
    """Every address by GET, as whoever gets the most to see."""
    return list(_answers(houses))


def _answers(houses: tuple[House, House]) -> Iterator[tuple[str, str, Any]]:
    who = {one.role: one.client for one in everybody(*houses) if one.home is houses[0]}
    for route in every_route():
        doors = [door.removesuffix("-link") for door in routes()[route.line].get("GET", ())]
        if not doors or route.name.startswith("admin:"):
            continue
        role = next((door for door in doors if door in LINKS), "organiser")
        if doors == ["account"]:
            role = "anon"
        yield route.name, route.pattern, who[role].get(address(route, houses[0]))


def test_every_answer_guards_its_reader(answers: list[tuple[str, str, Any]]) -> None:
    _guarded(answers)
    _needs_nothing_forbidden(answers)
    _kept_and_found_by_nobody(answers)


def _guarded(answers: list[tuple[str, str, Any]]) -> None:
    for name, _pattern, answer in answers:
        told = answer.headers
        policy, whom = told["Content-Security-Policy"], "self" if name in FRAMED else "none"
        assert told["X-Content-Type-Options"] == "nosniff", name
        assert told["X-Frame-Options"] == ("SAMEORIGIN" if name in FRAMED else "DENY"), name
        assert told["Referrer-Policy"] in {"same-origin", "no-referrer"}, name
        assert "default-src 'none'" in policy, name
        assert f"frame-ancestors '{whom}'" in policy, name
        assert f"base-uri '{whom}'" in policy, name
        assert "unsafe-eval" not in policy, name
        assert "unsafe-inline" not in policy or name in MAY_STYLE_INLINE, name


def _needs_nothing_forbidden(answers: list[tuple[str, str, Any]]) -> None:
    for name, _pattern, answer in answers:
        if not answer.headers.get("Content-Type", "").startswith("text/html") or name in MAY_STYLE_INLINE:
            continue
        html = answer.content.decode()
        assert " style=" not in html, name
        assert " onclick=" not in html, name
        assert "javascript:" not in html, name


def _kept_and_found_by_nobody(answers: list[tuple[str, str, Any]]) -> None:
    personal = [
        (name, answer)
        for name, pattern, answer in answers
        if (
            answer.status_code != 404
            and pattern.startswith(("desk/", "accounts/", "api/v1/organiser/", *TOKENS))
        )
        or name.removeprefix("api/v1/") in {"registration/", "survey/", "practice-draft/"}
    ]

    kept = [name for name, answer in personal if not _private(answer.headers.get("Cache-Control", ""), name)]
    found = [
        name
        for name, answer in personal
        if "noindex" not in answer.headers.get("X-Robots-Tag", "")
        and b'content="noindex' not in answer.content
    ]

    assert (kept, found) == ([], [])
    assert len(personal) > 60


def _private(told: str, name: str) -> bool:
    return (
        "private" in told if name == "own-calendar" else "no-store" in told
    )  # a feed is fetched by programs


def test_the_same_holds_where_a_link_opens_nothing(db: None) -> None:
    for door in ("r", "s", "d", "feed"):
        end = ".ics" if door == "feed" else "/"
        answer = Client().get(f"/{door}/{'x' * 27}{end}")
        assert answer.status_code == 404
        assert _private(answer.headers.get("Cache-Control", ""), "own-calendar" if door == "feed" else "")
        assert answer["X-Content-Type-Options"] == "nosniff"


def test_cookies_are_for_us_alone(houses: tuple[House, House]) -> None:
    mine, _theirs = houses
    user = mine.users["organiser"]
    user.set_password("a long enough password")
    user.save()
    client = Client()
    page = client.get("/accounts/login/")
    signed = client.post("/accounts/login/", {"login": user.email, "password": "a long enough password"})
    switched = client.post("/desk/language/", {"language": "sv", "next": "https://evil.example/"})

    session, form = signed.cookies[settings.SESSION_COOKIE_NAME], page.cookies[settings.CSRF_COOKIE_NAME]
    language = switched.cookies[settings.LANGUAGE_COOKIE_NAME]
    assert (session["httponly"], session["samesite"], session["domain"]) == (True, "Lax", "")
    assert (form["samesite"], language["httponly"], language["samesite"]) == ("Lax", True, "Lax")
    assert switched["Location"] == "/desk/"
    assert settings.SESSION_COOKIE_SECURE == settings.CSRF_COOKIE_SECURE


@pytest.mark.parametrize(
    "to",
    [
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "javascript:alert(1)",
        "https:evil.example",
    ],
)
def test_no_way_leads_off_the_site(to: str, houses: tuple[House, House]) -> None:
    mine, _theirs = houses
    user = mine.users["organiser"]
    user.set_password("a long enough password")
    user.save()

    signed = Client().post(
        "/accounts/login/", {"login": user.email, "password": "a long enough password", "next": to}
    )
    switched = mine.signed_in("organiser").post("/desk/language/", {"language": "fi", "next": to})
    left = mine.signed_in("organiser").post("/accounts/logout/", {"next": to})

    assert [answer["Location"] for answer in (signed, switched, left)] == ["/desk/", "/desk/", "/"]
