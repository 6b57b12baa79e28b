"""Asks every route, by every method, as everybody, for one's own things and for foreign ones."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from fnmatch import fnmatchcase
from itertools import product
from typing import Any

from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import translation

from accounts.actions import make_key
from accounts.models import Membership, User
from notifications import preferences
from notifications.models import Message
from tests import factories
from tests.security.expectations import A_FEW, OPEN_DOORS, doors, routes
from tests.security.world import LOOKED_AT, PRIVATE, REVIEWED, ROLES, House

LINKS = ("manage", "survey", "draft")
_CONVERTED = re.compile(r"<(?:\w+:)?(\w+)>")
_WORD = re.compile(f"zq(?:{'|'.join(PRIVATE)})\\d", re.IGNORECASE)
PRESSED = {"step": "save", "language": "sv"}  # enough for every form that has no fields of its own
_WRITES = ("INSERT", "UPDATE", "DELETE", "REPLACE")


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """One address of the service: by its name in the table, with its pattern."""

    name: str
    pattern: str
    view: str  # the whole name, for what is reversed

    @property
    def line(self) -> str:
        """The line of the table that speaks of it; several admin pages share one."""
        return next((line for line in routes() if fnmatchcase(self.name, line)), "")

    @property
    def is_api(self) -> bool:
        """Whether programs use it."""
        return self.pattern.startswith("api/v1/")


def every_route() -> list[Route]:
    """Walk the URL resolver to its last leaf."""
    with translation.override("fi"):
        return list(_walk(get_resolver(), "", ""))


def _walk(resolver: URLResolver, prefix: str, space: str) -> Iterator[Route]:
    for leaf in resolver.url_patterns:
        pattern = prefix + str(leaf.pattern)
        if isinstance(leaf, URLResolver):
            yield from _walk(leaf, pattern, f"{space}{leaf.namespace}:" if leaf.namespace else space)
        elif isinstance(leaf, URLPattern):
            name = space + leaf.name if leaf.name else space or pattern
            yield Route(name=name, pattern=pattern, view=space + (leaf.name or ""))


@dataclass(frozen=True, slots=True, kw_only=True)
class Principal:
    """Somebody who asks, the organisation they come from, and the private words they may read."""

    role: str
    home: House
    client: Client
    reads: frozenset[str]


def everybody(first: House, second: House) -> list[Principal]:
    """Name all who ask; the second organisation's organiser shows the other direction."""
    boss = User.objects.create_superuser("super@example.org", "a long enough password")
    everything = frozenset(one.word(what) for one in (first, second) for what in PRIVATE if what != "key")
    signed_in = Client()
    signed_in.force_login(boss)
    reads = {
        "organiser": (*LOOKED_AT, "key"),
        "viewer": LOOKED_AT,
        "reviewer": (*REVIEWED, "persona", "personb"),
    }
    people = [
        Principal(role=role, home=home, client=home.signed_in(role), reads=home.words(*reads[role]))
        for home, role in (*((first, role) for role in ROLES), (second, "organiser"))
    ]
    key = Client(headers={"authorization": f"Bearer {_key_of_one(first, second)}"})
    return [
        Principal(role="anon", home=first, client=Client(), reads=frozenset()),
        *people,
        Principal(role="key", home=first, client=key, reads=first.words(*LOOKED_AT)),
        Principal(role="superuser", home=first, client=signed_in, reads=everything),
        *(_holder(first, link) for link in LINKS),
        _holder(second, "manage"),
    ]


def _key_of_one(first: House, second: House) -> str:
    """Make a key for the first organisation; its owner organises in both, and the key does not."""
    user = factories.organiser(first.organisation, email="both@example.org")
    Membership.objects.create(user=user, organisation=second.organisation, role=Membership.Role.ORGANISER)
    at = first.key.created_at
    return make_key(user=user, organisation=first.organisation, name="both", days=30, at=at).secret


def _holder(house: House, link: str) -> Principal:
    token = {
        "manage": house.attendees["a"].token,
        "survey": house.invitation.token,
        "draft": house.practice.token,
    }[link]
    words = {"manage": ("persona", "join"), "survey": (), "draft": ("lead", "personb")}[link]
    client = Client(headers={"authorization": f"Vipu-Link {token}"})
    return Principal(role=link, home=house, client=client, reads=house.words(*words))


def address(route: Route, house: House, *, hidden: bool = False) -> str:
    """Write the address of one thing of an organisation; ``hidden``: of one that is not public."""
    key = (route.pattern, route.view, hidden)
    if key not in house.addresses:
        house.addresses[key] = _address(route, house, hidden=hidden)
    return house.addresses[key]


def _address(route: Route, house: House, *, hidden: bool) -> str:
    if "(?P<" in route.pattern:
        words = {"admin:app_list": ["auth"], "admin:": ["nowhere"]}.get(route.name, ["1", "set-password"])
        return (
            reverse(route.view, args=words[:1] if "confirm" in route.name else words)
            if route.view[-1:] != ":"
            else "/admin/nowhere/"
        )
    return "/" + _CONVERTED.sub(lambda found: _value(route, found, house, hidden=hidden), route.pattern)


_FIXED = {"section": "what", "key": "why", "purpose": "photos", "kind": "reminder", "language": "sv"}


