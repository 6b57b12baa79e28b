"""Messages that go out by themselves through the API: the same deeds and refusals as at the desk."""

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
from registrations.actions.automatic import plan_due
from registrations.models import MessageRule, Question
from tests.registrations.forms import question
from tests.registrations.people import AINO, OLLI, VEERA, day, registration, sign_up

API = "/api/v1/organiser/rules/"
WORDS = {
    "subject": {"fi": "Ovi", "sv": "Dörren", "en": "The door"},
    "body": {"fi": "Hei {name}! {manage}", "sv": "Hej {name}!", "en": "Hello {name}!"},
}
DOOR = {"kind": "note", "name": "Ovi", "when": {"minutes": -60}, "late": "send", **WORDS}


@pytest.fixture(autouse=True)
def now(noon: datetime) -> Iterator[None]:
    with time_machine.travel(noon, tick=False):
        yield


@pytest.fixture
def series(mornings: EventSeries, noon: datetime) -> EventSeries:
    """Aino and Veera have the two places of Tuesday, Olli waits; nothing goes out by itself yet."""
    for person in (AINO, VEERA, OLLI):
        sign_up(mornings, person, 0, at=noon)
    Message.objects.all().delete()
    MessageRule.objects.filter(series=mornings).delete()
    return mornings


def ask(client: Client, method: str, path: str = "", body: object = None) -> HttpResponseBase:
    sent = json.dumps(body) if body is not None else ""
    return client.generic(method, API + path, sent, content_type="application/json")


def told(answer: HttpResponseBase, status: int = 200) -> Any:  # noqa: ANN401 - whatever the JSON holds
    assert answer.status_code == status, answer.getvalue()
    return json.loads(answer.getvalue())


def make(client: Client, series: EventSeries, **more: object) -> Any:  # noqa: ANN401 - whatever the JSON holds
    return told(ask(client, "POST", "", {"series": series.slug, **DOOR, **more}), 201)


def wrong(answer: HttpResponseBase) -> set[str]:
    return set(told(answer, 422)["errors"])


def test_a_program_makes_a_text_takes_it_into_use_switches_it_on_and_it_is_sent(
    desk: Client, series: EventSeries
) -> None:
    made = make(desk, series)
    one = f"{made['id']}/"
    assert (made["enabled"], made["words"], made["subject"]) == (False, "draft", WORDS["subject"])
    assert told(ask(desk, "POST", f"{one}on/"), 409)["code"] == "rule-without-words"

    used = told(ask(desk, "PATCH", one, {"publish": True}))
    assert (used["words"], used["changed_at"]) == ("in_use", made["changed_at"])
    assert told(ask(desk, "POST", f"{one}on/"))["enabled"] is True

    before = day(series).starts_at - timedelta(minutes=60)
    assert plan_due(at=before) == 2
    assert {row.wording for row in Message.objects.filter(kind="note")} == {Wording.objects.get()}
    assert told(ask(desk, "POST", f"{one}off/"))["enabled"] is False
    assert ask(desk, "DELETE", one).status_code == 204
    assert ask(desk, "GET", one).status_code == 404
    deeds = AuditEvent.objects.filter(action__startswith="rule.").order_by("pk")
    assert [row.action for row in deeds] == ["rule.made", "rule.words", "rule.on", "rule.off", "rule.removed"]


def test_a_reminder_is_on_at_once_and_has_no_words_of_its_own(desk: Client, series: EventSeries) -> None:
    body = {"series": series.slug, "when": {"days": -2, "clock": "18:30"}, "late": "confirmation"}
    made = told(ask(desk, "POST", "", body), 201)

    assert (made["kind"], made["enabled"], made["words"]) == ("reminder", True, "series")
    assert made["when"] == {"days": -2, "clock": "18:30:00", "minutes": 0}
    assert wrong(ask(desk, "PATCH", f"{made['id']}/", WORDS)) == {"subject"}


def test_a_change_names_only_what_is_to_be_another(desk: Client, series: EventSeries) -> None:
    Question.objects.create(
        series=series, key="kyyti", kind="yes_no", label_fi="Juna?", position=1, created_at=series.created_at
    )
    event = day(series).slug
    made = make(desk, series, publish=True, question="kyyti", answers=["yes"], event=event)
    one = f"{made['id']}/"

    changed = told(ask(desk, "PATCH", one, {"languages": ["sv"], "subject": {"sv": "Porten"}}))

    assert (changed["languages"], changed["question"], changed["answers"]) == (["sv"], "kyyti", ["yes"])
    assert (changed["event"], changed["when"]["minutes"], changed["name"]) == (event, -60, "Ovi")
    assert changed["subject"] == {**WORDS["subject"], "sv": "Porten"}
    assert (changed["body"], changed["words"]) == (WORDS["body"], "changed")
    assert told(ask(desk, "PATCH", one, {"publish": True}))["words"] == "in_use"
    assert told(ask(desk, "PATCH", one, {"publish": True}))["words"] == "in_use"
    assert Wording.objects.count() == 2, "what is in use already is not taken into use again"


