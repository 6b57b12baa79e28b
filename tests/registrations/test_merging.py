"""Two registrations of one person: the better place stays in each event; nothing that was told is lost."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from accounts.models import Organisation
from events.models import EventSeries
from notifications.models import Message
from registrations import queries, rules
from registrations.actions import (
    accept,
    cancel,
    change_answers,
    mark_attendance,
    merge,
    restore,
    set_capacity,
    set_line_terms,
    tend,
)
from registrations.models import (
    Answer,
    Attendee,
    CalendarEntry,
    Consent,
    ProtectedAnswer,
    Quota,
    Registration,
)
from registrations.queries import (
    drift,
    own_answers,
    own_registration,
    places_of,
)
from registrations.queries.merging import forecast
from registrations.rules import Person
from tests import factories
from tests.registrations.forms import agreed, consent, usual_form
from tests.registrations.people import AINO, OLLI, VEERA, all_sent, attendee, day, entry, reminded, sign_up

TWIN = Person(name="Aino Esimerkki", email="aino.esimerkki@example.org", organisation="Esimerkkilä")


def joined(at: datetime, *, keep: Person = AINO, drop: Person = TWIN) -> Attendee:
    done = merge(kept=attendee(keep), other=attendee(drop), reason="same", at=at, actor=None)
    return done.attendee


def stands(one: Attendee) -> list[tuple[str, str]]:
    """Where somebody stands, event by event, as their own page tells it."""
    at = one.created_at
    return [(place.event.slug[-5:], place.registration.state) for place in places_of(one, at=at)]


def mails(address: str) -> list[str]:
    rows = Message.objects.filter(recipient=address).exclude(state="cancelled").exclude(kind="reminder")
    return list(rows.order_by("pk").values_list("kind", flat=True))


def test_events_of_both_come_together(mornings: EventSeries, noon: datetime) -> None:
    sign_up(mornings, AINO, 0, at=noon)
    sign_up(mornings, TWIN, 1, at=noon)
    before = CalendarEntry.objects.get(registration__attendee__email=TWIN.email)
    all_sent()

    one = joined(noon)

    assert stands(one) == [("04-13", "confirmed"), ("04-14", "confirmed")]
    assert list(Attendee.objects.values_list("email", flat=True)) == [AINO.email]
    assert mails(AINO.email) == ["confirmation", "merged", "confirmation"]
    invited = entry(Message.objects.filter(recipient=AINO.email, kind="confirmation").latest("pk"))
    assert (invited["METHOD"], invited["UID"], invited["SEQUENCE"]) == ("REQUEST", before.uid, "0")
    assert mails(TWIN.email) == ["confirmation", "merged"]
    told = Message.objects.get(recipient=TWIN.email, kind="merged")
    assert (told.context["stays"], told.links, told.subject) == (False, {}, f"attendee:{one.pk}")
    assert [reminded(mornings, number) for number in (0, 1)] == [[AINO.email]] * 2
    assert drift() == {}


def test_a_doubled_place_ends_and_goes_to_the_next_in_line(mornings: EventSeries, noon: datetime) -> None:
    for person in (AINO, TWIN, VEERA):
        sign_up(mornings, person, 0, at=noon)
    gone = CalendarEntry.objects.get(registration__attendee__email=TWIN.email)
    kept = CalendarEntry.objects.get(registration__attendee__email=AINO.email)
    all_sent()

    one = joined(noon)

    assert stands(one) == [("04-13", "confirmed")]
    assert CalendarEntry.objects.get(registration=own_registration(one, day(mornings).slug)) == kept
    assert stands(attendee(VEERA)) == [("04-13", "confirmed")]
    assert mails(VEERA.email) == ["waiting", "promoted"]
    assert mails(TWIN.email) == ["confirmation", "place_merged", "merged"]
    told = Message.objects.get(kind="place_merged")
    out = entry(told)
    assert (out["METHOD"], out["UID"], out["STATUS"], out["SEQUENCE"]) == (
        "CANCEL",
        gone.uid,
        "CANCELLED",
        "1",
    )
    assert f"mailto:{TWIN.email}" in told.calendar.replace("\r\n ", "")
    assert mails(AINO.email) == ["confirmation", "merged"]
    assert drift() == {}


def test_a_confirmation_that_never_left_is_taken_back_and_needs_no_cancelling(
    mornings: EventSeries, noon: datetime
) -> None:
    for person in (AINO, TWIN):
        sign_up(mornings, person, 0, at=noon)

    joined(noon)

    assert mails(TWIN.email) == ["merged"]


@pytest.mark.parametrize("keep", [AINO, TWIN])
def test_a_place_stays_over_a_place_in_line_whoever_has_it(
    mornings: EventSeries, noon: datetime, keep: Person
) -> None:
    set_capacity(event=day(mornings), capacity=1, at=noon, actor=None)
    for person in (AINO, TWIN):
        sign_up(mornings, person, 0, at=noon)
    had = CalendarEntry.objects.get(registration__attendee__email=AINO.email)
    all_sent()

    one = joined(noon, keep=keep, drop=TWIN if keep is AINO else AINO)

    row = own_registration(one, day(mornings).slug)
    assert (row.state, row.calendar_entry.uid) == ("confirmed", had.uid) if row else False
    assert stands(one) == [("04-13", "confirmed")]
    assert Quota.objects.get(event=day(mornings)).taken == 1
    assert "place_merged" not in mails(AINO.email) + mails(TWIN.email)  # the line was in no calendar
    assert ("confirmation" in mails(keep.email)) is True
    assert drift() == {}


def test_of_two_places_in_line_the_earlier_number_stays(mornings: EventSeries, noon: datetime) -> None:
    set_capacity(event=day(mornings), capacity=1, at=noon, actor=None)
    for person in (OLLI, TWIN, VEERA, AINO):
        sign_up(mornings, person, 0, at=noon)

    one = joined(noon)

    row = own_registration(one, day(mornings).slug)
    assert row is not None
    assert (row.state, row.waiting_number) == ("waiting", 1)
    assert places_of(one, at=noon)[0].position == 1
    assert mails(AINO.email)[-2:] == ["merged", "waiting"]


def test_an_offer_stays_over_the_line_and_can_be_taken(mornings: EventSeries, noon: datetime) -> None:
    event = day(mornings)
    set_capacity(event=event, capacity=0, at=noon, actor=None)
    terms: dict[str, Any] = {"offer_hours": 24, "offer_in_working_hours": False, "offer_cutoff_hours": 2}
    set_line_terms(event=event, promotion="offer", **terms, at=noon, actor=None)
    for person in (TWIN, AINO, VEERA):
        sign_up(mornings, person, 0, at=noon)
    set_capacity(event=event, capacity=1, at=noon, actor=None)
    all_sent()

    one = joined(noon)

    assert stands(one) == [("04-13", "offered")]
    assert mails(AINO.email)[-2:] == ["merged", "offer"]
    assert accept(attendee=one, event=event, at=noon).state == "confirmed"
    assert drift() == {}


def test_a_doubled_offer_goes_on_to_the_next(mornings: EventSeries, noon: datetime) -> None:
    event = day(mornings)
    set_capacity(event=event, capacity=1, at=noon, actor=None)
    terms: dict[str, Any] = {"offer_hours": 24, "offer_in_working_hours": False, "offer_cutoff_hours": 2}
    set_line_terms(event=event, promotion="offer", **terms, at=noon, actor=None)
    for person in (AINO, TWIN, VEERA):
        sign_up(mornings, person, 0, at=noon)
    set_capacity(event=event, capacity=2, at=noon, actor=None)

    joined(noon)

    assert stands(attendee(VEERA)) == [("04-13", "offered")]
    assert drift() == {}


def test_whoever_is_known_to_have_come_keeps_that_place(mornings: EventSeries, noon: datetime) -> None:
    for person in (AINO, TWIN):
        sign_up(mornings, person, 0, at=noon)
    after = day(mornings).ends_at + timedelta(hours=1)
    came = Registration.objects.get(attendee__email=TWIN.email)
    mark_attendance(registration=came, attended=True, at=after, actor=None)
    all_sent()

    one = joined(after)

    row = own_registration(one, day(mornings).slug)
    assert row is not None
    assert (row.pk, row.attended, row.attended_at) == (came.pk, True, after)
    assert mails(AINO.email) == ["confirmation", "merged"]  # nobody's calendar is told of what is over


def test_a_held_place_of_either_is_given_on_when_they_stand_already(
    mornings: EventSeries, noon: datetime
) -> None:
    for person in (AINO, TWIN, VEERA):
        sign_up(mornings, person, 0, at=noon)
    row = Registration.objects.get(attendee__email=TWIN.email)
    cancel(registration=row, by=Registration.CancelledBy.ATTENDEE, at=noon)
    assert stands(attendee(VEERA)) == [("04-13", "waiting")]

    one = joined(noon)

    assert stands(one) == [("04-13", "confirmed")]  # though the cancelled registration is the newer one
    assert stands(attendee(VEERA)) == [("04-13", "confirmed")]
    assert drift() == {}
    with pytest.raises(rules.NotTwoPeople):
        joined(noon, drop=AINO)


def test_two_held_places_become_one_that_can_be_taken_back(mornings: EventSeries, noon: datetime) -> None:
    for person in (AINO, TWIN):
        sign_up(mornings, person, 0, at=noon)
        row = Registration.objects.get(attendee__email=person.email)
        cancel(registration=row, by=Registration.CancelledBy.ATTENDEE, at=noon)

    one = joined(noon)

    assert Registration.objects.filter(held=True).count() == 1
    assert drift() == {}
    tend(at=noon + timedelta(minutes=10))
    assert Quota.objects.get(event=day(mornings)).taken == 0
    with pytest.raises(rules.NotRestorable):
        restore(attendee=one, event=day(mornings), at=noon + timedelta(minutes=10))


def test_answers_of_the_one_who_stays_win_and_missing_ones_are_brought(
    mornings: EventSeries, noon: datetime
) -> None:
    """The sealed answer is brought as it is: a seal belongs to the service, not to a person."""
    usual_form(mornings)
    for person in (AINO, TWIN):
        sign_up(mornings, person, 0, at=noon)
    diet = {"how": "on-the-spot", "diet": ["vegan"], "why": "toinen"}
    change_answers(attendee=attendee(TWIN), answers=diet, at=noon)
    change_answers(attendee=attendee(AINO), answers={"how": "on-the-spot", "why": "oma"}, at=noon)
    told = forecast(attendee(AINO), attendee(TWIN))

    one = joined(noon)

    assert [question.key for question in told.answers] == ["diet"]
    assert own_answers(one.pk) == {"how": "on-the-spot", "why": "oma", "diet": ["vegan"]}
    assert (Answer.objects.count(), ProtectedAnswer.objects.count()) == (2, 1)


def test_consents_are_brought_unless_the_one_who_stays_decided(mornings: EventSeries, noon: datetime) -> None:
    photos, news = consent(mornings), consent(mornings, "news")
    for person in (AINO, TWIN):
        sign_up(mornings, person, 0, at=noon)
    aino, twin = attendee(AINO), attendee(TWIN)
    later = noon + timedelta(hours=1)
    Consent.objects.create(attendee=aino, text=photos, given_at=noon, withdrawn_at=later)
    for text in (photos, news):
        Consent.objects.create(attendee=twin, text=text, given_at=noon)
    told = forecast(aino, twin)

    one = joined(later)

    assert told.consents == ("news",)
    assert [row.text.purpose for row in queries.consents_of([one.pk])[one.pk]] == ["news"]
    assert agreed(one) == [("photos", 1, later), ("photos", 1, later), ("news", 1, None)]


def test_details_and_colleagues_come_along(mornings: EventSeries, noon: datetime) -> None:
    sign_up(mornings, AINO, 0, at=noon)
    sign_up(mornings, TWIN, 0, at=noon)
    sign_up(mornings, VEERA, 0, at=noon)
    aino, twin, veera = (attendee(person) for person in (AINO, TWIN, VEERA))
    Attendee.objects.filter(pk=veera.pk).update(registered_by=twin)
    until = noon + timedelta(days=1)
    Attendee.objects.filter(pk=twin.pk).update(role="tutkija", may_change_until=until, registered_by=aino)
    Attendee.objects.filter(pk=aino.pk).update(role="", wish="kuulosilmukka", registered_by=twin)

    one = joined(noon)

    one.refresh_from_db()
    assert (one.organisation, one.role, one.wish) == ("Esimerkkilä", "tutkija", "kuulosilmukka")
    assert (one.may_change_until, one.registered_by) == (until, None)
    assert attendee(VEERA).registered_by == one


def test_nobody_is_joined_across_series_or_with_themselves(
    mornings: EventSeries, demos: Organisation, noon: datetime
) -> None:
    other = factories.four_mornings(organisation=demos, slug="toiset")
    sign_up(mornings, AINO, 0, at=noon)
    sign_up(other, TWIN, 0, at=noon)

    for drop in (AINO, TWIN):
        with pytest.raises(rules.NotTwoPeople):
            joined(noon, drop=drop)
    assert Attendee.objects.count() == 2


def test_what_is_foretold_is_what_happens(mornings: EventSeries, noon: datetime) -> None:
    set_capacity(event=day(mornings), capacity=1, at=noon, actor=None)
    sign_up(mornings, TWIN, 0, 1, at=noon)
    sign_up(mornings, AINO, 0, at=noon)

    told = forecast(attendee(AINO), attendee(TWIN))

    assert [(pair.stays.state, pair.goes.state if pair.goes else "") for pair in told.pairs] == [
        ("confirmed", "waiting"),
        ("confirmed", ""),
    ]
    assert told.details is True
    assert stands(joined(noon)) == [(pair.stays.event.slug[-5:], pair.stays.state) for pair in told.pairs]
