"""Offers, held places and the order of the line: whose turn it is, until when, and why not yet."""

from datetime import UTC, datetime, timedelta

import pytest

from accounts.models import AuditEvent, Organisation
from backend.core.i18n import Text
from events.actions import cancel_event, move_event
from events.models import EventSeries
from registrations import rules
from registrations.actions import (
    accept,
    allow_changes,
    cancel,
    cancel_all,
    change,
    decline,
    extend_offer,
    move_in_line,
    restore,
    set_capacity,
    set_line_terms,
    tend,
)
from registrations.models import Quota, Registration
from registrations.queries import drift, places_of
from registrations.queries.places import positions_of
from tests import factories
from tests.registrations.people import (
    AINO,
    OLLI,
    VEERA,
    all_sent,
    attendee,
    day,
    entry,
    mail,
    registration,
    reminded,
    sign_up,
    slugs,
    somebody,
    states,
    told,
)

BY = Registration.CancelledBy
KEEN = somebody(9)
HELD = timedelta(minutes=10)
NEXT_NOON = datetime(2027, 3, 2, 12, 0, tzinfo=UTC)


@pytest.fixture
def offering(mornings: EventSeries, noon: datetime) -> EventSeries:
    """Two places on Tuesday, four people, and places are offered for four hours."""
    for person in (AINO, VEERA, OLLI, KEEN):
        sign_up(mornings, person, 0, at=noon)
    Quota.objects.update(promotion="offer", offer_hours=4, offer_in_working_hours=False)
    all_sent()
    return mornings


def take_from_aino(series: EventSeries, at: datetime) -> Registration:
    return cancel(registration=registration(AINO, day(series)), by=BY.ORGANISER, at=at)


def taken(series: EventSeries) -> int:
    assert drift() == {}
    return Quota.objects.get(event=day(series)).taken


def test_the_next_in_line_is_offered_the_place(offering: EventSeries, noon: datetime) -> None:
    take_from_aino(offering, noon)

    own = registration(OLLI, day(offering))
    assert (own.state, own.offer_expires_at) == ("offered", noon + timedelta(hours=4))
    assert (states(KEEN), taken(offering)) == (["waiting"], 2)
    letter = mail(OLLI, "offer")
    assert (letter.calendar, letter.context["until"]) == ("", "Mon 1 March 2027, 18.00")
    assert [kind for kind, _state in told(OLLI, but=())] == ["waiting", "offer"]  # and no reminder


def test_taking_the_place_brings_the_invitation(offering: EventSeries, noon: datetime) -> None:
    take_from_aino(offering, noon)

    for _twice in range(2):
        accept(attendee=attendee(OLLI), event=day(offering), at=noon + timedelta(hours=3))

    assert (states(OLLI), taken(offering)) == (["confirmed"], 2)
    assert entry(mail(OLLI, "promoted"))["METHOD"] == "REQUEST"
    assert [kind for kind, _state in told(OLLI)] == ["waiting", "offer", "promoted"]
    assert OLLI.email in reminded(offering)


def test_declining_offers_the_place_to_the_next(offering: EventSeries, noon: datetime) -> None:
    take_from_aino(offering, noon)

    for _twice in range(2):
        decline(attendee=attendee(OLLI), event=day(offering), at=noon)

    own = registration(OLLI, day(offering))
    assert (own.state, own.cancelled_by, states(KEEN)) == ("declined", "attendee", ["offered"])
    assert (told(OLLI)[-1], taken(offering)) == (("offer", "cancelled"), 2)
    with pytest.raises(rules.OfferEnded):
        accept(attendee=attendee(OLLI), event=day(offering), at=noon)


def test_an_offer_that_runs_out_goes_on_once(offering: EventSeries, noon: datetime) -> None:
    take_from_aino(offering, noon)
    all_sent()
    late = noon + timedelta(hours=4)

    with pytest.raises(rules.OfferEnded):
        accept(attendee=attendee(OLLI), event=day(offering), at=late)
    assert [tend(at=late - timedelta(seconds=1)), tend(at=late), tend(at=late)] == [0, 1, 0]

    own = registration(OLLI, day(offering))
    assert (own.state, own.cancelled_by, states(KEEN)) == ("declined", "time", ["offered"])
    assert (told(OLLI)[-1], taken(offering)) == (("offer_ended", "queued"), 2)
    assert mail(OLLI, "offer_ended").calendar == ""


