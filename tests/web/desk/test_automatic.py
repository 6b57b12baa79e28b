"""Messages that go out by themselves, at the desk: rules, and who gets what."""

from datetime import datetime, timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from events.models import EventSeries
from notifications.models import Message
from registrations.actions.automatic import plan_due
from registrations.actions.ruling import make_rule, switch_rule
from registrations.models import MessageRule, Question
from registrations.rules import RuleDraft, When
from tests.registrations.people import AINO, OLLI, VEERA, day, registration, reminded, sign_up

RULE: dict[str, object] = {
    "name": "An hour before",
    "event": "",
    "amount": "1",
    "unit": "hours",
    "side": "before",
    "anchor": "start",
    "clock": "",
    "late": "send",
    "late_minutes": "15",
    "step": "save",
}


def test_the_list_says_when_to_whom_and_how_many(desk: Client, mornings: EventSeries, noon: datetime) -> None:
    for person in (AINO, VEERA, OLLI):
        sign_up(mornings, person, 0, at=noon)

    page = desk.get(reverse("desk:rules", args=[mornings.pk])).content.decode()

    assert "1 day before the event starts, at 9.00" in page
    assert "2 people" in page


def test_the_list_tells_that_confirmations_go_by_themselves_and_leads_to_their_words(
    desk: Client, viewer: Client, mornings: EventSeries
) -> None:
    address, words = (reverse(f"desk:{name}", args=[mornings.pk]) for name in ("rules", "wordings"))

    for who, led in ((desk, True), (viewer, False)):
        shown = who.get(address).text
        assert "Confirmations, changes and cancellations go out by themselves too" in shown
        assert (words in shown) == led


def test_a_rule_is_added_changed_switched_and_removed(desk: Client, mornings: EventSeries) -> None:
    add = reverse("desk:rule-add", args=[mornings.pk])
    assert desk.get(add).status_code == 200
    assert desk.post(add, RULE | {"amount": ""}).status_code == 422
    assert desk.post(add, RULE | {"clock": "9:00"}).status_code == 422
    assert desk.post(add, RULE | {"side": "after"}).status_code == 422

    assert desk.post(add, RULE).status_code == 303
    rule = MessageRule.objects.latest("pk")
    assert (rule.name, rule.minutes, rule.late, rule.enabled) == ("An hour before", -60, "send", True)

    edit = reverse("desk:rule-edit", args=[rule.pk])
    assert 'value="An hour before"' in desk.get(edit).content.decode()
    desk.post(edit, RULE | {"amount": "2", "unit": "days", "clock": "18:30", "languages": ["sv"]})
    rule.refresh_from_db()
    assert (rule.days, str(rule.clock), rule.minutes, rule.languages) == (-2, "18:30:00", 0, ["sv"])

    for enabled in (False, True):
        desk.post(reverse("desk:rule-switch", args=[rule.pk]), {"step": "save"})
        rule.refresh_from_db()
        assert rule.enabled is enabled
    desk.post(reverse("desk:rule-remove", args=[rule.pk]), {"step": "save"})
    assert not MessageRule.objects.filter(pk=rule.pk).exists()


def _three_register(mornings: EventSeries, *, at: datetime) -> None:
    """Let two places be taken and one person wait, with no rule there yet."""
    for person in (AINO, VEERA, OLLI):
        sign_up(mornings, person, 0, at=at)
    MessageRule.objects.all().delete()


@pytest.mark.parametrize(
    ("late", "minutes", "said"),
    [
        ("send", 120, "Nobody gets it at once."),
        ("send", 30, "2 people get it at once, because their moment has passed."),
        ("confirmation", 30, "Nobody gets it at once: the rule leaves out those whose moment has passed."),
    ],
)
def test_before_a_rule_is_switched_on_its_page_says_what_those_get_whose_moment_has_passed(
    desk: Client, olli: User, mornings: EventSeries, noon: datetime, late: str, minutes: int, said: str
) -> None:
    _three_register(mornings, at=noon)
    draft = RuleDraft(when=When(minutes=-60), late=late)
    rule = make_rule(series=mornings, draft=draft, at=noon, actor=None)
    switch_rule(rule=rule, enabled=False, at=noon, actor=None)
    switch = reverse("desk:rule-switch", args=[rule.pk])

    with time_machine.travel(day(mornings).starts_at - timedelta(minutes=minutes), tick=False):
        desk.force_login(olli)
        assert said in desk.get(switch).content.decode()
        desk.post(switch, {"step": "save"})
        promised = plan_due(at=timezone.now())
        off = desk.get(switch).content.decode()
    assert promised == (2 if (late, minutes) == ("send", 30) else 0)
    assert "at once" not in off


