"""Rules in the organiser's own words: nothing is sent without them, and afterwards to those who came."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from accounts.models import AuditEvent, Organisation
from backend.core.i18n import Text
from events.actions import cancel_event, edit_event, move_event
from events.models import EventSeries
from notifications import delivery
from notifications.models import Message, Wording
from notifications.rendering import render
from notifications.suppression import opt_out
from notifications.wordings import WordingIncomplete
from registrations import rules
from registrations.actions import merge
from registrations.actions.attending import mark_attendance
from registrations.actions.automatic import plan_due
from registrations.actions.campaign_words import Words
from registrations.actions.rule_words import kept_words, said, standing_of
from registrations.actions.ruling import (
    change_rule,
    copy_rules,
    keep_words,
    make_rule,
    remove_rule,
    switch_rule,
    use_words,
)
from registrations.models import MessageRule, RuleDelivery
from registrations.queries import automatic
from registrations.queries.timeline import Step, timeline_of
from registrations.rules import RuleDraft, Verdict, When
from tests import factories
from tests.registrations.people import (
    AINO,
    OLLI,
    VEERA,
    all_sent,
    attendee,
    day,
    registration,
    sign_up,
    somebody,
)

THANKS = Words(
    subject=Text("Kiitos, {name}", "Tack, {name}", "Thanks, {name}"),
    body=Text("Kalvot: {event}.", "Bilder: {event}.", "Slides: {event}."),
)
AFTERWARDS = RuleDraft(
    kind="note", name="Kiitos", anchor="end", when=When(minutes=60), attendance="attended", late="skip"
)
DOOR = RuleDraft(kind="note", name="Ovi", when=When(minutes=-60), late="send")


@pytest.fixture
def series(mornings: EventSeries, noon: datetime) -> EventSeries:
    """Aino and Veera have the two places of Tuesday, Olli waits; every mail has left."""
    MessageRule.objects.filter(series=mornings).delete()
    for person in (AINO, VEERA, OLLI):
        sign_up(mornings, person, 0, at=noon)
    all_sent()
    return mornings


def _rule(series: EventSeries, draft: RuleDraft = AFTERWARDS, *, at: datetime) -> MessageRule:
    rule = make_rule(series=series, draft=draft, at=at, actor=None)
    use_words(rule=rule, words=THANKS, at=at, actor=None)
    return switch_rule(rule=rule, enabled=True, at=at, actor=None)


def _came(series: EventSeries, *, aino: bool = True, at: datetime) -> None:
    mark_attendance(registration=registration(AINO, day(series)), attended=aino, at=at, actor=None)


def _notes() -> list[str]:
    return list(Message.objects.filter(kind="note").order_by("pk").values_list("recipient", flat=True))


def test_a_text_is_sent_in_each_readers_language_and_remembers_its_words(
    series: EventSeries, noon: datetime
) -> None:
    rule = _rule(series, DOOR, at=noon)
    before = day(series).starts_at - timedelta(minutes=60)

    assert plan_due(at=before - timedelta(minutes=1)) == 0
    assert plan_due(at=before) == 2
    assert plan_due(at=before + timedelta(minutes=1)) == 0

    aino, veera = Message.objects.filter(kind="note").order_by("pk")
    assert render(aino).subject == "Kiitos, Aino Esimerkki"
    assert f"Bilder: {day(series).title.told('sv')}." in render(veera).text
    assert aino.wording == Wording.objects.get(scope=rule.scope)
    assert (aino.scope, aino.audience) == (f"series:{series.pk}", f"event:{day(series).pk}")
    assert (aino.calendar_method, aino.not_after) == ("", day(series).starts_at)


def test_what_was_promised_keeps_its_words_when_they_are_written_anew(
    series: EventSeries, noon: datetime
) -> None:
    rule = _rule(series, DOOR, at=noon)
    before = day(series).starts_at - timedelta(minutes=60)
    plan_due(at=before)

    anew = Words(subject=Text("Uusi", "Ny", "New"), body=THANKS.body)
    use_words(rule=rule, words=anew, at=before, actor=None)
    delivery.drain(lane="bulk", owner="worker", at=before)

    assert {one.headline for one in Message.objects.filter(kind="note")} == {
        "Kiitos, Aino Esimerkki",
        "Tack, Veera Exempel",
    }
    assert plan_due(at=before + timedelta(minutes=1)) == 0, "new words are no new message"


def test_a_rule_without_words_in_use_stays_off(series: EventSeries, noon: datetime) -> None:
    rule = make_rule(series=series, draft=DOOR, at=noon, actor=None)
    assert not rule.enabled
    keep_words(rule=rule, words=THANKS, at=noon)

    with pytest.raises(rules.RuleWithoutWords):
        switch_rule(rule=rule, enabled=True, at=noon, actor=None)

    assert plan_due(at=day(series).starts_at - timedelta(minutes=60)) == 0
    assert said(kept_words(rule)) == THANKS
    assert kept_words(make_rule(series=series, draft=AFTERWARDS, at=noon, actor=None)) is None


def test_words_that_lack_a_language_are_refused_beside_their_field(
    series: EventSeries, noon: datetime
) -> None:
    rule = make_rule(series=series, draft=DOOR, at=noon, actor=None)
    lacking = Words(subject=Text("Ovi", "", "Door"), body=Text("{nmae}", "Dörr", "Door"))

    with pytest.raises(WordingIncomplete) as refused:
        use_words(rule=rule, words=lacking, at=noon, actor=None)

    assert set(refused.value.fields) == {"subject.sv", "body.fi"}
    assert standing_of(rule).in_force is None
    assert not AuditEvent.objects.filter(action="rule.words").exists()


def test_a_reminder_has_no_words_of_its_own_and_never_becomes_a_text(
    series: EventSeries, noon: datetime
) -> None:
    reminder = make_rule(series=series, draft=RuleDraft(when=When(days=-1)), at=noon, actor=None)

    with pytest.raises(rules.Invalid):
        keep_words(rule=reminder, words=THANKS, at=noon)
    with pytest.raises(rules.Invalid) as refused:
        change_rule(rule=reminder, draft=DOOR, at=noon, actor=None)
    assert list(refused.value.fields) == ["kind"]


def test_only_those_who_came_are_thanked(series: EventSeries, noon: datetime) -> None:
    _rule(series, at=noon)
    over = day(series).ends_at
    _came(series, at=over)

    assert plan_due(at=over + timedelta(minutes=60)) == 1
    assert _notes() == [AINO.email]


def test_whoever_is_marked_two_days_later_is_thanked_then_and_two_weeks_later_nobody(
    series: EventSeries, noon: datetime
) -> None:
    _rule(series, at=noon)
    over = day(series).ends_at
    assert plan_due(at=over + timedelta(days=2)) == 0
    assert RuleDelivery.objects.count() == 0, "nobody is written off before the mark"

    _came(series, at=over + timedelta(days=2))
    assert plan_due(at=over + timedelta(days=2, minutes=1)) == 1
    assert plan_due(at=over + timedelta(days=3)) == 0

    veera = registration(VEERA, day(series))
    mark_attendance(registration=veera, attended=True, at=over + timedelta(days=15), actor=None)
    assert plan_due(at=over + timedelta(days=15)) == 0


def test_those_who_stayed_away_get_their_own_text(series: EventSeries, noon: datetime) -> None:
    _rule(series, replace(AFTERWARDS, attendance="absent"), at=noon)
    over = day(series).ends_at
    _came(series, aino=False, at=over)

    assert plan_due(at=over + timedelta(minutes=60)) == 1
    assert _notes() == [AINO.email]


def test_a_text_may_be_for_those_who_wait(series: EventSeries, noon: datetime) -> None:
    for number in (1, 2):
        sign_up(series, somebody(number), 0, at=noon)
    rule = _rule(series, replace(DOOR, states=frozenset({"waiting"})), at=noon)
    assert switch_rule(rule=rule, enabled=True, at=noon, actor=None).enabled, "on stays on"

    assert plan_due(at=day(series).starts_at - timedelta(minutes=60)) == 3
    assert _notes() == [OLLI.email, "person1@example.org", "person2@example.org"]


def test_who_does_not_want_such_messages_is_named_and_gets_none(series: EventSeries, noon: datetime) -> None:
    rule = _rule(series, DOOR, at=noon)
    opt_out(address=AINO.email, scope=f"series:{series.pk}", topic="note", at=noon)
    before = day(series).starts_at - timedelta(minutes=60)

    plans = automatic.plans(MessageRule.objects.filter(pk=rule.pk))
    [plan] = [one for one in plans if one.event == day(series)]
    told = {one.email: one.verdict for one in automatic.recipients(plan, at=before)}

    assert told[AINO.email] == Verdict.UNWANTED
    assert plan_due(at=before) == 1
    assert _notes() == [VEERA.email]


def test_what_is_still_to_come_after_the_event_stands_on_the_time_line(
    series: EventSeries, noon: datetime
) -> None:
    _rule(series, at=noon)
    over = day(series).ends_at

    def ahead(at: datetime) -> list[str]:
        return [one.kind for one in timeline_of(attendee(AINO), at=at) if one.step == Step.PLANNED]

    assert ahead(over) == [], "nobody knows yet whether she came"
    _came(series, at=over)
    assert ahead(over) == ["note"]
    plan_due(at=over + timedelta(minutes=60))
    delivery.drain(lane="bulk", owner="worker", at=over + timedelta(minutes=60))
    assert ahead(over + timedelta(minutes=61)) == []


def test_an_event_renamed_after_its_end_loses_no_thanks_that_waited(
    series: EventSeries, noon: datetime
) -> None:
    _rule(series, at=noon)
    later = day(series).ends_at + timedelta(minutes=60)
    _came(series, at=later)
    plan_due(at=later)

    edit_event(event=day(series), title=Text("Uusi nimi", "Nytt namn", "New name"), at=later, actor=None)
    assert plan_due(at=later + timedelta(minutes=1)) == 1

    old, new = Message.objects.filter(kind="note").order_by("pk")
    assert (old.state, new.state) == ("cancelled", "queued")
    assert "Uusi nimi" in render(new).text


def test_a_text_that_waits_follows_an_event_that_is_moved_and_goes_with_one_called_off(
    series: EventSeries, noon: datetime
) -> None:
    _rule(series, DOOR, at=noon)
    event, week = day(series), timedelta(days=7)
    before = event.starts_at - timedelta(minutes=60)
    plan_due(at=before)

    move_event(
        event=event, starts_at=event.starts_at + week, ends_at=event.ends_at + week, at=before, actor=None
    )
    assert plan_due(at=before + timedelta(minutes=1)) == 0
    assert plan_due(at=before + week) == 2
    cancel_event(event=day(series, 3), reason=Text("Syy", "Skäl", "Reason"), at=before + week, actor=None)

    states = Message.objects.filter(kind="note").order_by("pk").values_list("state", flat=True)
    assert list(states) == ["cancelled"] * 4


def test_a_removed_rule_takes_the_unfinished_words_along_and_leaves_the_used(
    series: EventSeries, noon: datetime
) -> None:
    rule = _rule(series, DOOR, at=noon)
    plan_due(at=day(series).starts_at - timedelta(minutes=60))
    keep_words(rule=rule, words=THANKS, at=noon)
    scope = rule.scope

    remove_rule(rule=rule, at=noon, actor=None)

    assert [row.version for row in Wording.objects.filter(scope=scope)] == [1]
    assert Message.objects.filter(kind="note", wording__scope=scope).count() == 2


def test_a_copied_rule_brings_its_words_to_be_read_once_more(
    series: EventSeries, demos: Organisation, noon: datetime
) -> None:
    other = factories.four_mornings(organisation=demos, slug="iltakahvit-2027")
    _rule(series, DOOR, at=noon)
    make_rule(series=series, draft=AFTERWARDS, at=noon, actor=None)
    MessageRule.objects.filter(series=other).delete()

    assert copy_rules(source=series, series=other, at=noon) == 2
    assert copy_rules(source=series, series=other, at=noon) == 0, "they are there already"

    copied, empty = MessageRule.objects.filter(series=other).order_by("pk")
    assert (copied.enabled, said(kept_words(copied)), standing_of(copied).in_force) == (False, THANKS, None)
    assert (empty.enabled, kept_words(empty)) == (False, None)


def test_two_people_made_one_are_not_written_to_twice(series: EventSeries, noon: datetime) -> None:
    rule = _rule(series, replace(DOOR, states=frozenset({"confirmed", "waiting"})), at=noon)
    opt_out(address=AINO.email, scope=f"series:{series.pk}", topic="note", at=noon)
    before = day(series).starts_at - timedelta(minutes=60)
    plan_due(at=before)
    delivery.drain(lane="bulk", owner="worker", at=before)
    assert _notes() == [VEERA.email, OLLI.email]

    merge(kept=attendee(AINO), other=attendee(VEERA), reason="sama", at=before, actor=None)

    assert RuleDelivery.objects.filter(rule=rule, registration=registration(AINO, day(series))).count() == 1
    plan_due(at=before + timedelta(minutes=1))
    assert _notes() == [VEERA.email, OLLI.email]