def test_an_organiser_gives_more_time_and_says_so(
    offering: EventSeries, demos: Organisation, noon: datetime
) -> None:
    take_from_aino(offering, noon)
    own, olli = registration(OLLI, day(offering)), factories.organiser(demos)

    extend_offer(registration=own, until=NEXT_NOON, reason="on holiday", at=noon, actor=olli)

    assert tend(at=noon + timedelta(hours=5)) == 0
    assert mail(OLLI, "offer").context["until"] == "Tue 2 March 2027, 14.00"
    assert told(OLLI)[1:] == [("offer", "cancelled"), ("offer", "queued")]
    noted = AuditEvent.objects.get(action="offer.extended")
    assert (noted.actor, noted.reason) == (olli, "on holiday")
    for wrong in (NEXT_NOON, noon, day(offering).starts_at + HELD):
        with pytest.raises(rules.Invalid):
            extend_offer(registration=own, until=wrong, reason="", at=noon, actor=olli)
    with pytest.raises(rules.NoOffer):
        extend_offer(
            registration=registration(KEEN, day(offering)), until=NEXT_NOON, reason="", at=noon, actor=None
        )


def test_without_an_offer_there_is_nothing_to_answer(offering: EventSeries, noon: datetime) -> None:
    for answer in (accept, decline):
        with pytest.raises(rules.NoOffer):
            answer(attendee=attendee(OLLI), event=day(offering), at=noon)
        with pytest.raises(rules.NoOffer):
            answer(attendee=attendee(OLLI), event=day(offering, 1), at=noon)


def test_after_the_cutoff_nobody_is_called_until_the_organiser_lets_the_line_in(
    offering: EventSeries,
) -> None:
    late = day(offering).starts_at - timedelta(hours=2)
    Quota.objects.update(closes_at=day(offering).starts_at)
    take_from_aino(offering, late)
    sign_up(offering, somebody(20), 0, at=late)

    assert (states(OLLI), states(somebody(20)), taken(offering)) == (["waiting"], ["waiting"], 1)
    own = places_of(attendee(OLLI), at=late)[0]
    assert (own.position, own.why) == (1, "after-cutoff")

    set_line_terms(
        event=day(offering),
        promotion="auto",
        offer_hours=4,
        offer_in_working_hours=False,
        offer_cutoff_hours=2,
        at=late,
        actor=None,
    )
    assert (states(OLLI), states(somebody(20)), taken(offering)) == (["confirmed"], ["waiting"], 2)


def test_terms_that_make_no_sense_are_refused_beside_their_fields(
    offering: EventSeries, noon: datetime
) -> None:
    with pytest.raises(rules.Invalid) as refused:
        set_line_terms(
            event=day(offering),
            promotion="offer",
            offer_hours=0,
            offer_in_working_hours=True,
            offer_cutoff_hours=-1,
            at=noon,
            actor=None,
        )
    assert set(refused.value.fields) == {"offer_hours", "offer_cutoff_hours"}
    Quota.objects.filter(event=day(offering, 3)).delete()
    with pytest.raises(rules.Invalid):
        set_line_terms(
            event=day(offering, 3),
            promotion="offer",
            offer_hours=1,
            offer_in_working_hours=True,
            offer_cutoff_hours=0,
            at=noon,
            actor=None,
        )


def test_a_place_cancelled_a_moment_ago_can_be_taken_back(offering: EventSeries, noon: datetime) -> None:
    cancel(registration=registration(AINO, day(offering)), by=BY.ATTENDEE, at=noon)
    place = places_of(attendee(AINO), at=noon)[0]
    assert place.restorable_until(at=noon) == noon + HELD

    for _twice in range(2):
        restore(attendee=attendee(AINO), event=day(offering), at=noon + timedelta(minutes=9))

    assert (states(AINO), states(OLLI), taken(offering)) == (["cancelled", "confirmed"], ["waiting"], 2)
    first, second = (
        entry(letter)["UID"] for letter in (mail(AINO, "cancelled_by_attendee"), mail(AINO, "confirmation"))
    )
    assert first != second
    assert tend(at=noon + HELD) == 0


