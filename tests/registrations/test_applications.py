"""Events by application: the organiser chooses, nobody is chosen twice, and everybody is told."""

from datetime import datetime, timedelta

import pytest

from accounts.models import AuditEvent
from backend.core.i18n import Text
from events import actions as events
from events.models import EventSeries
from registrations import actions, rules
from registrations.models import Quota, Registration
from registrations.queries import availability, drift
from registrations.rules import Person
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
    slugs,
    somebody,
    states,
    told,
)
from tests.registrations.test_modes import by, come

pytestmark = pytest.mark.django_db
Mode = Quota.Mode


def applied(series: EventSeries, *people: Person, at: datetime) -> list[int]:
    event = by(Mode.APPLICATION, series, at=at)
    for person in people:
        assert come(series, person, at=at) == ["received"]
    return [registration(person, event).pk for person in people]


def decide(series: EventSeries, keys: list[int], to: str, *, at: datetime) -> list[Registration]:
    return actions.decide(event=day(series), registrations=keys, to=to, at=at, actor=None)


def test_an_application_takes_no_place_and_is_never_full(mornings: EventSeries, noon: datetime) -> None:
    applied(mornings, *(somebody(number) for number in range(4)), at=noon)

    found = availability([day(mornings)], at=noon)[day(mornings).pk]
    assert (found.state, found.places_left, found.mode) == ("open", 2, "application")
    assert Quota.objects.get(event=day(mornings)).taken == 0
    assert {kind for kind, _state in told()} == {"application_received"}
    assert not mail(somebody(0), "application_received").calendar
    assert drift() == {}


def test_the_chosen_get_a_place_and_an_invitation_for_their_calendar(
    mornings: EventSeries, noon: datetime
) -> None:
    keys = applied(mornings, AINO, VEERA, OLLI, at=noon)
    all_sent()

    decide(mornings, keys[:2], "shortlisted", at=noon)
    decide(mornings, keys[:2], "confirmed", at=noon)
    decide(mornings, keys[2:], "not_chosen", at=noon)

    assert [states(person) for person in (AINO, VEERA, OLLI)] == [
        ["confirmed"],
        ["confirmed"],
        ["not_chosen"],
    ]
    assert told(AINO) == [
        ("application_received", "accepted"),
        ("shortlisted", "cancelled"),  # had not left when the better news came
        ("chosen", "queued"),
    ]
    assert entry(mail(AINO, "chosen"))["METHOD"] == "REQUEST"
    assert reminded(mornings) == [AINO.email, VEERA.email]
    assert told(OLLI)[-1] == ("not_chosen", "queued")
    assert AuditEvent.objects.filter(action="application.confirmed").count() == 1
    assert drift() == {}


def test_more_chosen_than_places_is_refused_and_nothing_is_half_done(
    mornings: EventSeries, noon: datetime
) -> None:
    keys = applied(mornings, AINO, VEERA, OLLI, at=noon)

    with pytest.raises(rules.NotEnoughPlaces, match="3"):
        decide(mornings, keys, "confirmed", at=noon)

    assert set(Registration.objects.values_list("state", flat=True)) == {"received"}
    assert Quota.objects.get(event=day(mornings)).taken == 0
    assert "chosen" not in {kind for kind, _state in told()}


def test_a_freed_place_goes_to_the_reserve_in_rank_order(mornings: EventSeries, noon: datetime) -> None:
    people = [AINO, VEERA, OLLI, somebody(1)]
    keys = applied(mornings, *people, at=noon)
    decide(mornings, keys[:2], "confirmed", at=noon)
    decide(mornings, [keys[3], keys[2]], "waiting", at=noon)
    assert mail(somebody(1), "reserve").context["position"] == "1."

    actions.cancel(
        registration=registration(AINO, day(mornings)), by=Registration.CancelledBy.ORGANISER, at=noon
    )

    assert registration(somebody(1), day(mornings)).state == "confirmed"
    assert registration(OLLI, day(mornings)).state == "waiting"
    assert drift() == {}


def test_nobody_is_put_on_the_reserve_while_places_are_free(mornings: EventSeries, noon: datetime) -> None:
    keys = applied(mornings, AINO, at=noon)

    with pytest.raises(rules.Undecided, match="2"):
        decide(mornings, keys, "waiting", at=noon)


def test_somebody_not_chosen_cannot_apply_again_until_the_organiser_takes_it_up(
    mornings: EventSeries, noon: datetime
) -> None:
    keys = applied(mornings, AINO, at=noon)
    decide(mornings, keys, "not_chosen", at=noon)

    assert come(mornings, AINO, "uudelleen", at=noon) == ["received"]  # what anybody would be told
    assert states(AINO) == ["not_chosen"]
    with pytest.raises(rules.AppliedBefore):
        actions.change(attendee=attendee(AINO), events=slugs(mornings, 0, 1), at=noon)
    decide(mornings, keys, "shortlisted", at=noon)
    assert states(AINO) == ["shortlisted"]


def test_an_applicant_withdraws_and_may_apply_again(mornings: EventSeries, noon: datetime) -> None:
    applied(mornings, AINO, at=noon)

    actions.cancel_all(attendee=attendee(AINO), at=noon)

    assert mail(AINO, "cancelled_by_attendee").context["applied"] is True
    assert not mail(AINO, "cancelled_by_attendee").calendar
    assert come(mornings, AINO, "toistamiseen", at=noon) == ["received"]
    assert states(AINO) == ["cancelled", "received"]


def test_applicants_are_told_when_the_event_moves_or_is_called_off(
    mornings: EventSeries, noon: datetime
) -> None:
    applied(mornings, AINO, at=noon)
    all_sent()
    event = day(mornings)
    events.move_event(
        event=event,
        starts_at=event.starts_at + timedelta(hours=1),
        ends_at=event.ends_at + timedelta(hours=1),
        at=noon,
        actor=None,
    )
    assert mail(AINO, "changed").context["applied"] is True
    all_sent()

    reason = Text("Sairastapaus", "Sjukdomsfall", "Illness")
    events.cancel_event(event=day(mornings), reason=reason, at=noon, actor=None)

    assert mail(AINO, "cancelled_by_organiser").context["event_cancelled"] is True
    assert states(AINO) == ["cancelled"]


@pytest.mark.parametrize(("keys", "to"), [([], "confirmed"), ([10**9], "confirmed"), ([1], "declined")])
def test_a_decision_about_nobody_or_somebody_else_is_refused(
    mornings: EventSeries, noon: datetime, keys: list[int], to: str
) -> None:
    applied(mornings, AINO, at=noon)

    with pytest.raises(rules.Undecided):
        decide(mornings, keys, to, at=noon)


def test_nobody_is_chosen_to_an_event_that_has_begun(mornings: EventSeries, noon: datetime) -> None:
    keys = applied(mornings, AINO, at=noon)

    with pytest.raises(rules.Undecided):
        decide(mornings, keys, "confirmed", at=day(mornings).starts_at)


def test_the_mode_stays_while_applications_wait(mornings: EventSeries, noon: datetime) -> None:
    applied(mornings, AINO, at=noon)

    with pytest.raises(rules.Undecided):
        by(Mode.OPEN, mornings, at=noon)
    Quota.objects.all().delete()
    with pytest.raises(rules.Invalid):
        by(Mode.OPEN, mornings, at=noon)
