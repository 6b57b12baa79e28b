"""The button of a new address pressed at the same moment, by impatient hands and against a newcomer."""

from collections import Counter
from datetime import datetime

import pytest

from events.models import EventSeries
from notifications.models import Message
from registrations.actions import ask_new_address, confirm_new_address
from registrations.models import Attendee
from registrations.queries import new_address_by_token
from tests import factories
from tests.registrations.people import AINO, OLLI, attendee, sign_up
from tests.together import together

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def series(noon: datetime) -> EventSeries:
    return factories.four_mornings(organisation=factories.organisation(), capacity=5)


def test_four_presses_of_one_link_move_the_person_once(series: EventSeries, noon: datetime) -> None:
    sign_up(series, AINO, 0, 1, at=noon)
    asked = ask_new_address(attendee=attendee(AINO), email="uusi@example.org", at=noon)

    answers = together(
        lambda: confirm_new_address(change=new_address_by_token(asked.token, at=noon), at=noon)
    )

    assert answers == ["done"] * 4
    told = Counter(Message.objects.exclude(state="cancelled").values_list("kind", "recipient"))
    assert told == {
        ("new_address", "uusi@example.org"): 1,
        ("address_changed", AINO.email): 1,
        ("confirmation", "uusi@example.org"): 2,
    }


@pytest.mark.parametrize("morning", [0, 1], ids=["the same morning", "another morning"])
def test_an_address_that_somebody_takes_at_the_same_moment_stays_one_persons(
    series: EventSeries, noon: datetime, morning: int
) -> None:
    sign_up(series, AINO, 0, at=noon)
    asked = ask_new_address(attendee=attendee(AINO), email=OLLI.email, at=noon)
    turns = iter(["press", "register", "press", "register"])

    def deed() -> None:
        if next(turns) == "press":
            confirm_new_address(change=new_address_by_token(asked.token, at=noon), at=noon)
        else:
            sign_up(series, OLLI, morning, at=noon)

    answers = Counter(together(deed))

    holders = Attendee.objects.filter(email_key=OLLI.email)
    assert holders.count() == 1
    moved = holders.get() == Attendee.objects.earliest("pk")
    assert answers == ({"done": 4} if moved else {"done": 2, "address-taken": 2})