def test_after_ten_minutes_it_belongs_to_the_next(offering: EventSeries, noon: datetime) -> None:
    cancel(registration=registration(AINO, day(offering)), by=BY.ATTENDEE, at=noon)

    with pytest.raises(rules.NotRestorable):
        restore(attendee=attendee(AINO), event=day(offering), at=noon + HELD)
    assert [tend(at=noon + HELD), tend(at=noon + HELD)] == [1, 0]

    assert (states(AINO), states(OLLI), taken(offering)) == (["cancelled"], ["offered"], 2)
    with pytest.raises(rules.NotRestorable):
        restore(attendee=attendee(AINO), event=day(offering), at=noon + HELD)


def test_choosing_the_event_again_at_once_gives_ones_own_place_back(
    offering: EventSeries, noon: datetime
) -> None:
    sign_up(offering, AINO, 0, at=noon, key="again")
    change(attendee=attendee(AINO), events=slugs(offering, 1), at=noon)

    change(attendee=attendee(AINO), events=slugs(offering, 0, 1), at=noon)

    assert states(AINO) == ["cancelled", "confirmed", "confirmed"]
    assert taken(offering) == 2


def test_leaving_everything_declines_what_is_offered(offering: EventSeries, noon: datetime) -> None:
    take_from_aino(offering, noon)

    cancel_all(attendee=attendee(OLLI), at=noon)

    assert (states(OLLI), states(KEEN), taken(offering)) == (["declined"], ["offered"], 2)


def test_an_event_called_off_keeps_no_place(offering: EventSeries, noon: datetime) -> None:
    take_from_aino(offering, noon)
    cancel(registration=registration(VEERA, day(offering)), by=BY.ATTENDEE, at=noon)

    cancel_event(event=day(offering), reason=factories_text(), at=noon, actor=None)

    assert taken(offering) == 0
    assert not Registration.objects.filter(held=True).exists()
    assert told(OLLI)[-1][0] == "cancelled_by_organiser"
    assert mail(OLLI, "cancelled_by_organiser").calendar == ""


def test_no_offer_outlasts_an_event_that_moved_nearer(offering: EventSeries, noon: datetime) -> None:
    take_from_aino(offering, noon)
    sooner = noon + timedelta(hours=2)

    move_event(
        event=day(offering), starts_at=sooner, ends_at=sooner + timedelta(hours=1), at=noon, actor=None
    )

    assert registration(OLLI, day(offering)).offer_expires_at == sooner


def test_more_places_are_offered_in_order(offering: EventSeries, noon: datetime) -> None:
    sign_up(offering, somebody(20), 0, at=noon)

    set_capacity(event=day(offering), capacity=4, at=noon, actor=None)

    assert [states(one) for one in (OLLI, KEEN, somebody(20))] == [["offered"], ["offered"], ["waiting"]]
    why = {place.why for place in places_of(attendee(somebody(20)), at=noon)}
    assert why == {"offer-out"}


def test_somebody_is_moved_in_line_with_a_reason(
    offering: EventSeries, demos: Organisation, noon: datetime
) -> None:
    for number in (20, 21):
        sign_up(offering, somebody(number), 0, at=noon)
    last, olli = registration(somebody(21), day(offering)), factories.organiser(demos)

    move_in_line(registration=last, position=1, reason="speaks at it", at=noon, actor=olli)

    line = Registration.objects.filter(event=day(offering), state="waiting").order_by("waiting_number")
    assert [row.attendee.email.partition("@")[0] for row in line] == [
        "person21", "olli", "person9", "person20",
    ]  # fmt: skip
    assert [row.waiting_number for row in line] == [1, 2, 3, 4]
    assert positions_of(line)[last.pk] == 1
    noted = AuditEvent.objects.get(action="waiting.moved")
    assert (noted.details, noted.reason) == ({"old": 4, "new": 1}, "speaks at it")
    take_from_aino(offering, noon)
    assert states(somebody(21)) == ["offered"]