def test_another_hour_of_the_day_before_stays_on_the_day_before(desk: Client, series: EventSeries) -> None:
    one = f"{make(desk, series, when={'days': -1, 'clock': '09:00'})['id']}/"

    changed = told(ask(desk, "PATCH", one, {"when": {"clock": "10:00"}}))

    assert changed["when"] == {"days": -1, "clock": "10:00:00", "minutes": 0}
    assert told(ask(desk, "PATCH", one, {"when": {"days": -2, "clock": None}}))["when"]["clock"] is None


def test_a_draft_is_thrown_away_and_what_is_in_use_stays(desk: Client, series: EventSeries) -> None:
    one = f"{make(desk, series, publish=True)['id']}/"
    told(ask(desk, "PATCH", one, {"subject": {"fi": "Portti"}}))

    for _again in range(2):
        left = told(ask(desk, "DELETE", f"{one}draft/"))
        assert (left["words"], left["subject"]) == ("in_use", WORDS["subject"])
    assert AuditEvent.objects.filter(action="rule.words-discarded").count() == 1
    reminder = told(ask(desk, "POST", "", {"series": series.slug, "when": {"days": -1}}), 201)
    assert wrong(ask(desk, "DELETE", f"{reminder['id']}/draft/")) == {"subject"}


def test_a_new_name_makes_nobody_late(desk: Client, series: EventSeries, noon: datetime) -> None:
    made = make(desk, series)
    with time_machine.travel(noon + timedelta(hours=1), tick=False):
        renamed = told(ask(desk, "PATCH", f"{made['id']}/", {"name": "Ovi pihan puolella"}))
        moved = told(ask(desk, "PATCH", f"{made['id']}/", {"when": {"minutes": -30}}))

    assert (renamed["name"], renamed["changed_at"]) == ("Ovi pihan puolella", made["changed_at"])
    assert moved["changed_at"] != made["changed_at"]


def test_what_is_wrong_is_told_by_its_place_in_the_body(desk: Client, series: EventSeries) -> None:
    def sent(**more: object) -> HttpResponseBase:
        return ask(desk, "POST", "", {"series": series.slug, **DOOR, **more})

    assert wrong(sent(name=" ")) == {"name"}
    assert wrong(sent(late="confirmation")) == {"late"}
    assert wrong(sent(attendance="attended")) == {"attendance"}
    assert wrong(sent(anchor="registration")) == {"when"}
    assert wrong(sent(states=[])) == {"states"}
    assert wrong(sent(event="ei-ole")) == {"event"}
    assert wrong(sent(question="ei-ole", answers=["yes"])) == {"question"}
    assert wrong(sent(kind="reminder", attendance="attended", when={"days": 1})) >= {"attendance", "when"}
    assert wrong(sent(subject={}, body={"fi": "{nmae}"}, publish=True)) == {
        *("subject.fi", "subject.sv", "subject.en", "body.fi", "body.sv", "body.en"),
    }
    assert told(sent(when={"days": 61}), 400)["errors"].keys() == {"when.days"}
    assert told(sent(states=["cancelled"]), 400)["code"] == "invalid"
    assert told(sent(series="ei-ole"), 404)["code"] == "not-found"
    assert MessageRule.objects.count() == 0, "whatever is refused leaves nothing behind"
    assert Wording.objects.count() == 0


def test_a_rule_that_could_reach_nobody_by_its_question_is_refused(
    desk: Client, series: EventSeries, noon: datetime
) -> None:
    question(series, "kyyti", "yes_no")
    question(series, "vanha", "yes_no", retired_at=noon)
    question(series, "ruoka", "one_of", options=("vegaani",), special="diet")
    question(series, "terveiset")

    def sent(key: str, answer: str) -> HttpResponseBase:
        return ask(desk, "POST", "", {"series": series.slug, **DOOR, "question": key, "answers": [answer]})

    for key, answer in (("vanha", "yes"), ("ruoka", "vegaani"), ("terveiset", "yes")):
        assert wrong(sent(key, answer)) == {"question"}
    assert wrong(sent("kyyti", "kyllä")) == {"answers"}
    one = f"{told(sent('kyyti', 'yes'), 201)['id']}/"
    assert wrong(ask(desk, "PATCH", one, {"answers": ["yes", "ehkä"]})) == {"answers"}


def test_a_rule_by_a_question_retired_since_keeps_it_when_something_else_changes(
    desk: Client, series: EventSeries, noon: datetime
) -> None:
    asked = question(series, "kyyti", "yes_no")
    one = f"{make(desk, series, question='kyyti', answers=['yes'])['id']}/"
    Question.objects.filter(pk=asked.pk).update(retired_at=noon)

    changed = told(ask(desk, "PATCH", one, {"name": "Portti"}))

    assert (changed["name"], changed["question"], changed["answers"]) == ("Portti", "kyyti", ["yes"])


