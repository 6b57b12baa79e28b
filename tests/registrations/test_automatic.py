"""Messages by rules: everybody once, nobody too late, and what the page foretells is what is sent."""

from datetime import datetime, time, timedelta

import pytest

from accounts.models import Organisation
from backend.core.i18n import Text
from events.actions import edit_event, move_event
from events.models import Event, EventSeries
from notifications.models import Message
from notifications.suppression import lift, suppress
from registrations import rules
from registrations.actions import cancel, correct_address
from registrations.actions.automatic import carry_out, plan_due
from registrations.actions.ruling import (
    change_rule,
    copy_rules,
    make_rule,
    remove_rule,
    switch_rule,
)
from registrations.models import (
    Answer,
    CalendarEntry,
    MessageRule,
    Question,
    Quota,
    Registration,
    RuleDelivery,
)
from registrations.queries import automatic
from registrations.rules import RuleDraft, Verdict, When
from tests import factories
from tests.registrations.people import (
    AINO,
    OLLI,
    VEERA,
    all_sent,
    attendee,
    day,
    mail,
    registration,
    reminded,
    sign_up,
    somebody,
)

NINE = datetime.fromisoformat("2027-04-12T09:00+03:00")
HOUR_BEFORE = RuleDraft(name="Tunti ennen", when=When(minutes=-60), late="send", late_minutes=15)


@pytest.fixture
def three(mornings: EventSeries, noon: datetime) -> EventSeries:
    """Aino and Veera have the two places of Tuesday, Olli waits; every mail has left."""
    for person in (AINO, VEERA, OLLI):
        sign_up(mornings, person, 0, at=noon)
    all_sent()
    return mornings


def _rule(series: EventSeries) -> MessageRule:
    return MessageRule.objects.get(series=series)


def _reminders() -> list[tuple[str, str]]:
    rows = Message.objects.filter(kind="reminder").order_by("pk")
    return list(rows.values_list("recipient", "state"))


def test_everybody_with_a_place_is_reminded_once_however_often_the_clock_ticks(three: EventSeries) -> None:
    counted = [plan_due(at=NINE + timedelta(minutes=minute)) for minute in range(0, 15 * 60, 45)]

    assert (counted[0], sum(counted)) == (2, 2)
    assert _reminders() == [(AINO.email, "queued"), (VEERA.email, "queued")]
    assert mail(AINO, "reminder").not_after == NINE + timedelta(hours=15)


def test_a_scheduler_that_was_stopped_makes_up_for_it_until_midnight(three: EventSeries) -> None:
    assert plan_due(at=NINE + timedelta(hours=14, minutes=59)) == 2
    assert plan_due(at=NINE + timedelta(hours=39)) == 0


def test_after_the_window_nothing_is_sent(three: EventSeries) -> None:
    assert plan_due(at=NINE + timedelta(hours=15)) == 0


def test_what_the_page_foretells_is_what_is_sent(three: EventSeries, noon: datetime) -> None:
    [plan] = [plan for plan in automatic.plans(MessageRule.objects.all()) if plan.event == day(three)]
    suppress(address=VEERA.email, reason="bounced", at=noon)

    foretold = {one.email: one.verdict for one in automatic.recipients(plan, at=NINE)}
    sent = reminded(three)
    afterwards = {one.email: one.verdict for one in automatic.recipients(plan, at=NINE)}

    assert foretold == {AINO.email: "due", VEERA.email: "blocked", OLLI.email: "no_place"}
    assert sent == [one for one, verdict in foretold.items() if verdict == Verdict.DUE]
    assert afterwards == {AINO.email: "sent", VEERA.email: "blocked", OLLI.email: "no_place"}
    assert automatic.counts(automatic.recipients(plan, at=NINE))[Verdict.SENT] == 1


def test_a_repaired_address_is_reminded_after_all(three: EventSeries, noon: datetime) -> None:
    suppress(address=VEERA.email, reason="bounced", at=noon)
    assert reminded(three) == [AINO.email]

    correct_address(
        attendee=attendee(VEERA), email="veera.exempel@example.org", reason="", at=NINE, actor=None
    )

    assert reminded(three) == [AINO.email, "veera.exempel@example.org"]
    lift(address=VEERA.email)


