"""Bringing people in as work: killed, broken or late, it is done once or not at all, and says why."""

from collections import Counter
from datetime import datetime, timedelta

import pytest
import time_machine
from django.core.cache import cache
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext
from redis.exceptions import ConnectionError as CacheAway

from accounts.models import Organisation, User
from events.models import Event, EventSeries
from registrations import lists, tasks
from registrations.actions import importing
from registrations.actions.importing import (
    carry_out,
    confirm_import,
    tend_imports,
)
from registrations.models import (
    Attendee,
    AttendeeImport,
    Quota,
    Registration,
    WorkState,
)
from registrations.queries.importing import (
    open_events,
    percent_done,
    progress_key,
    report_on,
)
from tests import factories
from tests.registrations.lists import checked, rows
from tests.registrations.people import day, told

pytestmark = pytest.mark.django_db


@pytest.fixture
def olli(demos: Organisation) -> User:
    return factories.organiser(demos, email="jarjestaja@example.org")


def test_an_event_called_off_meanwhile_lets_nobody_in_and_says_why(
    mornings: EventSeries, olli: User, noon: datetime
) -> None:
    work = confirm_import(work=checked(mornings, olli, rows(1), 0, 1, at=noon), leave_out=False, at=noon)
    Event.objects.filter(pk=day(mornings).pk).update(state="cancelled")

    carry_out(work.pk, at=noon)

    work.refresh_from_db()
    assert (work.state, work.results, work.rows) == ("failed", {"why": "event-closed"}, [])
    assert not Attendee.objects.exists()


def dies(*_args: object, **_more: object) -> None:
    raise KeyboardInterrupt


def test_a_worker_killed_midway_has_done_nothing_and_the_next_brings_in_everybody_once(
    mornings: EventSeries, olli: User, noon: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    work = confirm_import(work=checked(mornings, olli, rows(1, 2), at=noon), leave_out=False, at=noon)
    with monkeypatch.context() as broken:
        broken.setattr("notifications.outbox.queue_many", dies)
        with pytest.raises(KeyboardInterrupt):
            carry_out(work.pk, at=noon)
    work.refresh_from_db()
    assert (work.state, Attendee.objects.count(), Registration.objects.count()) == ("running", 0, 0)
    assert tend_imports(at=noon + timedelta(minutes=4)) == []
    assert tend_imports(at=noon + timedelta(minutes=6)) == [work.pk]

    carry_out(work.pk, at=noon)
    carry_out(work.pk, at=noon)

    assert (Attendee.objects.count(), Registration.objects.count()) == (2, 2)
    assert Counter(kind for kind, _state in told()) == {"confirmation": 2}


@pytest.mark.parametrize(
    ("error", "state", "why"), [(ValueError, "failed", "broken"), (OperationalError, "running", None)]
)
def test_what_breaks_changes_nothing_and_is_told(
    mornings: EventSeries,
    olli: User,
    noon: datetime,
    monkeypatch: pytest.MonkeyPatch,
    error: type[Exception],
    state: str,
    why: str | None,
) -> None:
    def breaks(*_args: object, **_more: object) -> None:
        raise error

    work = confirm_import(work=checked(mornings, olli, rows(1), at=noon), leave_out=False, at=noon)
    monkeypatch.setattr("notifications.outbox.queue_many", breaks)

    with pytest.raises(error):
        carry_out(work.pk, at=noon)

    work.refresh_from_db()
    assert (work.state, work.results.get("why")) == (state, why)
    assert not Attendee.objects.exists()


def test_people_are_forgotten_after_a_day_whatever_became_of_the_list(
    mornings: EventSeries, olli: User, noon: datetime
) -> None:
    left = checked(mornings, olli, rows(1), at=noon)
    stuck = confirm_import(work=checked(mornings, olli, rows(2), at=noon), leave_out=False, at=noon)
    with time_machine.travel(noon + timedelta(hours=24), tick=False):
        tasks.tend_imports()

    stuck.refresh_from_db()
    assert not AttendeeImport.objects.filter(pk=left.pk).exists()
    assert (stuck.state, stuck.rows, stuck.results) == ("failed", [], {"why": "too-late"})


def test_a_long_list_is_brought_in_by_a_worker_and_a_short_one_at_once(
    mornings: EventSeries,
    olli: User,
    noon: datetime,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: object,
) -> None:
    woken: list[dict[str, int]] = []
    monkeypatch.setattr(tasks.bring_in, "apply_async", lambda *, kwargs, retry: woken.append(kwargs))  # noqa: ARG005 - the broker's own
    work = confirm_import(work=checked(mornings, olli, rows(*range(30)), at=noon), leave_out=False, at=noon)
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]  # the fixture's function
        lists.have_brought_in(work)
    assert (woken, Attendee.objects.count()) == ([{"import_id": work.pk}], 0)
    with time_machine.travel(noon, tick=False):
        tasks.bring_in(**woken[0])
        assert Attendee.objects.count() == 30
        short = checked(mornings, olli, rows(40), at=noon)
        lists.have_brought_in(confirm_import(work=short, leave_out=False, at=noon))
    assert Attendee.objects.count() == 31


