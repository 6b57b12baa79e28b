"""Whom a message is for, and why everybody else does not get it."""

import pytest

from registrations.rules.segments import (
    BadSegment,
    Candidate,
    Segment,
    Stand,
    judge,
    require_segment,
)

AINO = Candidate(
    attendee=1,
    language="fi",
    municipality="182",
    organisation="Esimerkkikunta",
    answer=["walks", "talks"],
    stands=(
        Stand(registration=10, event="first", state="cancelled"),
        Stand(registration=11, event="second", state="confirmed", attended=True),
    ),
)


@pytest.mark.parametrize(
    ("segment", "reason"),
    [
        (Segment(), ""),
        (Segment(events=("second",)), ""),
        (Segment(events=("third",)), "event"),
        (Segment(events=("first",)), "state"),
        (Segment(events=("first",), states=("cancelled",)), ""),
        (Segment(states=()), ""),
        (Segment(states=("waiting",)), "state"),
        (Segment(attendance=("attended",)), ""),
        (Segment(attendance=("absent", "unmarked")), "attendance"),
        (Segment(events=("first",), states=(), attendance=("attended",)), "attendance"),
        (Segment(survey="unanswered"), ""),
        (Segment(survey="answered"), "survey"),
        (Segment(languages=("sv", "en")), "language"),
        (Segment(languages=("fi",)), ""),
        (Segment(municipalities=("091",)), "municipality"),
        (Segment(organisations=("  ESIMERKKIKUNTA ",)), ""),
        (Segment(organisations=("Muu",)), "organisation"),
        (Segment(question="how", options=("talks",)), ""),
        (Segment(question="how", options=("runs",)), "answer"),
        (Segment(events=("third",), languages=("sv",)), "event"),
    ],
)
def test_the_first_thing_that_does_not_fit_is_the_reason(segment: Segment, reason: str) -> None:
    assert judge(segment, AINO).reason == reason


def test_one_and_the_same_registration_fits_all_choices() -> None:
    verdict = judge(Segment(events=("first", "second")), AINO)

    assert verdict.registration == 11
    assert judge(Segment(events=("first",), states=("confirmed",)), AINO).reason == "state"


@pytest.mark.parametrize(
    ("answer", "options", "fits"),
    [
        (True, ("yes",), True),
        (False, ("yes",), False),
        (False, ("no",), True),
        ("walks", ("walks",), True),
        (None, ("walks",), False),
    ],
)
def test_answers_of_every_kind_choose(
    *, answer: bool | str | None, options: tuple[str, ...], fits: bool
) -> None:
    person = Candidate(attendee=1, language="fi", answer=answer, stands=AINO.stands)

    assert (judge(Segment(question="how", options=options), person).reason == "") is fits


def test_who_may_not_be_written_to_is_named_last() -> None:
    stands = AINO.stands
    blocked = Candidate(attendee=1, language="fi", stands=stands, blocked=True, opted_out=True)
    tired = Candidate(attendee=1, language="fi", stands=stands, opted_out=True)

    assert judge(Segment(), blocked).reason == "blocked"
    assert judge(Segment(), tired).reason == "opted_out"
    assert judge(Segment(languages=("sv",)), blocked).reason == "language"


def test_somebody_without_any_registration_is_not_in_the_event() -> None:
    assert judge(Segment(), Candidate(attendee=1, language="fi")).reason == "event"


def test_what_is_stored_is_read_again() -> None:
    segment = Segment(events=("first",), question="how", options=("yes",), survey="answered")

    assert Segment.of(segment.kept()) == segment


@pytest.mark.parametrize(
    ("segment", "field"),
    [
        (Segment(events=("gone",)), "events"),
        (Segment(states=("dancing",)), "states"),
        (Segment(languages=("de",)), "languages"),
        (Segment(attendance=("late",)), "attendance"),
        (Segment(survey="maybe"), "survey"),
        (Segment(question="gone", options=("yes",)), "question"),
        (Segment(question="how"), "options"),
        (Segment(question="how", options=("maybe",)), "options"),
        (Segment(options=("yes",)), "options"),
    ],
)
def test_a_choice_of_something_that_is_not_there_is_refused(segment: Segment, field: str) -> None:
    with pytest.raises(BadSegment) as no:
        require_segment(
            segment,
            events={"first"},
            states={"confirmed"},
            languages={"fi"},
            options={"how": ["yes", "no"]},
        )

    assert field in no.value.fields
