"""The lost link: the answer is always the same, the mail goes only to those who are registered."""

from datetime import datetime, timedelta

import pytest

from accounts.models import Organisation
from events.models import EventSeries
from notifications.models import Message
from registrations.actions import cancel_all, send_manage_link
from tests import factories
from tests.registrations.people import AINO, VEERA, attendee, day, mail, sign_up, told


def test_the_link_goes_to_the_stored_address_however_it_is_typed(
    mornings: EventSeries, noon: datetime
) -> None:
    sign_up(mornings, AINO, 0, at=noon)

    send_manage_link(email=" AINO@Example.ORG ", at=noon)

    message = mail(AINO, "manage_link")
    assert (message.recipient, message.subject, message.audience) == (
        "aino@example.org",
        f"attendee:{attendee(AINO).pk}",
        f"series:{mornings.pk}",
    )
    assert (message.context["again"], message.context["wanted"], list(message.links)) == (
        False,
        [],
        ["manage"],
    )
    assert [place["title"] for place in message.context["places"]] == ["Lähiluonnon saavutettavuus"]


def test_each_series_has_its_own_link(mornings: EventSeries, demos: Organisation, noon: datetime) -> None:
    other = factories.four_mornings(organisation=demos, slug="toiset")
    for series in (mornings, other):
        sign_up(series, AINO, 0, at=noon)

    send_manage_link(email=AINO.email, at=noon)

    links = Message.objects.filter(kind="manage_link").values_list("audience", flat=True)
    assert set(links) == {f"series:{mornings.pk}", f"series:{other.pk}"}


@pytest.mark.parametrize("email", ["veera@example.org", "not an address", "", "a" * 300 + "@example.org"])
def test_for_anybody_else_nothing_happens_and_nothing_is_said(
    mornings: EventSeries, noon: datetime, email: str
) -> None:
    sign_up(mornings, AINO, 0, at=noon)

    send_manage_link(email=email, at=noon)

    assert told() == [("confirmation", "queued")]


def test_whoever_gave_everything_up_gets_no_link(mornings: EventSeries, noon: datetime) -> None:
    sign_up(mornings, AINO, 0, at=noon)
    cancel_all(attendee=attendee(AINO), at=noon)

    send_manage_link(email=AINO.email, at=noon)

    assert "manage_link" not in dict(told(AINO))


def test_a_link_that_has_died_is_not_sent_again(mornings: EventSeries, noon: datetime) -> None:
    sign_up(mornings, VEERA, 0, at=noon)

    send_manage_link(email=VEERA.email, at=day(mornings).ends_at + timedelta(days=30))

    assert told(VEERA) == [("confirmation", "queued")]


def test_asking_again_and_again_sends_one_in_five_minutes(mornings: EventSeries, noon: datetime) -> None:
    sign_up(mornings, AINO, 0, at=noon)

    for minute in range(11):
        send_manage_link(email=AINO.email, at=noon + timedelta(minutes=minute))

    assert told(AINO) == [("confirmation", "queued")] + [("manage_link", "queued")] * 3
