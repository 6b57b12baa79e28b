"""News of messages: repeated, shuffled, early, unknown or forged, they end in the same truth."""

from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

import pytest

from notifications import kinds, news, outbox, suppression
from notifications.mime import METADATA, delivery_id
from notifications.models import Message, OptOut, ProviderEvent, Suppression
from tests.notifications import letters
from tests.notifications.newsroom import MINUTE, event, hear, sent, state_of, told

pytestmark = pytest.mark.django_db
pytestmark = pytest.mark.django_db


def test_a_delivered_message_is_known_as_delivered(noon: datetime) -> None:
    message = sent(at=noon)

    hear(event("delivered", message, at=noon, mta_response="250 2.0.0 Ok <veera1@example.org>"), at=noon)

    assert (state_of(message), told(message)) == ("delivered", ["delivered"])
    [step] = message.events.all()
    assert (step.note, step.at) == ("2.0.0", noon)  # the code, not the words around it


def test_each_event_46_times_shuffled_under_new_numbers_ends_the_same(noon: datetime) -> None:
    """T33."""
    stories = {
        "delivered": ("deferred", "delivered"),
        "bounced_hard": ("deferred", "delivered", "bounced"),
        "complained": ("complained", "delivered", "bounced"),
    }
    messages = [sent(n, at=noon) for n in range(len(stories))]
    events = [
        event(kind, message, at=noon + order * MINUTE, number=f"{message.pk}-{kind}-{again}")
        for message, story in zip(messages, stories.values(), strict=True)
        for order, kind in enumerate(story)
        for again in range(46)
    ]
    Random(46).shuffle(events)  # noqa: S311 - a shuffled deck, no secret

    for start in range(0, len(events), 50):
        hear(*events[start : start + 50], at=noon + 9 * MINUTE)

    assert [state_of(message) for message in messages] == list(stories)
    assert ProviderEvent.objects.count() == 8
    assert sorted(Suppression.objects.values_list("reason", flat=True)) in (
        ["bounced_hard", "bounced_hard"],
        ["bounced_hard", "complained"],
    )
    for message in messages:
        assert len(told(message)) == len(set(told(message)))


def test_an_event_without_a_number_or_a_moment_is_one_row_too(noon: datetime) -> None:
    message = sent(at=noon)
    bare = [event("delivered", message, at=noon, number=None, timestamp=None) for _ in range(2)]
    local = event("deferred", message, at=noon, timestamp=noon.replace(tzinfo=None))

    hear(*bare, local, at=noon)

    assert [row.at for row in ProviderEvent.objects.all()] == [noon, noon]


@pytest.mark.parametrize("stated", [timedelta(hours=2), -timedelta(hours=2)])
def test_a_providers_wrong_clock_makes_no_future(stated: timedelta, noon: datetime) -> None:
    message = sent(at=noon)

    hear(event("delivered", message, at=noon + stated), at=noon)

    assert ProviderEvent.objects.get().at == min(noon, noon + stated)


def test_delivered_after_complained_changes_nothing(noon: datetime) -> None:
    """T34: the rank only rises."""
    message = sent(at=noon)

    hear(event("complained", message, at=noon), at=noon)
    hear(event("delivered", message, at=noon + MINUTE), at=noon + MINUTE)

    assert (state_of(message), told(message)) == ("complained", ["complained"])
    assert [row.outcome for row in ProviderEvent.objects.all()] == ["moved", "known"]


def test_news_before_we_wrote_down_that_it_was_taken_waits_for_that(noon: datetime) -> None:
    message = sent(at=noon)
    Message.objects.filter(pk=message.pk).update(state="sending", lease_until=noon + MINUTE)

    hear(event("bounced", message, at=noon), at=noon)
    assert state_of(message) == "sending"
    Message.objects.filter(pk=message.pk).update(state="accepted", lease_until=None)
    hear(at=noon + timedelta(seconds=10))

    assert state_of(message) == "bounced_hard"
    assert suppression.suppressed([message.recipient]) == {message.recipient: "bounced_hard"}


def test_by_the_providers_own_name_a_message_is_found_as_well(noon: datetime) -> None:
    message = sent(7, at=noon, state="uncertain")

    hear(event("delivered", message, at=noon, metadata={}, message_id="provider-7"), at=noon)

    assert state_of(message) == "delivered"


def test_by_the_message_id_that_we_wrote_too(noon: datetime) -> None:
    message = sent(at=noon)
    named = f"<{delivery_id(message)}@example.org>"

    hear(event("delivered", message, at=noon, metadata=None, message_id=named), at=noon)

    assert state_of(message) == "delivered"


def test_a_guessed_name_is_nobodys_message(noon: datetime) -> None:
    message = sent(at=noon)
    forged = {METADATA: f"d-{message.pk}.AAAAAAAAAAAAAAAA"}

    hear(event("bounced", message, at=noon, metadata=forged), at=noon)

    assert state_of(message) == "accepted"
    assert not Suppression.objects.exists()


