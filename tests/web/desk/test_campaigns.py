"""Messages to many at the desk: written, looked at person by person, sent with a number, watched, stopped."""

from datetime import datetime, timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from events.models import EventSeries
from notifications import delivery
from notifications.models import Message
from registrations.models import Campaign, Question
from tests.registrations.forms import question
from tests.registrations.mass import gathered
from tests.web.desk.seen import text

WRITTEN = {
    "subject_fi": "Ovi on auki",
    "subject_sv": "Dörren är öppen",
    "subject_en": "The door is open",
    "body_fi": "Hei {name}!",
    "body_sv": "Hej {name}!",
    "body_en": "Hello {name}!",
    "states": ["confirmed", "waiting"],
}


@pytest.fixture
def series(mornings: EventSeries, noon: datetime) -> EventSeries:
    """Aino and Veera have places, Olli waits."""
    return gathered(mornings, noon)


def write(desk: Client, series: EventSeries, **more: object) -> str:
    response = desk.post(reverse("desk:campaign-new", args=[series.pk]), {**WRITTEN, **more})
    assert response.status_code == 303, text(response)
    return str(response["Location"])


def press(desk: Client, address: str, step: str, **more: object) -> str:
    response = desk.post(address, {"step": step, **more})
    assert response.status_code == 303, text(response)
    return text(desk.get(str(response["Location"])))


def test_the_list_is_looked_at_before_anything_leaves(desk: Client, series: EventSeries) -> None:
    address = write(desk, series, languages=["sv", "en"])
    shown = text(desk.get(address))

    assert "2 people get a mail, each in their own language." in shown
    assert "Veera Exempel" in shown
    assert "another language: 1" in shown
    assert "Aino Esimerkki" in text(desk.get(address + "?reason=language"))
    assert not Message.objects.exists()


def test_what_each_person_reads_is_opened_one_by_one(desk: Client, series: EventSeries) -> None:
    address = write(desk, series)
    row = Campaign.objects.get().recipients.get(attendee__email="olli@example.org")
    shown = text(desk.get(f"{address}people/{row.pk}/"))

    assert "The door is open" in shown
    assert "Hello Olli Example!" in shown
    assert "/r/" not in shown
    assert desk.get(f"{address}people/0/").status_code == 404


def test_only_the_right_number_sends(desk: Client, series: EventSeries) -> None:
    address = write(desk, series)
    for number in ("", "2", "many"):
        response = desk.post(address, {"step": "send", "number": number})
        assert response.status_code == 422, number
    assert not Message.objects.exists()

    assert "given to be sent" in press(desk, address, "send", number="3")
    assert Message.objects.count() == 3


def test_taken_back_nothing_is_sent(desk: Client, series: EventSeries) -> None:
    address = write(desk, series)
    press(desk, address, "send", number="3")

    undone = press(desk, address, "undo")

    assert "taken back before it left" in undone
    assert "messages are through" not in undone  # it would read as if all had left
    assert set(Message.objects.values_list("state", flat=True)) == {"cancelled"}


def test_paused_resumed_and_stopped(desk: Client, series: EventSeries, noon: datetime) -> None:
    address = write(desk, series)
    press(desk, address, "send", number="3")
    with time_machine.travel(noon + timedelta(minutes=2), tick=False):
        delivery.drain(lane="bulk", owner="worker", limit=1, at=noon + timedelta(minutes=2))
        assert "paused" in press(desk, address, "pause")
        assert "1 of 3 messages are through." in desk.get(f"{address}progress/").content.decode()
        assert "given to be sent" in press(desk, address, "resume")
        assert "3 of 3 messages are through." in press(desk, address, "stop")
        assert "the sending is over" not in text(desk.get(address))
        response = desk.post(address, {"step": "undo"})
    assert response.status_code == 409
    assert "The message has moved on meanwhile." in text(response)


def test_paused_when_the_last_ones_left_there_is_nothing_to_stop(
    desk: Client, series: EventSeries, noon: datetime
) -> None:
    address = write(desk, series)
    press(desk, address, "send", number="3")
    with time_machine.travel(noon + timedelta(minutes=2), tick=False):
        assert "Stop for good" in press(desk, address, "pause")
        Message.objects.update(state="accepted")
        left = text(desk.get(address))

    assert "Stop for good" not in left
    assert "Go on" in left


def test_when_all_have_left_the_page_says_that_it_is_over(
    desk: Client, series: EventSeries, noon: datetime
) -> None:
    address = write(desk, series)
    press(desk, address, "send", number="3")
    with time_machine.travel(noon + timedelta(minutes=2), tick=False):
        assert "the sending is over" not in text(desk.get(address))
        delivery.drain(lane="bulk", owner="worker", limit=3, at=noon + timedelta(minutes=2))
        over = text(desk.get(address))

    assert "the sending is over" in over
    assert "given to be sent" not in over


def test_a_choice_that_fits_nobody_says_so_instead_of_when_it_leaves(
    desk: Client, series: EventSeries
) -> None:
    shown = text(desk.get(write(desk, series, states=["declined"])))

    assert "Nobody gets this message. Change whom it is for." in shown
    assert "It leaves" not in shown


def test_only_what_failed_is_sent_again(desk: Client, series: EventSeries) -> None:
    address = write(desk, series)
    press(desk, address, "send", number="3")
    Message.objects.update(state="accepted")
    Message.objects.filter(recipient="olli@example.org").update(state="failed")
    assert "Send again to 1 whose message failed" in text(desk.get(address))

    press(desk, address, "resend")
    assert Message.objects.get(recipient="olli@example.org").state == "queued"


