"""What changes no place by itself still reaches an organiser: words, and what another address answered."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from events.models import EventSeries
from notifications.reply_address import reply_address
from registrations.actions import take_reply
from registrations.actions.replying import seen
from registrations.invitations import reply_seed
from registrations.models import CalendarReply, Quota
from registrations.queries.replies import answers_by_event, looks_by_event, to_look_at
from tests.events.answers import Answer, plain
from tests.registrations.people import AINO, day, registration, sign_up, states

MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def _aino_comes(mornings: EventSeries, noon: datetime) -> None:
    sign_up(mornings, AINO, 0, at=noon)


def answer(series: EventSeries, partstat: str, *, at: datetime, **more: object) -> Answer:
    row = registration(AINO, day(series))
    made = Answer(uid=row.calendar_entry.uid, to=reply_address(reply_seed(row)), partstat=partstat, stamp=at)
    return replace(made, **more)  # type: ignore[arg-type]  # the fields of an answer


def press(series: EventSeries, partstat: str, *, at: datetime, **more: object) -> None:
    take_reply(raw=plain(answer(series, partstat, at=at, **more)), recipient="", at=at)


def replies() -> list[tuple[str, str]]:
    return list(CalendarReply.objects.values_list("attends", "outcome"))


@pytest.mark.parametrize("said_of", ["aino@example.org", "aino@example.net"])
def test_what_another_address_answered_is_kept_for_the_organiser(
    mornings: EventSeries, noon: datetime, said_of: str
) -> None:
    """An assistant writes in Aino's name, or Aino has another mailbox: neither frees a place by itself."""
    press(mornings, "DECLINED", at=noon, sender="aino@example.net", attendee=said_of)

    assert (replies(), states(AINO)) == ([("DECLINED", "stranger")], ["confirmed"])


def test_nobody_can_tell_who_of_two_strangers_answered(mornings: EventSeries, noon: datetime) -> None:
    one = answer(mornings, "DECLINED", at=noon, attendee="veera@example.org", sender="olli@example.org")
    two = one.calendar("ATTENDEE;PARTSTAT=DECLINED:mailto:v@example.org", "ATTENDEE:mailto:m@example.org")

    take_reply(raw=plain(one, two), recipient="", at=noon)

    assert replies() == [("", "stranger")]


def test_words_wait_for_an_organiser_whatever_the_answer_is(mornings: EventSeries, noon: datetime) -> None:
    press(mornings, "ACCEPTED", at=noon, comment="Tarvitsen pyörätuolipaikan")
    press(mornings, "ACCEPTED", at=noon, comment="Tarvitsen pyörätuolipaikan")  # the same mail by another way
    press(mornings, "TENTATIVE", at=noon + MINUTE)

    [waits] = to_look_at(mornings)
    assert (waits.comment, waits.outcome) == ("Tarvitsen pyörätuolipaikan", "recorded")
    assert looks_by_event([day(mornings)]) == {day(mornings).pk: 1}
    seen(reply=waits, at=noon)
    assert not to_look_at(mornings)


def test_a_no_after_the_deadline_waits_once_and_counts_as_a_no(mornings: EventSeries, noon: datetime) -> None:
    press(mornings, "ACCEPTED", at=noon)
    Quota.objects.update(closes_at=noon)

    for _again in range(3):  # each way that the mail comes by adds lines of its own
        press(mornings, "DECLINED", at=noon + MINUTE)

    assert [row.outcome for row in to_look_at(mornings)] == ["late"]
    assert answers_by_event([day(mornings)]) == {day(mornings).pk: {"DECLINED": 1}}


def test_who_says_yes_after_a_late_no_is_not_taken_off_by_an_organiser(
    mornings: EventSeries, noon: datetime
) -> None:
    Quota.objects.update(closes_at=noon)
    press(mornings, "DECLINED", at=noon)

    press(mornings, "ACCEPTED", at=noon + MINUTE)

    assert (list(to_look_at(mornings)), states(AINO)) == ([], ["confirmed"])
    assert replies() == [("DECLINED", "undone"), ("ACCEPTED", "recorded")]
    assert answers_by_event([day(mornings)]) == {day(mornings).pk: {"ACCEPTED": 1}}
    press(mornings, "DECLINED", at=noon)  # the first no once more, late on its way
    assert list(to_look_at(mornings)) == []
