"""What was sent to whom, whether it arrived, and what it said."""

from datetime import datetime

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from backend.core.i18n import Text
from events.actions import cancel_event
from events.models import EventSeries
from notifications.models import Message, MessageEvent
from registrations.actions import cancel
from registrations.models import Registration
from tests.registrations.people import AINO, OLLI, VEERA, attendee, day, mail, registration, sign_up
from tests.web.desk.seen import page, text


def test_messages_that_need_a_look_come_first(desk: Client, mornings: EventSeries, noon: datetime) -> None:
    for person in (AINO, VEERA, OLLI):
        sign_up(mornings, person, 0, at=noon)
    Message.objects.filter(kind="reminder").delete()
    Message.objects.filter(recipient=AINO.email).update(state="failed")
    Message.objects.filter(recipient=VEERA.email).update(state="accepted")

    shown = page(desk, "messages", mornings.pk)
    table = shown[shown.index("Subject") if "Subject" in shown else shown.index("3 messages") :]
    assert table.index(AINO.email) < min(table.index(VEERA.email), table.index(OLLI.email))

    narrowed = page(desk, "messages", mornings.pk, state="problems")
    assert [person.email in narrowed for person in (AINO, VEERA, OLLI)] == [True, False, False]
    assert AINO.email not in page(desk, "messages", mornings.pk, q="veera")
    assert AINO.email not in page(desk, "messages", mornings.pk, state="accepted")
    second = mornings.events.all()[1]
    assert "No message matches." in page(desk, "messages", mornings.pk, event=second.slug)


def test_counts_by_event_add_up(desk: Client, mornings: EventSeries, noon: datetime) -> None:
    sign_up(mornings, AINO, 0, 1, at=noon)
    sign_up(mornings, OLLI, 1, at=noon)
    mine = Message.objects.filter(kind="confirmation", recipient=AINO.email)
    mine.filter(audience=f"event:{mornings.events.all()[0].pk}").update(state="delivered")
    Message.objects.filter(recipient=OLLI.email).update(state="cancelled")
    shown = page(desk, "messages", mornings.pk)

    assert "Tue 13 April Accessibility of nearby nature 1 0 0 0 0" in shown
    assert "Wed 14 April Participation, sport and sustainability 0 1 0 0 1" in shown


def test_messages_about_the_whole_series_are_counted_too_when_there_are_any(
    desk: Client, mornings: EventSeries, noon: datetime
) -> None:
    sign_up(mornings, AINO, 0, at=noon)
    assert "about the whole series" not in page(desk, "messages", mornings.pk)

    Message.objects.filter(kind="confirmation").update(audience=f"series:{mornings.pk}", state="failed")
    shown = page(desk, "messages", mornings.pk)

    assert "about the whole series 0 0 0 1 0" in shown


def test_narrowing_the_list_leads_to_the_list(desk: Client, mornings: EventSeries, noon: datetime) -> None:
    sign_up(mornings, AINO, 0, at=noon)
    shown = desk.get(reverse("desk:messages", args=[mornings.pk])).text

    assert '<h2 id="list">' in shown
    assert '<form method="get" action="#list"' in shown
    assert f'href="?event={mornings.events.all()[0].slug}#list"' in shown


def test_one_message_shows_what_it_said_without_the_persons_own_link(
    desk: Client, mornings: EventSeries, noon: datetime
) -> None:
    sign_up(mornings, OLLI, 0, at=noon)
    message = mail(OLLI, "confirmation")
    MessageEvent.objects.create(message=message, at=noon, state="bounced_hard", note="550 5.1.1")
    answer = desk.get(reverse("desk:message", args=[message.pk]))

    assert "Accessibility of nearby nature" in text(answer)
    assert "550 5.1.1" in text(answer)
    assert "adds or updates the entry" in text(answer)
    assert "[…]" in text(answer)
    assert attendee(OLLI).token not in answer.content.decode()


@pytest.mark.parametrize(
    ("language", "told"),
    [("fi", "lähetys katkesi kesken"), ("sv", "sändningen avbröts"), ("en", "the sending broke off")],
)
def test_why_a_step_was_taken_is_said_in_the_readers_language_or_not_at_all(
    language: str, told: str, desk: Client, mornings: EventSeries, noon: datetime
) -> None:
    sign_up(mornings, OLLI, 0, at=noon)
    message = mail(OLLI, "confirmation")
    for note in ("worker-gone", "cannot be made: ValueError"):
        MessageEvent.objects.create(message=message, at=noon, state="uncertain", note=note)
    User.objects.update(language=language)
    shown = text(desk.get(reverse("desk:message", args=[message.pk])))

    assert f"({told})" in shown
    assert "worker-gone" not in shown
    assert "ValueError" not in shown


@pytest.mark.parametrize(
    ("language", "place", "event"),
    [
        ("fi", ("Järjestäjä perui paikan", "paikka peruttiin"), ("Tapahtuma peruttu", "tapahtuma peruttiin")),
        (
            "sv",
            ("Arrangören annullerade platsen", "platsen annullerades"),
            ("Evenemanget inhiberat", "evenemanget inhiberades"),
        ),
        (
            "en",
            ("Cancelled by the organiser", "the place was cancelled"),
            ("Event called off", "the event was called off"),
        ),
    ],
)
def test_an_event_called_off_is_told_apart_from_a_place_that_was_cancelled(
    language: str,
    place: tuple[str, str],
    event: tuple[str, str],
    desk: Client,
    mornings: EventSeries,
    noon: datetime,
) -> None:
    for person in (AINO, VEERA):
        sign_up(mornings, person, 0, at=noon)
    alone = registration(AINO, day(mornings))
    cancel(registration=alone, by=Registration.CancelledBy.ORGANISER, at=noon)
    cancel_event(event=day(mornings), reason=Text("Sairaus"), at=noon, actor=None)
    User.objects.update(language=language)

    for person, said, other in ((AINO, place, event), (VEERA, event, place)):
        message = mail(person, "cancelled_by_organiser").pk
        assert said[0] in page(desk, "messages", mornings.pk, q=person.email)
        assert other[0] not in page(desk, "messages", mornings.pk, q=person.email)
        assert page(desk, "message", message).count(said[0]) >= 1
        timeline = page(desk, "attendee", attendee(person).pk)
        assert [words in timeline for words in said] == [True, True]
        assert [words in timeline for words in other] == [False, False]


def test_a_message_that_belongs_to_no_event_is_not_shown(
    desk: Client, mornings: EventSeries, noon: datetime
) -> None:
    sign_up(mornings, AINO, 0, at=noon)
    message = mail(AINO, "confirmation")
    found = []
    for audience in ("", "event:", "event:999", "series:999", f"series:{mornings.pk}"):
        Message.objects.filter(pk=message.pk).update(audience=audience)
        found.append(desk.get(reverse("desk:message", args=[message.pk])).status_code)

    assert found == [404, 404, 404, 404, 200]