def test_whoever_comes_late_is_told_by_the_confirmation(mornings: EventSeries) -> None:
    sign_up(mornings, AINO, 0, at=NINE)

    assert plan_due(at=NINE + timedelta(minutes=1)) == 0
    assert RuleDelivery.objects.get().outcome == "late"


def test_a_rule_may_send_to_the_late_while_enough_time_is_left(mornings: EventSeries, noon: datetime) -> None:
    make_rule(series=mornings, draft=HOUR_BEFORE, at=noon, actor=None)
    start = day(mornings).starts_at
    sign_up(mornings, AINO, 0, at=start - timedelta(minutes=40))
    assert plan_due(at=start - timedelta(minutes=39)) == 1
    sign_up(mornings, VEERA, 0, at=start - timedelta(minutes=10))
    assert plan_due(at=start - timedelta(minutes=9)) == 0
    assert _reminders() == [(AINO.email, "queued")]
    assert mail(AINO, "reminder").context["soon"] == "today"


def test_one_rule_says_nothing_twice_and_two_rules_each_say_theirs(
    three: EventSeries, noon: datetime
) -> None:
    make_rule(series=three, draft=HOUR_BEFORE, at=noon, actor=None)

    assert plan_due(at=NINE) == 2
    assert plan_due(at=day(three).starts_at - timedelta(minutes=60)) == 2
    assert Message.objects.filter(kind="reminder").count() == 4


def test_an_event_moved_to_another_day_is_due_once_more(three: EventSeries, noon: datetime) -> None:
    plan_due(at=NINE)
    all_reminders_left()
    event, later = day(three), timedelta(days=7)
    move_event(
        event=event, starts_at=event.starts_at + later, ends_at=event.ends_at + later, at=NINE, actor=None
    )

    assert plan_due(at=NINE + timedelta(hours=1)) == 0
    assert plan_due(at=NINE + later) == 2
    assert plan_due(at=NINE + later) == 0


def test_a_day_moved_into_its_window_is_told_by_the_mail_of_the_move(
    three: EventSeries, noon: datetime
) -> None:
    event, earlier = day(three), timedelta(days=-1)
    at = NINE + earlier + timedelta(hours=2)
    move_event(
        event=event, starts_at=event.starts_at + earlier, ends_at=event.ends_at + earlier, at=at, actor=None
    )

    assert plan_due(at=at + timedelta(minutes=1)) == 0
    assert set(RuleDelivery.objects.values_list("outcome", flat=True)) == {"late"}
    assert mail(AINO, "changed").context["moved"]


def test_a_reminder_that_has_not_left_is_written_anew_when_the_event_changes(three: EventSeries) -> None:
    plan_due(at=NINE)

    edit_event(event=day(three), join_url="https://meet.example.org/kahvit", at=NINE, actor=None)
    assert plan_due(at=NINE + timedelta(seconds=20)) == 2

    assert [state for address, state in _reminders() if address == AINO.email] == ["cancelled", "queued"]
    assert mail(AINO, "reminder").context["tells_link"]


def all_reminders_left() -> None:
    """Let the reminders have left."""
    Message.objects.filter(kind="reminder", state="queued").update(state="accepted")


def test_a_rule_that_is_off_sends_nothing_and_the_link_is_told_at_once(
    mornings: EventSeries, noon: datetime
) -> None:
    Event.objects.update(join_url="https://meet.example.org/kahvit", link_policy=Event.LinkPolicy.DAY_BEFORE)
    switch_rule(rule=_rule(mornings), enabled=False, at=noon, actor=None)

    sign_up(mornings, AINO, 0, at=noon)

    assert reminded(mornings) == []
    assert mail(AINO, "confirmation").context["tells_link"]
    assert not mail(AINO, "confirmation").context["reminded"]


def test_a_rule_changed_after_its_moment_repeats_nothing(three: EventSeries) -> None:
    plan_due(at=NINE)
    rule = _rule(three)

    change_rule(
        rule=rule,
        draft=RuleDraft(when=When(days=-1, clock=time(10)), late="send"),
        at=NINE + timedelta(minutes=30),
        actor=None,
    )

    assert plan_due(at=NINE + timedelta(hours=2)) == 0
    assert Message.objects.filter(kind="reminder").count() == 2


