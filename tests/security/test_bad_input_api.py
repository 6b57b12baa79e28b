"""What programs send wrongly: a code, a sentence in the reader's language, and nothing half-written."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from accounts.models import Municipality
from events.models import Event, EventSeries
from notifications.models import Message
from registrations.models import Quota, RegistrationForm, Submission
from tests.security.telling import JSON, in_every_language, patched, posted
from tests.security.world import House

PATH = "/api/v1/series/aamukahvit-2027/registrations/"
GOOD = {"name": "Aino Esimerkki", "email": "aino@example.org", "events": ["aamukahvit-2027-04-13"]}
LATER = timedelta(days=400)


@pytest.fixture
def tuesday(mornings: EventSeries) -> Event:
    Municipality.objects.create(
        code="182", name_fi="Jämsä", name_sv="Jämsä", region_fi="E", region_sv="E", languages="fi"
    )
    return mornings.events.all()[0]


@pytest.mark.parametrize(
    ("typed", "field", "wanted"),
    [
        ({"events": ["ei-ole"]}, "events", (422, "unknown-event")),
        ({"events": []}, "events", (422, "no-event-chosen")),
        ({"email": "aino"}, "email", (422, "invalid")),
        ({"email": "aino@"}, "email", (422, "invalid")),
        ({"email": "a@b@c.fi"}, "email", (422, "invalid")),
        ({"email": "aino@example.org\nBcc: veera@example.org"}, "email", (422, "invalid")),
        ({"email": f"{'a' * 65}@example.org"}, "email", (422, "invalid")),
        ({"email": f"aino@{'a' * 250}.org"}, "email", (422, "invalid")),
        ({"name": ""}, "name", (422, "invalid")),
        ({"name": "x" * 201}, "name", (422, "invalid")),
        ({"name": "Aino\x07"}, "name", (422, "invalid")),
        ({"name": "Aino \u202eikkremisE"}, "name", (422, "invalid")),
        ({"name": "Aino\x00"}, "name", (400, "invalid")),
        ({"name": "Voita https://example.com/"}, "name", (422, "invalid")),
        ({"municipality": "999"}, "municipality", (422, "invalid")),
        ({"wish": "x" * 2001}, "wish", (422, "invalid")),
        ({"language": "de"}, "language", (400, "invalid")),
        ({"name": ["Aino"]}, "name", (400, "invalid")),
        ({"name": {"fi": "Aino"}}, "name", (400, "invalid")),
        ({"name": None}, "name", (400, "invalid")),
        ({"name": True}, "name", (400, "invalid")),
        ({"email": [[["aino@example.org"]]]}, "email", (400, "invalid")),
        ({"events": {"0": "x"}}, "events", (400, "invalid")),
        ({"events": [None]}, "events.0", (400, "invalid")),
        ({"events": ["x"] * 101}, "events", (400, "invalid")),
        ({"answers": {"diet": "x"}}, "answers.diet", (422, "invalid")),
        ({"consents": ["x"]}, "consents", (422, "invalid")),
    ],
    ids=lambda value: ascii(value)[:40] if isinstance(value, dict) else None,
)
def test_a_wrong_registration(
    typed: dict[str, Any], field: str, wanted: tuple[int, str], tuesday: Event
) -> None:
    assert in_every_language(posted(PATH, {**GOOD, **typed}), field=field) == wanted


@pytest.mark.parametrize(
    ("body", "wanted"),
    [
        (b"{", (400, "parse-error")),
        (b"[]", (400, "parse-error")),
        (b"null", (400, "parse-error")),
        (b'"x"', (400, "parse-error")),
        (b'{"name": "\xff"}', (400, "parse-error")),
        (b'{"name": "\\ud800"}', (400, "parse-error")),
        (b'{"\\udfff": 1}', (400, "parse-error")),
        (b'{"name": NaN}', (400, "parse-error")),
        (b'{"name": 1e999}', (400, "parse-error")),
        (b'{"name": ' + b"9" * 5000 + b"}", (400, "parse-error")),
        (b"[" * 100_000, (400, "parse-error")),
        (b'{"a":' * 30_000 + b"1" + b"}" * 30_000, (400, "parse-error")),
        (json.dumps({**GOOD, "wish": "x" * 300_000}).encode(), (413, "too-large")),
        (json.dumps({**GOOD, "email": "", **{f"k{n}": n for n in range(10_000)}}).encode(), (422, "invalid")),
    ],
    ids=lambda value: ascii(value)[:24] if isinstance(value, bytes) else None,
)
def test_a_body_that_is_none(body: bytes, wanted: tuple[int, str], tuesday: Event) -> None:
    assert in_every_language(posted(PATH, body)) == wanted


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "x"]
)
def test_another_content_type(kind: str, tuesday: Event) -> None:
    def asked(client: Client) -> Any:  # noqa: ANN401 - the test client's own answer
        return client.generic("POST", PATH, b"name=Aino", content_type=kind)

    assert in_every_language(asked) == (415, "unsupported-media-type")


def test_a_series_that_is_not_there(tuesday: Event) -> None:
    assert in_every_language(posted(PATH.replace("aamukahvit", "ei-ole"), GOOD)) == (404, "not-found")


def test_too_early_too_late_and_called_off(tuesday: Event, noon: datetime) -> None:
    opens = RegistrationForm.objects.get(series=tuesday.series)
    opens.opens_at = noon + timedelta(days=1)
    opens.save()
    early = in_every_language(posted(PATH, GOOD), field="events")
    opens.opens_at = noon - timedelta(days=1)
    opens.save()
    Quota.objects.filter(event=tuesday).update(closes_at=noon)
    late = in_every_language(posted(PATH, GOOD), field="events")
    Event.objects.filter(pk=tuesday.pk).update(state=Event.State.CANCELLED)
    off = in_every_language(posted(PATH, GOOD), field="events")
    Event.objects.filter(pk=tuesday.pk).update(state=Event.State.DRAFT)
    hidden = in_every_language(posted(PATH, GOOD), field="events")

    assert (early, late, off, hidden) == (
        (422, "not-yet-open"),
        (422, "registration-closed"),
        (422, "registration-closed"),
        (422, "unknown-event"),
    )


def test_a_key_that_comes_back_with_another_body(tuesday: Event) -> None:
    key = {"Idempotency-Key": "the same key"}
    assert posted(PATH, GOOD, **key)(Client()).status_code == 201

    other = {**GOOD, "name": "Veera Exempel"}

    assert in_every_language(posted(PATH, other, **key)) == (422, "idempotency-key-reused")
    assert in_every_language(posted(PATH, GOOD, **{"Idempotency-Key": "k" * 201})) == (422, "invalid")
    assert Submission.objects.count() == 1


# --- Links ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("door", ["registration", "survey", "practice-draft"])
def test_a_link_that_opens_nothing(door: str, houses: tuple[House, House]) -> None:
    mine, _theirs = houses
    own = {
        "registration": mine.attendees["a"].token,
        "survey": mine.invitation.token,
        "practice-draft": mine.practice.token,
    }
    right = own.pop(door)
    wrong = [
        *own.values(),
        mine.attendees["a"].feed_token,
        right[:-1],
        right + "A",
        right.swapcase(),
        "",
        "x" * 3_000,
    ]
    asked = [_held(f"/api/v1/{door}/", token) for token in wrong]

    assert [in_every_language(one) for one in asked] == [(404, "not-found")] * len(wrong)
    assert in_every_language(lambda client: client.get(f"/api/v1/{door}/"))[0] == 401


@pytest.mark.parametrize("door", ["registration", "survey"])
def test_a_link_that_has_expired(door: str, houses: tuple[House, House], noon: datetime) -> None:
    mine, _theirs = houses
    token = {"registration": mine.attendees["a"].token, "survey": mine.invitation.token}[door]

    with time_machine.travel(noon + LATER, tick=False):
        assert in_every_language(_held(f"/api/v1/{door}/", token)) == (410, "link-expired")


@pytest.mark.parametrize("secret", ["", "vipu_nothing", "x" * 3_000, "\xe4\xf6"])
def test_a_key_that_is_none(secret: str, db: None) -> None:
    def asked(client: Client) -> Any:  # noqa: ANN401 - the test client's own answer
        return client.get("/api/v1/organiser/events/", headers={"authorization": f"Bearer {secret}"})

    assert in_every_language(asked) == (401, "authentication-failed")


def _held(path: str, token: str) -> Callable[[Client], Any]:
    return lambda client: client.get(path, headers={"authorization": f"Vipu-Link {token}"})


# --- The holder of a link, and organisers -----------------------------------------------------------


ANSWERS: list[dict[str, Any]] = [
    {},
    {"usefulness": 6},
    {"usefulness": "viisi"},
    {"usefulness": True},
    {"usefulness": 3.5},
    {"usefulness": [3]},
    {"usefulness": 10**30},
    {"usefulness": 3, "unknown": 1},
    {"usefulness": 3, "takeaway": "x" * 9_000},
    {"usefulness": 3, "takeaway": "a\x00b"},
    {"usefulness": 3, "takeaway": "a\u202eb"},
    {"usefulness": 3, "takeaway": {"fi": "x"}},
    {"usefulness": 3, "next": ["nowhere"]},
    {"usefulness": 3, "next": [["try"]]},
    {"usefulness": 3, "next": {"try": 1}},
    {"usefulness": 3, "practice": "text"},
    {"usefulness": 3, "practice": {"title": "", "summary": "x", "municipality": "", "may_contact": True}},
    {"usefulness": 3, "practice": {"title": "x" * 900, "summary": "x", "may_contact": True}},
    {
        "usefulness": 3,
        "practice": {"title": "x", "summary": "x", "municipality": "Ei-ole", "may_contact": True},
    },
    {"usefulness": 3, "practice": {"title": ["x"], "summary": {"a": 1}, "may_contact": "yes"}},
]


def test_wrong_answers_to_a_survey(houses: tuple[House, House]) -> None:
    link = {"authorization": f"Vipu-Link {houses[0].invitation.token}"}

    told = {
        ascii(one): in_every_language(posted("/api/v1/survey/", {"answers": one}, **link)) for one in ANSWERS
    }

    assert {one: said for one, said in told.items() if said not in {(400, "invalid"), (422, "invalid")}} == {}


ORGANISER = [
    ("events/{event}/", "patch", {"title": {"fi": ""}}, "title.fi"),
    ("events/{event}/", "patch", {"title": {"fi": "x" * 201}}, "title.fi"),
    ("events/{event}/", "patch", {"title": {"fi": "a\x07"}}, "title.fi"),
    ("events/{event}/", "patch", {"title": {"fi": "\u202eevil"}}, "title.fi"),
    ("events/{event}/", "patch", {"title": {"de": "x"}}, "title.de"),
    ("events/{event}/", "patch", {"title": "x"}, ""),
    ("events/{event}/", "patch", {"join_url": "javascript:alert(1)"}, "join_url"),
    ("events/{event}/", "patch", {"join_url": "https://"}, "join_url"),
    ("events/{event}/", "patch", {"mode": "somewhere"}, "mode"),
    ("events/{event}/", "patch", {"starts_at": "2027-02-30T10:00"}, "starts_at"),
    ("events/{event}/", "patch", {"ends_at": "2027-01-01T10:00:00Z"}, ""),
    ("events/{event}/move/", "post", {}, "starts_at"),
    (
        "events/{event}/move/",
        "post",
        {"starts_at": "2027-03-28T03:30", "ends_at": "2027-03-28T05:00"},
        "starts_at",
    ),
    ("events/{event}/cancel/", "post", {"reason": {"fi": "x" * 9_000}}, ""),
    ("events/{event}/capacity/", "put", {"capacity": -1}, "capacity"),
    ("events/{event}/capacity/", "put", {"capacity": 10**12}, "capacity"),
    ("events/{event}/capacity/", "put", {"capacity": "many"}, "capacity"),
    ("events/{event}/release/", "post", {"notify": "perhaps"}, "notify"),
    ("sessions/", "post", {"event": "x"}, "event"),
    ("sessions/", "post", {"event": 10**30}, ""),
    ("sessions/{session}/", "patch", {"minutes": 10**9}, "minutes"),
    ("sessions/{session}/", "patch", {"minutes": -5}, "minutes"),
    ("sessions/{session}/", "patch", {"municipality": "999"}, "municipality"),
    ("sessions/{session}/", "patch", {"speakers": [{}]}, ""),
    ("sessions/{session}/", "patch", {"speakers": [{"name": ""}]}, ""),
    ("sessions/{session}/reorder/", "post", {"step": 0}, "step"),
    ("series/{series}/", "patch", {"contact_email": "nobody"}, "contact_email"),
    ("registrations/{registration}/attendance/", "post", {"attended": "perhaps"}, "attended"),
    ("series/from-template/", "post", {"template": "none", "title": {"fi": "x"}}, "template"),
    ("speakers/{speaker}/contact/", "put", {"email": "nobody"}, "email"),
    ("registrations/{registration}/unblock/", "post", {"reason": "x" * 501}, "reason"),
    ("messages/{message}/resend/", "post", {"reason": ""}, ""),
    ("series/{series}/wordings/reminder/", "put", {"subject": {"fi": "x" * 201}, "body": {}}, "subject.fi"),
    ("series/{series}/wordings/offer/", "put", {"subject": {}, "body": {"sv": "x" * 20_001}}, "body.sv"),
    ("series/{series}/wordings/offer/publish/", "post", {}, ""),
    ("series/{series}/wordings/offer/test/", "post", {"language": "sv"}, ""),
    ("campaigns/", "post", {"series": "open-1-2027", "segment": {"events": ["x"]}}, "segment.events"),
    ("campaigns/", "post", {"series": "open-1-2027", "segment": {"question": "x"}}, "segment.options"),
    ("campaigns/", "post", {"series": "ei-ole"}, ""),
    ("campaigns/{campaign}/", "patch", {"body": {"sv": "x" * 20_001}}, "body.sv"),
    ("campaigns/{campaign}/", "patch", {"send_at": "tomorrow"}, "send_at"),
    ("campaigns/{campaign}/send/", "post", {"number": 999}, "number"),
    ("campaigns/{campaign}/send/", "post", {}, "number"),
    ("surveys/", "post", {"event": "ei-ole"}, ""),
    ("surveys/", "post", {"event": "../x"}, "event"),
]


def test_what_an_organiser_sends_wrongly(houses: tuple[House, House]) -> None:
    mine, _theirs = houses
    numbers = {
        "event": mine.event.pk,
        "session": mine.session.pk,
        "series": mine.series.pk,
        "registration": mine.registration().pk,
        "speaker": mine.session.parts.get().speaker_id,
        "message": Message.objects.filter(audience=f"event:{mine.event.pk}").earliest("pk").pk,
        "campaign": mine.campaign.pk,
    }
    key = {"authorization": f"Bearer {mine.secret}"}

    told = {
        f"{path} {body!a}": in_every_language(
            _sent(method, f"/api/v1/organiser/{path.format(**numbers)}", body, key), field=field
        )
        for path, method, body, field in ORGANISER
    }

    assert {one: said for one, said in told.items() if said[0] not in {400, 404, 422}} == {}


def _sent(method: str, where: str, body: object, headers: dict[str, str]) -> Callable[[Client], Any]:
    return lambda client: getattr(client, method)(where, json.dumps(body), content_type=JSON, headers=headers)


@pytest.mark.parametrize("year", ["0001", "9999"])
def test_the_ends_of_time(year: str, houses: tuple[House, House]) -> None:
    """A time that no calendar program can hold is refused rather than kept until something breaks on it."""
    mine, _theirs = houses
    key = {"authorization": f"Bearer {mine.secret}"}
    times = {"starts_at": f"{year}-12-31T20:00:00Z", "ends_at": f"{year}-12-31T23:30:00Z"}
    new = {"template": "morning_coffee", "title": {"fi": "x"}, "first_day": f"{year}-12-31", "slug": "loppu"}

    moved = in_every_language(posted(f"/api/v1/organiser/events/{mine.event.pk}/move/", times, **key))
    edited = in_every_language(patched(f"/api/v1/organiser/events/{mine.event.pk}/", times, **key))
    made = in_every_language(posted("/api/v1/organiser/series/from-template/", new, **key))

    assert {status for status, _code in (moved, edited, made)} <= {400, 422}
