"""Other events, another language."""

from datetime import datetime, timedelta

import pytest

from events.models import EventSeries
from notifications.models import Message
from registrations import rules
from registrations.actions import Changed, change, set_language, tend
from registrations.models import Quota, Registration
from tests.registrations.people import (
    AINO,
    OLLI,
    VEERA,
    all_sent,
    attendee,
    day,
    entry,
    mail,
    reminded,
    sign_up,
    slugs,
    states,
    told,
)


def _change(series: EventSeries, *days: int, at: datetime) -> Changed:
    return change(attendee=attendee(AINO), events=slugs(series, *days), at=at)


def _places() -> list[tuple[int, str]]:
    rows = Registration.objects.filter(attendee__email=AINO.email).order_by("pk")
    return [(row.event.starts_at.day, row.state) for row in rows]


def test_tuesday_is_swapped_for_thursday(mornings: EventSeries, noon: datetime) -> None:
    sign_up(mornings, AINO, 0, 1, at=noon)
    all_sent()

    done = _change(mornings, 1, 2, at=noon)

    assert _places() == [(13, "cancelled"), (14, "confirmed"), (15, "confirmed")]
    assert [len(done.added), len(done.cancelled), done.kept, done.full] == [1, 1, (), ()]
    assert told(AINO)[2:] == [("cancelled_by_attendee", "queued"), ("confirmation", "queued")]
    assert list(Quota.objects.values_list("taken", flat=True)) == [1, 1, 1, 0]  # Tuesday can be taken back
    tend(at=noon + timedelta(minutes=10))
    assert list(Quota.objects.values_list("taken", flat=True)) == [0, 1, 1, 0]


def test_the_place_given_up_goes_to_the_next_in_line(mornings: EventSeries, noon: datetime) -> None:
    Quota.objects.update(capacity=1, hard_cap=1)
    for person in (AINO, VEERA):
        sign_up(mornings, person, 0, at=noon)
    sign_up(mornings, OLLI, 2, at=noon)

    _change(mornings, 2, at=noon)

    assert states(VEERA) == ["waiting"]
    tend(at=noon + timedelta(minutes=10))

    assert _places() == [(13, "cancelled"), (15, "waiting")]
    assert states(VEERA) == ["confirmed"]


def test_the_same_events_again_change_nothing(mornings: EventSeries, noon: datetime) -> None:
    sign_up(mornings, AINO, 0, 1, at=noon)
    before = told()

    done = _change(mornings, 0, 1, at=noon)

    assert (done.added, done.cancelled, told()) == ((), (), before)


def test_coming_back_to_an_event_is_a_new_registration(mornings: EventSeries, noon: datetime) -> None:
    sign_up(mornings, AINO, 0, 1, at=noon)
    all_sent()
    _change(mornings, 1, at=noon)

    _change(mornings, 0, 1, at=noon)

    assert _places() == [(13, "cancelled"), (14, "confirmed"), (13, "confirmed")]
    old, new = Registration.objects.filter(event=day(mornings)).order_by("pk")
    assert old.calendar_entry.uid != new.calendar_entry.uid


def test_choosing_nothing_is_refused(mornings: EventSeries, noon: datetime) -> None:
    sign_up(mornings, AINO, 0, at=noon)

    with pytest.raises(rules.NoEventChosen) as refused:
        change(attendee=attendee(AINO), events=[], at=noon)

    assert list(refused.value.fields) == ["events"]
    assert states(AINO) == ["confirmed"]


def test_an_event_of_another_series_is_unknown(mornings: EventSeries, noon: datetime) -> None:
    sign_up(mornings, AINO, 0, at=noon)

    with pytest.raises(rules.UnknownEvent):
        change(attendee=attendee(AINO), events=["somewhere-else"], at=noon)

    assert states(AINO) == ["confirmed"]


def test_after_its_deadline_a_place_can_neither_be_taken_nor_given_up(
    mornings: EventSeries, noon: datetime
) -> None:
    sign_up(mornings, AINO, 0, 1, at=noon)
    Quota.objects.filter(event__in=[day(mornings, 0), day(mornings, 3)]).update(closes_at=noon)

    for days in ((1,), (0, 1, 3)):
        with pytest.raises(rules.AlreadyClosed):
            _change(mornings, *days, at=noon)

    assert _places() == [(13, "confirmed"), (14, "confirmed")]


def test_a_closed_place_stays_while_the_others_change(mornings: EventSeries, noon: datetime) -> None:
    sign_up(mornings, AINO, 0, 1, at=noon)
    Quota.objects.filter(event=day(mornings)).update(closes_at=noon)

    done = _change(mornings, 2, at=noon)

    assert _places() == [(13, "confirmed"), (14, "cancelled"), (15, "confirmed")]
    assert [row.event_id for row in done.kept] == [day(mornings).pk]


def test_a_morning_that_has_been_held_is_left_as_it_was(mornings: EventSeries, noon: datetime) -> None:
    sign_up(mornings, AINO, 0, 2, at=noon)

    _change(mornings, 3, at=day(mornings).ends_at + timedelta(hours=1))

    assert _places() == [(13, "confirmed"), (15, "cancelled"), (16, "confirmed")]


def test_what_is_full_without_a_line_is_told(mornings: EventSeries, noon: datetime) -> None:
    sign_up(mornings, AINO, 0, at=noon)
    Quota.objects.filter(event=day(mornings, 1)).update(capacity=0, has_waiting_list=False)

    done = _change(mornings, 0, 1, at=noon)

    assert [event.pk for event in done.full] == [day(mornings, 1).pk]
    assert states(AINO) == ["confirmed"]


def test_another_language_reaches_the_mails_that_wait(mornings: EventSeries, noon: datetime) -> None:
    sign_up(mornings, AINO, 0, at=noon)
    all_sent()
    reminded(mornings)

    set_language(attendee=attendee(AINO), language="sv", at=noon)
    reminded(mornings)
    cancelled, planned = [
        (message.state, message.language, message.context["title"])
        for message in Message.objects.filter(kind="reminder").order_by("pk")
    ]

    assert cancelled == ("cancelled", "fi", "Lähiluonnon saavutettavuus")
    assert planned == ("queued", "sv", "Närnaturens tillgänglighet")

    _change(mornings, 1, at=noon)
    assert mail(AINO, "confirmation").language == "sv"
    assert entry(mail(AINO, "confirmation"))["SUMMARY"] == "Delaktighet\\, motion och hållbarhet"