def test_the_confirmation_says_when_the_reminder_comes(mornings: EventSeries, noon: datetime) -> None:
    change_rule(rule=_rule(mornings), draft=HOUR_BEFORE, at=noon, actor=None)

    sign_up(mornings, AINO, 0, at=noon)
    assert mail(AINO, "confirmation").context["reminder"] == "samana päivänä klo 7.30"

    change_rule(rule=_rule(mornings), draft=RuleDraft(when=When(days=-3)), at=noon, actor=None)
    sign_up(mornings, OLLI, 0, at=noon)
    assert mail(OLLI, "confirmation").context["reminder"] == "Sat 10 Apr 8.30"


def test_a_rule_for_those_who_answered_so(three: EventSeries, noon: datetime) -> None:
    asked = Question.objects.create(
        series=three, key="kyyti", kind="yes_no", label_fi="Tuletko junalla?", position=1, created_at=noon
    )
    Answer.objects.create(attendee=attendee(AINO), question=asked, value=True)
    Answer.objects.create(attendee=attendee(VEERA), question=asked, value=False)
    draft = RuleDraft(when=When(days=-1, clock=time(9)), question="kyyti", answers=frozenset({"yes"}))
    change_rule(rule=_rule(three), draft=draft, at=noon, actor=None)

    assert reminded(three) == [AINO.email]


def test_a_rule_of_one_event_or_mode_leaves_the_others_alone(three: EventSeries, noon: datetime) -> None:
    rule, other = _rule(three), day(three, 1)
    nine = When(days=-1, clock=time(9))
    for draft in (RuleDraft(when=nine, event=other.slug), RuleDraft(when=nine, modes=frozenset({"on_site"}))):
        change_rule(rule=rule, draft=draft, at=noon, actor=None)
        assert plan_due(at=NINE) == 0


def test_rules_of_unknown_events_or_questions_are_refused(three: EventSeries, noon: datetime) -> None:
    for draft in (RuleDraft(when=When(days=-1), event="ei-ole"), _about("ei-ole")):
        with pytest.raises(rules.Invalid):
            make_rule(series=three, draft=draft, at=noon, actor=None)


def _about(question: str) -> RuleDraft:
    return RuleDraft(when=When(days=-1), question=question, answers=frozenset({"yes"}))


def test_copied_rules_are_off_and_those_of_an_unknown_question_stay(
    three: EventSeries, demos: Organisation, noon: datetime
) -> None:
    other = factories.four_mornings(organisation=demos, slug="iltakahvit-2027")
    MessageRule.objects.filter(series=other).delete()
    Question.objects.create(
        series=three, key="kyyti", kind="yes_no", label_fi="Tuletko?", position=1, created_at=noon
    )
    make_rule(series=three, draft=_about("kyyti"), at=noon, actor=None)

    assert copy_rules(source=three, series=other, at=noon) == 1

    copied = MessageRule.objects.get(series=other)
    assert (copied.enabled, copied.days, copied.clock) == (False, -1, time(9))


def test_a_removed_rule_is_gone_and_its_messages_stay(three: EventSeries) -> None:
    rule = _rule(three)
    reminded(three)

    remove_rule(rule=rule, at=NINE, actor=None)

    assert (RuleDelivery.objects.count(), len(_reminders())) == (0, 2)
    with pytest.raises(rules.rule_gone().__class__):
        remove_rule(rule=rule, at=NINE, actor=None)


def test_a_rule_that_is_removed_or_switched_off_takes_back_what_has_not_left(three: EventSeries) -> None:
    rule = _rule(three)
    plan_due(at=NINE)
    Message.objects.filter(kind="reminder", recipient=VEERA.email).update(state="accepted")

    switch_rule(rule=rule, enabled=False, at=NINE, actor=None)

    assert _reminders() == [(AINO.email, "cancelled"), (VEERA.email, "accepted")]
    assert [row.registration for row in RuleDelivery.objects.all()] == [registration(VEERA, day(three))]
    MessageRule.objects.update(enabled=True, late="send")
    assert plan_due(at=NINE) == 1
    assert _reminders()[2:] == [(AINO.email, "queued")]
    remove_rule(rule=rule, at=NINE, actor=None)
    assert [state for _to, state in _reminders()] == ["cancelled", "accepted", "cancelled"]


