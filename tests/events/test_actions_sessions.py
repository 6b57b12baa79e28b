from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from accounts.models import Municipality, Organisation, User
from backend.core.errors import Forbidden, Refusal
from backend.core.i18n import Text
from events import actions, programme, rules
from events.actions import SpeakerPart
from events.models import Event, ProgrammeVersion, Session, Speaker
from events.queries import change_log, released_programme
from events.signals import ProgrammeReleased
from tests import factories
from tests.events.conftest import Audited

START = datetime(2027, 4, 13, 5, 30, tzinfo=UTC)


@pytest.fixture
def esimerkkila(db: None) -> Municipality:
    return Municipality.objects.create(
        code="999",
        name_fi="Esimerkkilä",
        name_sv="Exempelby",
        region_fi="Esimerkkimaa",
        region_sv="Exempelland",
        languages="fi",
    )


def add(event: Event, title: str, noon: datetime, olli: User | None = None, **given: Any) -> Session:  # noqa: ANN401 - a short hand for tests
    return actions.add_session(event=event, title=Text(title), at=noon, actor=olli, **given)


def titles(event: Event) -> list[str]:
    return [item.title.fi for item in programme.current(event)]


def test_an_item_is_added_to_the_end_with_its_speakers(
    morning: Event, olli: User, noon: datetime, esimerkkila: Municipality, audited: Audited
) -> None:
    add(morning, "Avaus", noon, kind="opening")
    talk = add(
        morning,
        "Metsä lähelle",
        noon,
        olli,
        kind="practice",
        abstract=Text("Kaksi\n\nkappaletta"),
        starts_at=START,
        minutes=20,
        language="sv",
        municipality_code="999",
        speakers=[
            SpeakerPart(name="Aino Esimerkki", title="puutarhuri", organisation="Esimerkkilä"),
            SpeakerPart(name="te Brömmelstroet"),
        ],
    )

    assert programme.current(morning)[1] == programme.Item(
        session_id=talk.pk,
        kind="practice",
        title=Text("Metsä lähelle"),
        abstract=Text("Kaksi\n\nkappaletta"),
        starts_at=START,
        minutes=20,
        municipality_code="999",
        language="sv",
        speakers=(
            programme.Part(
                slug="aino-esimerkki", name="Aino Esimerkki", title="puutarhuri", organisation="Esimerkkilä"
            ),
            programme.Part(slug="te-brommelstroet", name="te Brömmelstroet"),
        ),
    )
    assert audited()[1:] == [("session.added", f"event:{morning.pk}", {"session": talk.pk})]


def test_only_what_is_given_changes_in_an_item(
    morning: Event, olli: User, noon: datetime, audited: Audited
) -> None:
    aino, veera = SpeakerPart(name="Aino Esimerkki"), SpeakerPart(name="Veera Esimerkki")
    talk = add(morning, "Metsä", noon, minutes=20, speakers=[aino])

    actions.edit_session(session=talk, speakers=[veera, aino], at=noon, actor=olli)
    actions.edit_session(session=talk, title=Text("Metsä lähelle"), at=noon, actor=olli)
    actions.edit_session(session=talk, speakers=[veera, aino], at=noon, actor=olli)

    (item,) = programme.current(morning)
    assert (item.title.fi, item.minutes) == ("Metsä lähelle", 20)
    assert [part.name for part in item.speakers] == ["Veera Esimerkki", "Aino Esimerkki"]
    assert audited()[1:] == [
        ("session.edited", f"event:{morning.pk}", {"session": talk.pk, "fields": ["speakers"]}),
        ("session.edited", f"event:{morning.pk}", {"session": talk.pk, "fields": ["title_fi"]}),
    ]


def test_a_start_may_be_taken_away_again(morning: Event, olli: User, noon: datetime) -> None:
    talk = add(morning, "Metsä", noon, starts_at=START, ends_at=START + timedelta(minutes=20))

    actions.edit_session(session=talk, starts_at=None, ends_at=None, minutes=20, at=noon, actor=olli)

    talk.refresh_from_db()
    assert (talk.starts_at, talk.ends_at, talk.minutes) == (None, None, 20)