def _value(route: Route, found: re.Match[str], house: House, *, hidden: bool) -> str:
    segment = route.pattern[: found.start()].rstrip("/").rpartition("/")[2]
    values: dict[str, object] = {
        "tapahtumat": (house.drafts if hidden else house.series).slug,
        "r": house.attendees["a"].token,
        "j": house.attendees["a"].ticket_token,
        "s": house.invitation.token,
        "d": house.practice.token,
        "e": house.asked.token,
        "u": preferences.address(
            Message.objects.filter(kind="survey", audience=f"event:{house.held.pk}").earliest("pk")
        ).split("/")[-2],
        "feed": house.attendees["a"].feed_token,
        "ilmoittautuminen": house.receipt,
        "practices": "luonnos-1" if hidden else house.published.slug,
        "kaytannot": "luonnos-1" if hidden else house.published.slug,
        "surveys": house.held.slug,
        "mailbox": "20270301T120000.000000Z-0123abcd.eml",
        "people": house.attendees["a"].pk,
        "merge": house.attendees["b"].pk,
        "messages": Message.objects.filter(audience=f"event:{house.event.pk}").earliest("pk").pk,
        "keys": house.key.pk,
        "invitations": house.event.invitation_codes.earliest("pk").pk,
        "groups": house.organisation.member_groups.earliest("pk").pk,
        "reviews": house.submitted.pk,
        "submissions": house.submitted.pk,
        "sessions": house.session.pk,
        "questions": house.series.questions.earliest("pk").pk,
        "rules": house.series.message_rules.get(kind="note").pk,
        "consents": house.series.consent_texts.earliest("pk").pk,
        "registrations": house.registration().pk,
        "replies": house.registration().calendar_replies.earliest("pk").pk,
        "exports": house.export.pk,
        "webhooks": house.endpoint.pk,
        "imports": house.brought.pk,
        "campaigns": house.campaign.pk,
    }
    if found[1] in (fixed := {**_FIXED, **house.numbers}):
        return fixed[found[1]]
    if segment == "todistus":
        return house.held.slug
    if found[1] == "event" and segment != "surveys":
        return (house.draft if hidden else house.event).slug
    if segment == "speakers":
        return str(house.session.parts.get().speaker_id)
    if segment in {"series", "events"}:
        things = {"series": (house.series, house.drafts), "events": (house.event, house.draft)}
        thing: Any = things[segment][hidden]
        return str(thing.slug if found[1] == "slug" else thing.pk)
    return str(values.get(segment, 1))


def shown_by(route: Route, house: House) -> frozenset[str]:
    """Name the private words that the link in an address opens to whoever holds it."""
    if route.pattern.startswith(("r/", "j/", "feed/")):
        return house.words("persona", "join")
    return house.words("lead", "personb") if route.pattern.startswith("d/") else frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came back in the words of the table, the private words in it, and what was written."""

    said: str
    words: frozenset[str]
    wrote: tuple[str, ...]


def ask(client: Client, method: str, where: str, *, is_api: bool) -> Answer:
    """Ask once and undo whatever it did."""
    program, browser = {"data": "{}", "content_type": "application/json"}, {"data": PRESSED}
    sent: Any = (program if is_api else browser) if method in {"POST", "PUT", "PATCH"} else {}
    with undone(), _writes() as wrote:
        response: Any = getattr(client, method.lower())(where, **sent)
        text = _text(response)
    return Answer(
        said=_said(response), words=frozenset(map(str.lower, _WORD.findall(text))), wrote=tuple(wrote)
    )


@contextmanager
def undone() -> Iterator[None]:
    """Take back whatever happens within."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@contextmanager
def _writes() -> Iterator[list[str]]:
    """Collect the tables that are written to; a browser's own session is nobody's secret."""
    found: list[str] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:  # noqa: ANN401, FBT001 - Django's own signature
        if sql.startswith(_WRITES) and "django_session" not in sql:
            found.append(" ".join(sql.split()[:3]))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        yield found


def _text(response: Any) -> str:  # noqa: ANN401 - the test client's own answer
    content = b"".join(response.streaming_content) if response.streaming else response.content
    return str(content.decode(errors="replace")) + str(sorted(response.items()))


def _said(response: HttpResponse) -> str:
    to = response.headers.get("Location", "")
    if to.startswith(("/accounts/login/", "/admin/login/")):
        return "sign"
    refused = response.status_code in {401, 403, 404, 405} or response.status_code >= 500
    return str(response.status_code) if refused else "ok"


def misfits(route: Route, who: list[Principal], houses: tuple[House, House]) -> Iterator[str]:
    """Compare what everybody meets at a route with the table; yield each difference."""
    told = doors()
    for method, standing in routes()[route.line].items():
        for door, of in product(standing, ("own", "other")):
            for principal in asking(who, door, of) if (door, of) in told else ():
                other = next(house for house in houses if house is not principal.home)
                house = principal.home if of == "own" else other
                wanted = told[door, of][principal.role]
                where = address(route, house, hidden=door == "hidden")
                got = ask(principal.client, method, where, is_api=route.is_api)
                head = f"{method} {route.name} as {principal.role} {principal.home.number}, {of}"
                if not _fits(got.said, wanted):
                    yield f"{head}: wanted {wanted}, got {got.said}"
                if foreign := got.words - principal.reads - shown_by(route, house):
                    yield f"{head}: shows {sorted(foreign)}"
                if got.wrote and (method == "GET" or wanted not in {"ok", "any"}):
                    yield f"{head}: wrote {got.wrote}"


def asking(who: list[Principal], door: str, of: str) -> list[Principal]:
    """Name those who try a door: all, unless it is open to everybody or they hold no more than a link."""
    if door in OPEN_DOORS:
        return [one for one in who if one.role in A_FEW and one.home is who[0].home]
    return [one for one in who if of == "own" or one.role not in {"survey", "draft"}]


def _fits(got: str, wanted: str) -> bool:
    return not got.startswith("5") if wanted == "any" else got == wanted
