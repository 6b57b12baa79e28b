import json
from datetime import datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Municipality, Organisation, User
from backend.core.i18n import Text
from events import actions
from events.actions import SpeakerPart
from events.models import Event, EventSeries
from tests import factories

API = "/api/v1"


@pytest.fixture
def with_programme(morning: Event, olli: User, noon: datetime) -> Event:
    actions.add_session(
        event=morning,
        kind="practice",
        title=Text("Metsä lähelle", "Skogen nära"),
        minutes=20,
        speakers=[
            SpeakerPart(name="Aino Esimerkki", title="puutarhuri", organisation="Esimerkkilä"),
        ],
        at=noon,
        actor=olli,
    )
    actions.release_programme(event=morning, notify=False, at=noon, actor=olli)
    actions.add_session(
        event=morning,
        title=Text("Salaisuus"),
        speakers=[SpeakerPart(name="Veera Esimerkki")],
        at=noon,
        actor=olli,
    )
    return morning


def get(client: Client, path: str) -> Any:  # noqa: ANN401 - any JSON
    answer = client.get(f"{API}/{path}")
    assert answer.status_code == 200, answer.content
    return answer.json()


BRIEF = {
    "slug": "aamukahvit-2027-04-13",
    "title": {
        "fi": "Lähiluonnon saavutettavuus",
        "sv": "Närnaturens tillgänglighet",
        "en": "Accessibility of nearby nature",
    },
    "starts_at": "2027-04-13T08:30:00+03:00",
    "ends_at": "2027-04-13T10:00:00+03:00",
    "timezone": "Europe/Helsinki",
    "state": "published",
}
NOTHING = {"fi": "", "sv": "", "en": ""}


def test_a_series_lists_its_events_in_order(client: Client, mornings: EventSeries) -> None:
    series = get(client, "series/aamukahvit-2027/")

    events = series.pop("events")
    assert series == {
        "slug": "aamukahvit-2027",
        "title": mornings.title.as_dict(),
        "lead": NOTHING,
        "organisation": {"fi": "Esimerkkijärjestäjä", "sv": "Exempel", "en": "Example"},
        "organisers": "",
        "contact_email": "aamukahvit@example.org",
        "timezone": "Europe/Helsinki",
        "state": "published",
        "source_url": "",
    }
    assert events[0] == BRIEF
    assert [event["slug"][-5:] for event in events] == ["04-13", "04-14", "04-15", "04-16"]
    assert get(client, "series/")["results"] == [series | {"events": events}]


def test_an_event_carries_the_released_programme(client: Client, with_programme: Event) -> None:
    programme = get(client, f"events/{with_programme.slug}/")["programme"]

    session = programme["items"][0].pop("session")
    assert programme == {
        "number": 1,
        "released_at": "2027-03-01T14:00:00+02:00",
        "items": [
            {
                "kind": "practice",
                "title": {"fi": "Metsä lähelle", "sv": "Skogen nära", "en": ""},
                "abstract": NOTHING,
                "starts_at": "2027-04-13T08:30:00+03:00",
                "ends_at": "2027-04-13T08:50:00+03:00",
                "minutes": 20,
                "approximate": True,
                "language": "",
                "municipality": None,
                "block": None,
                "speakers": [
                    {
                        "slug": "aino-esimerkki",
                        "name": "Aino Esimerkki",
                        "title": "puutarhuri",
                        "organisation": "Esimerkkilä",
                    }
                ],
            }
        ],
        "changes": [],
    }
    assert isinstance(session, int)


def test_an_event_tells_all_but_its_joining_link(client: Client, with_programme: Event) -> None:
    Event.objects.update(join_url="https://example.org/salainen-kokous")

    body = get(client, f"events/{with_programme.slug}/")

    assert body.pop("programme")["number"] == 1
    assert body == BRIEF | {
        "series": "aamukahvit-2027",
        "kind": "theme_day",
        "description": NOTHING,
        "mode": "online",
        "place": NOTHING,
        "language": "fi",
        "accent": "",
        "when_note": NOTHING,
        "cancel_reason": NOTHING,
        "moved_from": None,
        "source_url": "",
    }
    assert "salainen" not in json.dumps(body)


def test_the_programme_of_a_series_says_nothing_of_what_is_not_released(
    client: Client, with_programme: Event
) -> None:
    body = get(client, "series/aamukahvit-2027/programme/")

    assert body["series"] == "aamukahvit-2027"
    assert [
        (event["slug"], event["programme"] and [item["title"]["fi"] for item in event["programme"]["items"]])
        for event in body["events"]
    ] == [
        ("aamukahvit-2027-04-13", ["Metsä lähelle"]),
        ("aamukahvit-2027-04-14", None),
        ("aamukahvit-2027-04-15", None),
        ("aamukahvit-2027-04-16", None),
    ]