def test_who_gets_it_and_who_does_not_and_why(desk: Client, series: EventSeries) -> None:
    one = f"{make(desk, series)['id']}/"

    first = told(ask(desk, "GET", f"{one}recipients/?page_size=2"))
    rest = told(ask(desk, "GET", f"{one}recipients/?page_size=2&after={first['next_after']}"))

    assert first["event"] == day(series).slug
    assert first["events"] == [event.slug for event in series.events.all()]
    assert datetime.fromisoformat(first["opens_at"]) == day(series).starts_at - timedelta(minutes=60)
    everybody = [(row["email"], row["verdict"]) for row in first["results"] + rest["results"]]
    assert everybody == [(AINO.email, "ahead"), (VEERA.email, "ahead"), (OLLI.email, "no_place")]
    assert rest["next_after"] is None
    other = told(ask(desk, "GET", f"{one}recipients/?event={day(series, 1).slug}"))
    assert (other["event"], other["results"]) == (day(series, 1).slug, [])
    assert ask(desk, "GET", f"{one}recipients/?event=ei-ole").status_code == 404


def test_a_rule_without_an_event_reaches_nobody(desk: Client, series: EventSeries) -> None:
    one = f"{make(desk, series, modes=['on_site'])['id']}/"

    none = told(ask(desk, "GET", f"{one}recipients/"))

    assert (none["event"], none["events"], none["results"], none["opens_at"]) == (None, [], [], None)


def test_a_text_is_read_as_each_person_reads_it(desk: Client, series: EventSeries) -> None:
    place = registration(VEERA, day(series))
    one = f"{make(desk, series, body={**WORDS['body'], 'en': ''})['id']}/recipients/{place.pk}/"

    read = told(ask(desk, "GET", one))
    finnish = told(ask(desk, "GET", f"{one}?language=fi"))

    assert (read["subject"], "Hej Veera Exempel!" in read["text"]) == ("Dörren", True)
    assert "Hei Veera Exempel!" in finnish["text"]
    assert place.attendee.token not in finnish["text"] + finnish["html"]
    assert ask(desk, "GET", f"{one}?language=en").status_code == 404
    assert ask(desk, "GET", one.replace(f"/{place.pk}/", "/0/")).status_code == 404


def test_rules_are_listed_by_series_in_a_number_of_questions_that_does_not_grow(
    desk: Client, series: EventSeries
) -> None:
    make(desk, series)
    with CaptureQueriesContext(connection) as few:
        told(ask(desk, "GET", f"?series={series.slug}"))
    for number in range(4):
        make(desk, series, name=f"Ovi {number}")
    with CaptureQueriesContext(connection) as many:
        rows = told(ask(desk, "GET", f"?series={series.slug}"))["results"]

    assert [row["name"] for row in rows] == ["Ovi", "Ovi 0", "Ovi 1", "Ovi 2", "Ovi 3"]
    assert len(many) == len(few)
    assert told(ask(desk, "GET", "?series=ei-ole"))["results"] == []


def test_rules_of_others_do_not_exist(desk: Client, stranger: Client, series: EventSeries) -> None:
    one = f"{make(desk, series)['id']}/"

    assert told(ask(stranger, "GET"))["results"] == []
    for method, path in (("GET", one), ("PATCH", one), ("DELETE", one), ("POST", f"{one}on/")):
        assert told(ask(stranger, method, path, {}), 404)["code"] == "not-found"
    assert told(ask(stranger, "POST", "", {"series": series.slug, **DOOR}), 404)["code"] == "not-found"


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ({"language": ["sv"]}, {"language"}),
        ({"enabled": False, "kind": "reminder", "name": "Ovi"}, {"enabled", "kind"}),
        ({"when": {"hours": -1}}, {"when.hours"}),
        ({"when": "x", "publish": "x", "nam": "x"}, {"when.non_field_errors", "publish", "nam"}),
    ],
)
def test_a_misspelt_field_is_refused_so_that_nobody_believes_it_was_heeded(
    desk: Client, series: EventSeries, body: dict[str, object], named: set[str]
) -> None:
    one = f"{make(desk, series)['id']}/"
    before = told(ask(desk, "GET", one))

    errors = told(ask(desk, "PATCH", one, body), 400)["errors"]

    assert set(errors) == named
    assert told(ask(desk, "GET", one)) == before
    misspelt = {"series": series.slug, **DOOR, "language": ["sv"]}
    assert set(told(ask(desk, "POST", "", misspelt), 400)["errors"]) == {"language"}
    assert MessageRule.objects.count() == 1