def test_a_lost_wake_up_is_made_up_by_the_tick(
    mornings: EventSeries, olli: User, noon: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(**_more: object) -> None:
        raise OSError

    monkeypatch.setattr(tasks.bring_in, "apply_async", away)
    work = confirm_import(work=checked(mornings, olli, rows(1), at=noon), leave_out=False, at=noon)

    with time_machine.travel(noon + timedelta(minutes=6), tick=False):
        tasks.tend_imports()

    work.refresh_from_db()
    assert work.state == WorkState.QUEUED


def test_how_far_it_is_can_be_seen_from_outside(
    mornings: EventSeries, olli: User, noon: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    work = confirm_import(work=checked(mornings, olli, rows(*range(60)), at=noon), leave_out=False, at=noon)
    assert percent_done(work) == 0
    carry_out(work.pk, at=noon)
    assert cache.get(progress_key(work.pk)) == 58  # the last time it was told: 50 of 60 people were held
    assert percent_done(work) == 58
    work.refresh_from_db()
    assert percent_done(work) == 100

    def away(*_args: object, **_more: object) -> None:
        raise CacheAway

    monkeypatch.setattr(cache, "get", away)
    monkeypatch.setattr(cache, "set", away)
    more = confirm_import(work=checked(mornings, olli, rows(99), at=noon), leave_out=False, at=noon)
    assert percent_done(more) == 0
    carry_out(more.pk, at=noon)
    assert Attendee.objects.count() == 61


def test_a_list_twice_as_long_asks_a_small_constant_more_for_each_row(
    mornings: EventSeries, olli: User, noon: datetime
) -> None:
    Quota.objects.update(capacity=100, hard_cap=100)
    counts = []
    for numbers in (range(20), range(100, 140)):
        work = confirm_import(work=checked(mornings, olli, rows(*numbers), at=noon), leave_out=False, at=noon)
        with CaptureQueriesContext(connection) as asked:
            carry_out(work.pk, at=noon)
        counts.append(len(asked))
    with CaptureQueriesContext(connection) as looked:
        report_on(checked(mornings, olli, rows(*range(500)), at=noon), at=noon)

    assert (counts[1] - counts[0]) / 20 <= 3  # let in, hold, write down
    assert len(looked) <= 20


def test_a_worker_that_comes_between_two_steps_of_another_does_nothing(
    mornings: EventSeries, olli: User, noon: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    work = confirm_import(work=checked(mornings, olli, rows(1), at=noon), leave_out=False, at=noon)
    carry_out(work.pk, at=noon)
    monkeypatch.setattr(importing, "_begin", lambda _import_id: True)

    carry_out(work.pk, at=noon)

    assert Registration.objects.count() == 1


def test_an_event_called_off_just_before_the_places_are_held_lets_nobody_in(
    mornings: EventSeries, olli: User, noon: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    work = confirm_import(work=checked(mornings, olli, rows(1), at=noon), leave_out=False, at=noon)
    still_open = open_events(mornings, at=noon)
    monkeypatch.setattr(importing, "open_events", lambda _series, *, at: still_open)  # noqa: ARG005 - its shape
    Event.objects.update(state="cancelled")

    carry_out(work.pk, at=noon)

    work.refresh_from_db()
    assert (work.state, work.results) == ("failed", {"why": "event-closed"})
    assert not Attendee.objects.exists()
