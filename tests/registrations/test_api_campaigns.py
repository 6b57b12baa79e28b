"""Messages to many through the API: the same deeds as at the desk, and the same refusals."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.http.response import HttpResponseBase
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import AuditEvent
from events.models import EventSeries
from notifications.models import Message, Wording
from registrations.models import Campaign
from tests.registrations.mass import MINUTE, drain, gathered, sent, written
from tests.registrations.people import AINO, OLLI, VEERA, attendee, slugs

API = "/api/v1/organiser/campaigns/"
WRITTEN = {
    "subject": {"fi": "Ovi on auki", "sv": "Dörren är öppen", "en": "The door is open"},
    "body": {"fi": "Hei {name}!", "sv": "Hej {name}!", "en": "Hello {name}!"},
}


@pytest.fixture(autouse=True)
def now(noon: datetime) -> Iterator[None]:
    with time_machine.travel(noon, tick=False):
        yield


@pytest.fixture
def series(mornings: EventSeries, noon: datetime) -> EventSeries:
    """Aino and Veera have places, Olli waits."""
    return gathered(mornings, noon)


def ask(client: Client, method: str, path: str, body: object = None, **headers: str) -> HttpResponseBase:
    sent = json.dumps(body) if body is not None else ""
    return client.generic(method, API + path, sent, content_type="application/json", headers=headers)


def told(answer: HttpResponseBase, status: int = 200) -> Any:  # noqa: ANN401 - whatever the JSON holds
    assert answer.status_code == status, answer.getvalue()
    return json.loads(answer.getvalue())


def write(client: Client, series: EventSeries, **more: object) -> Any:  # noqa: ANN401 - whatever the JSON holds
    return told(ask(client, "POST", "", {"series": series.slug, **WRITTEN, **more}), 201)


def listed(client: Client, series: EventSeries, **more: object) -> str:
    one = f"{write(client, series, **more)['id']}/"
    told(ask(client, "POST", f"{one}list/"))
    return one


def refused(answer: HttpResponseBase, status: int, code: str) -> dict[str, Any]:
    body = told(answer, status)
    assert body["code"] == code
    errors: dict[str, Any] = body.get("errors", {})
    return errors


def test_a_program_writes_lists_and_sends_with_the_number(desk: Client, series: EventSeries) -> None:
    draft = write(desk, series, segment={"states": ["confirmed", "waiting"]})
    one = f"{draft['id']}/"
    assert (draft["state"], draft["people"], draft["progress"]["total"]) == ("draft", 0, 0)
    pinned = told(ask(desk, "POST", f"{one}list/"))
    assert (pinned["state"], pinned["people"], pinned["left_out"]) == ("pinned", 3, [])

    gone = told(ask(desk, "POST", f"{one}send/", {"number": 3}))

    assert (gone["state"], gone["progress"]["waiting"]) == ("sent", 3)
    assert gone["undo_until"] == gone["leaves_at"] == "2027-03-01T14:01:00+02:00"
    assert Message.objects.filter(batch=f"campaign:{draft['id']}").count() == 3
    assert AuditEvent.objects.get(action="campaign.sent").actor is not None


def test_how_far_it_is_is_told_from_the_ledger(desk: Client, series: EventSeries, noon: datetime) -> None:
    one = sent(series, at=noon)
    drain(noon + MINUTE)
    Message.objects.filter(batch=one.batch, recipient=VEERA.email).update(state="failed")

    found = told(desk.get(f"{API}{one.pk}/"))

    assert found["progress"]["states"] == {"accepted": 1, "failed": 1}
    assert (found["progress"]["sent"], found["progress"]["failed"]) == (1, 1)
    assert found["subject"]["sv"] == "Dörren är öppen"


def test_the_list_tells_who_is_left_out_and_why(desk: Client, series: EventSeries) -> None:
    one = listed(desk, series, segment={"languages": ["sv"], "states": []})

    [left] = told(desk.get(API + one))["left_out"]
    assert left == {"reason": "language", "sentence": left["sentence"], "people": 2}
    chosen = told(desk.get(f"{API}{one}recipients/"))["results"]
    others = told(desk.get(f"{API}{one}recipients/?reason=language"))["results"]
    assert [row["name"] for row in chosen] == ["Veera Exempel"]
    assert [(row["name"], row["reason"]) for row in others] == [
        ("Aino Esimerkki", "language"),
        ("Olli Example", "language"),
    ]
    assert refused(desk.get(f"{API}{one}recipients/?reason=mood"), 400, "invalid").keys() == {"reason"}


def test_the_list_is_read_page_by_page(desk: Client, series: EventSeries) -> None:
    one = listed(desk, series)

    first = told(desk.get(f"{API}{one}recipients/?page_size=1"))
    second = told(desk.get(first["next"]))

    names = [page["results"][0]["name"] for page in (first, second)]
    assert (names, second["next"]) == (["Aino Esimerkki", "Veera Exempel"], None)


def test_about_one_event_each_stands_with_the_registration(desk: Client, series: EventSeries) -> None:
    one = listed(desk, series, segment={"events": slugs(series, 1)})

    [row] = told(desk.get(f"{API}{one}recipients/"))["results"]
    assert (row["name"], row["event"]) == ("Aino Esimerkki", slugs(series, 1)[0])


def test_the_very_mail_of_somebody_is_read_in_any_language(desk: Client, series: EventSeries) -> None:
    one = listed(desk, series)
    row = told(desk.get(f"{API}{one}recipients/"))["results"][1]
    own = told(desk.get(f"{API}{one}recipients/{row['id']}/"))
    english = told(desk.get(f"{API}{one}recipients/{row['id']}/?language=en"))

    assert (own["subject"], english["subject"]) == ("Dörren är öppen", "The door is open")
    assert "Hej Veera Exempel!" in own["text"]
    assert "Hello Veera Exempel!" in english["html"]
    assert attendee(VEERA).token not in own["text"] + own["html"]
    assert "/u/" not in own["text"] + own["html"]
    assert not Message.objects.exists()
    assert ask(desk, "GET", f"{one}recipients/0/").status_code == 404
    wrong = ask(desk, "GET", f"{one}recipients/{row['id']}/?language=de")
    assert refused(wrong, 400, "invalid").keys() == {"language"}


@pytest.mark.parametrize(
    ("body", "status", "code", "field"),
    [
        ({"segment": {"events": ["ei-ole"]}}, 422, "invalid", "segment.events"),
        ({"segment": {"options": ["ei-ole"]}}, 422, "invalid", "segment.options"),
        ({"segment": {"survey": "perhaps"}}, 400, "invalid", "segment.survey"),
        ({"segment": {"states": ["asleep"]}}, 400, "invalid", "segment.states.0"),
        ({"segment": {"languages": ["de"]}}, 400, "invalid", "segment.languages.0"),
        ({"segment": {"events": ["x"] * 101}}, 400, "invalid", "segment.events"),
        ({"segment": []}, 400, "invalid", "segment.non_field_errors"),
        ({"subject": {"fi": "x" * 201}}, 422, "wording-too-long", "subject.fi"),
        ({"subject": {"de": "x"}}, 400, "invalid", "subject.de"),
        ({"body": "Hei"}, 400, "invalid", "body.non_field_errors"),
        ({"send_at": "tomorrow"}, 400, "invalid", "send_at"),
    ],
)
def test_what_is_wrong_is_named_by_its_place(
    desk: Client, series: EventSeries, body: dict[str, object], status: int, code: str, field: str
) -> None:
    answer = ask(desk, "POST", "", {"series": series.slug, **WRITTEN, **body})

    assert refused(answer, status, code).keys() == {field}
    assert not Campaign.objects.exists()
    assert not Wording.objects.exists()


def test_a_draft_may_lack_a_language_and_its_list_may_not(desk: Client, series: EventSeries) -> None:
    one = write(desk, series, body={"fi": "Hei {nmae}!"}, subject={"fi": "Ovi", "sv": "Dörr", "en": "Door"})

    answer = ask(desk, "POST", f"{one['id']}/list/")

    assert refused(answer, 422, "wording-incomplete").keys() == {"body.fi", "body.sv", "body.en"}


def test_a_change_keeps_what_it_does_not_name_and_ends_the_list(desk: Client, series: EventSeries) -> None:
    one = listed(desk, series, segment={"languages": ["sv"]}, send_at="2027-03-02T08:00:00+02:00")

    changed = told(ask(desk, "PATCH", one, {"subject": {"en": "Welcome"}}))

    assert changed["subject"] == {"fi": "Ovi on auki", "sv": "Dörren är öppen", "en": "Welcome"}
    assert (changed["segment"]["languages"], changed["body"]) == (["sv"], WRITTEN["body"])
    assert (changed["state"], changed["people"]) == ("draft", 0)
    assert changed["send_at"] == "2027-03-02T08:00:00+02:00"
    emptied = told(ask(desk, "PATCH", one, {"segment": {"languages": []}, "send_at": None}))
    assert (emptied["segment"]["languages"], emptied["send_at"]) == ([], None)
    assert emptied["segment"]["states"] == ["confirmed"]


def test_a_change_of_the_readers_does_not_write_to_the_whole_series(
    desk: Client, series: EventSeries
) -> None:
    chosen = {"events": slugs(series)[:1], "states": ["waiting"]}
    one = f"{write(desk, series, segment=chosen)['id']}/"

    changed = told(ask(desk, "PATCH", one, {"segment": {"languages": ["sv"]}}))

    assert {name: changed["segment"][name] for name in chosen} == chosen
    assert changed["segment"]["languages"] == ["sv"]
    assert told(ask(desk, "PATCH", one, {"segment": {"events": []}}))["segment"]["events"] == []


@pytest.mark.parametrize("number", [0, 1, 3, -1])
def test_another_number_sends_nothing(desk: Client, series: EventSeries, number: int) -> None:
    answer = ask(desk, "POST", f"{listed(desk, series)}send/", {"number": number})

    assert refused(answer, 422, "campaign-number").keys() == {"number"}
    assert not Message.objects.exists()


def test_without_a_number_or_a_fresh_list_nothing_is_sent(
    desk: Client, series: EventSeries, noon: datetime
) -> None:
    one = listed(desk, series)
    assert refused(ask(desk, "POST", f"{one}send/", {}), 400, "invalid").keys() == {"number"}
    with time_machine.travel(noon + timedelta(minutes=61), tick=False):
        assert told(desk.get(API + one))["list_old"] is True
        refused(ask(desk, "POST", f"{one}send/", {"number": 2}), 409, "campaign-list-old")
    assert not Message.objects.exists()


def test_the_same_key_sends_once(desk: Client, series: EventSeries) -> None:
    one = listed(desk, series)
    headers = {"Idempotency-Key": "once"}
    first, again = (told(ask(desk, "POST", f"{one}send/", {"number": 2}, **headers)) for _ in range(2))

    assert first == again
    assert Message.objects.count() == 2
    other = ask(desk, "POST", f"{one}send/", {"number": 3}, **headers)
    refused(other, 422, "idempotency-key-reused")
    refused(ask(desk, "POST", f"{one}send/", {"number": 2}), 409, "campaign-state")
    long = ask(desk, "POST", f"{one}send/", {"number": 2}, **{"Idempotency-Key": "x" * 201})
    assert refused(long, 422, "invalid").keys() == {"Idempotency-Key"}


def test_it_leaves_at_the_hour_chosen_and_never_in_the_past(
    desk: Client, series: EventSeries, noon: datetime
) -> None:
    first, second = (listed(desk, series, send_at="2027-03-01T12:10:00Z") for _ in range(2))
    later = told(ask(desk, "POST", f"{first}send/", {"number": 2}))
    assert later["leaves_at"] == "2027-03-01T14:10:00+02:00"
    for over in ("2027-02-02T06:00:00Z", "2029-01-01T06:00:00Z"):
        answer = ask(desk, "PATCH", second, {"send_at": over})
        assert refused(answer, 422, "invalid").keys() == {"send_at"}

    with time_machine.travel(noon + timedelta(minutes=20), tick=False):
        past = ask(desk, "POST", f"{second}send/", {"number": 2})
    assert refused(past, 422, "invalid").keys() == {"send_at"}


def test_it_is_taken_back_paused_let_go_and_stopped(
    desk: Client, series: EventSeries, noon: datetime
) -> None:
    first, second = (f"{sent(series, at=noon).pk}/" for _ in range(2))

    undone = told(ask(desk, "POST", f"{first}undo/"))
    assert (undone["state"], undone["progress"]["not_sent"]) == ("undone", 2)
    with time_machine.travel(noon + MINUTE, tick=False):
        assert refused(ask(desk, "POST", f"{second}undo/"), 409, "campaign-state") == {}
        paused = told(ask(desk, "POST", f"{second}pause/"))
        assert (paused["state"], paused["progress"]["held"]) == ("paused", 2)
        refused(ask(desk, "POST", f"{second}pause/"), 409, "campaign-state")
        assert told(ask(desk, "POST", f"{second}resume/"))["progress"]["waiting"] == 2
        stopped = told(ask(desk, "POST", f"{second}stop/"))
    assert (stopped["state"], stopped["progress"]["states"]) == ("stopped", {"cancelled": 2})
    refused(ask(desk, "POST", f"{second}resume/"), 409, "campaign-state")


def test_only_what_failed_is_sent_again(desk: Client, series: EventSeries, noon: datetime) -> None:
    one = sent(series, at=noon)
    drain(noon + MINUTE)
    refused(ask(desk, "POST", f"{one.pk}/resend/", {}), 409, "campaign-state")
    Message.objects.filter(batch=one.batch, recipient=VEERA.email).update(state="failed")
    Message.objects.filter(batch=one.batch, recipient=AINO.email).update(state="uncertain")

    assert told(ask(desk, "POST", f"{one.pk}/resend/", {}), 202) == {"messages": 1}
    assert Message.objects.get(batch=one.batch, state="queued").recipient == VEERA.email
    assert told(ask(desk, "POST", f"{one.pk}/resend/", {"unclear": True}), 202) == {"messages": 1}
    answer = ask(desk, "POST", f"{one.pk}/resend/", {"unclear": "perhaps"})
    assert refused(answer, 400, "invalid").keys() == {"unclear"}


def test_a_copy_begins_anew(desk: Client, series: EventSeries, noon: datetime) -> None:
    copied = told(ask(desk, "POST", f"{sent(series, at=noon).pk}/copy/"), 201)

    assert (copied["state"], copied["people"], copied["send_at"]) == ("draft", 0, None)
    assert copied["subject"]["fi"] == "Salin ovi on auki"


def test_a_draft_is_thrown_away_and_what_was_sent_is_not(
    desk: Client, series: EventSeries, noon: datetime
) -> None:
    one = listed(desk, series)
    assert ask(desk, "DELETE", one).status_code == 204
    assert not Wording.objects.exists()
    assert AuditEvent.objects.get(action="campaign.removed").subject == f"series:{series.pk}"
    assert ask(desk, "DELETE", one).status_code == 404

    refused(ask(desk, "DELETE", f"{sent(series, at=noon).pk}/"), 409, "campaign-state")
    assert Message.objects.filter(state="queued").count() == 2


def test_the_newest_comes_first_in_as_many_questions_however_many(
    desk: Client, series: EventSeries, noon: datetime
) -> None:
    first, second = written(series, at=noon), sent(series, at=noon)
    told(desk.get(API))
    with CaptureQueriesContext(connection) as two:
        rows = told(desk.get(f"{API}?series={series.slug}"))["results"]
    for _ in range(3):
        sent(series, at=noon)
    with CaptureQueriesContext(connection) as five:
        assert len(told(desk.get(f"{API}?series={series.slug}"))["results"]) == 5

    assert [(row["id"], row["progress"]["total"]) for row in rows] == [(second.pk, 2), (first.pk, 0)]
    assert len(two) == len(five)
    assert told(desk.get(f"{API}?series=ei-ole"))["results"] == []


def test_nothing_of_another_organiser_is_there(
    desk: Client, stranger: Client, series: EventSeries, noon: datetime
) -> None:
    one = written(series, at=noon)

    assert told(stranger.get(API))["results"] == []
    assert ask(stranger, "POST", "", {"series": series.slug, **WRITTEN}).status_code == 404
    for method, path in [
        ("GET", ""),
        ("PATCH", ""),
        ("DELETE", ""),
        ("GET", "recipients/"),
        *(("POST", f"{deed}/") for deed in ("list", "undo", "pause", "resume", "stop", "copy")),
    ]:
        assert ask(stranger, method, f"{one.pk}/{path}", {}).status_code == 404, path
    assert ask(stranger, "POST", f"{one.pk}/send/", {"number": 2}).status_code == 404
    assert Campaign.objects.get().state == "draft"


def test_somebody_removed_since_has_no_name_on_the_list(desk: Client, series: EventSeries) -> None:
    one = listed(desk, series, segment={"states": ["waiting"]})
    attendee(OLLI).delete()

    [row] = told(desk.get(f"{API}{one}recipients/?reason=gone"))["results"]
    assert (row["name"], row["email"], row["event"]) == (None, None, None)
    assert told(desk.get(f"{API}{one}recipients/"))["results"] == []


def test_a_misspelt_choice_of_people_is_refused_and_does_not_choose_everybody(
    desk: Client, series: EventSeries
) -> None:
    misspelt = {"series": series.slug, **WRITTEN, "segment": {"language": ["sv"]}}
    answer = ask(desk, "POST", "", misspelt, **{"accept-language": "en"})
    errors = refused(answer, 400, "invalid")
    assert errors == {"segment.language": ["There is no such field."]}
    assert not Campaign.objects.exists()

    one = listed(desk, series)
    for path, body, field in (
        (one, {"state": "sent"}, "state"),
        (one, {"segment": {"state": ["waiting"]}}, "segment.state"),
        (f"{one}resend/", {"uncertain": True}, "uncertain"),
        (f"{one}send/", {"number": 2, "send_at": "2027-03-02T12:00:00Z"}, "send_at"),
    ):
        method = "PATCH" if path == one else "POST"
        assert set(refused(ask(desk, method, path, body), 400, "invalid")) == {field}
    assert told(ask(desk, "GET", one))["state"] == "pinned"


def test_a_draft_without_a_list_is_told_to_make_one_first(desk: Client, series: EventSeries) -> None:
    one = f"{write(desk, series)['id']}/"
    answer = ask(desk, "POST", f"{one}send/", {"number": 2}, **{"accept-language": "en"})
    assert told(answer, 409)["detail"] == "Make the list of people first, and look at it."
    told(ask(desk, "POST", f"{one}list/"))
    told(ask(desk, "POST", f"{one}send/", {"number": 2}))
    answer = ask(desk, "POST", f"{one}send/", {"number": 2}, **{"accept-language": "en"})
    assert told(answer, 409)["detail"] == "The message has moved on meanwhile. Look where it stands."


def test_a_program_finds_whose_message_failed(desk: Client, series: EventSeries) -> None:
    first, second = listed(desk, series), listed(desk, series)
    for one in (first, second):
        told(ask(desk, "POST", f"{one}send/", {"number": 2}))
    Message.objects.filter(recipient=AINO.email).update(state="failed")

    def found(narrowed: str) -> list[str]:
        page = told(desk.get(f"/api/v1/organiser/messages/?{narrowed}"))
        return sorted(row["recipient"] for row in page["results"])

    number = first.strip("/")
    assert found(f"campaign={number}") == sorted([AINO.email, VEERA.email])
    assert found(f"campaign={number}&state=failed&series={series.slug}") == [AINO.email]
    assert found("campaign=999") == found(f"campaign={number}&event={slugs(series)[0]}") == []
    assert desk.get("/api/v1/organiser/messages/?campaign=x").status_code == 400
    assert desk.get(f"/api/v1/organiser/messages/?campaign={'9' * 60}").json()["results"] == []