def test_a_rule_that_is_switched_on_again_while_it_is_due_promises_anew_to_those_it_reached_not(
    three: EventSeries,
) -> None:
    rule = _rule(three)
    change_rule(rule=rule, draft=HOUR_BEFORE, at=NINE, actor=None)
    due = day(three).starts_at - timedelta(minutes=60)
    plan_due(at=due)

    for enabled in (False, True):
        switch_rule(rule=rule, enabled=enabled, at=due + timedelta(minutes=5), actor=None)

    assert plan_due(at=due + timedelta(minutes=5)) == 2
    assert [state for _to, state in _reminders()] == ["cancelled"] * 2 + ["queued"] * 2
    calendars = {CalendarEntry.objects.get(registration__attendee__email=one.email) for one in (AINO, VEERA)}
    assert {entry.sequence for entry in calendars} == {0}, "calendars are told nothing of it"


def test_a_place_given_up_between_looking_and_writing_is_not_reminded(three: EventSeries) -> None:
    cancel(registration=registration(AINO, day(three)), by=Registration.CancelledBy.ORGANISER, at=NINE)

    assert AINO.email not in reminded(three)


def test_more_people_than_one_batch_get_each_their_own(
    mornings: EventSeries, noon: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("registrations.actions.automatic.BATCH", 2)
    Quota.objects.update(capacity=5, hard_cap=5)
    for number in range(5):
        sign_up(mornings, somebody(number), 0, at=noon)

    assert plan_due(at=NINE) == 5
    assert len(set(_reminders())) == 5


def test_what_was_changed_since_the_tick_began_is_told_as_it_is_now(
    mornings: EventSeries, noon: datetime
) -> None:
    sign_up(mornings, AINO, 0, at=noon)
    all_sent()
    looked = automatic.due(at=NINE)
    edit_event(event=day(mornings), place=Text("Uusi paikka"), mode="on_site", at=NINE, actor=None)
    edit_event(event=day(mornings), title=Text("Uusi nimi"), at=NINE, actor=None)

    assert sum(carry_out(plan, at=NINE) for plan in looked) == 0  # the way of taking part decides who gets it
    assert plan_due(at=NINE) == 1
    reminder = mail(AINO, "reminder")
    assert (reminder.context["place"], reminder.context["title"]) == ("Uusi paikka", "Uusi nimi")


def test_a_new_name_since_the_tick_began_is_the_one_that_is_told(
    mornings: EventSeries, noon: datetime
) -> None:
    sign_up(mornings, AINO, 0, at=noon)
    all_sent()
    looked = automatic.due(at=NINE)
    edit_event(event=day(mornings), title=Text("Uusi nimi"), place=Text("Sali 2"), at=NINE, actor=None)

    assert sum(carry_out(plan, at=NINE) for plan in looked) == 1
    reminder = mail(AINO, "reminder")
    assert (reminder.context["place"], reminder.context["title"]) == ("Sali 2", "Uusi nimi")


def test_a_reminder_names_the_other_mornings_that_stand(mornings: EventSeries, noon: datetime) -> None:
    for person in (VEERA, OLLI):
        sign_up(mornings, person, 2, at=noon)
    sign_up(mornings, AINO, 0, 1, 2, at=noon)  # Thursday is full
    given_up = registration(AINO, day(mornings, 1))
    cancel(registration=given_up, by=Registration.CancelledBy.ATTENDEE, at=noon)

    plan_due(at=NINE)

    [reminder] = Message.objects.filter(kind="reminder")
    others = [(one["title"], one["state"], one["position"]) for one in reminder.context["others"]]
    assert (reminder.recipient, others) == (
        AINO.email,
        [(day(mornings, 2).title.told("fi"), "waiting", "1.")],
    )
