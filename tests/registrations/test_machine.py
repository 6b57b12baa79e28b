"""Anything people and organisers may do with places, in any order: what is promised holds after each step."""

from collections import Counter
from contextlib import suppress
from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from backend.core.errors import Refusal
from events.models import Event
from notifications.models import Message
from registrations import actions
from registrations.actions.importing import carry_out, check_people, confirm_import
from registrations.models import Attendee, Quota, Registration
from registrations.queries import drift
from registrations.rules.importing import Choices, Typed
from tests import factories
from tests.registrations.people import sign_up, slugs, somebody

NOON = datetime.fromisoformat("2027-03-01T12:00:00+00:00")
BY = Registration.CancelledBy
PEOPLE = st.integers(0, 6)
TOLD = {  # each change of state is told by one of these; declining is answered on the page
    "confirmed": {"confirmation", "promoted", "place_received"},
    "waiting": {"waiting"},
    "offered": {"offer"},
    "cancelled": {"cancelled_by_attendee", "cancelled_by_organiser", "place_given"},
}


class Places(RuleBasedStateMachine):
    """One morning with two places, seven people, an organiser, and a clock that only goes forward."""

    def __init__(self) -> None:
        super().__init__()
        self.fake = TestCase()
        self.fake._pre_setup()  # type: ignore[attr-defined]  # noqa: SLF001 - a transaction for each run
        organisation = factories.organisation("machine")
        self.organiser = factories.organiser(organisation, email="machine@example.org")
        self.series = factories.four_mornings(organisation=organisation, capacity=2)
        self.event: Event = self.series.events.all()[0]
        Quota.objects.filter(event=self.event).update(offer_hours=2, offer_in_working_hours=False)
        self.at, self.step = NOON, 0
        self.states: dict[int, str] = {}
        self.joined: set[int] = set()  # ended because their person was registered twice

    def teardown(self) -> None:
        self.fake._post_teardown()  # type: ignore[attr-defined]  # noqa: SLF001 - ends it

    def _rows(self, **more: object) -> list[Registration]:
        rows = Registration.objects.filter(event=self.event, **more).select_related(
            "attendee", "event__series"
        )
        return list(rows.order_by("pk"))

    def _of(self, number: int) -> Attendee | None:
        return Attendee.objects.filter(email=somebody(number).email).first()

    @rule(number=PEOPLE)
    def register(self, number: int) -> None:
        self.step += 1
        sign_up(self.series, somebody(number), 0, at=self.at, key=f"{self.step}")

    @rule(number=PEOPLE)
    def come_back_by_changing(self, number: int) -> None:
        if one := self._of(number):
            actions.change(attendee=one, events=slugs(self.series, 0, 1), at=self.at)

    @rule(number=PEOPLE)
    def swap_for_another_day(self, number: int) -> None:
        if one := self._of(number):
            actions.change(attendee=one, events=slugs(self.series, 1), at=self.at)

    @rule(number=PEOPLE, by=st.sampled_from([BY.ATTENDEE, BY.ORGANISER]))
    def cancel(self, number: int, by: BY) -> None:
        for row in self._rows(attendee__email=somebody(number).email)[-1:]:
            actions.cancel(registration=row, by=by, at=self.at)

    @rule(number=PEOPLE)
    def give_everything_up(self, number: int) -> None:
        if one := self._of(number):
            actions.cancel_all(attendee=one, at=self.at)

    @rule(number=PEOPLE, deed=st.sampled_from([actions.restore, actions.accept, actions.decline]))
    def answer(self, number: int, deed: object) -> None:
        if one := self._of(number):
            with suppress(Refusal):
                deed(attendee=one, event=self.event, at=self.at)  # type: ignore[operator]  # one of three actions

    @rule(number=PEOPLE, to=PEOPLE, by_organiser=st.booleans())
    def give_to_a_colleague(self, number: int, to: int, by_organiser: bool) -> None:  # noqa: FBT001 - drawn by name
        waiting = self._rows(state="waiting")
        for row in self._rows(attendee__email=somebody(number).email)[-1:]:
            with suppress(Refusal):
                if by_organiser:
                    actions.pass_on(registration=row, to=somebody(to), at=self.at, actor=None)
                else:
                    actions.give_place(attendee=row.attendee, event=self.event, to=somebody(to), at=self.at)
        for row in waiting:  # a colleague gave them a place: the line has not called them
            if Message.objects.filter(subject=f"registration:{row.pk}", kind="place_received").exists():
                self.states.pop(row.pk, None)

    @rule(numbers=st.lists(PEOPLE, min_size=1, max_size=3, unique=True), wait=st.booleans())
    def bring_in(self, numbers: list[int], *, wait: bool) -> None:
        people = [Typed(row=n, name=somebody(n).name, email=somebody(n).email) for n in numbers]
        choices = Choices(events=(self.event.slug,), wait=wait)
        with suppress(Refusal):
            work = check_people(
                series=self.series, people=people, choices=choices, at=self.at, actor=self.organiser
            )
            confirm_import(work=work, leave_out=True, at=self.at)
            carry_out(work.pk, at=self.at)
            work.refresh_from_db()
            assert work.state == "done"

    @rule(minutes=st.sampled_from([1, 9, 10, 60, 119, 120]))
    def time_passes(self, minutes: int) -> None:
        self.at += timedelta(minutes=minutes)

    @rule()
    def tend(self) -> None:
        actions.tend(at=self.at)
        assert actions.tend(at=self.at) == 0  # a second time nothing is left

    @rule(minutes=st.integers(-10, 300))
    def extend(self, minutes: int) -> None:
        for row in self._rows(state="offered")[:1]:
            with suppress(Refusal):
                actions.extend_offer(
                    registration=row,
                    until=self.at + timedelta(minutes=minutes),
                    reason="more time",
                    at=self.at,
                    actor=None,
                )

    @rule(capacity=st.integers(0, 5))
    def set_capacity(self, capacity: int) -> None:
        actions.set_capacity(event=self.event, capacity=capacity, at=self.at, actor=None)

    @rule(promotion=st.sampled_from(["auto", "offer"]), hours=st.integers(1, 3))
    def set_terms(self, promotion: str, hours: int) -> None:
        actions.set_line_terms(
            event=self.event,
            promotion=promotion,
            offer_hours=hours,
            offer_in_working_hours=False,
            offer_cutoff_hours=2,
            at=self.at,
            actor=None,
        )

    @rule(stays=PEOPLE, goes=PEOPLE)
    def join_two(self, stays: int, goes: int) -> None:
        one, other = self._of(stays), self._of(goes)
        if one and other and one != other:
            active = Registration.objects.filter(state__in=Registration.ACTIVE)
            before = set(active.values_list("pk", flat=True))
            done = actions.merge(kept=one, other=other, reason="machine", at=self.at, actor=None)
            gone = Registration.objects.filter(attendee=done.attendee, state="cancelled", pk__in=before)
            self.joined.update(gone.values_list("pk", flat=True))

    @rule(number=PEOPLE, position=st.integers(1, 4))
    def reorder(self, number: int, position: int) -> None:
        for row in self._rows(attendee__email=somebody(number).email)[-1:]:
            with suppress(Refusal):
                actions.move_in_line(
                    registration=row, position=position, reason="machine", at=self.at, actor=None
                )

    @invariant()
    def no_place_is_given_twice(self) -> None:
        quota = Quota.objects.get(event=self.event)
        rows = Counter(row.state for row in self._rows())
        held = len(self._rows(held=True))
        assert quota.taken == rows["confirmed"] + rows["offered"] + held <= quota.hard_cap
        assert drift() == {}

    @invariant()
    def nobody_waits_beside_a_free_place(self) -> None:
        quota = Quota.objects.get(event=self.event)
        assert quota.taken >= quota.capacity or not self._rows(state="waiting")

    @invariant()
    def a_person_stands_in_one_spot(self) -> None:
        active = Counter(row.attendee_id for row in self._rows(state__in=Registration.ACTIVE))
        assert set(active.values()) <= {1}

    @invariant()
    def the_line_is_called_in_its_order(self) -> None:
        rows = self._rows()
        called = {
            r.pk for r in rows if self.states.get(r.pk) == "waiting" and r.state in {"confirmed", "offered"}
        }
        numbers = {r.pk: r.waiting_number or 0 for r in rows}
        still = [numbers[r.pk] for r in rows if r.state == "waiting" and r.pk in self.states]
        assert not called or not still or max(numbers[pk] for pk in called) < min(still)

    @invariant()
    def every_change_is_told(self) -> None:
        kinds: dict[str, set[str]] = {}
        for subject, kind in Message.objects.values_list("subject", "kind"):
            kinds.setdefault(subject, set()).add(kind)
        for row in self._rows():
            told = kinds.get(f"registration:{row.pk}", set())
            if row.pk in self.joined:
                assert "merged" in kinds[f"attendee:{row.attendee_id}"]
            elif row.state in TOLD and self.states.get(row.pk) != row.state:
                assert told & TOLD[row.state], (row.state, told)
            if row.state == "declined" and row.cancelled_by == "time":
                assert "offer_ended" in told
            self.states[row.pk] = row.state


def live_many_lives(*, lives: int, steps: int) -> None:
    """Let the machine run; the same lives each time, so that a failure can be looked at."""
    run_state_machine_as_test(
        Places,
        settings=settings(
            max_examples=lives,
            stateful_step_count=steps,
            deadline=None,
            derandomize=True,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


@pytest.mark.django_db
def test_places_keep_their_promises_in_any_order() -> None:
    live_many_lives(lives=12, steps=20)
