"""An organiser's program writes the form: the same deeds as at the desk, refused in the same words."""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
import time_machine
from django.test import Client

from accounts.models import AuditEvent, Membership, Organisation
from events.models import EventSeries
from registrations.actions import register
from registrations.models import Answer, ConsentText, Question
from tests import factories
from tests.registrations.forms import usual_form
from tests.registrations.people import AINO, slugs

DIET = {
    "kind": "many_of",
    "label": {"fi": "Ruokavalio", "sv": "Kost", "en": "Diet"},
    "special": "diet",
    "options": [
        {"label": {"fi": "vegaani", "sv": "vegan", "en": "vegan"}},
        {"label": {"fi": "gluteeniton", "sv": "glutenfri", "en": "gluten-free"}},
    ],
}
WAY = {
    "kind": "yes_no",
    "label": {"fi": "Tuletko paikalle?", "sv": "Kommer du på plats?", "en": "Do you come on site?"},
}


@pytest.fixture(autouse=True)
def _now(noon: datetime) -> Iterator[None]:
    with time_machine.travel(noon, tick=False):
        yield


@pytest.fixture
def program(demos: Organisation) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(factories.organiser(demos))
    return client


def ask(
    client: Client, method: str, series: EventSeries, path: str, body: object = None
) -> tuple[int, dict[str, Any]]:
    address = f"/api/v1/organiser/series/{series.pk}/{path}"
    sent = {} if body is None else {"data": json.dumps(body), "content_type": "application/json"}
    answer = getattr(client, method)(address, **sent)
    return answer.status_code, answer.json()


def keys(form: dict[str, Any]) -> list[str]:
    return [one["key"] for one in form["questions"]]


def test_questions_are_added_worded_anew_ordered_and_taken_away(
    program: Client, mornings: EventSeries
) -> None:
    status, form = ask(program, "post", mornings, "questions/", WAY)
    assert (status, keys(form)) == (201, ["tuletko-paikalle"])
    on = {"question": "tuletko-paikalle", "values": ["yes"]}
    status, form = ask(program, "post", mornings, "questions/", DIET | {"condition": on, "required": True})
    assert (status, keys(form)) == (201, ["tuletko-paikalle", "ruokavalio"])
    diet = form["questions"][1]
    assert (diet["condition"], diet["special"], diet["required"]) == (on, "diet", True)
    assert [one["key"] for one in diet["options"]] == ["vegaani", "gluteeniton"]

    fewer = DIET | {"options": [diet["options"][0]], "help": {"fi": "Jos syöt", "sv": "Om", "en": "If"}}
    status, form = ask(program, "put", mornings, "questions/ruokavalio/", fewer)
    changed = form["questions"][1]
    assert (status, changed["options"], changed["condition"]) == (200, diet["options"][:1], None)
    assert changed["help"]["fi"] == "Jos syöt"

    order = {"keys": ["ruokavalio", "tuletko-paikalle"]}
    assert keys(ask(program, "put", mornings, "form/order/", order)[1]) == order["keys"]
    assert keys(ask(program, "delete", mornings, "questions/ruokavalio/")[1]) == ["tuletko-paikalle"]
    assert keys(ask(program, "get", mornings, "form/")[1]) == ["tuletko-paikalle"]
    assert not Question.objects.filter(key="ruokavalio").exists()
    actions = list(AuditEvent.objects.order_by("pk").values_list("action", flat=True))
    assert actions == ["question.added"] * 2 + ["question.edited", "question.ordered", "question.retired"]


def test_a_question_of_one_event_is_asked_there_only(program: Client, mornings: EventSeries) -> None:
    slug = slugs(mornings, 1)[0]

    status, form = ask(program, "post", mornings, "questions/", WAY | {"event": slug})
    refused, no = ask(program, "post", mornings, "questions/", WAY | {"event": "nowhere"})

    assert (status, form["questions"][0]["event"]) == (201, slug)
    assert (refused, no["code"], list(no["errors"])) == (422, "unknown-event", ["event"])