@pytest.mark.parametrize(
    ("late", "said"),
    [
        ("send", "The rule is there and on. 2 people get it at once, because their moment has passed."),
        ("skip", "Nobody gets it at once: the rule leaves out those whose moment has passed."),
    ],
)
def test_a_reminder_added_after_its_moment_says_who_gets_it_at_once(
    desk: Client, olli: User, mornings: EventSeries, noon: datetime, late: str, said: str
) -> None:
    _three_register(mornings, at=noon)
    add = reverse("desk:rule-add", args=[mornings.pk])

    with time_machine.travel(day(mornings).starts_at - timedelta(minutes=120), tick=False):
        desk.force_login(olli)
        page = desk.post(add, RULE | {"amount": "3", "late": late}, follow=True).content.decode()
        promised = plan_due(at=timezone.now())

    assert said in page
    assert promised == (2 if late == "send" else 0)


@pytest.mark.parametrize(
    ("late", "amount", "said"),
    [
        ("send", "1", "Nobody gets it at once."),
        ("send", "3", "2 people get it at once, because their moment has passed."),
        ("skip", "3", "Nobody gets it at once: the rule leaves out those whose moment has passed."),
    ],
)
def test_after_a_rule_is_changed_its_page_says_what_those_get_whose_moment_has_passed(
    desk: Client, olli: User, mornings: EventSeries, noon: datetime, late: str, amount: str, said: str
) -> None:
    _three_register(mornings, at=noon)
    rule = make_rule(series=mornings, draft=RuleDraft(when=When(minutes=-60)), at=noon, actor=None)
    edit = reverse("desk:rule-edit", args=[rule.pk])

    with time_machine.travel(day(mornings).starts_at - timedelta(hours=2), tick=False):
        desk.force_login(olli)
        changed = desk.post(edit, RULE | {"amount": amount, "late": late}, follow=True).content.decode()
        promised = plan_due(at=timezone.now())
        switch_rule(rule=rule, enabled=False, at=timezone.now(), actor=None)
        off = desk.post(edit, RULE | {"amount": amount, "late": late}, follow=True).content.decode()

    assert said in changed
    assert promised == (2 if said.startswith("2 ") else 0)
    assert "Nobody gets it at once" not in off
    assert "because their moment has passed" not in off


def test_only_another_name_leaves_those_in_time_who_were(
    desk: Client, olli: User, mornings: EventSeries, noon: datetime
) -> None:
    sign_up(mornings, AINO, 0, at=noon)
    MessageRule.objects.all().delete()
    draft = RuleDraft(name="An hour before", when=When(minutes=-60), late="skip", late_minutes=15)
    rule = make_rule(series=mornings, draft=draft, at=noon, actor=None)

    with time_machine.travel(day(mornings).starts_at - timedelta(minutes=50), tick=False):
        desk.force_login(olli)
        edit = reverse("desk:rule-edit", args=[rule.pk])
        named = desk.post(edit, RULE | {"name": "At eight", "late": "skip"}, follow=True).content.decode()
        promised = plan_due(at=timezone.now())

    assert "1 person gets it at once, because their moment has passed." in named
    assert promised == 1


def test_a_rule_asks_for_answers_to_one_question(desk: Client, mornings: EventSeries, noon: datetime) -> None:
    for number, key in enumerate(("kyyti", "ruoka")):
        Question.objects.create(
            series=mornings, key=key, kind="yes_no", label_fi=key, position=number, created_at=noon
        )
    add = reverse("desk:rule-add", args=[mornings.pk])
    assert desk.post(add, RULE | {"answers": ["kyyti|yes", "ruoka|no"]}).status_code == 422

    desk.post(add, RULE | {"answers": ["kyyti|yes"]})

    rule = MessageRule.objects.latest("pk")
    assert rule.question is not None
    assert (rule.question.key, rule.answers) == ("kyyti", ["yes"])
    assert "kyyti" in desk.get(reverse("desk:rule", args=[rule.pk])).content.decode()

    Question.objects.update(retired_at=noon)
    edit = reverse("desk:rule-edit", args=[rule.pk])
    shown = desk.get(edit).content.decode()
    assert "kyyti|yes" in shown, "or saving another hour would write to everybody"
    assert "kyyti (not asked any more) – yes" in shown
    assert "ruoka|yes" not in shown
    assert "kyyti|yes" not in desk.get(add).content.decode()


