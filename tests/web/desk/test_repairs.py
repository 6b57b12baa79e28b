"""At the desk: a message that did not arrive is sent again, and a blocked address allowed."""

from datetime import datetime

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import AuditEvent
from events.models import EventSeries
from notifications import suppression
from notifications.models import Message
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
