"""What registration allows, on plain values."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from backend.core.errors import Refusal
from registrations import rules
from registrations.rules import Person, State, Terms

HELSINKI = ZoneInfo("Europe/Helsinki")
START = datetime(2027, 4, 13, 5, 30, tzinfo=UTC)
TERMS = Terms(
    cancelled=False,
    starts_at=START,
    ends_at=START + timedelta(minutes=90),
    times_known=True,
    opens_at=START - timedelta(days=60),
    closes_at=START - timedelta(hours=20),
    capacity=60,
    taken=10,
)
OPEN = START - timedelta(days=10)
AINO = Person(name="Aino Esimerkki", email="aino@example.org")


@pytest.mark.parametrize(
    ("terms", "at", "state"),
    [
        (TERMS, OPEN, "open"),
        (replace(TERMS, taken=54), OPEN, "few_left"),
        (replace(TERMS, taken=53), OPEN, "open"),
        (replace(TERMS, capacity=20, taken=15), OPEN, "few_left"),
        (replace(TERMS, capacity=20, taken=14), OPEN, "open"),
        (replace(TERMS, taken=60), OPEN, "full_with_list"),
        (replace(TERMS, taken=60, has_waiting_list=False), OPEN, "full"),
        (replace(TERMS, taken=70), OPEN, "full_with_list"),
        (TERMS, START - timedelta(days=60, seconds=1), "not_yet_open"),
        (TERMS, START - timedelta(days=60), "open"),
        (TERMS, START - timedelta(hours=20, seconds=1), "open"),
        (TERMS, START - timedelta(hours=20), "closed"),
        (TERMS, START, "live"),
        (TERMS, START + timedelta(minutes=90), "past"),
        (replace(TERMS, times_known=False), START, "closed"),
        (replace(TERMS, cancelled=True), OPEN, "cancelled"),
        (replace(TERMS, cancelled=True), START + timedelta(days=9), "cancelled"),
        (replace(TERMS, capacity=None), OPEN, "no_registration"),
        (replace(TERMS, opens_at=None), OPEN, "no_registration"),
        (replace(TERMS, capacity=None), START + timedelta(days=1), "past"),
    ],
)
def test_an_event_is_in_one_state_at_each_moment(terms: Terms, at: datetime, state: State) -> None:
    assert rules.state_of(terms, at=at) == state


@pytest.mark.parametrize(
    ("terms", "at", "code"),
    [
        (TERMS, OPEN, None),
        (replace(TERMS, taken=60), OPEN, None),
        (replace(TERMS, taken=60, has_waiting_list=False), OPEN, None),
        (TERMS, START - timedelta(days=90), "not-yet-open"),
        (TERMS, START - timedelta(hours=1), "registration-closed"),
        (TERMS, START + timedelta(hours=1), "registration-closed"),
        (TERMS, START + timedelta(days=1), "registration-closed"),
        (replace(TERMS, cancelled=True), OPEN, "registration-closed"),
        (replace(TERMS, capacity=None), OPEN, "registration-closed"),
    ],
)
def test_only_an_open_event_can_be_registered_to(terms: Terms, at: datetime, code: str | None) -> None:
    if code is None:
        rules.require_open(terms, title="Lähiluonto", at=at)
        return
    with pytest.raises(Refusal) as refused:
        rules.require_open(terms, title="Lähiluonto", at=at)
    assert refused.value.code == code
    assert "Lähiluonto" in str(refused.value)
    assert list(refused.value.fields) == ["events"]


def test_after_the_deadline_the_sentence_says_who_can_still_help() -> None:
    with pytest.raises(rules.AlreadyClosed) as refused:
        rules.require_changeable(START, title="Lähiluonto", at=START, contact="kahvit@example.org")

    assert "kahvit@example.org" in str(refused.value)


LONG_LOCAL = "a" * 65 + "@example.org"
LONG_ADDRESS = "a" * 60 + "@" + ".".join(["b" * 60] * 4) + ".fi"


@pytest.mark.parametrize(
    ("person", "fields"),
    [
        (replace(AINO, name=""), ["name"]),
        (replace(AINO, name="   "), ["name"]),
        (replace(AINO, name="a" * 201), ["name"]),
        (replace(AINO, name="Aino\x00Esimerkki"), ["name"]),
        (replace(AINO, name="Aino\nBcc: x@example.org"), ["name"]),
        (replace(AINO, name="Aino \u202eikkremisE"), ["name"]),
        (replace(AINO, name="Palkinto https://example.org"), ["name"]),
        (replace(AINO, email=""), ["email"]),
        (replace(AINO, email="aino"), ["email"]),
        (replace(AINO, email="aino@"), ["email"]),
        (replace(AINO, email="@example.org"), ["email"]),
        (replace(AINO, email="aino@example"), ["email"]),
        (replace(AINO, email="aino@exa mple.org"), ["email"]),
        (replace(AINO, email="aino@example.org, veera@example.org"), ["email"]),
        (replace(AINO, email="aino@example.org\nBcc: veera@example.org"), ["email"]),
        (replace(AINO, email="mätti@example.org"), ["email"]),
        (replace(AINO, email=LONG_LOCAL), ["email"]),
        (replace(AINO, email=LONG_ADDRESS), ["email"]),
        (replace(AINO, organisation="a" * 201), ["organisation"]),
        (replace(AINO, organisation="Kunta\x07"), ["organisation"]),
        (replace(AINO, municipality="a" * 201), ["municipality"]),
        (replace(AINO, role="a" * 101), ["role"]),
        (replace(AINO, wish="a" * 2001), ["wish"]),
        (replace(AINO, wish="toive\x1b[31m"), ["wish"]),
        (replace(AINO, name="", email="x", role="a" * 101), ["name", "email", "role"]),
    ],
)
def test_every_field_that_needs_correcting_is_named_at_once(person: Person, fields: list[str]) -> None:
    with pytest.raises(rules.Invalid) as refused:
        rules.clean(person, events=["tiistai"])

    assert (refused.value.code, list(refused.value.fields)) == ("invalid", fields)


@pytest.mark.parametrize(
    ("person", "kept"),
    [
        (AINO, AINO),
        (replace(AINO, name="  Aino \t Esimerkki "), AINO),
        (replace(AINO, email=" aino@EXAMPLE.org "), AINO),
        (replace(AINO, name="O’Brien-Åberg, 李"), replace(AINO, name="O’Brien-Åberg, 李")),
        (replace(AINO, email="Aino.E+vipu@example.org"), replace(AINO, email="Aino.E+vipu@example.org")),
        (replace(AINO, language="de"), AINO),
        (replace(AINO, wish="Tekstitys\r\n\r\nkiitos "), replace(AINO, wish="Tekstitys\n\nkiitos")),
    ],
)
def test_what_is_right_is_kept_tidy(person: Person, kept: Person) -> None:
    assert rules.clean(person, events=["tiistai"]) == kept


def test_nothing_chosen_has_a_code_of_its_own_unless_more_is_wrong() -> None:
    with pytest.raises(rules.NoEventChosen) as alone:
        rules.clean(AINO, events=[])
    with pytest.raises(rules.Invalid) as among:
        rules.clean(replace(AINO, name=""), events=[])

    assert list(alone.value.fields) == ["events"]
    assert list(among.value.fields) == ["events", "name"]


def test_a_list_of_events_without_end_is_refused() -> None:
    with pytest.raises(rules.Invalid) as refused:
        rules.clean(AINO, events=[str(number) for number in range(101)])

    assert list(refused.value.fields) == ["events"]


@pytest.mark.parametrize(
    ("starts_at", "reminder"),
    [
        ("2027-04-13T08:30+03:00", "2027-04-12T09:00+03:00"),
        ("2027-03-28T13:00+03:00", "2027-03-27T09:00+02:00"),  # the clocks go forward in between
        ("2027-11-01T00:30+02:00", "2027-10-31T09:00+02:00"),  # the clocks went back that morning
        ("2028-03-01T08:00+02:00", "2028-02-29T09:00+02:00"),
    ],
)
def test_the_reminder_is_at_nine_on_the_day_before(starts_at: str, reminder: str) -> None:
    start = datetime.fromisoformat(starts_at).astimezone(UTC)
    found = rules.moment_of(rules.When(days=-1, clock=time(9)), anchor=start, zone="Europe/Helsinki")

    assert found == datetime.fromisoformat(reminder)


def test_noon_of_the_day_before_stays_noon_when_the_event_moves_over_a_clock_change() -> None:
    old, new = datetime(2027, 3, 26, 8, 30, tzinfo=HELSINKI), datetime(2027, 4, 2, 9, 0, tzinfo=HELSINKI)
    deadline = datetime(2027, 3, 25, 12, 0, tzinfo=HELSINKI)

    moved = rules.shifted(deadline, old=old, new=new, zone="Europe/Helsinki")

    assert moved == datetime(2027, 4, 1, 12, 30, tzinfo=HELSINKI)


@pytest.mark.parametrize(
    ("email", "label"),
    [
        ("aino@hameenlinna.fi", "hameenlinna"),
        ("aino@edu.hameenlinna.fi", "hameenlinna"),
        ("aino@hel.fi", "helsinki"),
        ("aino@helsinki.fi", ""),  # the university
        ("aino@abo.fi", ""),
        ("aino@example.org", ""),
        ("aino@fi", ""),
    ],
)
def test_an_address_may_tell_the_municipality(email: str, label: str) -> None:
    assert rules.municipality_label(email) == label


def test_a_municipality_that_is_not_one_is_kept_beside_the_organisation() -> None:
    assert [
        rules.organisation_with("", "Demos"),
        rules.organisation_with("Demos", ""),
        rules.organisation_with("Demos", "Kestäväkaupunki"),
        rules.organisation_with("a" * 150, "b" * 150),
        rules.organisation_with("", ""),
    ] == ["Demos", "Demos", "Demos, Kestäväkaupunki", "a" * 150, ""]
