"""Joining two registrations while others press their buttons: each deed is whole, nobody waits for ever."""

from collections import Counter
from datetime import datetime

import pytest

from events.models import EventSeries
from registrations.actions import cancel, merge
from registrations.models import Attendee, MergedAttendee, Quota, Registration
from registrations.queries import drift
from tests import factories
from tests.registrations.people import AINO, OLLI, VEERA, attendee, sign_up
from tests.together import together

pytestmark = pytest.mark.django_db(transaction=True)
TWIN = OLLI


@pytest.fixture
def series(noon: datetime) -> EventSeries:
    made = factories.four_mornings(organisation=factories.organisation(), capacity=2)
    for person in (AINO, TWIN, VEERA):
        sign_up(made, person, 0, 1, at=noon)
    return made


def test_joining_both_ways_at_once_joins_once(series: EventSeries, noon: datetime) -> None:
    one, two = attendee(AINO), attendee(TWIN)
    turns = iter([(one, two), (two, one)] * 2)

    def deed() -> None:
        kept, other = next(turns)
        merge(kept=kept, other=other, reason="", at=noon, actor=None)

    answers = Counter(together(deed))

    assert answers == {"done": 1, "not-two-people": 3}
    assert (Attendee.objects.count(), MergedAttendee.objects.count()) == (2, 1)
    assert set(Quota.objects.filter(event__in=series.events.all()[:2]).values_list("taken", flat=True)) == {2}
    assert drift() == {}


def test_a_place_cancelled_while_two_are_joined_goes_on_once(series: EventSeries, noon: datetime) -> None:
    one, two = attendee(AINO), attendee(TWIN)
    row = Registration.objects.filter(attendee=two).earliest("pk")
    turns = iter(["merge", "cancel"] * 2)

    def deed() -> None:
        if next(turns) == "merge":
            merge(kept=one, other=two, reason="", at=noon, actor=None)
        else:
            cancel(registration=row, by=Registration.CancelledBy.ORGANISER, at=noon)

    answers = Counter(together(deed))

    assert answers == {"done": 3, "not-two-people": 1}
    states = Counter(Registration.objects.values_list("attendee__email", "state"))
    assert states[VEERA.email, "confirmed"] == 2  # one place came free in each event, whoever freed it
    assert states[AINO.email, "confirmed"] == 2
    assert drift() == {}


def test_somebody_registers_anew_with_the_address_that_goes(series: EventSeries, noon: datetime) -> None:
    one, two = attendee(AINO), attendee(TWIN)
    turns = iter(["register", "merge", "register", "register"])

    def deed() -> None:
        if next(turns) == "merge":
            merge(kept=one, other=two, reason="", at=noon, actor=None)
        else:
            sign_up(series, TWIN, 2, at=noon, key="again")

    answers = together(deed)

    assert answers == ["done"] * 4
    assert drift() == {}
    assert Attendee.objects.filter(email_key=TWIN.email).count() <= 1
