"""What may be done with a practice."""

import pytest

from backend.core.errors import Refusal
from catalogue import rules
from catalogue.models import Assessment, Practice, PracticeVersion, Review
from catalogue.rules import Deed, DraftTexts, Judgement

MET = {key: Judgement(level="met", reason="Yes.") for key in ("multidimensional-impact", "demand")}
STATES = PracticeVersion.State.values


def test_the_whole_life_of_a_version() -> None:
    allowed = {
        (state, deed): rules.MOVES[state, deed]
        for state in STATES
        for deed in Deed
        if (state, deed) in rules.MOVES
    }

    assert allowed == {
        ("draft", "submit"): "submitted",
        ("submitted", "publish"): "published",
        ("submitted", "request_changes"): "changes_requested",
        ("submitted", "decline"): "declined",
        ("published", "replace"): "replaced",
    }


@pytest.mark.parametrize("deed", Deed)
@pytest.mark.parametrize("state", STATES)
def test_every_other_move_is_refused(state: str, deed: Deed) -> None:
    if (state, deed) in rules.MOVES:
        assert rules.move(state, deed) in STATES
        return
    with pytest.raises(rules.WrongState) as refused:
        rules.move(state, deed)
    assert (refused.value.code, refused.value.status) == (
        "already-sent" if deed is Deed.SUBMIT else "already-decided",
        409,
    )


def test_the_words_of_the_rules_are_the_words_of_the_tables() -> None:
    assert set(rules.LEVELS) == set(Assessment.Level.values)
    assert set(rules.STAGES) == set(PracticeVersion.Stage.values)
    assert set(Review.Decision.values) <= {deed.value for deed in Deed}
    assert {rules.label_for(levels={}, criteria=["demand"], dimensions=[])} <= set(Practice.Label.values)


@pytest.mark.parametrize(
    ("levels", "dimensions", "label"),
    [
        ({"multidimensional-impact": "met", "demand": "met"}, ["social", "economic"], "meets_criteria"),
        ({"multidimensional-impact": "met", "demand": "partly"}, ["social", "economic"], "learning"),
        ({"multidimensional-impact": "met", "demand": "met"}, ["social"], "learning"),
        ({"multidimensional-impact": "met", "demand": "met"}, ["social", "social"], "learning"),
        ({"multidimensional-impact": "met"}, ["social", "economic"], "learning"),
        ({}, [], "learning"),
    ],
)
def test_the_label_is_earned_by_all_criteria(
    levels: dict[str, str], dimensions: list[str], label: str
) -> None:
    assert rules.label_for(levels=levels, criteria=list(MET), dimensions=dimensions) == label


def test_no_criteria_earn_no_label() -> None:
    assert rules.label_for(levels={}, criteria=[], dimensions=["social", "economic"]) == "learning"


def refused_decision(
    deed: Deed,
    given: dict[str, Judgement],
    *,
    dimensions: tuple[str, ...] = ("social", "economic"),
    message: str = "Kiitos.",
) -> dict[str, list[str]]:
    with pytest.raises(Refusal) as refused:
        rules.require_reasoned(
            deed=deed, criteria=list(MET), given=given, dimensions=dimensions, message=message
        )
    assert refused.value.code == "review-incomplete"
    return {name: [str(one) for one in said] for name, said in refused.value.fields.items()}


def test_a_complete_decision_is_taken() -> None:
    for deed, given in ((Deed.PUBLISH, MET), (Deed.DECLINE, {}), (Deed.REQUEST_CHANGES, {})):
        rules.require_reasoned(
            deed=deed, criteria=list(MET), given=given, dimensions=("social", "economic"), message="Kiitos."
        )


def test_publishing_needs_every_criterion_assessed() -> None:
    assert list(refused_decision(Deed.PUBLISH, {"demand": MET["demand"]})) == [
        "assessments.multidimensional-impact"
    ]


def test_a_level_needs_its_reason_whatever_is_decided() -> None:
    assert list(refused_decision(Deed.DECLINE, {"demand": Judgement(level="not_met")})) == [
        "assessments.demand"
    ]


def test_one_dimension_is_not_impact_on_several() -> None:
    assert list(refused_decision(Deed.PUBLISH, MET, dimensions=("social",))) == [
        "assessments.multidimensional-impact"
    ]


