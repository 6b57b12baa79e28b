from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from backend.core.i18n import Text
from events import programme
from events.models import EventSeries, Session, SessionSpeaker, Speaker
from events.programme import Change, ChangeKind, Item, Part, Shift, diff, timed

START = datetime(2021, 1, 27, 6, 30, tzinfo=UTC)  # 8.30 in Helsinki, winter time


def wall(clock: str) -> datetime:
    return datetime.fromisoformat(clock)


def at(minutes: int) -> datetime:
    return START + timedelta(minutes=minutes)


def item(number: int, title: str = "", *, kind: str = "talk", **rest: object) -> Item:
    return Item(session_id=number, kind=kind, title=Text(title or f"Puheenvuoro {number}"), **rest)  # type: ignore[arg-type]  # a short hand for tests


def hours(items: tuple[Item, ...]) -> list[tuple[int | None, int | None, bool]]:
    def since(moment: datetime | None) -> int | None:
        return None if moment is None else int((moment - START).total_seconds() // 60)

    return [(since(one.starts_at), since(one.ends_at), one.approximate) for one in items]


# --- Times (domain 14.4) --------------------------------------------------------------------------


def test_a_programme_with_two_clock_times_invents_no_others() -> None:
    found = timed(
        [
            item(1, "Tilaisuus alkaa", kind="marker", starts_at=at(0)),
            item(2, "Tervetuloa", kind="opening"),
            item(3, "Kokemuksia VLR:stä"),
            item(4, "Tilaisuus päättyy", kind="marker", starts_at=at(90)),
        ],
        START,
    )

    assert hours(found) == [(0, None, False), (None, None, False), (None, None, False), (90, None, False)]


def test_durations_alone_give_approximate_times() -> None:
    found = timed([item(1, minutes=10), item(2, minutes=30), item(3, minutes=20)], START)

    assert hours(found) == [(0, 10, True), (10, 40, True), (40, 60, True)]


def test_an_unknown_length_stops_the_reckoning_until_the_next_clock_time() -> None:
    found = timed(
        [
            item(1, minutes=10),
            item(2),
            item(3, minutes=5),
            item(4, starts_at=at(60), minutes=15),
            item(5, minutes=5),
        ],
        START,
    )

    assert hours(found) == [
        (0, 10, True),
        (None, None, False),
        (None, None, False),
        (60, 75, False),
        (75, 80, True),
    ]


def test_a_block_of_four_practices_fills_its_own_time() -> None:
    found = timed(
        [
            item(1, "Toimenpiteitä", kind="block", starts_at=at(15), ends_at=at(65)),
            *(item(number, kind="practice", block_id=1, minutes=10) for number in (2, 3, 4, 5)),
            item(6, "Tauko", kind="break", minutes=10),
        ],
        START,
    )

    assert hours(found) == [
        (15, 65, False),
        (15, 25, True),
        (25, 35, True),
        (35, 45, True),
        (45, 55, True),
        (65, 75, True),
    ]


def test_a_block_without_a_length_lasts_as_long_as_what_lies_in_it() -> None:
    found = timed(
        [
            item(1, kind="block"),
            item(2, block_id=1, minutes=10),
            item(3, block_id=1, minutes=10),
            item(4, minutes=5),
        ],
        START,
    )

    assert hours(found) == [(None, None, False), (0, 10, True), (10, 20, True), (20, 25, True)]


def test_parallel_items_begin_together() -> None:
    found = timed(
        [
            item(1, kind="parallel", starts_at=at(0), ends_at=at(30)),
            item(2, block_id=1, minutes=30),
            item(3, block_id=1, minutes=20),
        ],
        START,
    )

    assert hours(found) == [(0, 30, False), (0, 30, True), (0, 20, True)]


# --- Differences ----------------------------------------------------------------------------------

FOUR = tuple(item(number, starts_at=at(10 * number), ends_at=at(10 * number + 10)) for number in (1, 2, 3, 4))


def test_the_same_programme_has_no_differences() -> None:
    assert diff(FOUR, FOUR) == ()


def test_one_item_carried_to_another_place_is_one_line() -> None:
    untimed = tuple(replace(one, starts_at=None, ends_at=None) for one in FOUR)
    last_first = (untimed[3], *untimed[:3])

    assert diff(untimed, last_first) == (
        Change(kind=ChangeKind.MOVED, session_id=4, title=Text("Puheenvuoro 4"), fields=("order",)),
    )


def test_one_item_at_another_time_is_one_line() -> None:
    later = replace(FOUR[1], starts_at=at(60), ends_at=at(70))

    assert diff(FOUR, (FOUR[0], FOUR[2], FOUR[3], later)) == (
        Change(
            kind=ChangeKind.MOVED,
            session_id=2,
            title=Text("Puheenvuoro 2"),
            old_starts_at=at(20),
            starts_at=at(60),
            fields=("starts_at", "ends_at", "order"),
        ),
    )


def test_added_removed_and_changed_items_are_named() -> None:
    speaker = replace(FOUR[2], speakers=(Part(slug="aino-esimerkki", name="Aino Esimerkki"),))
    new = item(5, starts_at=at(50), ends_at=at(60))

    assert diff(FOUR, (FOUR[0], FOUR[1], speaker, new)) == (
        Change(
            kind=ChangeKind.CHANGED,
            session_id=3,
            title=Text("Puheenvuoro 3"),
            old_starts_at=at(30),
            starts_at=at(30),
            fields=("speakers",),
        ),
        Change(kind=ChangeKind.ADDED, session_id=5, title=Text("Puheenvuoro 5"), starts_at=at(50)),
        Change(kind=ChangeKind.REMOVED, session_id=4, title=Text("Puheenvuoro 4"), old_starts_at=at(40)),
    )


# --- Rows and releases ----------------------------------------------------------------------------


def test_rows_become_items_with_the_speakers_as_of_then(mornings: EventSeries) -> None:
    event = mornings.events.all()[0]
    late = Session.objects.create(event=event, position=2, kind="break", title_fi="Tauko")
    block = Session.objects.create(event=event, position=1, kind="block", title_fi="Lohko")
    inner = Session.objects.create(event=event, position=1, block=block, kind="practice", title_fi="Käytäntö")
    aino = Speaker.objects.create(slug="aino-esimerkki", name="Aino Esimerkki")
    veera = Speaker.objects.create(slug="veera-esimerkki", name="Veera Esimerkki")
    SessionSpeaker.objects.create(session=inner, speaker=veera, position=1)
    SessionSpeaker.objects.create(
        session=inner, speaker=aino, position=0, title="puutarhuri", organisation="Esimerkkilä"
    )

    assert programme.current(event) == (
        Item(session_id=block.pk, kind="block", title=Text("Lohko")),
        Item(
            session_id=inner.pk,
            kind="practice",
            title=Text("Käytäntö"),
            block_id=block.pk,
            speakers=(
                Part(
                    slug="aino-esimerkki",
                    name="Aino Esimerkki",
                    title="puutarhuri",
                    organisation="Esimerkkilä",
                ),
                Part(slug="veera-esimerkki", name="Veera Esimerkki"),
            ),
        ),
        Item(session_id=late.pk, kind="break", title=Text("Tauko")),
    )


def test_items_and_changes_survive_being_stored() -> None:
    full = item(
        1,
        "Pupu, bunny, ’arnab",
        abstract=Text("a", "b", "c"),
        starts_at=at(0),
        minutes=10,
        municipality_code="049",
        block_id=7,
        language="sv",
        speakers=(Part(slug="te-brommelstroet", name="te Brömmelstroet", organisation="Kessel-Lo"),),
    )
    change = Change(kind=ChangeKind.MOVED, session_id=1, title=Text("x"), starts_at=at(0), fields=("order",))

    assert Item.from_json(full.as_json()) == full
    assert Change.from_json(change.as_json()) == change


def test_an_item_stored_by_a_newer_version_can_still_be_read() -> None:
    assert Item.from_json({**item(1).as_json(), "room": "B"}) == item(1)


@pytest.mark.parametrize(
    ("new", "moved"),
    [
        (wall("2027-04-20T08:30"), wall("2027-04-20T09:00")),
        (wall("2027-11-03T12:00"), wall("2027-11-03T12:30")),  # in winter time
    ],
)
def test_an_item_moves_along_on_the_wall_clock(new: datetime, moved: datetime) -> None:
    zone = ZoneInfo("Europe/Helsinki")
    shift = Shift(old=datetime(2027, 4, 13, 8, 30, tzinfo=zone), new=new.replace(tzinfo=zone))
    session = item(1, starts_at=datetime(2027, 4, 13, 6, 0, tzinfo=UTC))

    assert session.shifted(shift) == replace(session, starts_at=moved.replace(tzinfo=zone))