def test_an_answered_question_keeps_its_kind_and_is_retired(
    program: Client, mornings: EventSeries, noon: datetime
) -> None:
    usual_form(mornings)
    register(
        series=mornings,
        person=AINO,
        events=slugs(mornings, 0),
        answers={"why": "Uteliaisuus"},
        idempotency_key="one",
        at=noon,
    )
    told = {one["key"]: one["answered"] for one in ask(program, "get", mornings, "form/")[1]["questions"]}
    assert told == {"how": False, "diet": False, "why": True}

    status, no = ask(program, "put", mornings, "questions/why/", WAY)
    assert (status, list(no["errors"])) == (422, ["kind"])
    status, no = ask(program, "delete", mornings, "questions/how/")
    assert (status, "depends on this" in no["detail"]) == (422, True)
    ask(program, "delete", mornings, "questions/why/")

    assert Question.objects.get(key="why").retired_at == noon
    assert Answer.objects.get(question__key="why").value == "Uteliaisuus"
    assert ask(program, "put", mornings, "questions/why/", WAY)[0] == 404


def test_wrong_questions_are_refused_beside_each_field(program: Client, mornings: EventSeries) -> None:
    body = {"kind": "one_of", "label": {"fi": "Vain suomeksi"}, "options": []}

    status, no = ask(program, "post", mornings, "questions/", body)
    order, out = ask(program, "put", mornings, "form/order/", {"keys": ["nothing"]})

    assert (status, sorted(no["errors"])) == (422, ["label.en", "label.sv", "options"])
    assert (order, list(out["errors"])) == (422, ["keys"])
    assert ask(program, "post", mornings, "questions/", {"kind": "song"})[0] == 400
    assert not Question.objects.exists()


def test_a_consent_is_asked_for_worded_anew_and_asked_for_no_more(
    program: Client, mornings: EventSeries
) -> None:
    text = {"fi": "Kuvat", "sv": "Bilder", "en": "Pictures"}

    status, form = ask(program, "post", mornings, "consents/", {"text": text})
    assert (status, form["consents"]) == (201, [{"purpose": "kuvat", "version": 1, "text": text}])
    again = {"text": text | {"en": "Pictures on our pages"}}
    _status, form = ask(program, "put", mornings, "consents/kuvat/", again)
    assert form["consents"][0]["version"] == 2
    assert ask(program, "put", mornings, "consents/kuvat/", {"text": {"fi": "Vain"}})[0] == 422

    assert ask(program, "delete", mornings, "consents/kuvat/")[1]["consents"] == []
    assert ask(program, "delete", mornings, "consents/kuvat/")[0] == 404
    assert ConsentText.objects.filter(purpose="kuvat", retired_at__isnull=False).count() == 2


def test_a_form_is_copied_from_a_series_of_ones_own_only(
    program: Client, mornings: EventSeries, demos: Organisation
) -> None:
    other = factories.four_mornings(organisation=demos, slug="illat-2027")
    foreign = factories.four_mornings(organisation=factories.organisation("toinen"), slug="muut-2027")
    usual_form(other)

    status, form = ask(program, "post", mornings, "form/copy/", {"source": other.slug})
    again = ask(program, "post", mornings, "form/copy/", {"source": other.slug})[1]

    assert (status, form["copied"], keys(form)) == (200, 4, ["how", "diet", "why"])
    assert (again["copied"], len(again["consents"])) == (0, 1)
    for slug in (foreign.slug, mornings.slug, "nothing"):
        refused, no = ask(program, "post", mornings, "form/copy/", {"source": slug})
        assert (refused, list(no["errors"])) == (422, ["source"])


def test_a_viewer_reads_the_form_and_writes_nothing(mornings: EventSeries, demos: Organisation) -> None:
    usual_form(mornings)
    viewer = Client()
    viewer.force_login(factories.organiser(demos, email="v@example.org", role=Membership.Role.VIEWER))

    assert keys(ask(viewer, "get", mornings, "form/")[1]) == ["how", "diet", "why"]
    assert ask(viewer, "post", mornings, "questions/", WAY)[0] == 403
    assert ask(viewer, "delete", mornings, "questions/why/")[0] == 403
