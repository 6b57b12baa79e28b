"""Rules counted from the registration of each, or from the deadline: what is foretold is what is sent."""

from datetime import datetime, timedelta

from events.models import EventSeries
from notifications.models import Message
from registrations.actions.automatic import plan_due
from registrations.actions.ruling import change_rule
from registrations.models import MessageRule, Quota, RegistrationForm
from registrations.queries import automatic
from registrations.rules import RuleDraft, When
from tests.registrations.people import AINO, VEERA, day, sign_up


def _rule(series: EventSeries) -> MessageRule:
    return MessageRule.objects.get(series=series)


def test_a_rule_counted_from_the_registration_reminds_each_at_their_own_time(
    mornings: EventSeries, noon: datetime
) -> None:
    draft = RuleDraft(anchor="registration", when=When(days=2))
    change_rule(rule=_rule(mornings), draft=draft, at=noon, actor=None)
    sign_up(mornings, AINO, 0, at=noon)
    sign_up(mornings, VEERA, 0, at=noon + timedelta(days=1))

    assert [plan_due(at=noon + timedelta(days=days)) for days in (1, 2, 3, 4)] == [0, 1, 1, 0]


def test_whoever_registers_a_hundred_days_before_is_written_to_an_hour_later(
    mornings: EventSeries, noon: datetime
) -> None:
    draft = RuleDraft(anchor="registration", when=When(minutes=60))
    early = day(mornings).starts_at - timedelta(days=100)
    change_rule(rule=_rule(mornings), draft=draft, at=early, actor=None)
    RegistrationForm.objects.update(opens_at=early)
    sign_up(mornings, AINO, 0, at=early)

    assert [plan_due(at=early + timedelta(minutes=minutes)) for minutes in (59, 60, 61)] == [0, 1, 0]


def test_a_deadline_long_before_the_event_is_announced(mornings: EventSeries) -> None:
    deadline = day(mornings).starts_at - timedelta(days=95)
    begin = deadline - timedelta(days=10)
    Quota.objects.filter(event=day(mornings)).update(closes_at=deadline)
    RegistrationForm.objects.update(opens_at=begin)
    change_rule(
        rule=_rule(mornings), draft=RuleDraft(anchor="deadline", when=When(days=-2)), at=begin, actor=None
    )
    sign_up(mornings, AINO, 0, at=begin)

    assert [plan_due(at=deadline - timedelta(days=days)) for days in (3, 2, 1)] == [0, 1, 0]


def test_whoever_registers_too_late_for_a_rule_is_foretold_nothing_and_sent_nothing(
    mornings: EventSeries, noon: datetime
) -> None:
    draft = RuleDraft(anchor="registration", when=When(days=2))
    change_rule(rule=_rule(mornings), draft=draft, at=noon, actor=None)
    start = day(mornings).starts_at
    sign_up(mornings, AINO, 0, at=start - timedelta(days=3))
    sign_up(mornings, VEERA, 0, at=start - timedelta(days=1))
    plans = automatic.plans(MessageRule.objects.all())
    [plan] = [plan for plan in plans if plan.event == day(mornings)]
    at = start - timedelta(hours=25)

    foretold = {one.email: one.verdict for one in automatic.recipients(plan, at=at)}
    sent = sum(plan_due(at=at + timedelta(hours=hours)) for hours in range(80))

    assert foretold == {AINO.email: "ahead", VEERA.email: "over"}
    reminded = Message.objects.filter(kind="reminder").values_list("recipient", flat=True)
    assert (sent, list(reminded)) == (1, [AINO.email])
    assert (plan.is_ahead(at=at), plan.is_ahead(at=start)) == (True, False)
