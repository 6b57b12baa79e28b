from datetime import datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import AuditEvent, Membership, Organisation, User
from backend.core.i18n import Text
from events import actions
from events.actions import SpeakerPart
from events.models import Event, EventSeries, Session, SessionSpeaker, Speaker
from tests import factories
from tests.events.asking import OWN, sent


def test_an_organiser_reads_and_corrects_a_series(desk: Client, mornings: EventSeries) -> None:
    status, body = sent(desk, "patch", f"series/{mornings.pk}/", {"lead": {"sv": "Fyra morgnar."}})

    assert status == 200
    assert body == {
        "id": mornings.pk,
        "slug": "aamukahvit-2027",
        "organisation": "esimerkkijarjestaja",
        "title": mornings.title.as_dict(),
        "lead": {"fi": "", "sv": "Fyra morgnar.", "en": ""},
        "organisers": "",
        "contact_email": "aamukahvit@example.org",
        "timezone": "Europe/Helsinki",
        "state": "published",
        "source_url": "",
        "created_at": "2027-02-01T09:00:00+02:00",
    }
    assert sent(desk, "get", f"series/{mornings.pk}/") == (200, body)
    assert desk.get(f"{OWN}/series/").json()["results"] == [body]


def test_a_text_in_one_language_leaves_the_others_as_they_are(desk: Client, morning: Event) -> None:
    _status, body = sent(desk, "patch", f"events/{morning.pk}/", {"title": {"en": "Nearby nature"}})

    assert body["title"] == {
        "fi": "Lähiluonnon saavutettavuus",
        "sv": "Närnaturens tillgänglighet",
        "en": "Nearby nature",
    }


def test_a_series_is_published(desk: Client, mornings: EventSeries) -> None:
    EventSeries.objects.update(state=EventSeries.State.DRAFT)

    status, body = sent(desk, "post", f"series/{mornings.pk}/publish/")

    assert (status, body["state"]) == (200, "published")


def test_an_event_is_changed_and_moved_in_one_go(desk: Client, morning: Event, announced: list[Any]) -> None:
    status, body = sent(
        desk,
        "patch",
        f"events/{morning.pk}/",
        {
            "mode": "hybrid",
            "place": {"fi": "Kirjasto"},
            "join_url": "https://example.org/kokous",
            "starts_at": "2027-04-20T09:00:00",
            "ends_at": "2027-04-20T10:30:00+03:00",
        },
    )

    assert status == 200
    assert (body["starts_at"], body["ends_at"], body["moved_from"]) == (
        "2027-04-20T09:00:00+03:00",
        "2027-04-20T10:30:00+03:00",
        "2027-04-13T08:30:00+03:00",
    )
    assert (body["mode"], body["place"]["fi"], body["join_url"]) == (
        "hybrid",
        "Kirjasto",
        "https://example.org/kokous",
    )
    assert [(fact.moved, fact.place_changed, fact.title_changed) for fact in announced] == [
        (True, True, False)
    ]


def test_an_event_is_moved_by_its_own_address(desk: Client, morning: Event) -> None:
    times = {"starts_at": "2027-04-20T05:30:00Z", "ends_at": "2027-04-20T07:00:00Z"}

    status, body = sent(desk, "post", f"events/{morning.pk}/move/", times)

    assert (status, body["starts_at"]) == (200, "2027-04-20T08:30:00+03:00")


@pytest.mark.parametrize(
    ("starts_at", "code"),
    [("2027-03-28T03:30:00", "time-does-not-exist"), ("2027-10-31T03:30:00", "time-comes-twice")],
)
def test_a_clock_time_that_is_none_or_two_is_refused(
    desk: Client, morning: Event, starts_at: str, code: str
) -> None:
    times = {"starts_at": starts_at, "ends_at": "2027-10-31T12:00:00"}

    status, body = sent(desk, "post", f"events/{morning.pk}/move/", times)

    assert (status, body["code"], list(body["errors"])) == (400, code, ["starts_at"])
    assert Event.objects.get(pk=morning.pk).starts_at == morning.starts_at


