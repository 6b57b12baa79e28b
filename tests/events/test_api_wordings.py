"""An organiser's own words in mails, through the API: the same deeds and refusals as at the desk."""

from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client
from pytest_django import Settings

from accounts.models import AuditEvent, Membership, Organisation, User
from events.models import EventSeries
from notifications.kinds import wordable
from notifications.models import Message, Wording
from tests import factories
from tests.events.asking import OWN, sent

WORDS = {
    "subject": {"fi": "Huomenna {event}", "sv": "I morgon {event}", "en": "Tomorrow {event}"},
    "body": {
        "fi": "Hei {name}! Nähdään *pian*.\n\n{join}\n\n{manage}",
        "sv": "Hej {name}! Vi ses *snart*.\n\n{join}\n\n{manage}",
        "en": "Hello {name}! See you *soon*.\n\n{join}\n\n{manage}",
    },
}


def at(series: EventSeries, path: str = "", *, kind: str = "reminder") -> str:
    return f"series/{series.pk}/wordings/{kind}/{path}"


def keep(desk: Client, series: EventSeries, **more: object) -> Any:  # noqa: ANN401 - whatever the JSON holds
    status, body = sent(desk, "put", at(series), {**WORDS, **more})
    assert status == 200, body
    return body


def test_words_are_kept_taken_into_use_and_taken_back(desk: Client, mornings: EventSeries) -> None:
    kept = keep(desk, mornings)
    assert (kept["in_force"], kept["draft"]["version"], kept["draft"]["problems"]) == (None, 1, {})
    assert kept["draft"]["subject"] == WORDS["subject"]

    status, used = sent(desk, "post", at(mornings, "publish/"))
    assert (status, used["draft"], used["in_force"]["version"]) == (200, None, 1)
    assert used["in_force"]["body"] == WORDS["body"]
    _status, back = sent(desk, "post", at(mornings, "withdraw/"))
    assert (back["in_force"], back["draft"]) == (None, None)
    assert sent(desk, "post", at(mornings, "withdraw/"))[0] == 200
    found = AuditEvent.objects.filter(action__startswith="wording.").order_by("pk")
    assert list(found.values_list("action", flat=True)) == ["wording.published", "wording.withdrawn"]


def test_the_list_tells_whose_words_each_kind_says(desk: Client, mornings: EventSeries) -> None:
    keep(desk, mornings)
    sent(desk, "post", at(mornings, "publish/"))
    sent(desk, "put", at(mornings, kind="confirmation"), WORDS)

    status, rows = sent(desk, "get", f"series/{mornings.pk}/wordings/")
    told = {row["kind"]: (row["in_force"], row["draft"]) for row in rows}
    assert (status, len(rows)) == (200, len(wordable()))
    assert (told["reminder"], told["confirmation"], told["offer"]) == ((1, None), (None, 1), (None, None))
    assert "note" not in told, "what is always an organiser's is written where it is sent"


def test_a_draft_is_kept_whatever_it_lacks_and_each_lack_is_told(desk: Client, mornings: EventSeries) -> None:
    kept = keep(desk, mornings, body={"fi": "Hei {nmae}! {join} {manage}", "sv": "Hej! {join} {manage}"})
    assert kept["draft"]["problems"].keys() == {"body.fi", "body.en"}

    status, refused = sent(desk, "post", at(mornings, "publish/"))
    assert (status, refused["code"]) == (422, "wording-incomplete")
    assert refused["errors"] == kept["draft"]["problems"]
    assert "{name}" in refused["errors"]["body.fi"][0]
    assert not Wording.objects.exclude(published_at=None).exists()


def test_what_a_text_may_name_is_told_with_an_example(desk: Client, mornings: EventSeries) -> None:
    _status, body = sent(desk, "get", at(mornings))
    known = {one["written"]: one for one in body["placeholders"]}

    assert (body["in_force"], body["draft"]) == (None, None)
    assert known["{name}"]["sample"]
    assert known["{name}"]["meaning"]
    assert known["{manage}"]["needed"] is True
    assert known["{name}"]["needed"] is False


def test_the_preview_is_the_mail_in_the_words_kept_last(desk: Client, mornings: EventSeries) -> None:
    status, vipus = sent(desk, "get", at(mornings, "preview/?language=sv"))
    assert (status, vipus["own"]) == (200, False)
    keep(desk, mornings)
    _status, own = sent(desk, "get", at(mornings, "preview/?language=sv"))

    assert own["own"] is True
    assert own["subject"].startswith("I morgon ")
    assert own["subject"] != vipus["subject"]
    assert "Vi ses" in own["text"]
    assert "<em" in own["html"]
    assert sent(desk, "get", at(mornings, "preview/"))[1]["subject"].startswith("Huomenna ")
    status, refused = sent(desk, "get", at(mornings, "preview/?language=de"))
    assert (status, refused["errors"].keys()) == (400, {"language"})


def test_what_cannot_be_filled_yet_is_previewed_in_vipus_words(desk: Client, mornings: EventSeries) -> None:
    keep(desk, mornings, body={"fi": "Hei! {join} {manage}", "en": "This leads nowhere."})

    assert sent(desk, "get", at(mornings, "preview/?language=fi"))[1]["own"] is True
    for language in ("sv", "en"):
        assert sent(desk, "get", at(mornings, f"preview/?language={language}"))[1]["own"] is False


