"""Messages to many: who was looked at is who is sent to, and until it leaves it can be taken back."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from accounts.models import AuditEvent
from backend.core.i18n import Text
from events.models import EventSeries
from notifications import delivery
from notifications.models import Message, MessageEvent
from notifications.suppression import opt_out, suppress
from notifications.wordings import WordingIncomplete, WordingTooLong
from registrations import rules
from registrations.actions.campaign_words import words_of
from registrations.actions.campaigns import (
    copy_campaign,
    pause,
    pin,
    resume,
    send,
    stop,
    undo,
    write_campaign,
)
from registrations.models import Attendee, Campaign, Question, Registration
from registrations.queries.campaigns import progress, reasons_of, recipients_of
from registrations.rules.segments import BadSegment, CampaignMoved, PinOver, Segment, WrongNumber
from tests import factories
from tests.registrations.forms import question
from tests.registrations.mass import MINUTE, TIRED, WORDS, drain, gathered, sent, states, written
from tests.registrations.people import (
    AINO,
    OLLI,
    VEERA,
    attendee,
    day,
    registration,
    sign_up,
    slugs,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def series(mornings: EventSeries, noon: datetime) -> EventSeries:
    """Aino and Veera have the two places of the first morning, Olli waits; Aino comes to the second too."""
    return gathered(mornings, noon)


def test_the_list_is_whole_and_tells_why_the_others_are_not_on_it(
    series: EventSeries, noon: datetime
) -> None:
    suppress(address=VEERA.email, reason="bounced", at=noon)
    sign_up(series, TIRED, 1, at=noon)
    opt_out(address=TIRED.email, scope=f"series:{series.pk}", topic="note", at=noon)
    segment = Segment(events=tuple(slugs(series, 0, 1)))
    one = pin(campaign=written(series, segment, at=noon), at=noon, actor=None)

    assert [row.attendee for row in recipients_of(one)] == [attendee(AINO)]
    assert one.people == 1
    assert reasons_of(one) == [("state", 1), ("blocked", 1), ("opted_out", 1)]
    assert recipients_of(one, reason="blocked").get().attendee == attendee(VEERA)


def test_somebody_with_two_places_gets_one_message(series: EventSeries, noon: datetime) -> None:
    one = sent(series, at=noon)

    assert Message.objects.filter(batch=one.batch, recipient=AINO.email).count() == 1


def test_about_one_event_the_message_stands_with_the_registration(
    series: EventSeries, noon: datetime
) -> None:
    one = sent(series, Segment(events=tuple(slugs(series, 0))), at=noon)
    mail = Message.objects.get(batch=one.batch, recipient=AINO.email)

    assert mail.subject == f"registration:{registration(AINO, day(series)).pk}"
    assert mail.audience == f"event:{day(series).pk}"
    assert mail.context["title"] == "Lähiluonnon saavutettavuus"


def test_about_the_series_it_stands_with_the_person(series: EventSeries, noon: datetime) -> None:
    one = sent(series, at=noon)
    mail = Message.objects.get(batch=one.batch, recipient=VEERA.email)

    assert (mail.subject, mail.audience) == (f"attendee:{attendee(VEERA).pk}", f"series:{series.pk}")
    assert (mail.language, mail.lane, mail.wording) == ("sv", "bulk", one.wording)


def test_what_was_looked_at_is_what_is_sent(series: EventSeries, noon: datetime) -> None:
    one = sent(series, Segment(states=("confirmed", "waiting")), at=noon)
    looked_at = [row.attendee.email for row in recipients_of(one) if row.attendee]
    drain(noon + MINUTE)

    told = Message.objects.filter(batch=one.batch, state="accepted")
    assert (
        sorted(told.values_list("recipient", flat=True))
        == sorted(looked_at)
        == [
            AINO.email,
            OLLI.email,
            VEERA.email,
        ]
    )


def test_nothing_leaves_before_a_minute_has_passed(series: EventSeries, noon: datetime) -> None:
    one = sent(series, at=noon)
    drain(noon + timedelta(seconds=59))

    assert states(one) == {"queued": 2}
    assert progress(one, at=noon).undo_left == MINUTE


def test_undo_leaves_nothing_sent(series: EventSeries, noon: datetime) -> None:
    one = undo(campaign=sent(series, at=noon), at=noon + timedelta(seconds=59), actor=None)
    drain(noon + timedelta(days=1))

    assert (one.state, states(one)) == ("undone", {"cancelled": 2})
    assert set(MessageEvent.objects.values_list("state", "note")) == {("cancelled", "undone")}


def test_what_has_begun_to_leave_is_not_undone(series: EventSeries, noon: datetime) -> None:
    one = sent(series, at=noon)

    with pytest.raises(CampaignMoved):
        undo(campaign=one, at=noon + MINUTE, actor=None)


def test_undo_never_leaves_half(series: EventSeries, noon: datetime) -> None:
    """A worker whose clock runs ahead has sent one already."""
    one = sent(series, at=noon)
    delivery.drain(lane="bulk", owner="worker", limit=1, at=noon + MINUTE)

    with pytest.raises(CampaignMoved):
        undo(campaign=one, at=noon + timedelta(seconds=30), actor=None)
    assert states(one) == {"accepted": 1, "queued": 1}


@pytest.mark.parametrize("number", [None, 0, 1, 3])
def test_another_number_sends_nothing(series: EventSeries, noon: datetime, number: int | None) -> None:
    one = pin(campaign=written(series, at=noon), at=noon, actor=None)

    with pytest.raises(WrongNumber):
        send(campaign=one, number=number, at=noon, actor=None)
    assert not Message.objects.exists()


def test_to_nobody_nothing_is_sent(series: EventSeries, noon: datetime) -> None:
    one = pin(campaign=written(series, Segment(languages=("en",)), at=noon), at=noon, actor=None)

    with pytest.raises(WrongNumber):
        send(campaign=one, number=0, at=noon, actor=None)


def test_a_list_is_good_for_an_hour(series: EventSeries, noon: datetime) -> None:
    one = pin(campaign=written(series, at=noon), at=noon, actor=None)

    with pytest.raises(PinOver):
        send(campaign=one, number=2, at=noon + timedelta(minutes=61), actor=None)
    assert send(campaign=one, number=2, at=noon + timedelta(minutes=60), actor=None).state == "sent"


@pytest.mark.parametrize(
    "meanwhile",
    [
        lambda: suppress(address=AINO.email, reason="bounced", at=factories.OPENS),
        lambda: Attendee.objects.filter(email=AINO.email).update(language="sv"),
        lambda: Attendee.objects.filter(email=AINO.email).delete(),
        lambda: Registration.objects.filter(attendee__email=OLLI.email).update(state="confirmed"),
    ],
    ids=["blocked", "language", "removed", "came"],
)
def test_a_list_that_would_be_another_is_not_sent(
    series: EventSeries, noon: datetime, meanwhile: object
) -> None:
    one = pin(campaign=written(series, at=noon), at=noon, actor=None)
    meanwhile()  # type: ignore[operator]  # one of those above

    with pytest.raises(PinOver):
        send(campaign=one, number=2, at=noon, actor=None)
    assert not Message.objects.exists()
    one = pin(campaign=one, at=noon, actor=None)
    assert send(campaign=one, number=one.people, at=noon, actor=None).state == "sent"


def test_two_presses_send_once(series: EventSeries, noon: datetime) -> None:
    one = pin(campaign=written(series, at=noon), at=noon, actor=None)
    send(campaign=one, number=2, at=noon, actor=None, key="once")

    again = send(campaign=one, number=2, at=noon, actor=None, key="once")
    assert (again.state, Message.objects.count()) == ("sent", 2)
    with pytest.raises(rules.KeyReused):
        send(campaign=one, number=3, at=noon, actor=None, key="once")
    with pytest.raises(CampaignMoved):
        send(campaign=one, number=2, at=noon, actor=None, key="another")
    with pytest.raises(rules.Invalid):
        send(campaign=one, number=2, at=noon, actor=None, key="x" * 201)


def test_at_a_chosen_hour_and_called_off_before(series: EventSeries, noon: datetime) -> None:
    later = noon + timedelta(days=2)
    one = write_campaign(series=series, segment=Segment(), words=WORDS, send_at=later, at=noon, actor=None)
    one = pin(campaign=one, at=noon, actor=None)
    one = send(campaign=one, number=2, at=noon, actor=None)
    drain(later - MINUTE)
    assert states(one) == {"queued": 2}

    assert undo(campaign=one, at=later - MINUTE, actor=None).state == "undone"
    assert states(one) == {"cancelled": 2}


@pytest.mark.parametrize("days", [-1, 366])
def test_an_hour_that_cannot_be_is_refused(series: EventSeries, noon: datetime, days: int) -> None:
    send_at = noon + timedelta(days=days)

    with pytest.raises(rules.Invalid) as no:
        write_campaign(series=series, segment=Segment(), words=WORDS, send_at=send_at, at=noon, actor=None)
    assert list(no.value.fields) == ["send_at"]


def test_an_hour_that_has_passed_meanwhile_is_refused(series: EventSeries, noon: datetime) -> None:
    soon, later = noon + MINUTE, noon + 2 * MINUTE
    one = write_campaign(series=series, segment=Segment(), words=WORDS, send_at=soon, at=noon, actor=None)
    one = pin(campaign=one, at=noon, actor=None)

    with pytest.raises(rules.Invalid):
        send(campaign=one, number=2, at=later, actor=None)


def test_a_message_lacking_a_language_has_no_list(series: EventSeries, noon: datetime) -> None:
    half = replace(WORDS, body=Text("Hei!", "", "Hello!"))
    one = write_campaign(series=series, segment=Segment(), words=half, send_at=None, at=noon, actor=None)

    with pytest.raises(WordingIncomplete) as no:
        pin(campaign=one, at=noon, actor=None)
    assert list(no.value.fields) == ["body.sv"]


def test_words_that_are_too_long_are_not_kept(series: EventSeries, noon: datetime) -> None:
    words = replace(WORDS, subject=Text("x" * 201, "b", "c"))

    with pytest.raises(WordingTooLong) as no:
        write_campaign(series=series, segment=Segment(), words=words, send_at=None, at=noon, actor=None)
    assert list(no.value.fields) == ["subject.fi"]
    assert not Campaign.objects.exists()


def test_what_nobody_can_see_is_not_kept_with_the_words(series: EventSeries, noon: datetime) -> None:
    words = replace(WORDS, subject=Text("turned\u202e around", "b", "c"))

    one = write_campaign(series=series, segment=Segment(), words=words, send_at=None, at=noon, actor=None)

    assert words_of(one).subject.fi == "turned around"


def test_written_anew_the_list_is_gone(series: EventSeries, noon: datetime) -> None:
    one = pin(campaign=written(series, at=noon), at=noon, actor=None)
    one = write_campaign(
        series=series,
        segment=Segment(languages=("fi",)),
        words=WORDS,
        send_at=None,
        at=noon,
        actor=None,
        campaign=one,
    )

    assert (one.state, one.people, one.recipients.count()) == ("draft", 0, 0)
    with pytest.raises(CampaignMoved):
        send(campaign=one, number=0, at=noon, actor=None)


def test_sent_it_is_written_no_more_but_copied(series: EventSeries, noon: datetime) -> None:
    one = sent(series, Segment(languages=("fi",)), at=noon)
    with pytest.raises(CampaignMoved):
        write_campaign(
            series=series, segment=Segment(), words=WORDS, send_at=None, at=noon, actor=None, campaign=one
        )

    other = copy_campaign(campaign=undo(campaign=one, at=noon, actor=None), at=noon, actor=None)
    assert (other.state, other.segment, words_of(other)) == ("draft", one.segment, WORDS)
    other = pin(campaign=other, at=noon, actor=None)
    send(campaign=other, number=1, at=noon, actor=None)
    drain(noon + MINUTE)
    assert states(other) == {"accepted": 1}


def test_every_deed_is_written_down(series: EventSeries, noon: datetime) -> None:
    one = sent(series, at=noon)
    stop(
        campaign=resume(campaign=pause(campaign=one, at=noon, actor=None), at=noon, actor=None),
        at=noon,
        actor=None,
    )

    rows = AuditEvent.objects.filter(action__startswith="campaign.").order_by("pk")
    assert [row.action.removeprefix("campaign.") for row in rows] == [
        "written",
        "listed",
        "sent",
        "paused",
        "resumed",
        "stopped",
    ]
    assert rows.get(action="campaign.sent").details == {"campaign": one.pk, "people": 2}


def test_an_answered_survey_chooses(series: EventSeries, noon: datetime) -> None:
    Registration.objects.filter(attendee__email=AINO.email).update(survey_answered_at=noon)
    one = pin(campaign=written(series, Segment(survey="unanswered"), at=noon), at=noon, actor=None)

    assert [row.attendee for row in recipients_of(one)] == [attendee(VEERA)]


def test_nobody_is_newly_chosen_by_a_question_that_is_not_asked_any_more(
    series: EventSeries, noon: datetime
) -> None:
    asked = question(series, "kyyti", "yes_no")
    ride, no_ride = (Segment(question="kyyti", options=(answer,)) for answer in ("yes", "no"))
    draft = written(series, ride, at=noon)
    plain = written(series, at=noon)
    Question.objects.filter(pk=asked.pk).update(retired_at=noon)
    words = words_of(draft)

    for one in (None, plain):
        with pytest.raises(BadSegment) as refused:
            write_campaign(
                series=series, segment=ride, words=words, send_at=None, at=noon, actor=None, campaign=one
            )
        assert refused.value.fields["question"] == ["Tätä ei enää kysytä."]

    kept = write_campaign(
        series=series, segment=no_ride, words=words, send_at=None, at=noon, actor=None, campaign=draft
    )
    assert Segment.of(kept.segment) == no_ride, "what had it before keeps it"
    assert Segment.of(copy_campaign(campaign=kept, at=noon, actor=None).segment) == no_ride
