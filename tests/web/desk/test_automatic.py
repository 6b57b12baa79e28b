"""Messages that go out by themselves, at the desk: rules, who gets what, and the rehearsal."""

from datetime import datetime, timedelta

from django.apps import apps
from django.test import Client
from django.urls import reverse

from events.models import Event, EventSeries
from registrations.models import MessageRule, Question
from tests.registrations.people import AINO, OLLI, VEERA, day, reminded, sign_up

RULE = {
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


def _everything() -> dict[str, int]:
    return {model.__name__: model.objects.count() for model in apps.get_models() if hasattr(model, "objects")}


def test_a_rehearsal_plays_every_message_in_each_language_and_leaves_nothing(
    desk: Client, mornings: EventSeries
) -> None:
    EventSeries.objects.update(state="draft")
    Event.objects.update(state="draft")
    event = day(mornings)
    before = _everything()
    rows = list(Event.objects.values()) + list(MessageRule.objects.values())

    address = reverse("desk:rehearsal", args=[event.pk])
    assert "Nothing is sent" in desk.get(address).content.decode()
    page = desk.post(address).content.decode()

    for words in ("Olet mukana", "Du är med", "You are in", "Huomenna", "I morgon", "Tomorrow"):
        assert words in page
    assert _everything() == before
    assert list(Event.objects.values()) + list(MessageRule.objects.values()) == rows


def test_an_event_of_the_past_is_rehearsed_as_if_it_lay_ahead(
    desk: Client, mornings: EventSeries, noon: datetime
) -> None:
    start = noon - timedelta(days=3)
    Event.objects.filter(pk=day(mornings).pk).update(starts_at=start, ends_at=start + timedelta(hours=1))

    page = desk.post(reverse("desk:rehearsal", args=[day(mornings).pk])).content.decode()

    assert "Huomenna" in page
