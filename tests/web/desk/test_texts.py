"""Text messages at the desk: how many go out, which number got what, and that they wait."""

from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from backend import pulse
from backend.core.i18n import Text
from backend.sms_url import Sms
from events.actions import cancel_event
from events.models import Event, EventSeries
from notifications import suppression
from notifications.models import Circuit, Message, MessageEvent
from registrations.actions import register
from registrations.queries import form_of
from tests.registrations.forms import question
from tests.registrations.people import AINO, all_sent, attendee, slugs
from tests.web.desk.seen import page, problems, save, text
from tests.web.desk.test_events import REASON

NUMBER = "+358401234567"
ASKED = {
    "label_fi": "Puhelinnumero",
    "label_sv": "Telefonnummer",
    "label_en": "Phone number",
    "kind": "phone",
}


@pytest.fixture
def called(mornings: EventSeries, morning: Event, noon: datetime, settings: Settings) -> Event:
    """Aino, who gave her number, has a place in an event that begins in three hours."""
    settings.SMS = Sms(backend="notifications.sms.providers.Console")
    question(mornings, "phone", "phone")
    register(
        series=mornings,
        person=AINO,
        events=slugs(mornings, 0),
        answers={"phone": "040 123 4567"},
        idempotency_key="1",
        at=noon,
    )
    all_sent()
    return starting(morning, noon + timedelta(hours=3))


def starting(event: Event, at: datetime) -> Event:
    Event.objects.filter(pk=event.pk).update(starts_at=at, ends_at=at + timedelta(hours=1))
    event.refresh_from_db()
    return event


def whole(client: Client, event: Event) -> str:
    typed = {**REASON, "step": "preview"}
    return text(client.post(reverse("desk:event-cancel", args=[event.pk]), typed))


def off(event: Event) -> Message:
    cancel_event(event=event, reason=Text("x", "x", "x"), at=event.starts_at - timedelta(hours=3), actor=None)
    return Message.objects.get(channel="sms")


def test_a_question_for_a_phone_number_is_added_and_is_never_sealed(
    desk: Client, mornings: EventSeries
) -> None:
    asked = {**ASKED, "special": "diet", "step": "save"}
    refused = problems(desk.post(reverse("desk:question-add", args=[mornings.pk]), asked))
    assert refused == {"id_special": "A phone number says nothing about diet or accessibility."}

    save(desk, "question-add", mornings.pk, **ASKED)

    assert [one.kind for one in form_of(mornings).questions] == ["phone"]


def test_calling_off_says_first_how_many_texts_go_out(desk: Client, called: Event, noon: datetime) -> None:
    near = whole(desk, called)
    assert "mail, and the entry is removed text message" in near
    far = whole(desk, starting(called, noon + timedelta(hours=48)))

    assert "1 person gets a text message as well, because the event is so near." in near
    assert "text message" not in far


def test_the_ledger_names_the_way_and_the_number(desk: Client, called: Event, noon: datetime) -> None:
    one = off(called)
    Message.objects.filter(pk=one.pk).update(state="accepted", headline="Peruttu")
    MessageEvent.objects.create(message=one, at=noon, state="accepted")

    listed = page(desk, "messages", called.series_id, q="40123")
    assert "Event called off (text message)" in listed
    assert NUMBER in listed
    assert "accepted by the operator" in listed
    shown = page(desk, "message", one.pk)
    assert "Peruttu: Lähiluonnon saavutettavuus, ma 1.3. klo 17.00." in shown
    assert shown.count("accepted by the operator") == 2
    assert "Subject line" not in shown
    assert "Personal links are left out" not in shown
    timeline = page(desk, "attendee", attendee(AINO).pk)
    assert "Event called off (text message)" in timeline


def test_a_text_that_failed_is_sent_again_and_its_number_is_allowed_again(
    desk: Client, called: Event, noon: datetime
) -> None:
    one = off(called)
    suppression.suppress(address=NUMBER, reason="stop", at=noon)
    Message.objects.filter(pk=one.pk).update(state="suppressed")

    assert "not sent: the number is blocked" in page(desk, "message", one.pk)
    save(desk, "message-again", one.pk, reason="Number checked by phone")

    one.refresh_from_db()
    assert (one.state, suppression.suppressed([NUMBER])) == ("queued", {})


def test_texts_that_wait_are_told_apart_from_mail(desk: Client, called: Event, noon: datetime) -> None:
    one = off(called)
    Message.objects.filter(channel="email").update(state="accepted")
    Message.objects.filter(pk=one.pk).update(not_before=noon - timedelta(minutes=5))
    Circuit.objects.create(transport="SMS Console", failures=5, not_before=noon + timedelta(minutes=3))
    pulse.record(worker="one", at=noon)

    waits = page(desk, "series", called.series_id)
    assert "Text messages are waiting" in waits
    assert "mail leaves" in waits
    assert "Next try:" in waits

    mails = Message.objects.filter(channel="email", kind="cancelled_by_organiser")
    mails.update(state="queued", not_before=noon - timedelta(minutes=5))
    both = page(desk, "series", called.series_id)
    assert "Mail is waiting" in both
    assert "There is a rush, or the mail server is slow." in both
