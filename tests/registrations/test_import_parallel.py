"""People brought in while others register, or by two workers: no place is given twice, nobody is lost."""

from collections.abc import Callable
from datetime import datetime
from functools import partial

import pytest

from accounts.models import User
from events.models import EventSeries
from notifications.models import Message
from registrations.actions.importing import carry_out, check_people, confirm_import
from registrations.models import Attendee, AttendeeImport, Quota, Registration
from registrations.queries import drift
from registrations.rules.importing import Choices, Typed
from tests import factories
from tests.registrations.lists import row
from tests.registrations.people import day, sign_up, slugs, somebody
from tests.registrations.test_parallel import counted, together

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def series(noon: datetime) -> EventSeries:
    """Four mornings with fifty places each."""
    return factories.four_mornings(organisation=factories.organisation(), capacity=50)


@pytest.fixture
def olli(series: EventSeries) -> User:
    return factories.organiser(series.organisation, email="jarjestaja@example.org")


def ready(
    series: EventSeries, olli: User, people: list[Typed], *, at: datetime, wait: bool
) -> AttendeeImport:
    choices = Choices(events=tuple(slugs(series, 0, 1)), wait=wait)
    work = check_people(series=series, people=people, choices=choices, at=at, actor=olli)
    return confirm_import(work=work, leave_out=False, at=at)


@pytest.mark.parametrize("wait", [True, False])
def test_a_list_and_twenty_people_want_the_last_places(
    series: EventSeries, olli: User, noon: datetime, *, wait: bool
) -> None:
    work = ready(series, olli, [row(number) for number in range(100, 140)], at=noon, wait=wait)
    crowd = [partial(sign_up, series, somebody(number), 0, 1, at=noon) for number in range(20)]

    deeds: list[Callable[[], object]] = [*crowd[:5], partial(carry_out, work.pk, at=noon), *crowd[5:]]
    together(deeds)

    work.refresh_from_db()
    assert work.state == "done"
    for number in (0, 1):
        quota = Quota.objects.get(event=day(series, number))
        assert quota.taken == quota.capacity == counted(number, series)["confirmed"] == 50
    everybody = Registration.objects.filter(event=day(series)).count()
    assert everybody + len(work.results["no_place"]) == 60
    assert not (wait and work.results["no_place"])
    assert drift() == {}


def test_people_of_the_list_who_register_at_the_same_moment_are_one_person_each(
    series: EventSeries, olli: User, noon: datetime
) -> None:
    work = ready(series, olli, [row(number) for number in range(30)], at=noon, wait=True)
    crowd = [partial(sign_up, series, somebody(number), 0, 1, at=noon) for number in range(29, -1, -1)]

    deeds: list[Callable[[], object]] = [partial(carry_out, work.pk, at=noon), *crowd]
    together(deeds)

    work.refresh_from_db()
    assert (work.state, Attendee.objects.count(), Registration.objects.count()) == ("done", 30, 60)
    assert Message.objects.filter(kind="confirmation").count() == 60
    assert drift() == {}


def test_two_workers_bring_a_list_in_once(series: EventSeries, olli: User, noon: datetime) -> None:
    work = ready(series, olli, [row(number) for number in range(20)], at=noon, wait=True)

    together([partial(carry_out, work.pk, at=noon)] * 4)

    work.refresh_from_db()
    assert (work.state, work.results["new"], Registration.objects.count()) == ("done", 20, 40)
    assert drift() == {}


def test_two_lists_with_the_same_people_let_each_in_once(
    series: EventSeries, olli: User, noon: datetime
) -> None:
    people = [row(number) for number in range(20)]
    lists = [ready(series, olli, people[::step], at=noon, wait=True) for step in (1, -1)]

    together([partial(carry_out, work.pk, at=noon) for work in lists])

    assert sorted(AttendeeImport.objects.values_list("state", flat=True)) == ["done", "done"]
    assert (Attendee.objects.count(), Registration.objects.count()) == (20, 40)
    assert drift() == {}