NOTE = RULE | {
    "name": "Thanks",
    "side": "after",
    "anchor": "end",
    "states": ["confirmed"],
    "attendance": "attended",
    "late_minutes": "0",
}
WORDS = {
    "subject_fi": "Kiitos, {name}",
    "subject_sv": "Tack, {name}",
    "subject_en": "Thanks, {name}",
    "body_fi": "Kalvot: {event}.",
    "body_sv": "Bilder: {event}.",
    "body_en": "Slides: {event}.",
}


def _note(desk: Client, series: EventSeries) -> MessageRule:
    desk.post(reverse("desk:rule-write", args=[series.pk]), NOTE)
    return MessageRule.objects.get(series=series, kind="note")


def test_a_message_in_own_words_is_described_written_taken_into_use_and_switched_on(
    desk: Client, mornings: EventSeries, noon: datetime
) -> None:
    for person in (AINO, VEERA):
        sign_up(mornings, person, 0, at=noon)
    write = reverse("desk:rule-write", args=[mornings.pk])
    assert desk.get(write).status_code == 200
    wrongs: list[dict[str, object]] = [
        {"name": ""},
        {"states": []},
        {"late": "confirmation"},
        {"side": "before"},
    ]
    for wrong in wrongs:
        assert desk.post(write, NOTE | wrong).status_code == 422
    rule = _note(desk, mornings)
    assert (rule.enabled, rule.attendance, rule.anchor, rule.minutes) == (False, "attended", "end", 60)
    words, switch = (reverse(f"desk:rule-{name}", args=[rule.pk]) for name in ("words", "switch"))
    page = reverse("desk:rule", args=[rule.pk])
    assert "Its text is not in use yet" in desk.get(page).content.decode()
    assert "Write the text and take it into use first" in desk.post(switch, {"step": "save"}).content.decode()

    assert desk.post(words, WORDS | {"subject_sv": "", "step": "preview"}).status_code == 422
    assert "The rule sends this text" in desk.post(words, WORDS | {"step": "preview"}).content.decode()
    desk.post(words, WORDS | {"step": "save"})
    desk.post(switch, {"step": "save"})

    rule.refresh_from_db()
    assert rule.enabled
    shown = desk.get(page).content.decode()
    assert "only those who came" in shown
    assert "gets it once attendance is marked so: 2" in shown
    assert "Attendance may be marked until" in shown


def test_the_rule_of_a_message_in_own_words_is_changed_and_stays_one(
    desk: Client, mornings: EventSeries
) -> None:
    rule = _note(desk, mornings)
    edit, page = (reverse(f"desk:{name}", args=[rule.pk]) for name in ("rule-edit", "rule"))
    assert 'value="Thanks"' in desk.get(edit).content.decode()

    desk.post(edit, NOTE | {"amount": "2", "states": ["confirmed", "waiting"]})

    rule.refresh_from_db()
    assert (rule.minutes, rule.states, rule.kind) == (120, ["confirmed", "waiting"], "note")
    assert "confirmed, waiting, only those who came" in desk.get(page).content.decode()


def test_whom_a_rule_is_for_is_folded_and_what_is_wrong_stands_open(
    desk: Client, mornings: EventSeries, noon: datetime
) -> None:
    for number, key in enumerate(("kyyti", "ruoka")):
        Question.objects.create(
            series=mornings, key=key, kind="yes_no", label_fi=key, position=number, created_at=noon
        )
    write = reverse("desk:rule-write", args=[mornings.pk])
    fresh = desk.get(write).content.decode()
    remind = desk.get(reverse("desk:rule-add", args=[mornings.pk])).content.decode()
    edit = reverse("desk:rule-edit", args=[_note(desk, mornings).pk])
    desk.post(edit, NOTE | {"languages": ["sv"], "answers": ["kyyti|yes"]})
    kept = desk.get(edit).content.decode()
    faults = {"states": [], "answers": ["kyyti|yes", "ruoka|no"], "late_minutes": "soon"}
    wrong = desk.post(write, NOTE | faults).content.decode()

    assert "<summary>State: <span>confirmed</span></summary>" in fresh
    assert "<summary>Attendance: <span>whether they came or not</span></summary>" in fresh
    assert "<summary>Only these languages: <span>any</span></summary>" in fresh
    assert [fresh.count('<details class="fold">'), remind.count('<details class="fold">')] == [7, 5]
    assert (
        "<summary>Whoever gets a place after that moment: <span>they get it at once</span></summary>" in fresh
    )
    assert "<summary>At once only if minutes are left, at least: <span>0</span></summary>" in fresh
    assert "<summary>At once only if minutes are left, at least: <span>15</span></summary>" in remind
    assert "<summary>Attendance: <span>only those who came</span></summary>" in kept
    assert "<summary>Only these languages: <span>Svenska</span></summary>" in kept
    assert "<summary>Only those who answered: <span>kyyti – yes</span></summary>" in kept
    assert wrong.count('<details class="fold" open>') == 3
    assert '<details class="fold" open><summary>State: <span>–</span>' in wrong
    assert '<details class="fold" open><summary>Only those who answered: ' in wrong


