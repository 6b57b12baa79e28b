from datetime import UTC, datetime, timedelta

import pytest

from backend.core.i18n import Text
from events import rules
from events.rules import Clash, Slot, Warning, on_the_clock, warnings  # noqa: A004 - our own word

HELSINKI = "Europe/Helsinki"
EIGHT = datetime(2027, 4, 13, 5, 0, tzinfo=UTC)


def wall(clock: str) -> datetime:
    return datetime.fromisoformat(clock)


def minutes(count: int) -> datetime:
    return EIGHT + timedelta(minutes=count)


# --- Time (T55, domain 14.1) ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wall", "moment"),
    [
        (wall("2021-04-13T08:30"), datetime(2021, 4, 13, 5, 30, tzinfo=UTC)),
        (wall("2021-01-27T08:30"), datetime(2021, 1, 27, 6, 30, tzinfo=UTC)),
    ],
)
def test_half_past_eight_is_another_moment_in_winter_than_in_summer(wall: datetime, moment: datetime) -> None:
    assert on_the_clock(wall, zone=HELSINKI) == moment


def test_a_start_in_the_hour_that_spring_skips_is_refused_with_a_readable_sentence() -> None:
    with pytest.raises(rules.SkippedTime) as refused:
        on_the_clock(wall("2027-03-28T03:30"), zone=HELSINKI)

    assert refused.value.code == "time-does-not-exist"
    assert {field: list(map(str, said)) for field, said in refused.value.fields.items()} == {
        "starts_at": [
            (
                "The clocks go forward on 28.3.2027 and skip 3.30: that time does not exist. "
                "Choose another time, for example 4.30."
            )
        ]
    }


def test_the_edges_of_the_skipped_hour_exist() -> None:
    assert on_the_clock(wall("2027-03-28T02:59"), zone=HELSINKI) == datetime(2027, 3, 28, 0, 59, tzinfo=UTC)
    assert on_the_clock(wall("2027-03-28T04:00"), zone=HELSINKI) == datetime(2027, 3, 28, 1, 0, tzinfo=UTC)


def test_a_start_in_the_hour_that_autumn_repeats_is_asked_about() -> None:
    with pytest.raises(rules.AmbiguousTime) as refused:
        on_the_clock(wall("2027-10-31T03:30"), zone=HELSINKI, field="ends_at")

    assert refused.value.code == "time-comes-twice"
    assert list(refused.value.fields) == ["ends_at"]


@pytest.mark.parametrize(("fold", "hour"), [(0, 0), (1, 1)])
def test_the_answer_gives_the_exact_moment(fold: int, hour: int) -> None:
    moment = on_the_clock(wall("2027-10-31T03:30"), zone=HELSINKI, fold=fold)

    assert moment == datetime(2027, 10, 31, hour, 30, tzinfo=UTC)


@pytest.mark.parametrize("late", [timedelta(0), timedelta(minutes=-1)])
def test_an_event_ends_after_it_starts(late: timedelta) -> None:
    with pytest.raises(rules.NeedsCorrecting) as refused:
        rules.require_order(EIGHT, EIGHT + late)

    assert refused.value.fields == {"ends_at": ["The end must come after the start."]}


def test_an_event_of_more_than_a_month_is_a_slip_of_the_year() -> None:
    rules.require_order(EIGHT, EIGHT + timedelta(days=31))

    with pytest.raises(rules.NeedsCorrecting):
        rules.require_order(EIGHT, EIGHT + timedelta(days=31, minutes=1))


# --- What people type -----------------------------------------------------------------------------


def test_every_input_that_needs_correcting_is_named_at_once() -> None:
    inputs = rules.Inputs()
    inputs.lines("title", Text("Aamu\x07kahvit", "x" * 201, ""), required=True)
    inputs.longs("lead", Text("kaksi\nriviä", "\u202eanirk", ""))
    inputs.email("contact_email", "aino@")
    inputs.link("join_url", "javascript:alert(1)")
    inputs.slug("slug", "Aamu Kahvit")
    inputs.choice("mode", "by_post", ("online", "on_site"))

    with pytest.raises(rules.NeedsCorrecting) as refused:
        inputs.settle()

    assert {field: [str(sentence) for sentence in said] for field, said in refused.value.fields.items()} == {
        "title.fi": ["This contains characters that cannot be seen. Type the text again."],
        "title.sv": ["Use at most 200 characters."],
        "lead.sv": ["This contains characters that cannot be seen. Type the text again."],
        "contact_email": ["Check the e-mail address: it should look like name@example.org."],
        "join_url": ["Give the whole link, beginning with https://."],
        "slug": ["Use small letters a–z, numbers and hyphens, at most 80 characters."],
        "mode": ["Choose one of the options."],
    }


