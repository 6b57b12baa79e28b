"""At the desk: a message that did not arrive is sent again, and a blocked address allowed."""

from datetime import datetime

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from accounts.models import AuditEvent
from events.models import EventSeries
from notifications import suppression
from notifications.models import Message
from registrations.actions import correct_address
from tests.registrations.people import AINO, attendee, mail, sign_up
from tests.web.desk.seen import text


@pytest.fixture
def returned(mornings: EventSeries, noon: datetime) -> Message:
    """Aino's confirmation came back, and her address is blocked."""
    sign_up(mornings, AINO, 0, at=noon)
    message = mail(AINO, "confirmation")
    Message.objects.filter(pk=message.pk).update(state="bounced_hard")
    suppression.suppress(address=AINO.email, reason="bounced_hard", at=noon)
    return message


def test_a_message_is_sent_again_after_the_page_that_tells_to_whom(desk: Client, returned: Message) -> None:
    address = reverse("desk:message-again", args=[returned.pk])
    assert "Send it again" in text(desk.get(reverse("desk:message", args=[returned.pk])))

    foretold = text(desk.post(address, {"reason": "it works now", "step": "preview"}))
    assert f"Confirmation: {AINO.email}" in foretold
    assert f"{AINO.email} gets the same message once more." in foretold
    assert "no longer blocked" in foretold
    done = desk.post(address, {"reason": "it works now", "step": "save"}, follow=True)

    assert "The message is on its way once more." in text(done)
    assert "an organiser sent it again" in text(done)
    returned.refresh_from_db()
    assert returned.state == "queued"
    assert suppression.suppressed([AINO.email]) == {}


def test_what_arrived_is_refused_in_words(desk: Client, returned: Message) -> None:
    Message.objects.filter(pk=returned.pk).update(state="delivered")

    refused = desk.post(reverse("desk:message-again", args=[returned.pk]), {"reason": "", "step": "save"})

    assert refused.status_code == 422
    assert "not one that failed" in text(refused)
    assert "Send it again" not in text(desk.get(reverse("desk:message", args=[returned.pk])))


def test_a_persons_page_tells_of_the_block_and_lifts_it(desk: Client, returned: Message) -> None:
    own = reverse("desk:attendee", args=[attendee(AINO).pk])
    assert "Messages to this address are not sent" in text(desk.get(own))

    address = reverse("desk:attendee-unblock", args=[attendee(AINO).pk])
    assert "sent again from now on" in text(desk.post(address, {"reason": "she rang", "step": "preview"}))
    lifted = [desk.post(address, {"reason": "she rang", "step": "save"}, follow=True) for _ in range(2)]

    assert all("Messages go to the address again." in text(answer) for answer in lifted)
    assert "Messages to this address are not sent" not in text(desk.get(own))
    assert AuditEvent.objects.get(action="attendee.unblocked").reason == "she rang"


def test_a_message_of_nobodys_does_not_exist(desk: Client) -> None:
    assert desk.get(reverse("desk:message-again", args=[0])).status_code == 404


def test_from_a_message_that_came_back_one_reaches_the_person_and_the_right_address(
    desk: Client, viewer: Client, returned: Message
) -> None:
    address = reverse("desk:message", args=[returned.pk])
    person, correct = (
        reverse(f"desk:{name}", args=[attendee(AINO).pk]) for name in ("attendee", "attendee-address")
    )

    shown = desk.get(address).text
    assert f'<a href="{person}">{AINO.name}</a>' in shown
    assert correct in shown
    watched = viewer.get(address).text
    assert person in watched
    assert correct not in watched

    Message.objects.filter(pk=returned.pk).update(state="delivered")
    assert correct not in desk.get(address).text


def test_a_message_about_nobody_in_particular_names_nobody(desk: Client, returned: Message) -> None:
    for subject in ("speaker:1", "attendee:999999"):
        Message.objects.filter(pk=returned.pk).update(subject=subject)
        shown = desk.get(reverse("desk:message", args=[returned.pk]))
        assert shown.status_code == 200
        assert AINO.name not in shown.text


def test_after_the_address_is_corrected_nothing_needs_a_look_any_more(
    desk: Client, returned: Message, mornings: EventSeries, noon: datetime
) -> None:
    address = reverse("desk:attendee-address", args=[attendee(AINO).pk])
    typed = {"email": "aino.oikea@example.org", "reason": ""}

    with time_machine.travel(noon, tick=False):
        foretold = text(desk.post(address, typed | {"step": "preview"}))
        desk.post(address, typed | {"step": "save"})

    assert f"{AINO.email} gets no mail: it is blocked." in foretold
    assert "gets a mail that the address was corrected" not in foretold
    assert not Message.objects.filter(kind="address_changed").exists()
    returned.refresh_from_db()
    assert returned.state == "cancelled"
    assert returned.events.get(state="cancelled").note == "another-address"
    listed = desk.get(reverse("desk:messages", args=[mornings.pk]), {"state": "problems"})
    assert "No message matches." in text(listed)


def test_a_message_to_many_that_came_back_stays_with_those_that_failed(
    returned: Message, noon: datetime
) -> None:
    Message.objects.filter(pk=returned.pk).update(batch="campaign:1")

    correct_address(attendee=attendee(AINO), email="aino.oikea@example.org", reason="", at=noon, actor=None)

    returned.refresh_from_db()
    assert returned.state == "bounced_hard"  # it is sent again from its own page, with the others
