"""The life of a message as data."""

from datetime import timedelta

import pytest

from notifications import rules
from notifications.models import Message


def test_every_state_has_its_moves_and_no_move_leads_nowhere() -> None:
    states = set(Message.State.values)

    assert set(rules.MOVES) == states
    assert set().union(*rules.MOVES.values()) <= states


def test_what_is_over_stays_over() -> None:
    assert {state for state, goals in rules.MOVES.items() if not goals} == {
        "cancelled",
        "expired",
        "closed",
        "complained",
    }


@pytest.mark.parametrize("state", sorted(Message.State.values))
def test_nothing_is_handed_over_without_a_claim(state: str) -> None:
    assert rules.may_move(state, "sending") == (state == "claimed")


def test_a_message_being_sent_cannot_be_taken_back() -> None:
    assert not rules.may_move("sending", "cancelled")
    assert rules.sources_of("cancelled") == rules.NOT_BEGUN | rules.LOST


def test_waits_grow_and_end() -> None:
    middle = [rules.wait_before(attempt=attempt, chance=0.5) for attempt in range(1, 8)]

    assert middle == [*rules.LADDER, None]
    assert rules.wait_before(attempt=1, chance=0.0) == timedelta(seconds=24)
    assert rules.wait_before(attempt=1, chance=1.0) == timedelta(seconds=36)


@pytest.mark.parametrize(
    ("news", "state", "wins"),
    [
        ("delivered", "accepted", True),
        ("delivered", "deferred", True),
        ("deferred", "delivered", False),
        ("delivered", "complained", False),
        ("bounced_hard", "delivered", True),
        ("bounced_soft", "bounced_hard", False),
        ("complained", "bounced_hard", True),
        ("delivered", "delivered", False),
        ("delivered", "uncertain", True),
        ("delivered", "cancelled", False),
    ],
)
def test_news_of_lower_rank_never_overwrites(news: str, state: str, wins: bool) -> None:  # noqa: FBT001 - a column of the table
    assert rules.outranks(news, state) is wins
