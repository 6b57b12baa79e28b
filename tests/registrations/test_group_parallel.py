"""Groups at the same moment (T02): no place is given twice, nobody waits beside a free one."""

import random
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from functools import partial

import pytest
from django.db import connection

from events.models import EventSeries
from registrations.actions import register
from registrations.models import Attendee, Quota, Registration, Submission
from registrations.queries import drift
from tests import factories
from tests.registrations.people import slugs, somebody
from tests.registrations.test_parallel import together

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _no_connection_is_left_open() -> Iterator[None]:
    yield
    connection.close()


def press(series: EventSeries, numbers: list[int], *, at: datetime) -> Submission:
    person, *colleagues = map(somebody, numbers)
    return register(
        series=series,
        person=person,
        colleagues=colleagues,
        events=slugs(series, 0, 1),
        idempotency_key=f"{series.slug} {numbers}",
        at=at,
    )


def test_groups_of_one_to_four_take_exactly_the_places_there_are(noon: datetime, *, full: bool) -> None:
    """T02: other groups with every throw of the dice."""
    organisation = factories.organisation()
    for seed in range(50 if full else 3):
        series = factories.four_mornings(organisation=organisation, capacity=20, slug=f"heitto-{seed}")
        groups = _thrown(random.Random(seed))  # noqa: S311 - sizes of groups, no secrets

        together([partial(press, series, group, at=noon) for group in groups])

        people = sum(map(len, groups))
        for quota in Quota.objects.filter(event__slug__in=slugs(series, 0, 1)):
            rows = Registration.objects.filter(event=quota.event_id)
            assert Counter(rows.values_list("state", flat=True)) == {"confirmed": 20, "waiting": people - 20}
            line = rows.exclude(waiting_number=None).order_by("waiting_number")
            assert list(line.values_list("waiting_number", flat=True)) == list(range(1, people - 19))
        assert drift() == {}


def _thrown(chance: random.Random) -> list[list[int]]:
    groups: list[list[int]] = []
    while (begun := sum(map(len, groups))) < 50:
        groups.append(list(range(begun, begun + chance.randint(1, 4))))
    return groups


def test_groups_that_name_the_same_people_never_wait_for_each_other(noon: datetime) -> None:
    series = factories.four_mornings(organisation=factories.organisation(), capacity=20)
    orders = [[1, 2, 3], [3, 2, 1], [2, 3, 1], [3, 1, 2]] * 3

    together([partial(press, series, order, at=noon) for order in orders])

    assert Attendee.objects.count() == 3
    assert Counter(Registration.objects.values_list("state", flat=True)) == {"confirmed": 6}
    assert drift() == {}
