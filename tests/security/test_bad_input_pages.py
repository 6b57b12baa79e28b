"""What people type wrongly: told in their language beside the field, their words kept, nothing written."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from html import escape
from typing import Any

import pytest
import time_machine
from django.test import Client

from accounts.models import Municipality
from events.models import Event, EventSeries
from registrations.models import Quota, RegistrationForm
from tests.security.telling import assert_different, complaints, nothing_written
from tests.security.world import House

FORMS = {
    "fi": "/fi/tapahtumat/aamukahvit-2027/ilmoittaudu/",
    "sv": "/sv/evenemang/aamukahvit-2027/anmalan/",
    "en": "/en/events/aamukahvit-2027/register/",
}
LINKS = {"fi": "/fi/oma-linkki/", "sv": "/sv/min-lank/", "en": "/en/my-link/"}
TUESDAY = "aamukahvit-2027-04-13"
GOOD = {"name": "Aino Esimerkki", "email": "aino@example.org", "organisation": "", "wish": "", "key": "k"}


@pytest.fixture
def tuesday(mornings: EventSeries) -> Event:
    Municipality.objects.create(
        code="182", name_fi="Jämsä", name_sv="Jämsä", region_fi="E", region_sv="E", languages="fi"
    )
    return mornings.events.all()[0]


def sent(typed: Mapping[str, Any]) -> tuple[int, dict[str, Any]]:
    """Send the form in three languages; each tells it in its own words, and nothing is written."""
    with nothing_written():
        pages = {language: Client().post(form, dict(typed)) for language, form in FORMS.items()}
    assert_different([complaints(page) for page in pages.values()])
    [status] = {page.status_code for page in pages.values()}
    return status, pages


@pytest.mark.parametrize(
    ("typed", "beside"),
    [
        ({"events": []}, "events"),
        ({"events": ["ei-ole"]}, "events"),
        ({"events": [TUESDAY, "a\x00b"]}, "events"),
        ({"name": ""}, "name"),
        ({"name": "x" * 201}, "name"),
        ({"name": "Aino\x07"}, "name"),
        ({"name": "Aino\x00"}, "name"),
        ({"name": "Aino \u202eikkremisE"}, "name"),
        ({"name": "Voita https://example.com/"}, "name"),
        ({"email": "aino"}, "email"),
        ({"email": "aino@example.org\r\nBcc: veera@example.org"}, "email"),
        ({"email": f"{'a' * 65}@example.org"}, "email"),
        ({"email": f"aino@{'a' * 250}.org"}, "email"),
        ({"organisation": "999"}, "organisation"),
        ({"organisation": "x" * 201}, "organisation"),
        ({"wish": "x" * 2001}, "wish"),
        ({"wish": "a\x1bb"}, "wish"),
    ],
    ids=lambda value: ascii(value)[:40],
)
def test_a_wrong_form(typed: dict[str, Any], beside: str, tuesday: Event) -> None:
    whole = {**GOOD, "events": [TUESDAY], **typed}

    status, pages = sent(whole)

    assert status == 422
    for page in pages.values():
        html = page.content.decode()
        assert f'href="#id_{beside}' in html, "the summary leads to the field"
        for name in ("name", "email", "wish"):
            kept = escape(whole[name])
            assert not kept or not kept.isprintable() or f'value="{kept}"' in html, name


def test_too_early_too_late_and_called_off(tuesday: Event, noon: datetime) -> None:
    hours = RegistrationForm.objects.get(series=tuesday.series)
    hours.opens_at = noon + timedelta(days=1)
    hours.save()
    early, _pages = sent({**GOOD, "events": [TUESDAY]})
    hours.opens_at = noon - timedelta(days=1)
    hours.save()
    Quota.objects.filter(event=tuesday).update(closes_at=noon)
    late, _pages = sent({**GOOD, "events": [TUESDAY]})
    Event.objects.filter(pk=tuesday.pk).update(state=Event.State.CANCELLED)
    off, _pages = sent({**GOOD, "events": [TUESDAY]})

    assert (early, late, off) == (422, 422, 422)


def test_the_same_key_with_other_words(tuesday: Event) -> None:
    assert Client().post(FORMS["fi"], {**GOOD, "events": [TUESDAY]}).status_code == 303

    status, pages = sent({**GOOD, "name": "Veera Exempel", "events": [TUESDAY]})

    assert status == 422
    assert all('value="Veera Exempel"' in page.content.decode() for page in pages.values())


def test_more_than_a_form_can_hold(tuesday: Event) -> None:
    status, _pages = sent({**GOOD, "wish": "x" * 300_000})
    fields, _pages = sent({**GOOD, **{f"f{number}": "x" for number in range(10_000)}})

    assert (status, fields) == (413, 400)


@pytest.mark.parametrize(
    "kind", ["application/json", "text/plain", "multipart/form-data", "multipart/form-data; boundary=x"]
)
def test_a_form_of_another_kind(kind: str, tuesday: Event) -> None:
    with nothing_written():
        pages = [Client().generic("POST", form, b"\xff\x00{]", content_type=kind) for form in FORMS.values()]

    assert {page.status_code for page in pages} <= {400, 422}
    assert_different([complaints(page) for page in pages])


@pytest.mark.parametrize(
    "typed", ["", "aino", "x" * 400, "a\x00@example.org", "aino@example.org\nBcc: x@example.org"]
)
def test_a_wrong_address_for_the_lost_link(typed: str, db: None) -> None:
    with nothing_written():
        pages = [Client().post(page, {"email": typed}) for page in LINKS.values()]

    assert [page.status_code for page in pages] == [422] * 3
    assert_different([complaints(page) for page in pages])


# --- Links ------------------------------------------------------------------------------------------


def in_three(where: str, *, post: Mapping[str, str] | None = None) -> int:
    """Open an address as readers of three languages; each is told in their own words."""
    readers = {language: Client(headers={"accept-language": language}) for language in ("fi", "sv", "en")}
    with nothing_written():
        pages: list[Any] = [
            reader.get(f"{where}?lang={language}")
            if post is None
            else reader.post(f"{where}?lang={language}", dict(post))
            for language, reader in readers.items()
        ]
    assert_different([complaints(page) for page in pages])
    [status] = {int(page.status_code) for page in pages}
    return status


@pytest.mark.parametrize("door", ["r", "s", "d"])
def test_a_link_that_opens_nothing(door: str, houses: tuple[House, House], noon: datetime) -> None:
    mine, _theirs = houses
    tokens = {"r": mine.attendees["a"].token, "s": mine.invitation.token, "d": mine.practice.token}
    right = tokens.pop(door)
    wrong = [*tokens.values(), mine.attendees["a"].feed_token, right[:-1], right + "A", "x" * 3_000]

    assert {in_three(f"/{door}/{token}/") for token in wrong} == {404}
    assert {in_three(f"/{door}/{token}/", post={"usefulness": "3"}) for token in wrong if door != "r"} <= {
        404
    }
    if door != "d":
        with time_machine.travel(noon + timedelta(days=400), tick=False):
            assert in_three(f"/{door}/{right}/") == 410


def test_what_an_attendee_sends_wrongly(houses: tuple[House, House]) -> None:
    mine, theirs = houses
    own = f"/r/{mine.attendees['a'].token}/"

    said = [
        in_three(f"{own}muuta/", post={"events": theirs.event.slug}),
        in_three(f"{own}peru/{theirs.event.slug}/", post={}),
        in_three(f"{own}kieli/", post={"language": "de"}),
    ]

    assert said[1:] == [404, 404]
    assert said[0] == 422


# --- The desk ---------------------------------------------------------------------------------------

TYPED: list[tuple[str, dict[str, str]]] = [
    ("series/new/", {"template": "none", "title": "x", "first_day": "2027-04-13"}),
    ("series/new/", {"template": "morning_coffee", "title": "", "first_day": "31.2.2027"}),
    ("series/new/", {"template": "morning_coffee", "title": "a\u202eb", "first_day": "9999-12-31"}),
    ("series/{series}/edit/", {"title_fi": ""}),
    ("series/{series}/edit/", {"title_fi": "x" * 900}),
    ("series/{series}/edit/", {"title_fi": "x", "contact_email": "nobody"}),
    ("events/{event}/edit/", {"title_fi": "", "mode": "somewhere"}),
    ("events/{event}/edit/", {"title_fi": "x", "mode": "online", "join_url": "javascript:alert(1)"}),
    ("events/{event}/move/", {"day": "2027-03-28", "starts": "3:30", "ends": "4:30"}),
    ("events/{event}/move/", {"day": "0001-01-01", "starts": "8:30", "ends": "10:00"}),
    ("events/{event}/move/", {"day": "x", "starts": "99:99", "ends": ""}),
    ("events/{event}/cancel/", {"reason_fi": "x" * 9_000}),
    ("events/{event}/places/", {"capacity": "-1"}),
    ("events/{event}/places/", {"capacity": "9" * 40}),
    ("events/{event}/programme/add/", {"kind": "x", "title_fi": "", "minutes": "0"}),
    (
        "events/{event}/programme/add/",
        {"kind": "talk", "title_fi": "x", "speakers": "|x|y|z", "minutes": "99999"},
    ),
    ("sessions/{session}/", {"kind": "talk", "title_fi": "x", "ends": "8:00", "minutes": "5"}),
    ("registrations/{registration}/cancel/", {"reason": "x" * 900}),
    ("keys/", {"name": "", "days": "9999"}),
]


def test_what_an_organiser_types_wrongly(houses: tuple[House, House]) -> None:
    mine, _theirs = houses
    numbers = {
        "series": mine.series.pk,
        "event": mine.event.pk,
        "session": mine.session.pk,
        "registration": mine.registration().pk,
    }
    told = {}

    for path, typed in TYPED:
        pages = [_typed(mine, path.format(**numbers), typed, language) for language in ("fi", "sv", "en")]
        assert_different([complaints(page) for page in pages])
        told[f"{path} {typed}"[:90]] = {page.status_code for page in pages}

    assert {name: said for name, said in told.items() if said != {422}} == {}


def _typed(house: House, path: str, typed: dict[str, str], language: str) -> Any:  # noqa: ANN401 - the test client's own answer
    user = house.users["organiser"]
    user.language = language
    user.save()
    client = house.signed_in("organiser")
    with nothing_written():
        return client.post(f"/desk/{path}", {**typed, "step": "save"})