@pytest.mark.parametrize(
    "starts_at",
    ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59-12:00", "0001-01-01T00:00:00", "huomenna", 5, None],
)
def test_a_start_that_is_no_time_of_ours_is_refused(desk: Client, morning: Event, starts_at: object) -> None:
    status, body = sent(desk, "patch", f"events/{morning.pk}/", {"starts_at": starts_at})

    assert (status, body["code"], list(body["errors"])) == (400, "invalid", ["starts_at"])


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"title": {"fi": ""}}, "title.fi"),
        ({"title": {"fi": "x" * 201}}, "title.fi"),
        ({"title": {"fi": "Aamu\x07"}}, "title.fi"),
        ({"title": {"fi": "Aamu\x00"}}, "title.fi"),
        ({"title": {"de": "Morgen"}}, "title.de"),
        ({"title": {"fi": ["Aamu"]}}, "title.fi"),
        ({"title": "Aamu"}, "title.non_field_errors"),
        ({"mode": "by_post"}, "mode"),
        ({"join_url": "javascript:alert(1)"}, "join_url"),
        ({"ends_at": "2027-04-13T08:30:00"}, "ends_at"),
    ],
)
def test_what_cannot_be_kept_is_refused_beside_the_field(
    desk: Client, morning: Event, given: dict[str, Any], field: str
) -> None:
    status, body = sent(desk, "patch", f"events/{morning.pk}/", {"accent": "nature"} | given)

    assert (status, body["code"], list(body["errors"])) == (400, "invalid", [field])
    assert Event.objects.get(pk=morning.pk).accent == ""


def test_an_event_is_called_off_once(desk: Client, morning: Event) -> None:
    reason = {"reason": {"fi": "Sairaus.", "sv": "Sjukdom.", "en": "Illness."}}

    status, body = sent(desk, "post", f"events/{morning.pk}/cancel/", reason)
    again, problem = sent(desk, "post", f"events/{morning.pk}/cancel/", reason)

    assert (status, body["state"], body["cancel_reason"]) == (200, "cancelled", reason["reason"])
    assert (again, problem["code"]) == (409, "event-cancelled")


def test_a_speaker_is_told_of(desk: Client, morning: Event, olli: User, noon: datetime) -> None:
    actions.add_session(
        event=morning, title=Text("Yksi"), speakers=[SpeakerPart(name="Aino Esimerkki")], at=noon, actor=olli
    )
    aino = Speaker.objects.get()

    status, body = sent(desk, "patch", f"speakers/{aino.pk}/", {"bio": {"fi": "Hoitaa puita."}})

    assert (status, body["bio"]["fi"]) == (200, "Hoitaa puita.")
    assert sent(desk, "get", f"speakers/{aino.pk}/") == (200, body)
    assert desk.get(f"{OWN}/speakers/").json()["results"] == [body]


def test_where_a_speaker_is_invited_is_written_down_and_never_public(
    desk: Client, morning: Event, olli: User, noon: datetime
) -> None:
    actions.add_session(
        event=morning, title=Text("Yksi"), speakers=[SpeakerPart(name="Aino Esimerkki")], at=noon, actor=olli
    )
    actions.release_programme(event=morning, notify=False, at=noon, actor=olli)
    aino = Speaker.objects.get()
    address = {"email": "Aino@Example.org", "language": "sv"}

    status, body = sent(desk, "put", f"speakers/{aino.pk}/contact/", address)

    assert (status, body["email"], body["language"]) == (200, "Aino@example.org", "sv")
    assert sent(desk, "get", f"speakers/{aino.pk}/") == (200, body)
    assert AuditEvent.objects.get(action="speaker.contact").subject == f"event:{morning.pk}"
    assert b"@example.org" not in desk.get("/api/v1/speakers/").content
    for wrong, field, wanted in (
        ({"email": "aino@"}, "email", 400),
        ({"email": "aino@example.org", "language": "de"}, "language", 400),
        ({"language": "sv"}, "email", 400),
    ):
        status, refused = sent(desk, "put", f"speakers/{aino.pk}/contact/", wrong)
        assert (status, refused["errors"].keys()) == (wanted, {field})
    assert sent(desk, "put", f"speakers/{aino.pk}/contact/", {"email": ""})[1]["email"] == ""


def test_the_address_of_a_speaker_is_not_told_to_another_organisation_that_presents_them(
    desk: Client, morning: Event, olli: User, noon: datetime
) -> None:
    aino = Speaker.objects.create(slug="aino", name="Aino Esimerkki", email="aino@example.org", language="sv")
    theirs = factories.four_mornings(organisation=factories.organisation("toinen"), slug="toinen-2027")
    session = Session.objects.create(event=morning, position=1, title_fi="Yksi")
    SessionSpeaker.objects.create(session=session, speaker=aino)
    known = sent(desk, "get", f"speakers/{aino.pk}/")[1]
    assert (known["email"], known["language"], known["shared"]) == ("aino@example.org", "sv", False)

    other = Session.objects.create(event=theirs.events.all()[0], position=1, title_fi="Kaksi")
    SessionSpeaker.objects.create(session=other, speaker=aino)

    shown = sent(desk, "get", f"speakers/{aino.pk}/")[1]
    assert (shown["email"], shown["language"], shown["shared"]) == ("", "", True)
    assert desk.get(f"{OWN}/speakers/").json()["results"] == [shown]


# --- Who may ---------------------------------------------------------------------------------------

LISTS = ("series/", "events/", "sessions/", "speakers/")