@pytest.mark.parametrize("deed", [Deed.DECLINE, Deed.REQUEST_CHANGES])
def test_a_no_needs_words(deed: Deed) -> None:
    assert list(refused_decision(deed, {}, message="")) == ["message"]


def test_nonsense_is_named_where_it_stands() -> None:
    given = {
        "demand": Judgement(level="great", reason="Yes."),
        "beauty": Judgement(level="met", reason="Yes."),
        "multidimensional-impact": Judgement(level="partly", reason="x" * 4001),
    }
    assert sorted(refused_decision(Deed.DECLINE, given, message="a\x00b")) == [
        "assessments.beauty",
        "assessments.demand",
        "assessments.multidimensional-impact",
        "message",
    ]


@pytest.mark.parametrize("address", ["rita@example.org", "Rita@EXAMPLE.org"])
def test_nobody_decides_on_their_own(address: str) -> None:
    with pytest.raises(rules.OwnPractice) as refused:
        rules.require_other_than_owner(owner_email=address, reviewer_email="rita@example.org")
    assert (refused.value.code, refused.value.status) == ("own-practice", 403)


def test_a_practice_without_an_owner_is_nobodys_own() -> None:
    rules.require_other_than_owner(owner_email="", reviewer_email="rita@example.org")


def test_what_was_typed_is_tidied() -> None:
    typed = DraftTexts(
        title={"fi": "  Lähi\u00a0metsä  "},
        results={"sv": " ett\r\ntvå \r"},
        dimensions=["economic", "social", "social"],
        partners=" Jämsän kaupunki ",
    )

    assert rules.cleaned(typed) == DraftTexts(
        title={"fi": "Lähi metsä"},
        results={"sv": "ett\ntvå"},
        dimensions=["social", "economic"],
        partners="Jämsän kaupunki",
    )


@pytest.mark.parametrize(
    ("texts", "field"),
    [
        (DraftTexts(title={"fi": "x" * 201}), "title"),
        (DraftTexts(title={"fi": "a\nb\x07"}), "title"),
        (DraftTexts(summary={"en": "a\u202eb"}), "summary"),
        (DraftTexts(summary={"en": "x" * 601}), "summary"),
        (DraftTexts(description={"de": "Wald"}), "description"),  # type: ignore[dict-item]  # on purpose
        (DraftTexts(partners="x" * 2001), "partners"),
        (DraftTexts(years="x" * 41), "years"),
        (DraftTexts(stage="great"), "stage"),
        (DraftTexts(stage="x" * 500), "stage"),
        (DraftTexts(dimensions=["digital"]), "dimensions"),
        (DraftTexts(owner_name="x" * 201), "owner_name"),
    ],
)
def test_what_cannot_be_kept_is_named(texts: DraftTexts, field: str) -> None:
    with pytest.raises(rules.Invalid) as refused:
        rules.cleaned(texts)
    assert list(refused.value.fields) == [field]


@pytest.mark.parametrize(
    ("filled", "states"),
    [
        (set[str](), ["not_started"] * 5),
        ({"title", "owner_name"}, ["in_progress"] + ["not_started"] * 4),
        (
            {"title", "summary", "description", "themes", "effects", "scaling", "show_name"},
            ["done", "done", "in_progress", "done", "in_progress"],
        ),
        (
            {"title", "summary", "description", "results", "scaling", "may_publish", "stage"},
            ["done"] * 5,
        ),
    ],
)
def test_each_section_tells_how_far_it_is(filled: set[str], states: list[str]) -> None:
    assert [rules.state_of(section, filled=filled) for section in rules.SECTIONS] == states


def test_a_submission_names_all_that_is_missing() -> None:
    with pytest.raises(rules.Incomplete) as refused:
        rules.require_complete({"title", "scaling"})
    assert list(refused.value.fields) == ["summary", "description", "results", "may_publish"]


def test_folding_keeps_the_letters_of_finnish() -> None:
    assert [rules.folded(word) for word in (" ÄHTÄRI ", "A\u0308hta\u0308ri", "Åbo\n x", "ahtari")] == [
        "ähtäri",
        "ähtäri",
        "åbo x",
        "ahtari",
    ]