def test_it_can_be_changed_and_used_again(desk: Client, series: EventSeries) -> None:
    address = write(desk, series, day="2027-03-02", clock="9:00")
    form = desk.get(f"{address}edit/").content.decode()
    assert 'value="2027-03-02"' in form
    response = desk.post(f"{address}edit/", {**WRITTEN, "languages": ["fi"]})
    assert response.status_code == 303
    assert Campaign.objects.get().people == 1

    press(desk, address, "send", number="1")
    copied = desk.get(desk.post(address, {"step": "copy"})["Location"]).content.decode()
    assert "Ovi on auki" in copied
    assert Campaign.objects.count() == 2
    assert "The door is open" in text(desk.get(reverse("desk:campaigns", args=[series.pk])))


def test_a_draft_is_removed_after_one_more_look_and_what_was_sent_never(
    desk: Client, series: EventSeries
) -> None:
    draft, one = write(desk, series), write(desk, series)
    assert "Nothing has been sent to anybody." in text(desk.get(f"{draft}remove/"))
    assert Campaign.objects.count() == 2
    response = desk.post(f"{draft}remove/", {"step": "save"})
    assert response["Location"] == reverse("desk:campaigns", args=[series.pk])
    assert desk.get(draft).status_code == 404

    press(desk, one, "send", number="3")
    refused = desk.post(f"{one}remove/", {"step": "save"})
    assert refused.status_code == 409
    assert "The message has moved on meanwhile." in text(desk.get(f"{one}remove/"))
    assert Campaign.objects.count() == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"body_sv": ""},
        {"subject_fi": "", "subject_sv": ""},
        {"day": "2027-03-02"},
        {"day": "2027-02-02", "clock": "9:00"},
        {"events": ["gone"]},
        {"subject_en": "turned\u202e around"},
    ],
)
def test_what_is_wrong_is_said_beside_it(desk: Client, series: EventSeries, wrong: dict[str, str]) -> None:
    response = desk.post(reverse("desk:campaign-new", args=[series.pk]), {**WRITTEN, **wrong})

    assert response.status_code == 422
    assert not Campaign.objects.exists()


def test_what_the_words_may_name_stands_above_them(desk: Client, series: EventSeries) -> None:
    shown = text(desk.get(reverse("desk:campaign-new", args=[series.pk])))

    assert "Write in Markdown" in shown
    assert "{name} the reader's name" in shown


def test_the_list_of_problems_says_of_which_language_each_is(desk: Client, series: EventSeries) -> None:
    typed = {**WRITTEN, "body_sv": "", "subject_en": "{event"}
    refused = text(desk.post(reverse("desk:campaign-new", args=[series.pk]), typed))

    assert "Svenska: The text is missing." in refused
    assert "English: “{event” lacks a brace. Write {event}." in refused


def test_a_list_that_has_changed_is_made_anew(desk: Client, series: EventSeries, noon: datetime) -> None:
    address = write(desk, series)
    series.attendees.filter(email="olli@example.org").update(language="fi")

    response = desk.post(address, {"step": "send", "number": "3"})
    assert response.status_code == 409
    assert "The list has changed since it was made" in text(response)
    press(desk, address, "pin")
    press(desk, address, "send", number="3")
    with time_machine.travel(noon + timedelta(hours=2), tick=False):
        assert "given to be sent" in text(desk.get(address))


def test_whom_it_is_for_is_folded_and_each_line_says_what_is_chosen(
    desk: Client, series: EventSeries
) -> None:
    new = reverse("desk:campaign-new", args=[series.pk])
    fresh = desk.get(new).content.decode()
    slugs = [event.slug for event in series.events.all()]
    draft = write(desk, series, events=slugs, languages=["sv"], organisations="Esimerkkilä\nExempelby")
    kept = desk.get(f"{draft}edit/").content.decode()
    wrong = desk.post(new, {**WRITTEN, "states": ["elsewhere"]}).content.decode()

    assert "<summary>Events: <span>any</span></summary>" in fresh
    assert "<summary>State: <span>confirmed</span></summary>" in fresh
    assert fresh.count('<details class="fold">') == 6, "no municipality or answer is there to choose"
    assert "<summary>Organisation: <span>Esimerkkilä, Exempelby</span></summary>" in kept
    assert "1 more</span></summary>" in kept
    assert "<summary>Survey: <span>makes no difference</span></summary>" in kept
    assert '<details class="fold" open><summary>State: ' in wrong


def test_only_questions_in_use_are_offered_and_one_chosen_before_says_that_it_is_not_asked_any_more(
    desk: Client, series: EventSeries, noon: datetime
) -> None:
    for key in ("kyyti", "ruoka"):
        question(series, key, "yes_no")
    address = write(desk, series, answers=["kyyti=yes"])
    Question.objects.update(retired_at=noon)
    new = reverse("desk:campaign-new", args=[series.pk])

    assert "kyyti" not in desk.get(new).content.decode()
    refused = desk.post(new, {**WRITTEN, "answers": ["ruoka=yes"]})
    assert refused.status_code == 422
    assert "Something was chosen that is not there any more. Choose anew." in text(refused)
    shown = desk.get(f"{address}edit/").content.decode()
    assert "kyyti en (not asked any more): yes" in shown
    assert "ruoka" not in shown
    assert desk.post(f"{address}edit/", {**WRITTEN, "answers": ["kyyti=no"]}).status_code == 303