def rows(event: Event) -> dict[str, str]:
    """Every address of one row, and the method that reads or changes it."""
    session, speaker = Session.objects.get(), Speaker.objects.get()
    return {
        f"series/{event.series_id}/": "patch",
        f"series/{event.series_id}/publish/": "post",
        f"events/{event.pk}/": "patch",
        f"events/{event.pk}/move/": "post",
        f"events/{event.pk}/cancel/": "post",
        f"events/{event.pk}/release/": "post",
        f"sessions/{session.pk}/": "delete",
        f"sessions/{session.pk}/reorder/": "post",
        f"speakers/{speaker.pk}/": "patch",
        f"speakers/{speaker.pk}/contact/": "put",
    }


@pytest.fixture
def with_item(morning: Event, olli: User, noon: datetime) -> Event:
    actions.add_session(
        event=morning, title=Text("Yksi"), speakers=[SpeakerPart(name="Aino Esimerkki")], at=noon, actor=olli
    )
    return morning


def test_a_visitor_gets_nothing(client: Client, with_item: Event) -> None:
    assert {client.get(f"{OWN}/{path}").status_code for path in LISTS} <= {401, 403}
    assert {sent(client, method, path, {})[0] for path, method in rows(with_item).items()} <= {401, 403}


def test_somebody_elses_rows_do_not_exist(client: Client, with_item: Event) -> None:
    client.force_login(factories.organiser(factories.organisation("toinen"), email="veera@example.org"))

    assert [client.get(f"{OWN}/{path}").json()["results"] for path in LISTS] == [[], [], [], []]
    assert {sent(client, method, path, {})[0] for path, method in rows(with_item).items()} == {404}
    assert sent(client, "post", "sessions/", {"event": with_item.pk, "title": {"fi": "x"}})[0] == 404
    assert Session.objects.count() == 1


def test_a_viewer_reads_and_changes_nothing(client: Client, demos: Organisation, with_item: Event) -> None:
    client.force_login(factories.organiser(demos, email="veera@example.org", role=Membership.Role.VIEWER))

    assert [len(client.get(f"{OWN}/{path}").json()["results"]) for path in LISTS] == [1, 4, 1, 1]
    assert sent(client, "get", f"events/{with_item.pk}/programme/")[0] == 200
    assert {sent(client, method, path, {})[0] for path, method in rows(with_item).items()} == {403}


def test_one_who_views_here_and_organises_there_changes_nothing_here(
    client: Client, demos: Organisation, with_item: Event
) -> None:
    veera = factories.organiser(demos, email="veera@example.org", role=Membership.Role.VIEWER)
    Membership.objects.create(
        user=veera, organisation=factories.organisation("toinen"), role=Membership.Role.ORGANISER
    )
    client.force_login(veera)

    assert sent(client, "get", f"events/{with_item.pk}/")[0] == 200
    assert {sent(client, method, path, {})[0] for path, method in rows(with_item).items()} == {404}


@pytest.mark.parametrize("path", LISTS)
def test_three_cost_no_more_questions_than_one(
    desk: Client,
    with_item: Event,
    olli: User,
    demos: Organisation,
    noon: datetime,
    path: str,
) -> None:
    def questions() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert desk.get(f"{OWN}/{path}").status_code == 200
        return len(captured)

    one = questions()
    factories.four_mornings(organisation=demos, slug="toinen")
    for event in Event.objects.exclude(pk=with_item.pk):
        actions.add_session(
            event=event,
            title=Text("Avaus"),
            speakers=[SpeakerPart(name=f"Olli Esimerkki {event.pk}")],
            at=noon,
            actor=olli,
        )

    assert questions() == one


def test_lists_can_be_narrowed(desk: Client, with_item: Event, demos: Organisation) -> None:
    factories.four_mornings(organisation=demos, slug="toinen")

    assert len(desk.get(f"{OWN}/events/?series={with_item.series_id}").json()["results"]) == 4
    assert len(desk.get(f"{OWN}/sessions/?event={with_item.pk}").json()["results"]) == 1
    assert len(desk.get(f"{OWN}/sessions/?event={with_item.pk + 1}").json()["results"]) == 0


@pytest.mark.parametrize("path", ["events/?series", "sessions/?event"])
def test_a_filter_that_is_no_number_is_refused_and_does_not_list_everything(
    desk: Client, with_item: Event, path: str
) -> None:
    field = path.rpartition("?")[2]
    for written in ("aamukahvit-2027", "-1", "1.5", "1 OR 1"):
        answer = desk.get(f"{OWN}/{path}={written}")
        assert (answer.status_code, set(answer.json()["errors"])) == (400, {field})
    assert desk.get(f"{OWN}/{path}={'9' * 400}").json()["results"] == []
    assert desk.get(f"{OWN}/{path}=").json() == desk.get(f"{OWN}/{path.partition('?')[0]}").json()
