"""T06: one code, and one last place, for many at the same moment."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from functools import partial

import pytest
from django.db import connection

from registrations import actions, rules
from registrations.models import InvitationCode, Quota, Registration
from registrations.queries import drift
from tests import factories
from tests.registrations.people import day, somebody
from tests.registrations.test_modes import come
from tests.registrations.test_parallel import together

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _no_connection_is_left_open() -> Iterator[None]:
    yield
    connection.close()


def test_one_code_redeemed_a_hundred_times_lets_exactly_one_in(noon: datetime) -> None:
    series = factories.four_mornings(organisation=factories.organisation(), capacity=50)
    actions.set_mode(event=day(series), mode=Quota.Mode.INVITATION, group=None, at=noon, actor=None)
    [code] = actions.make_codes(event=day(series), number=1, at=noon, actor=None)

    def attempt(number: int) -> str:
        try:
            return come(series, somebody(number), code.token, at=noon)[0]
        except rules.InvitationNeeded as refused:
            return refused.code

    answers = together([partial(attempt, number) for number in range(100)])

    assert Counter(answers) == {"confirmed": 1, "invitation-needed": 99}
    assert InvitationCode.objects.get().used_by == Registration.objects.get()
    assert Quota.objects.get(event=day(series)).taken == 1
    assert drift() == {}


def test_two_organisers_choosing_at_once_never_choose_more_than_fit(noon: datetime) -> None:
    series = factories.four_mornings(organisation=factories.organisation(), capacity=3)
    event = day(series)
    actions.set_mode(event=event, mode=Quota.Mode.APPLICATION, group=None, at=noon, actor=None)
    for number in range(12):
        come(series, somebody(number), at=noon)
    keys = list(Registration.objects.order_by("pk").values_list("pk", flat=True))

    def choose(start: int) -> str:
        pair = keys[start : start + 2]
        try:
            actions.decide(event=event, registrations=pair, to="confirmed", at=noon, actor=None)
        except (rules.NotEnoughPlaces, rules.Undecided) as refused:
            return refused.code
        return "chosen"

    answers = together([partial(choose, start) for start in range(0, 12, 2)])

    assert Counter(answers) == {"chosen": 1, "not-enough-places": 5}
    assert Quota.objects.get(event=event).taken == 2
    assert drift() == {}
