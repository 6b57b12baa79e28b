from datetime import datetime
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from backend.core.i18n import Text
from events import actions
from events.models import Event, Session
from tests.events.asking import sent


def added(desk: Client, event: Event, **item: object) -> Any:  # noqa: ANN401 - any JSON
    status, body = sent(desk, "post", "sessions/", {"event": event.pk, **item})
    assert status == 201, body
    return body


def test_an_item_is_added_to_a_block_with_its_speakers(desk: Client, morning: Event) -> None:
    block = added(desk, morning, kind="block", title={"fi": "Lohko"})

    talk = added(
        desk,
        morning,
        title={"fi": "Metsä lähelle"},
        minutes=20,
        block=block["id"],
        speakers=[{"name": "Aino Esimerkki", "title": "puutarhuri"}],
    )

    assert talk == {
        "id": talk["id"],
        "event": morning.pk,
        "block": block["id"],
        "position": 1,
        "kind": "talk",
        "title": {"fi": "Metsä lähelle", "sv": "", "en": ""},
        "abstract": {"fi": "", "sv": "", "en": ""},
        "starts_at": None,
        "ends_at": None,
        "minutes": 20,
        "language": "",
        "municipality": None,
        "speakers": [{"name": "Aino Esimerkki", "title": "puutarhuri", "organisation": ""}],
    }


def test_a_programme_is_looked_at_before_it_is_released(desk: Client, morning: Event) -> None:
    added(desk, morning, title={"sv": "Paus"}, kind="break", minutes=10)
    late = added(
        desk,
        morning,
        title={"fi": "Myöhästynyt"},
        starts_at="2027-04-13T09:30:00",
        ends_at="2027-04-13T10:30:00",
    )

    programme = sent(desk, "get", f"events/{morning.pk}/programme/")[1]

    assert [(item["title"]["sv"], item["starts_at"]) for item in programme["items"]] == [
        ("Paus", "2027-04-13T08:30:00+03:00"),
        ("", "2027-04-13T09:30:00+03:00"),
    ]
    assert [change["kind"] for change in programme["changes"]] == ["added", "added"]
    assert programme["warnings"] == [{"clash": "outside", "sessions": [late["id"]], "speaker": ""}]
    assert programme["released"] is None


def test_a_programme_is_released_once(desk: Client, morning: Event) -> None:
    added(desk, morning, title={"fi": "Avaus"})

    status, version = sent(desk, "post", f"events/{morning.pk}/release/", {"notify": True})
    again, problem = sent(desk, "post", f"events/{morning.pk}/release/")

    assert (status, version["event"], version["number"], version["changes"]) == (201, morning.pk, 1, [])
    assert (again, problem["code"]) == (409, "programme-unchanged")


def test_an_item_is_corrected_moved_and_removed(
    desk: Client, morning: Event, olli: User, noon: datetime
) -> None:
    first, second = (
        actions.add_session(event=morning, title=Text(title), at=noon, actor=olli)
        for title in ("Yksi", "Kaksi")
    )

    status, body = sent(
        desk,
        "patch",
        f"sessions/{first.pk}/",
        {"minutes": 15, "speakers": [{"name": "Veera Esimerkki"}], "block": None, "municipality": None},
    )
    assert (status, body["minutes"], body["title"]["fi"], body["speakers"][0]["name"]) == (
        200,
        15,
        "Yksi",
        "Veera Esimerkki",
    )
    assert sent(desk, "get", f"sessions/{first.pk}/") == (200, body)

    status, body = sent(desk, "post", f"sessions/{first.pk}/reorder/", {"step": 1})
    assert (status, body["position"]) == (200, 2)

    assert sent(desk, "delete", f"sessions/{second.pk}/") == (204, None)
    assert list(Session.objects.values_list("title_fi", flat=True)) == ["Yksi"]


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"minutes": 0}, "minutes"),
        ({"minutes": 10**30}, "minutes"),
        ({"block": 0}, "block"),
        ({"municipality": "000"}, "municipality"),
        ({"speakers": [{"name": "x" * 201}]}, "speakers.0.name"),
        ({"speakers": {"name": "Aino"}}, "speakers.non_field_errors"),
        ({"kind": "karaoke"}, "kind"),
    ],
)
def test_an_item_that_cannot_be_kept_is_refused(
    desk: Client, morning: Event, given: dict[str, Any], field: str
) -> None:
    status, body = sent(desk, "post", "sessions/", {"event": morning.pk, "title": {"fi": "Metsä"}} | given)

    assert (status, body["code"], list(body["errors"])) == (400, "invalid", [field])
    assert Session.objects.count() == 0


@pytest.mark.parametrize(("event", "status"), [(0, 404), (10**30, 404), ("x", 400), (None, 400), (True, 400)])
def test_an_item_is_added_to_an_event_of_ones_own(
    desk: Client, morning: Event, event: object, status: int
) -> None:
    assert sent(desk, "post", "sessions/", {"event": event, "title": {"fi": "Metsä"}})[0] == status


def test_a_body_that_is_no_object_is_refused(desk: Client, morning: Event) -> None:
    assert sent(desk, "post", "sessions/", ["Metsä"])[0] == 400
    assert sent(desk, "patch", f"events/{morning.pk}/", ["Metsä"])[0] == 400
