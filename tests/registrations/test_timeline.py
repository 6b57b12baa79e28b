"""Everything between us and one person, in order; the person sees their own part in plain words."""

from datetime import datetime, timedelta

import pytest

from events.models import EventSeries
from notifications.models import Message, MessageEvent
from notifications.reply_address import reply_address
from registrations.actions import mark_attendance, take_reply
from registrations.invitations import reply_seed
from registrations.queries.timeline import Moment, Step, own_letters, timeline_of
from tests.events.answers import Answer, plain
from tests.registrations.people import AINO, attendee, day, mail, registration, sign_up

MINUTE = timedelta(minutes=1)


@pytest.fixture
def aino(mornings: EventSeries, noon: datetime) -> EventSeries:
    sign_up(mornings, AINO, 0, at=noon)
    return mornings


def become(message: Message, *states: str, at: datetime) -> None:
    for number, state in enumerate(states):
        moment = at + number * MINUTE
        MessageEvent.objects.create(message=message, at=moment, state=state)
        Message.objects.filter(pk=message.pk).update(
            state=state, state_changed_at=moment, headline="Olet mukana"
        )


def shape(moments: list[Moment]) -> list[tuple[str, str]]:
    return [(one.step.value, one.state) for one in moments]


def test_the_moments_stand_in_order_and_what_lies_ahead_comes_last(aino: EventSeries, noon: datetime) -> None:
    become(mail(AINO, "confirmation"), "accepted", "delivered", at=noon + MINUTE)
    row = registration(AINO, day(aino))
    said = Answer(
        uid=row.calendar_entry.uid,
        to=reply_address(reply_seed(row)),
        partstat="DECLINED",
        stamp=noon + 5 * MINUTE,
    )
    take_reply(raw=plain(said), recipient="", at=noon + 5 * MINUTE)
    survey = Moment(at=noon + timedelta(days=60), step=Step.ANSWERED)

    moments = timeline_of(attendee(AINO), at=noon + 6 * MINUTE, more=[survey])

    assert shape(moments) == [
        ("registered", ""),
        ("message", "accepted"),
        ("message", "delivered"),
        ("planned", "queued"),  # the mail that the place is about to go
        ("reply", ""),
        ("answered", ""),
        ("release", ""),
        ("planned", ""),  # the reminder, by its rule
    ]
    assert [one.ahead for one in moments][-3:] == [False, True, True]


def test_joining_stands_in_it_and_other_subjects_are_filed_with_their_place(
    aino: EventSeries, noon: datetime
) -> None:
    row = registration(AINO, day(aino))
    after = row.event.ends_at
    mark_attendance(registration=row, attended=True, at=after, actor=None)
    Message.objects.filter(kind="confirmation").update(subject="invitation:77", state="accepted")
    become(Message.objects.get(kind="confirmation"), "accepted", at=noon)

    moments = timeline_of(attendee(AINO), at=after, subjects={row.pk: ["invitation:77"]})

    assert [one.event for one in moments if one.state == "accepted"] == [row.event]
    assert moments[-1].step in {Step.CAME, Step.PLANNED}
    assert Step.CAME in {one.step for one in moments}


@pytest.mark.parametrize(
    ("states", "left", "arrived", "returned"),
    [
        (["accepted"], True, False, False),
        (["accepted", "delivered"], True, True, False),
        (["accepted", "bounced_hard"], True, False, True),
        (["failed"], False, False, True),
        (["uncertain"], True, False, False),
    ],
)
def test_the_person_is_told_what_became_of_each_mail(
    aino: EventSeries, noon: datetime, states: list[str], *, left: bool, arrived: bool, returned: bool
) -> None:
    become(mail(AINO, "confirmation"), *states, at=noon)

    [letter] = own_letters(attendee(AINO))

    assert (bool(letter.left_at), bool(letter.arrived_at), letter.returned) == (left, arrived, returned)


def test_what_has_not_left_or_went_elsewhere_is_not_told(aino: EventSeries, noon: datetime) -> None:
    assert own_letters(attendee(AINO)) == []
    become(mail(AINO, "confirmation"), "accepted", at=noon)
    Message.objects.update(recipient="old@example.org")
    assert own_letters(attendee(AINO)) == []


def test_what_a_rule_will_send_stands_in_it_before_there_is_a_message(
    aino: EventSeries, noon: datetime
) -> None:
    ahead = [one for one in timeline_of(attendee(AINO), at=noon) if one.ahead]

    assert [(one.step, one.kind, one.event) for one in ahead] == [(Step.PLANNED, "reminder", day(aino))]
    assert noon < ahead[0].at < day(aino).starts_at
    over = [one for one in timeline_of(attendee(AINO), at=day(aino).ends_at) if one.ahead]
    assert over == []