def test_what_is_right_is_kept_trimmed_and_normalised() -> None:
    inputs = rules.Inputs()
    kept = (
        inputs.lines("title", Text("  Pupu,  bunny, ’arnab "), required=True),
        inputs.longs("lead", Text("yksi\r\n\r\nkaksi ")),
        inputs.email("contact_email", " Aino@Example.ORG "),
        inputs.email("reply_to", " "),
        inputs.link("join_url", " https://example.org/a?b=c "),
        inputs.link("source_url", ""),
        inputs.slug("slug", "aamukahvit-2027"),
        inputs.choice("mode", "online", ("online",)),
        inputs.some("session", Text(sv="Paus")),
    )
    inputs.settle()

    assert kept == (
        Text("Pupu, bunny, ’arnab"),
        Text("yksi\n\nkaksi"),
        "Aino@example.org",
        "",
        "https://example.org/a?b=c",
        "",
        "aamukahvit-2027",
        "online",
        Text(sv="Paus"),
    )


def test_a_series_needs_a_finnish_name_and_an_item_a_name_in_some_language() -> None:
    series, item = rules.Inputs(), rules.Inputs()
    series.lines("title", Text(sv="Morgonkaffe"), required=True)
    item.some("title", Text())

    assert series.fields == {"title.fi": ["Fill this in."]}
    assert item.fields == {"title": ["Fill this in, at least in one language."]}


@pytest.mark.parametrize(
    "link",
    [
        "ftp://example.org",
        "https://",
        "https://[",
        "https://example.org/a b",
        "https://e.org/\x00",
        "x" * 501,
    ],
)
def test_what_is_no_link_is_not_taken_for_one(link: str) -> None:
    assert not rules.is_link(link)


@pytest.mark.parametrize(
    ("times", "field"),
    [
        ({"starts_at": EIGHT, "ends_at": EIGHT, "minutes": None}, "ends_at"),
        ({"starts_at": EIGHT, "ends_at": minutes(10), "minutes": 10}, "minutes"),
        ({"starts_at": None, "ends_at": None, "minutes": 0}, "minutes"),
        ({"starts_at": None, "ends_at": None, "minutes": 1441}, "minutes"),
    ],
)
def test_times_of_an_item_that_cannot_be_are_named(times: dict[str, object], field: str) -> None:
    inputs = rules.Inputs()
    rules.check_times(inputs, **times)  # type: ignore[arg-type]  # a table of cases

    assert list(inputs.fields) == [field]


@pytest.mark.parametrize(
    "times",
    [
        {"starts_at": EIGHT, "ends_at": minutes(10), "minutes": None},
        {"starts_at": EIGHT, "ends_at": None, "minutes": 10},
        {"starts_at": None, "ends_at": None, "minutes": None},
    ],
)
def test_times_of_an_item_may_be_known_in_part(times: dict[str, object]) -> None:
    inputs = rules.Inputs()
    rules.check_times(inputs, **times)  # type: ignore[arg-type]  # a table of cases

    assert inputs.fields == {}


# --- Warnings -------------------------------------------------------------------------------------


def slot(
    number: int, start: int, end: int, *speakers: str, block: int | None = None, parallel: bool = False
) -> Slot:
    return Slot(
        session_id=number,
        starts_at=minutes(start),
        ends_at=minutes(end),
        block_id=block,
        parallel=parallel,
        speakers=frozenset(speakers),
    )


def looked_at(*slots: Slot) -> tuple[Warning, ...]:
    return warnings(slots, starts_at=minutes(0), ends_at=minutes(90))


def test_items_one_after_the_other_give_no_warning() -> None:
    assert looked_at(slot(1, 0, 30, "aino"), slot(2, 30, 60, "aino"), slot(3, 60, 90)) == ()


def test_overlapping_items_are_shown() -> None:
    assert looked_at(slot(2, 20, 40), slot(1, 0, 30)) == (Warning(clash=Clash.OVERLAP, session_ids=(1, 2)),)


def test_a_speaker_in_two_places_at_once_is_shown_even_when_the_items_run_in_parallel() -> None:
    found = looked_at(
        slot(1, 0, 30, "aino", "veera", block=9, parallel=True),
        slot(2, 0, 30, "aino", block=9, parallel=True),
    )

    assert found == (Warning(clash=Clash.SPEAKER_TWICE, session_ids=(1, 2), speaker="aino"),)


def test_a_block_and_what_lies_in_it_do_not_overlap() -> None:
    assert looked_at(slot(1, 0, 60), slot(2, 0, 30, block=1), slot(3, 30, 60, block=1)) == ()


def test_an_item_outside_of_the_event_is_shown() -> None:
    assert looked_at(slot(1, -10, 0), slot(2, 80, 91)) == (
        Warning(clash=Clash.OUTSIDE, session_ids=(1,)),
        Warning(clash=Clash.OUTSIDE, session_ids=(2,)),
    )