def test_only_speakers_of_released_programmes_are_listed(client: Client, with_programme: Event) -> None:
    assert get(client, "speakers/")["results"] == [
        {
            "slug": "aino-esimerkki",
            "name": "Aino Esimerkki",
            "bio": NOTHING,
            "source_url": "",
            "parts": [
                {
                    "event": "aamukahvit-2027-04-13",
                    "session": {"fi": "Metsä lähelle", "sv": "Skogen nära", "en": ""},
                    "title": "puutarhuri",
                    "organisation": "Esimerkkilä",
                }
            ],
        }
    ]


def test_municipalities_name_their_successors(client: Client, db: None) -> None:
    Municipality.objects.all().delete()
    common = {"region_fi": "Etelä-Savo", "region_sv": "Södra Savolax", "languages": "fi"}
    after = Municipality.objects.create(code="507", name_fi="Mäntyharju", name_sv="Mäntyharju", **common)
    Municipality.objects.create(
        code="588",
        name_fi="Pertunmaa",
        name_sv="Pertunmaa",
        valid_to="2024-12-31",
        successor=after,
        **common,
    )

    assert get(client, "municipalities/")["results"][1] == {
        "code": "588",
        "name": {"fi": "Pertunmaa", "sv": "Pertunmaa", "en": "Pertunmaa"},
        "region": {"fi": "Etelä-Savo", "sv": "Södra Savolax", "en": "Etelä-Savo"},
        "languages": "fi",
        "size_group": "",
        "valid_from": None,
        "valid_to": "2024-12-31",
        "successor": "507",
    }


@pytest.mark.parametrize(
    "path",
    ["series/aamukahvit-2027/", "series/aamukahvit-2027/programme/", "events/aamukahvit-2027-04-13/"],
)
def test_a_draft_does_not_exist_for_the_public(client: Client, mornings: EventSeries, path: str) -> None:
    EventSeries.objects.update(state=EventSeries.State.DRAFT)

    answer = client.get(f"{API}/{path}")

    assert (answer.status_code, answer.headers["Content-Type"]) == (404, "application/problem+json")
    assert answer.json()["code"] == "not-found"
    assert get(client, "series/")["results"] == []
    assert get(client, "events/")["results"] == []
    assert get(client, "speakers/")["results"] == []


def test_a_draft_event_is_left_out_of_its_series(client: Client, morning: Event) -> None:
    Event.objects.filter(pk=morning.pk).update(state=Event.State.DRAFT)

    assert len(get(client, "series/aamukahvit-2027/")["events"]) == 3
    assert len(get(client, "series/")["results"][0]["events"]) == 3
    assert len(get(client, "events/")["results"]) == 3
    assert len(get(client, "series/aamukahvit-2027/programme/")["events"]) == 3


PUBLIC = (
    "series/",
    "series/aamukahvit-2027/",
    "series/aamukahvit-2027/programme/",
    "events/",
    "events/aamukahvit-2027-04-13/",
    "speakers/",
    "municipalities/",
)


@pytest.mark.parametrize("path", PUBLIC)
def test_what_has_not_changed_is_not_sent_again(client: Client, with_programme: Event, path: str) -> None:
    first = client.get(f"{API}/{path}")
    tag = first.headers["ETag"]

    again = client.get(f"{API}/{path}", headers={"if-none-match": tag})
    Event.objects.update(title_fi="Toinen")
    Municipality.objects.update(name_fi="Toinen")
    changed = client.get(f"{API}/{path}", headers={"if-none-match": tag})

    assert (again.status_code, again.content) == (304, b"")
    assert (changed.status_code == 200) == (path not in {"speakers/", "municipalities/"})


@pytest.mark.parametrize("path", PUBLIC)
def test_the_public_side_only_reads(client: Client, mornings: EventSeries, path: str) -> None:
    assert {getattr(client, method)(f"{API}/{path}").status_code for method in ("post", "put", "delete")} == {
        405
    }


def queries_of(client: Client, path: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as captured:
        get(client, path)
    return len(captured)


@pytest.mark.parametrize("path", [path for path in PUBLIC if path != "municipalities/"])
def test_three_cost_no_more_questions_than_one(
    client: Client,
    with_programme: Event,
    demos: Organisation,
    olli: User,
    noon: datetime,
    path: str,
) -> None:
    one = queries_of(client, path)

    for slug in ("toinen", "kolmas"):
        factories.four_mornings(organisation=demos, slug=slug)
    for event in Event.objects.exclude(pk=with_programme.pk):
        actions.add_session(
            event=event,
            title=Text("Avaus"),
            speakers=[SpeakerPart(name=f"Olli Esimerkki {event.pk}")],
            at=noon,
            actor=olli,
        )
        actions.release_programme(event=event, notify=False, at=noon, actor=olli)

    assert queries_of(client, path) == one


def test_pages_follow_one_another_without_gaps(client: Client, mornings: EventSeries) -> None:
    first = get(client, "events/?page_size=3")
    second = client.get(first["next"]).json()

    assert [event["slug"][-2:] for event in first["results"] + second["results"]] == ["13", "14", "15", "16"]
    assert second["next"] is None