@pytest.mark.parametrize(("position", "reason"), [(0, "x"), (3, "x"), (1, " ")])
def test_a_move_without_reason_or_place_is_refused(
    offering: EventSeries, noon: datetime, position: int, reason: str
) -> None:
    own = registration(KEEN, day(offering))
    with pytest.raises(rules.Invalid):
        move_in_line(registration=own, position=position, reason=reason, at=noon, actor=None)
    with pytest.raises(rules.NotInLine):
        move_in_line(
            registration=registration(AINO, day(offering)), position=1, reason="x", at=noon, actor=None
        )


def test_an_exception_lets_one_person_cancel_after_the_deadline(
    offering: EventSeries, noon: datetime
) -> None:
    Quota.objects.update(closes_at=noon)
    with pytest.raises(rules.AlreadyClosed):
        cancel(registration=registration(AINO, day(offering)), by=BY.ATTENDEE, at=noon)

    allow_changes(attendee=attendee(AINO), until=NEXT_NOON, reason="ill", at=noon, actor=None)
    with pytest.raises(rules.Invalid):
        allow_changes(attendee=attendee(AINO), until=noon, reason="ill", at=noon, actor=None)
    cancel(registration=registration(AINO, day(offering)), by=BY.ATTENDEE, at=noon)

    assert states(AINO) == ["cancelled"]
    assert AuditEvent.objects.get(action="attendee.may_change").reason == "ill"
    with pytest.raises(rules.AlreadyClosed):
        cancel_all(attendee=attendee(VEERA), at=noon)


def test_one_person_adds_an_event_after_the_deadline_until_it_begins(
    mornings: EventSeries, noon: datetime
) -> None:
    sign_up(mornings, AINO, 0, at=noon)
    Quota.objects.update(closes_at=noon + timedelta(hours=1))
    late = noon + timedelta(hours=2)
    with pytest.raises(rules.AlreadyClosed):
        change(attendee=attendee(AINO), events=slugs(mornings, 0, 1), at=late)

    begins = day(mornings, 1).starts_at
    allow_changes(attendee=attendee(AINO), until=begins + timedelta(days=1), reason="", at=late, actor=None)
    change(attendee=attendee(AINO), events=slugs(mornings, 0, 1), at=late)

    assert states(AINO) == ["confirmed", "confirmed"]
    with pytest.raises(rules.AlreadyClosed):  # the others' deadline has not moved
        sign_up(mornings, VEERA, 1, at=late)
    with pytest.raises(rules.AlreadyClosed):  # the third morning begins before the exception ends
        change(attendee=attendee(AINO), events=slugs(mornings, 0, 1, 2), at=day(mornings, 2).starts_at)
    with pytest.raises(rules.Invalid):
        allow_changes(
            attendee=attendee(AINO), until=late + timedelta(days=400), reason="", at=late, actor=None
        )


def test_an_exception_that_ended_while_the_page_was_read_counts_no_more(
    mornings: EventSeries, noon: datetime
) -> None:
    sign_up(mornings, AINO, 0, at=noon)
    Quota.objects.update(closes_at=noon)
    allow_changes(attendee=attendee(AINO), until=NEXT_NOON, reason="ill", at=noon, actor=None)
    as_read_before = attendee(AINO)
    allow_changes(attendee=attendee(AINO), until=None, reason="well again", at=noon, actor=None)

    with pytest.raises(rules.AlreadyClosed):
        change(attendee=as_read_before, events=slugs(mornings, 0, 1), at=noon + timedelta(minutes=1))


def factories_text() -> Text:
    return Text("Sairastapaus.", "Sjukdomsfall.", "Illness.")


def test_a_known_address_is_answered_as_a_newcomer_would_be_while_others_wait(
    offering: EventSeries, noon: datetime
) -> None:
    late = day(offering).starts_at - timedelta(hours=1)
    cancel(registration=registration(AINO, day(offering)), by=BY.ORGANISER, at=late)

    known, new = (
        sign_up(offering, person, 0, at=late, key=f"again {person.email}") for person in (VEERA, somebody(20))
    )

    assert known.results == new.results
