"""Mails that did not arrive, put right by an organiser."""

from datetime import datetime, timedelta

import pytest

from accounts.models import AuditEvent, Organisation
from notifications import delivery, kinds, outbox, suppression
from notifications.models import Message
from notifications.outbox import CalendarPart, Draft
from registrations.actions import repairing
from registrations.rules.repairing import NotSentAgain
from tests import factories

pytestmark = pytest.mark.django_db


def mail(version: int = 1, *, kind: str = "confirmation", calendar: bool = True, at: datetime) -> Message:
    sample = kinds.get(kind).sample("fi")
    return outbox.queue(
        Draft(
            kind=kind,
            subject="registration:1",
            version=version,
            recipient="aino@example.org",
            language="fi",
            context=sample.context,
            links=sample.links,
            calendar=CalendarPart("REQUEST", "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n") if calendar else None,
            scope="series:1",
        ),
        at=at,
    )


def ended(message: Message, state: str) -> Message:
    Message.objects.filter(pk=message.pk).update(state=state, attempts_made=6)
    message.refresh_from_db()
    return message


def again(message: Message, *, at: datetime) -> Message:
    owner = (Organisation.objects.first() or factories.organisation()).pk
    return repairing.send_again(
        message=message, organisation_id=owner, reason="osoite toimii", at=at, actor=None
    )


@pytest.mark.parametrize("state", ["failed", "bounced_hard", "bounced_soft", "uncertain", "suppressed"])
def test_what_did_not_arrive_is_sent_once_more_and_its_address_allowed(state: str, noon: datetime) -> None:
    message = ended(mail(at=noon), state)
    suppression.suppress(address=message.recipient, reason="bounced_hard", at=noon)

    again(message, at=noon + timedelta(days=1))
    delivery.drain(lane="urgent", owner="test", at=noon + timedelta(days=1))

    message.refresh_from_db()
    assert [(step.state, step.note) for step in message.events.all()] == [
        ("queued", "sent-again"),
        ("accepted", ""),
    ]
    trail = AuditEvent.objects.get(action="message.sent_again")
    assert (trail.subject, trail.reason) == ("registration:1", "osoite toimii")


@pytest.mark.parametrize("state", ["queued", "accepted", "delivered", "complained", "cancelled", "closed"])
def test_what_arrived_or_is_over_is_not_repeated(state: str, noon: datetime) -> None:
    message = ended(mail(at=noon), state)

    with pytest.raises(NotSentAgain):
        again(message, at=noon)

    assert not AuditEvent.objects.exists()


def test_an_invitation_that_a_newer_one_replaces_is_not_sent_again(noon: datetime) -> None:
    old, new = ended(mail(1, at=noon), "failed"), mail(2, at=noon)

    with pytest.raises(NotSentAgain, match="uudempi"):
        again(old, at=noon)
    ended(new, "cancelled")
    again(old, at=noon)


def test_nothing_is_sent_after_its_time_or_to_somebody_who_does_not_want_it(noon: datetime) -> None:
    message = ended(mail(kind="reminder", calendar=False, at=noon), "failed")
    suppression.opt_out(address=message.recipient, scope=message.scope, topic="reminder", at=noon)
    with pytest.raises(NotSentAgain, match="ei halua"):
        again(message, at=noon)

    Message.objects.filter(pk=message.pk).update(not_after=noon)
    with pytest.raises(NotSentAgain, match="ohi"):
        again(message, at=noon)
