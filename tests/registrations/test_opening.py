"""Opening a series, its places, and who came."""

from datetime import date, datetime, timedelta

import pytest

from accounts.models import AuditEvent, Organisation
from backend.core.i18n import Text
from events.models import Event, EventSeries
from events.templates import TEMPLATES
from notifications.models import Message
from registrations import rules
from registrations.actions import (
    cancel,
    mark_attendance,
    new_series_from_template,
    open_registration,
    set_capacity,
)
from registrations.models import Quota, Registration, RegistrationForm
from tests import factories
from tests.registrations.people import AINO, OLLI, VEERA, day, registration, sign_up, somebody, states


def _quota(series: EventSeries) -> tuple[int, int, int]:
    quota = Quota.objects.get(event=day(series))
    return quota.capacity, quota.taken, quota.hard_cap


def test_more_places_let_the_next_in_line_in(mornings: EventSeries, noon: datetime) -> None:
    people = [somebody(number) for number in range(6)]
    for person in people:
        sign_up(mornings, person, 0, at=noon)

    set_capacity(event=day(mornings), capacity=4, at=noon, actor=None)

    assert [states(person)[0] for person in people] == ["confirmed"] * 4 + ["waiting"] * 2
    assert _quota(mornings) == (4, 4, 4)
    promoted = Message.objects.filter(kind="promoted").order_by("pk").values_list("recipient", flat=True)
    assert list(promoted) == ["person2@example.org", "person3@example.org"]


def test_fewer_places_take_nobodys_place_away(mornings: EventSeries, noon: datetime) -> None:
    for person in (AINO, VEERA, OLLI):
        sign_up(mornings, person, 0, at=noon)

    set_capacity(event=day(mornings), capacity=1, at=noon, actor=None)
    assert _quota(mornings) == (1, 2, 2)

    cancel(registration=registration(AINO, day(mornings)), by=Registration.CancelledBy.ORGANISER, at=noon)
    assert _quota(mornings) == (1, 1, 1)
    assert states(OLLI) == ["waiting"]

    cancel(registration=registration(VEERA, day(mornings)), by=Registration.CancelledBy.ORGANISER, at=noon)
    assert _quota(mornings) == (1, 1, 1)
    assert states(OLLI) == ["confirmed"]


@pytest.mark.parametrize("capacity", [-1, 100_001])
def test_a_number_of_places_that_cannot_be_is_refused(
    mornings: EventSeries, noon: datetime, capacity: int
) -> None:
    with pytest.raises(rules.Invalid) as refused:
        set_capacity(event=day(mornings), capacity=capacity, at=noon, actor=None)

    assert list(refused.value.fields) == ["capacity"]
    assert _quota(mornings) == (2, 0, 2)


def test_an_event_without_places_gets_them(mornings: EventSeries, noon: datetime) -> None:
    Quota.objects.filter(event=day(mornings)).delete()

    set_capacity(event=day(mornings), capacity=5, at=noon, actor=None)

    assert _quota(mornings) == (5, 0, 5)
    assert Quota.objects.get(event=day(mornings)).closes_at == day(mornings).starts_at


def test_a_new_series_takes_registrations_when_it_is_published(demos: Organisation, noon: datetime) -> None:
    actor = factories.organiser(demos)

    series = new_series_from_template(
        organisation=demos,
        template=TEMPLATES["morning_coffee"],
        title=Text("Aamukahvit"),
        first_day=date(2027, 4, 13),
        slug="aamukahvit",
        at=noon,
        actor=actor,
    )

    assert series.state == EventSeries.State.DRAFT
    assert RegistrationForm.objects.get(series=series).opens_at == noon
    assert [
        (quota.capacity, quota.hard_cap, quota.closes_at == quota.event.starts_at)
        for quota in Quota.objects.select_related("event")
    ] == [(60, 60, True)] * 4
    EventSeries.objects.update(state=EventSeries.State.PUBLISHED)
    Event.objects.update(state=Event.State.PUBLISHED)
    assert [result["state"] for result in sign_up(series, AINO, at=noon).results] == ["confirmed"] * 4
    assert set(AuditEvent.objects.values_list("action", flat=True)) >= {"registration.opened"}


def test_opening_again_moves_the_hours_and_keeps_the_places(mornings: EventSeries, noon: datetime) -> None:
    later = noon + timedelta(days=1)

    open_registration(series=mornings, opens_at=later, capacity=99, at=noon, actor=None)

    assert RegistrationForm.objects.get(series=mornings).opens_at == later
    assert _quota(mornings) == (2, 0, 2)
    with pytest.raises(rules.NotOpenYet):
        sign_up(mornings, AINO, 0, at=noon)


def test_who_came_is_marked_and_the_mark_can_be_taken_off(mornings: EventSeries, noon: datetime) -> None:
    sign_up(mornings, AINO, 0, at=noon)
    own = registration(AINO, day(mornings))

    marks = [
        mark_attendance(registration=own, attended=attended, at=noon, actor=None).attended
        for attended in (True, False, None)
    ]

    assert marks == [True, False, None]


def test_only_somebody_with_a_place_can_be_marked(mornings: EventSeries, noon: datetime) -> None:
    Quota.objects.update(capacity=0)
    sign_up(mornings, AINO, 0, at=noon)

    with pytest.raises(rules.NothingToTake):
        mark_attendance(registration=registration(AINO, day(mornings)), attended=True, at=noon, actor=None)