def test_items_move_up_and_down_among_their_neighbours(morning: Event, olli: User, noon: datetime) -> None:
    first, _second, third = (add(morning, title, noon) for title in ("Yksi", "Kaksi", "Kolme"))

    actions.reorder_session(session=third, step=-1, at=noon, actor=olli)
    assert titles(morning) == ["Yksi", "Kolme", "Kaksi"]

    actions.reorder_session(session=first, step=-1, at=noon, actor=olli)
    assert titles(morning) == ["Yksi", "Kolme", "Kaksi"]

    actions.reorder_session(session=first, step=1, at=noon, actor=olli)
    assert titles(morning) == ["Kolme", "Yksi", "Kaksi"]


def test_a_block_keeps_what_lies_in_it_together(morning: Event, olli: User, noon: datetime) -> None:
    block = add(morning, "Lohko", noon, kind="block")
    add(morning, "Tauko", noon, kind="break")
    add(morning, "Käytäntö 1", noon, block=block)
    second = add(morning, "Käytäntö 2", noon, block=block)

    actions.reorder_session(session=second, step=-1, at=noon, actor=olli)
    assert titles(morning) == ["Lohko", "Käytäntö 2", "Käytäntö 1", "Tauko"]

    actions.reorder_session(session=block, step=1, at=noon, actor=olli)
    assert titles(morning) == ["Tauko", "Lohko", "Käytäntö 2", "Käytäntö 1"]

    actions.remove_session(session=block, at=noon, actor=olli)
    assert titles(morning) == ["Tauko"]


def test_a_speaker_is_one_person_within_the_organisation(morning: Event, noon: datetime) -> None:
    add(morning, "Yksi", noon, speakers=[SpeakerPart(name="Aino Esimerkki", title="puutarhuri")])
    second = add(morning, "Kaksi", noon, speakers=[SpeakerPart(name="Aino  Esimerkki", title="johtaja")])
    actions.edit_session(session=second, speakers=[], at=noon, actor=None)
    actions.edit_session(session=second, speakers=[SpeakerPart(name="Aino Esimerkki")], at=noon, actor=None)

    assert list(Speaker.objects.values_list("slug", "name")) == [("aino-esimerkki", "Aino Esimerkki")]


def test_another_organisation_gets_its_own_record_of_a_namesake(morning: Event, noon: datetime) -> None:
    others = factories.four_mornings(organisation=factories.organisation("toinen"), slug="toinen")
    part = [SpeakerPart(name="Aino Esimerkki")]

    add(morning, "Yksi", noon, speakers=part)
    add(others.events.all()[0], "Yksi", noon, speakers=part)
    add(others.events.all()[0], "Kaksi", noon, speakers=[SpeakerPart(name="爱丽丝")])

    assert list(Speaker.objects.order_by("pk").values_list("slug", flat=True)) == [
        "aino-esimerkki",
        "aino-esimerkki-2",
        "speaker",
    ]


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"title": Text()}, "title"),
        ({"title": Text("x\x00")}, "title.fi"),
        ({"kind": "karaoke"}, "kind"),
        ({"abstract": Text(sv="x" * 4001)}, "abstract.sv"),
        ({"language": "de"}, "language"),
        ({"municipality_code": "000"}, "municipality"),
        ({"minutes": 0}, "minutes"),
        ({"speakers": [SpeakerPart(name=" ")]}, "speakers.0.name"),
        (
            {"speakers": [SpeakerPart(name="Aino Esimerkki"), SpeakerPart(name="aino esimerkki")]},
            "speakers.1.name",
        ),
        ({"speakers": [SpeakerPart(name="Aino", organisation="x" * 201)]}, "speakers.0.organisation"),
    ],
)
def test_what_cannot_be_kept_in_an_item_is_refused(
    given: dict[str, Any], field: str, morning: Event, noon: datetime
) -> None:
    with pytest.raises(rules.NeedsCorrecting) as refused:
        actions.add_session(event=morning, at=noon, actor=None, **({"title": Text("Metsä")} | given))

    assert list(refused.value.fields) == [field]
    assert Session.objects.count() == 0


def test_an_item_lies_only_in_a_block_of_its_own_event(morning: Event, noon: datetime) -> None:
    other = morning.series.events.all()[1]
    block, far = add(morning, "Lohko", noon, kind="block"), add(other, "Lohko", noon, kind="block")
    talk, inner = add(morning, "Metsä", noon), add(morning, "Käytäntö", noon, block=block)
    outer = add(morning, "Toinen", noon, kind="block")

    for session, wrong in ((inner, far), (inner, talk), (block, block), (block, outer)):
        with pytest.raises(rules.NeedsCorrecting) as refused:
            actions.edit_session(session=session, block=wrong, at=noon, actor=None)
        assert list(refused.value.fields) == ["block"]

    actions.edit_session(session=inner, block=None, at=noon, actor=None)
    assert inner.block is None