def test_a_test_goes_to_oneself_and_nobody_else(desk: Client, olli: User, mornings: EventSeries) -> None:
    status, refused = sent(desk, "post", at(mornings, "test/"), {"language": "sv"})
    assert (status, refused["code"]) == (404, "not-found")
    keep(desk, mornings)

    status, tried = sent(desk, "post", at(mornings, "test/"), {"language": "sv"})
    mail = Message.objects.get()
    assert (status, tried) == (202, {"id": mail.pk, "recipient": mail.recipient, "language": "sv"})
    assert mail.recipient == olli.email
    keep(desk, mornings, body={"fi": "Hei"})
    status, refused = sent(desk, "post", at(mornings, "test/"), {"language": "sv"})
    assert (status, refused["errors"].keys()) == (422, {"body.fi", "body.sv", "body.en"})
    assert sent(desk, "post", at(mornings, "test/"), {"language": "de"})[0] == 400
    assert Message.objects.count() == 1


def test_so_many_tests_to_oneself_are_enough_for_a_while(
    desk: Client, olli: User, mornings: EventSeries, settings: Settings
) -> None:
    settings.RATE_LIMITS = True
    cache.clear()
    with time_machine.travel("2027-03-01T12:00:00Z", tick=False):
        desk.force_login(olli)
        keep(desk, mornings, body={"fi": "Hei"})
        assert [sent(desk, "post", at(mornings, "test/"))[0] for _ in range(25)] == [422] * 25
        keep(desk, mornings)
        assert {sent(desk, "post", at(mornings, "test/"))[0] for _ in range(20)} == {202}
        status, refused = sent(desk, "post", at(mornings, "test/"))
    assert (status, refused["code"], Message.objects.count()) == (429, "too-many-requests", 20)
    assert "Lue saapuneet kokeet" in refused["detail"]

    with time_machine.travel("2027-03-01T12:20:00Z", tick=False):
        assert sent(desk, "post", at(mornings, "test/"))[0] == 202
    cache.clear()


def test_a_draft_is_thrown_away_and_what_is_in_force_stays(desk: Client, mornings: EventSeries) -> None:
    keep(desk, mornings)
    sent(desk, "post", at(mornings, "publish/"))
    keep(desk, mornings, subject={"fi": "Toinen"})

    assert desk.delete(f"{OWN}/{at(mornings)}").status_code == 204
    assert desk.delete(f"{OWN}/{at(mornings)}").status_code == 204
    _status, body = sent(desk, "get", at(mornings))
    assert (body["in_force"]["subject"], body["draft"]) == (WORDS["subject"], None)
    status, refused = sent(desk, "post", at(mornings, "publish/"))
    assert (status, refused["code"]) == (404, "not-found")


@pytest.mark.parametrize(
    ("body", "status", "fields"),
    [
        ({"subject": {"fi": "x" * 201}, "body": {}}, 422, {"subject.fi"}),
        ({"subject": {}, "body": {"sv": "x" * 20_001}}, 422, {"body.sv"}),
        ({"subject": {"de": "x"}, "body": {}}, 400, {"subject.de"}),
        ({"subject": "x", "body": {}}, 400, {"subject.non_field_errors"}),
        ({"subject": {}}, 400, {"body"}),
        ({}, 400, {"subject", "body"}),
    ],
)
def test_what_no_mail_can_hold_is_not_kept(
    desk: Client, mornings: EventSeries, body: dict[str, object], status: int, fields: set[str]
) -> None:
    got, refused = sent(desk, "put", at(mornings), body)

    assert (got, refused["errors"].keys()) == (status, fields)
    assert not Wording.objects.exists()


@pytest.mark.parametrize("kind", ["note", "ei-ole", "organiser_digest"])
def test_a_kind_that_cannot_be_worded_is_not_there(desk: Client, mornings: EventSeries, kind: str) -> None:
    assert sent(desk, "get", at(mornings, kind=kind))[0] == 404
    assert sent(desk, "put", at(mornings, kind=kind), WORDS)[0] == 404


def test_the_words_of_others_are_not_there_and_a_viewer_changes_none(
    demos: Organisation, mornings: EventSeries
) -> None:
    people = {
        404: factories.organiser(factories.organisation("toinen"), email="toinen@example.org"),
        403: factories.organiser(demos, email="katselija@example.org", role=Membership.Role.VIEWER),
    }
    for wanted, person in people.items():
        client = Client()
        client.force_login(person)
        assert sent(client, "get", f"series/{mornings.pk}/wordings/")[0] == wanted
        assert sent(client, "get", at(mornings))[0] == wanted
        assert sent(client, "get", at(mornings, "preview/"))[0] == wanted
        assert sent(client, "put", at(mornings), WORDS)[0] == wanted
        assert client.delete(f"{OWN}/{at(mornings)}").status_code == wanted
        for deed in ("test", "publish", "withdraw"):
            assert sent(client, "post", at(mornings, f"{deed}/"))[0] == wanted
    assert not Wording.objects.exists()