def test_what_nobody_knows_is_looked_for_ever_less_often_and_dropped_after_a_day(noon: datetime) -> None:
    message = sent(at=noon)
    hear(event("bounced", message, at=noon, metadata={}, message_id="of somebody else"), at=noon)
    row = ProviderEvent.objects.get()
    assert row.due_at == noon + news.LOOK_AGAIN

    hear(at=noon + timedelta(hours=1))
    row.refresh_from_db()
    assert row.due_at == noon + timedelta(hours=2)

    assert news.forget(at=noon + timedelta(hours=24, seconds=-1)) == 0
    assert news.forget(at=noon + timedelta(hours=24)) == 1


def test_known_news_go_after_thirty_days_and_the_timeline_stays(noon: datetime) -> None:
    message = sent(at=noon)
    hear(event("delivered", message, at=noon), at=noon)

    assert news.forget(at=noon + timedelta(days=30)) == 1

    assert told(message) == ["delivered"]


@pytest.mark.parametrize("state", ["queued", "claimed", "retry_wait"])
def test_a_second_sending_is_stopped_by_the_news_that_the_first_arrived(state: str, noon: datetime) -> None:
    message = sent(at=noon)
    lease = noon + MINUTE if state == "claimed" else None
    Message.objects.filter(pk=message.pk).update(state=state, lease_until=lease, owner="w")

    hear(event("delivered", message, at=noon), at=noon)

    message.refresh_from_db()
    assert (message.state, message.owner, told(message)) == ("delivered", "", ["accepted", "delivered"])


def test_a_second_sending_goes_on_when_the_first_came_back_for_now(noon: datetime) -> None:
    message = sent(at=noon, state="queued")

    hear(event("bounced", message, at=noon, soft=True), at=noon)

    assert state_of(message) == "queued"


def test_what_is_over_stays_over(noon: datetime) -> None:
    message = sent(at=noon, state="cancelled")

    hear(event("delivered", message, at=noon), at=noon)

    assert (state_of(message), told(message)) == ("cancelled", [])


def test_after_a_hard_bounce_the_next_message_is_not_sent(noon: datetime) -> None:
    """T35: and the organiser's list of what needs a look names both at once."""
    first = sent(1, at=noon, recipient="aino@example.org")
    hear(event("bounced", first, at=noon), at=noon)
    second = outbox.queue(letters.note(2, recipient="Aino@Example.org"), at=noon)

    assert suppression.blocked([second]) == {second.pk: "bounced_hard"}
    assert state_of(first) == "bounced_hard"


def test_three_soft_bounces_in_a_week_block_an_address_and_two_do_not(noon: datetime) -> None:
    day = timedelta(days=1)
    messages = [sent(n, at=noon, recipient="aino@example.org") for n in range(4)]

    hear(event("bounced", messages[0], at=noon, soft=True), at=noon)
    again = event("bounced", messages[0], at=noon + MINUTE, number="again", soft=True)
    hear(again, event("bounced", messages[1], at=noon + day, number="2", soft=True), at=noon + day)
    hear(event("bounced", messages[2], at=noon + 7 * day + MINUTE, number="3", soft=True), at=noon + 8 * day)
    assert suppression.suppressed(["aino@example.org"]) == {}  # the first is more than a week old

    hear(event("bounced", messages[3], at=noon + 7 * day + MINUTE, number="4", soft=True), at=noon + 8 * day)
    assert suppression.suppressed(["aino@example.org"]) == {"aino@example.org": "bounced_soft"}


def test_the_providers_own_button_to_unsubscribe_counts_for_the_topic(
    noon: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(kinds._kinds, "test_note", replace(letters.NOTE, topic="note"))  # noqa: SLF001 - as in conftest
    message = sent(at=noon)
    Message.objects.update(scope="series:3")

    hear(event("unsubscribed", message, at=noon), at=noon)

    assert OptOut.objects.values_list("scope", "topic").get() == ("series:3", "note")
    assert state_of(message) == "accepted"


def test_who_opened_what_is_nobodys_business(noon: datetime) -> None:
    message = sent(at=noon)

    hear(event("opened", message, at=noon), event("clicked", message, at=noon), at=noon)

    assert not ProviderEvent.objects.exists()


def test_no_address_is_kept_with_the_news(noon: datetime) -> None:
    message = sent(at=noon)
    answer = f"550 5.1.1 <{message.recipient}> unknown"

    hear(event("bounced", message, at=noon, mta_response=answer), at=noon)

    row = ProviderEvent.objects.values().get()
    assert "example.org" not in repr(row)
    assert row["code"] == "5.1.1"
    assert row["address_hash"] == suppression.address_hash(message.recipient)