def test_a_biography_is_not_changed_for_another_organisation(
    morning: Event, olli: User, noon: datetime, audited: Audited
) -> None:
    add(morning, "Yksi", noon, speakers=[SpeakerPart(name="Aino Esimerkki")])
    aino = Speaker.objects.get()

    actions.edit_speaker(speaker=aino, bio=Text("Hoitaa puita."), at=noon, actor=olli)
    actions.edit_speaker(speaker=aino, bio=Text("Hoitaa puita."), at=noon, actor=olli)
    assert audited()[1:] == [("speaker.edited", f"speaker:{aino.pk}", {})]

    others = factories.four_mornings(organisation=factories.organisation("toinen"), slug="toinen")
    session = Session.objects.create(event=others.events.all()[0], position=1, title_fi="Yksi")
    session.parts.create(speaker=aino)
    with pytest.raises(Forbidden):
        actions.edit_speaker(speaker=aino, bio=Text("Kaataa puita."), at=noon, actor=olli)


# --- Releases -------------------------------------------------------------------------------------


def test_the_public_programme_is_what_was_released(
    morning: Event, olli: User, noon: datetime, announced: list[Any], audited: Audited
) -> None:
    add(morning, "Avaus", noon, minutes=10)
    assert released_programme(morning) is None

    version = actions.release_programme(event=morning, notify=True, at=noon, actor=olli)
    add(morning, "Vielä salassa", noon)

    released = released_programme(morning)
    assert released is not None
    assert (released.number, released.released_at, released.changes) == (1, noon, ())
    assert [(item.title.fi, item.starts_at, item.approximate) for item in released.items] == [
        ("Avaus", START, True)
    ]
    assert announced == [ProgrammeReleased(event_id=morning.pk, number=1, notify=True, at=noon)]
    assert audited()[1] == ("programme.released", f"event:{morning.pk}", {"number": 1, "notify": True})
    assert version.released_by == olli


def test_moving_one_item_gives_one_line_in_the_change_log(morning: Event, olli: User, noon: datetime) -> None:
    talks = [add(morning, f"Puheenvuoro {number}", noon, minutes=10) for number in (1, 2, 3)]
    actions.release_programme(event=morning, notify=False, at=noon, actor=olli)

    actions.reorder_session(session=talks[2], step=-1, at=noon, actor=olli)
    actions.release_programme(event=morning, notify=False, at=noon, actor=olli)

    first, second = reversed(change_log(morning))
    assert (first.number, first.changes) == (1, [])
    assert (second.number, [change["kind"] for change in second.changes]) == (2, ["moved"])


def test_an_unchanged_programme_is_not_released_again(
    morning: Event, olli: User, noon: datetime, announced: list[Any]
) -> None:
    add(morning, "Avaus", noon, starts_at=START)
    actions.release_programme(event=morning, notify=False, at=noon, actor=olli)

    with pytest.raises(Refusal) as refused:
        actions.release_programme(event=morning, notify=True, at=noon, actor=olli)

    assert refused.value.code == "programme-unchanged"
    assert (len(announced), ProgrammeVersion.objects.count()) == (1, 1)


def test_an_empty_programme_is_not_released_first(morning: Event, olli: User, noon: datetime) -> None:
    with pytest.raises(Refusal) as refused:
        actions.release_programme(event=morning, notify=False, at=noon, actor=olli)

    assert refused.value.code == "programme-empty"


def test_a_programme_taken_back_is_released_empty(morning: Event, olli: User, noon: datetime) -> None:
    talk = add(morning, "Avaus", noon)
    actions.release_programme(event=morning, notify=False, at=noon, actor=olli)
    actions.remove_session(session=talk, at=noon, actor=olli)

    version = actions.release_programme(event=morning, notify=False, at=noon, actor=olli)

    assert (version.items, [change["kind"] for change in version.changes]) == ([], ["removed"])


def test_a_release_holds_no_joining_link(
    morning: Event, demos: Organisation, olli: User, noon: datetime
) -> None:
    actions.edit_event(event=morning, join_url="https://example.org/salainen", at=noon, actor=olli)
    add(morning, "Avaus", noon)

    version = actions.release_programme(event=morning, notify=False, at=noon, actor=olli)

    assert "salainen" not in repr((version.items, version.changes))
