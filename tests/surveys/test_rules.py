"""Which answers can be kept."""

from datetime import timedelta

import pytest

from surveys import rules
from surveys.rules import Asked, Json
from tests.surveys.world import AFTER

QUESTIONS = (
    Asked(key="five", kind="scale_5", required=True),
    Asked(key="ten", kind="scale_10"),
    Asked(key="words", kind="text"),
    Asked(key="one", kind="one_of", options=("a", "b")),
    Asked(key="many", kind="many_of", options=("a", "b", "c")),
    Asked(key="lead", kind="practice_lead"),
)
PLACES = {"182": "182", "Jämsä": "182"}
LEAD: dict[str, Json] = {"title": "Metsä", "summary": "", "municipality": "182", "may_contact": True}


def keep(**answers: Json) -> dict[str, Json]:
    return rules.checked(QUESTIONS, {"five": 3} | answers, place=PLACES.get)


@pytest.mark.parametrize(
    ("key", "value", "kept"),
    [
        ("five", 1, 1),
        ("five", 5, 5),
        ("five", "4", 4),
        ("ten", 0, 0),
        ("ten", "10", 10),
        ("words", "  Kaksi\r\nriviä ", "Kaksi\nriviä"),
        ("words", "x" * 2000, "x" * 2000),
        ("one", "b", "b"),
        ("many", ["c", "a", "a"], ["a", "c"]),
        ("lead", LEAD, LEAD),
        ("lead", {"title": " Metsä ", "municipality": "Jämsä"}, LEAD | {"may_contact": False}),
        (
            "lead",
            {"title": "Metsä", "summary": "Näin."},
            LEAD | {"summary": "Näin.", "municipality": "", "may_contact": False},
        ),
    ],
)
def test_answers_are_kept_in_one_form(key: str, value: Json, kept: Json) -> None:
    assert keep(**{key: value})[key] == kept


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("ten", None),
        ("ten", ""),
        ("words", "   "),
        ("one", ""),
        ("many", []),
        ("lead", {}),
        ("lead", {"title": "", "summary": "", "municipality": "", "may_contact": False}),
        ("lead", {"municipality": "Jämsä", "may_contact": None}),
    ],
)
def test_what_says_nothing_is_not_an_answer(key: str, value: Json) -> None:
    assert keep(**{key: value}) == {"five": 3}


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("five", None),
        ("five", 0),
        ("five", 6),
        ("five", "6"),
        ("five", "٣"),
        ("five", "-1"),
        ("five", 3.0),
        ("five", True),
        ("five", [3]),
        ("ten", 11),
        ("ten", -1),
        ("ten", "1" * 5000),
        ("words", "x" * 2001),
        ("words", "a\x00b"),
        ("words", "a\u202eb"),
        ("words", 5),
        ("words", ["a"]),
        ("one", "c"),
        ("one", ["a"]),
        ("one", {"a": 1}),
        ("many", "a"),
        ("many", ["a", "z"]),
        ("many", [["a"]]),
        ("many", {"a": 1}),
        ("lead", "Metsä"),
        ("lead", {"title": "Metsä", "phone": "1"}),
        ("lead", {"title": "x" * 201}),
        ("lead", {"title": "a\nb\x07"}),
        ("lead", {"title": 5}),
        ("lead", {"title": "Metsä", "summary": "x" * 601}),
        ("lead", {"title": "Metsä", "may_contact": "yes"}),
        ("lead", {"title": "Metsä", "may_contact": 1}),
        ("lead", {"title": "Metsä", "municipality": "Atlantis"}),
        ("lead", {"title": "", "summary": "Näin."}),
        ("lead", {"may_contact": True}),
        ("other", 1),
    ],
)
def test_what_cannot_be_kept_is_named(key: str, value: Json) -> None:
    with pytest.raises(rules.Invalid) as refused:
        keep(**{key: value})
    assert list(refused.value.fields) == [key]
    assert refused.value.fields[key]


def test_every_fault_is_named_at_once() -> None:
    with pytest.raises(rules.Invalid) as refused:
        rules.checked(QUESTIONS, {"ten": 11, "x": 1, "one": "c"}, place=PLACES.get)
    assert sorted(refused.value.fields) == ["five", "one", "ten", "x"]


def test_a_survey_is_open_until_the_moment_it_closes() -> None:
    rules.require_open(closes_at=AFTER, at=AFTER - timedelta(microseconds=1))
    with pytest.raises(rules.Closed):
        rules.require_open(closes_at=AFTER, at=AFTER)


def test_nobody_is_asked_before_it_has_begun() -> None:
    rules.require_held(starts_at=AFTER, published=True, at=AFTER)
    for published, at in ((False, AFTER), (True, AFTER - timedelta(microseconds=1))):
        with pytest.raises(rules.NotHeldYet):
            rules.require_held(starts_at=AFTER, published=published, at=at)


@pytest.mark.parametrize(
    ("points", "per_cent"),
    [([10, 9], 100), ([6, 0], -100), ([7, 8], 0), ([10, 9, 7, 6], 25), ([10, 1, 8], 0)],
)
def test_the_recommendation_is_promoters_minus_detractors(points: list[int], per_cent: int) -> None:
    assert rules.recommendation(points) == per_cent