def test_a_text_is_kept_looked_at_tried_and_read_as_each_person_reads_it(
    desk: Client, mornings: EventSeries, noon: datetime
) -> None:
    sign_up(mornings, VEERA, 0, at=noon)
    rule, place = _note(desk, mornings), registration(VEERA, day(mornings))
    words = reverse("desk:rule-words", args=[rule.pk])
    picture = reverse("desk:rule-picture", args=[rule.pk, "sv"])
    reading = reverse("desk:rule-reading", args=[rule.pk, place.pk])
    assert desk.get(picture).status_code == 404
    assert "cannot be read yet" in desk.get(reading).content.decode()

    half = WORDS | {"body_fi": "", "body_sv": "Bilder: {event}. {manage}", "step": "keep"}
    kept = desk.post(words, half, follow=True).content.decode()
    assert "The words are kept" in kept
    assert "cannot be read yet" in kept, "Finnish lacks its text"
    assert "Tack, Aino Esimerkki" in kept
    assert "Tack, Aino Esimerkki" in desk.get(picture).content.decode()
    read = desk.get(reading).content.decode()
    assert "Tack, Veera Exempel" in read
    assert place.attendee.token not in read
    assert "[…]" in read

    assert desk.post(words, half | {"step": "test"}).status_code == 422
    desk.post(words, WORDS | {"step": "test"})
    assert Message.objects.get(kind="note").subject.startswith("test:")


def test_a_draft_is_discarded_after_a_look_at_what_stays(desk: Client, mornings: EventSeries) -> None:
    rule = _note(desk, mornings)
    words, discard = (
        reverse(f"desk:{name}", args=[rule.pk]) for name in ("rule-words", "rule-words-discard")
    )
    assert desk.get(discard).status_code == 404
    desk.post(words, WORDS | {"step": "keep"})
    assert "No text is in use yet" in desk.get(discard).content.decode()
    desk.post(words, WORDS | {"step": "save"})
    desk.post(words, WORDS | {"subject_en": "Cheers", "step": "keep"})
    drafted = desk.get(words).content.decode()
    assert discard in drafted
    assert "This is a draft. Another text is in use." in drafted

    assert "The text in use stays" in desk.get(discard).content.decode()
    desk.post(discard, {"step": "save"})

    page = desk.get(words).content.decode()
    assert discard not in page
    assert "The text is in use." in page
    assert 'value="Thanks, {name}"' in page


def test_a_reminder_has_no_page_for_words_and_is_read_like_any_mail(
    desk: Client, mornings: EventSeries, noon: datetime
) -> None:
    sign_up(mornings, OLLI, 0, at=noon)
    reminder = MessageRule.objects.get(series=mornings)
    assert desk.get(reverse("desk:rule-words", args=[reminder.pk])).status_code == 404
    place = registration(OLLI, day(mornings)).pk

    read = desk.get(reverse("desk:rule-reading", args=[reminder.pk, place])).content.decode()

    assert "Tomorrow" in read
    assert desk.get(reverse("desk:rule-reading", args=[reminder.pk, 0])).status_code == 404
    draft = RuleDraft(when=When(days=-1), event=day(mornings, 1).slug)
    other = make_rule(series=mornings, draft=draft, at=noon, actor=None)
    assert desk.get(reverse("desk:rule-reading", args=[other.pk, place])).status_code == 404


def test_the_page_of_a_rule_names_everybody_with_a_reason(
    desk: Client, mornings: EventSeries, noon: datetime
) -> None:
    for person in (AINO, VEERA, OLLI):
        sign_up(mornings, person, 0, at=noon)
    address = reverse("desk:rule", args=[MessageRule.objects.get(series=mornings).pk])

    before = desk.get(address).content.decode()
    reminded(mornings)
    after = desk.get(address).content.decode()

    assert "gets it: 2" in before
    assert "no place: 1" in before
    assert "already sent: 2" in after
    assert AINO.email in after
