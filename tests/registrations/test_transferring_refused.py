"""Which places may not be given, by whom, and to whom; and what an organiser may all the same."""

from datetime import datetime, timedelta

import pytest

from accounts.models import AuditEvent, Organisation
from backend.core.i18n import Text
from events.actions import cancel_event
from events.models import EventSeries
from notifications.models import Message
from registrations import rules
from registrations.actions import (
    Person,
    allow_changes,
    change,
    decide,
    give_place,
    make_codes,
    mark_attendance,
    pass_on,
    register,
    restore,
    save_group,
    set_mode,
)
from registrations.models import Attendee, InvitationCode, Quota
from tests import factories
from tests.registrations.people import (
    AINO,
    OLLI,
    VEERA,
    all_sent,
    attendee,
    day,
    mail,
    registration,
    sign_up,
    slugs,
    somebody,
    states,
)
from tests.registrations.test_transferring import NEW, give, taken

pytestmark = pytest.mark.django_db


@pytest.fixture
def full(mornings: EventSeries, noon: datetime) -> EventSeries:
    """Aino and Veera have the two places of Tuesday, Olli waits; every mail has left."""
    for person in (AINO, VEERA, OLLI):
        sign_up(mornings, person, 0, at=noon)
    all_sent()
    return mornings


# --- what is refused ---------------------------------------------------------------------------------------


def test_only_a_confirmed_place_can_be_given_and_only_once(full: EventSeries, noon: datetime) -> None:
    with pytest.raises(rules.NothingToGive):
        give(full, NEW, giver=OLLI, at=noon)  # waits
    with pytest.raises(rules.NothingToGive):
        give_place(attendee=attendee(AINO), event=day(full, 1), to=NEW, at=noon)  # never registered

    give(full, NEW, at=noon)
    with pytest.raises(rules.NothingToGive):
        give(full, somebody(1), at=noon)

    assert Attendee.objects.count() == 4  # nothing is kept of somebody who got nothing


def test_a_place_of_an_event_that_was_called_off_cannot_be_given(full: EventSeries, noon: datetime) -> None:
    cancel_event(event=day(full), reason=Text(), at=noon, actor=None)

    with pytest.raises(rules.NothingToGive):
        give(full, NEW, at=noon)


@pytest.mark.parametrize(
    ("to", "fields"),
    [
        (Person(name="", email="maija@example.org"), {"name"}),
        (Person(name="  ", email="nobody"), {"name", "email"}),
        (Person(name="Maija", email="AINO@example.org"), {"email"}),
        (Person(name="", email=" aino@example.org "), {"name", "email"}),
        (Person(name="http://evil.example", email="maija@example.org"), {"name"}),
        (Person(name="Maija", email="m" * 70 + "@example.org"), {"email"}),
    ],
)
def test_a_receiver_who_cannot_be_written_to_is_refused_beside_the_field(
    full: EventSeries, noon: datetime, to: Person, fields: set[str]
) -> None:
    with pytest.raises(rules.Invalid) as refused:
        give(full, to, at=noon)

    assert set(refused.value.fields) == fields
    assert states(AINO) == ["confirmed"]


def test_the_deadline_binds_attendees_an_exception_lifts_it_and_organisers_may_until_the_end(
    full: EventSeries, demos: Organisation, noon: datetime
) -> None:
    start, end = day(full).starts_at, day(full).ends_at
    with pytest.raises(rules.AlreadyClosed) as refused:
        give(full, NEW, at=start)
    assert "aamukahvit@example.org" in str(refused.value)

    allow_changes(attendee=attendee(AINO), until=end + timedelta(days=1), reason="", at=noon, actor=None)
    give(full, NEW, at=start)
    pass_on(registration=registration(NEW, day(full)), to=somebody(1), at=start, actor=None)
    assert states(somebody(1)) == ["confirmed"]

    allow_changes(attendee=attendee(VEERA), until=end + timedelta(days=1), reason="", at=noon, actor=None)
    with pytest.raises(rules.AlreadyClosed):
        give(full, somebody(2), giver=VEERA, at=end)
    with pytest.raises(rules.AlreadyClosed):
        pass_on(
            registration=registration(VEERA, day(full)),
            to=somebody(2),
            at=end,
            actor=factories.organiser(demos),
        )


@pytest.mark.parametrize("attended", [True, False])
def test_a_place_that_was_marked_stays_where_it_is(full: EventSeries, noon: datetime, attended: bool) -> None:  # noqa: FBT001 - one of two marks
    mark_attendance(registration=registration(AINO, day(full)), attended=attended, at=noon, actor=None)

    with pytest.raises(rules.NotTransferable):
        give(full, NEW, at=noon)
    with pytest.raises(rules.NotTransferable):
        pass_on(registration=registration(AINO, day(full)), to=NEW, at=noon, actor=None)


def test_a_given_place_cannot_be_taken_back(full: EventSeries, noon: datetime) -> None:
    give(full, NEW, at=noon)

    with pytest.raises(rules.NotRestorable):
        restore(attendee=attendee(AINO), event=day(full), at=noon)


def test_whoever_gave_their_place_may_register_anew_like_anybody(full: EventSeries, noon: datetime) -> None:
    give(full, NEW, at=noon)

    change(attendee=attendee(AINO), events=slugs(full, 0), at=noon)

    assert states(AINO) == ["cancelled", "waiting"]


# --- who may come ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("mode", [Quota.Mode.INVITATION, Quota.Mode.APPLICATION])
def test_where_the_organiser_chooses_only_the_organiser_moves_places(
    full: EventSeries, noon: datetime, mode: Quota.Mode
) -> None:
    set_mode(event=day(full), mode=mode, group=None, at=noon, actor=None)

    with pytest.raises(rules.NotTransferable) as refused:
        give(full, NEW, at=noon)
    assert "aamukahvit@example.org" in str(refused.value)

    pass_on(registration=registration(AINO, day(full)), to=NEW, at=noon, actor=None)
    assert (states(AINO), states(NEW)) == (["cancelled"], ["confirmed"])


def test_an_applicant_gets_the_place_whatever_was_decided(mornings: EventSeries, noon: datetime) -> None:
    event = day(mornings)
    set_mode(event=event, mode=Quota.Mode.APPLICATION, group=None, at=noon, actor=None)
    for person in (AINO, NEW):
        sign_up(mornings, person, 0, at=noon)
    row, turned_down = registration(AINO, event), registration(NEW, event)
    decide(event=event, registrations=[row.pk], to="confirmed", at=noon, actor=None)
    decide(event=event, registrations=[turned_down.pk], to="not_chosen", at=noon, actor=None)

    pass_on(registration=row, to=NEW, at=noon, actor=None)

    assert (states(AINO), states(NEW)) == (["cancelled"], ["confirmed"])
    assert taken(mornings) == 1


def test_members_give_places_to_addresses_of_the_groups_organisations_only(
    full: EventSeries, demos: Organisation, noon: datetime
) -> None:
    listed = Person(name="Maija", email="maija@elsewhere.example")
    group = save_group(
        organisation=demos, name="Verkosto", members=["example.org", listed.email], at=noon, actor=None
    )
    set_mode(event=day(full), mode=Quota.Mode.MEMBERS, group=group, at=noon, actor=None)

    said = set()
    for outside in (listed, Person(name="Maija", email="liisa@elsewhere.example")):
        with pytest.raises(rules.NotTransferable) as refused:
            give(full, outside, at=noon)
        said.add((str(refused.value), tuple(refused.value.fields)))
    assert len(said) == 1  # nobody learns who is listed by name

    give(full, NEW, at=noon)
    assert states(NEW) == ["confirmed"]


def test_the_code_of_the_invitation_goes_along(mornings: EventSeries, noon: datetime) -> None:
    event = day(mornings)
    set_mode(event=event, mode=Quota.Mode.INVITATION, group=None, at=noon, actor=None)
    one, other = make_codes(event=event, number=2, at=noon, actor=None)
    for person, code in ((AINO, one), (VEERA, other)):
        register(
            series=mornings,
            person=person,
            events=slugs(mornings, 0),
            idempotency_key=person.email,
            code=code.token,
            at=noon,
        )

    received = pass_on(registration=registration(AINO, event), to=NEW, at=noon, actor=None)

    assert InvitationCode.objects.get(pk=one.pk).used_by == received
    with pytest.raises(rules.InvitationNeeded):
        change(attendee=attendee(AINO), events=slugs(mornings, 0), at=noon, code=one.token)


def test_of_two_codes_one_is_spent_for_good(mornings: EventSeries, noon: datetime) -> None:
    event = day(mornings)
    Quota.objects.filter(event=event).update(capacity=1, hard_cap=1)
    set_mode(event=event, mode=Quota.Mode.INVITATION, group=None, at=noon, actor=None)
    codes = make_codes(event=event, number=2, at=noon, actor=None)
    for person, code in zip((AINO, VEERA), codes, strict=True):
        register(
            series=mornings,
            person=person,
            events=slugs(mornings, 0),
            idempotency_key=person.email,
            code=code.token,
            at=noon,
        )
    assert states(VEERA) == ["waiting"]

    pass_on(registration=registration(AINO, event), to=VEERA, at=noon, actor=None)

    assert InvitationCode.objects.get(pk=codes[1].pk).used_by == registration(VEERA, event)
    with pytest.raises(rules.InvitationNeeded):
        change(attendee=attendee(AINO), events=slugs(mornings, 0), at=noon, code=codes[0].token)


# --- the organiser -----------------------------------------------------------------------------------------


def test_an_organisers_deed_is_in_the_history_with_its_reason(
    full: EventSeries, demos: Organisation, noon: datetime
) -> None:
    organiser, row = factories.organiser(demos), registration(AINO, day(full))

    received = pass_on(registration=row, to=NEW, at=noon, actor=organiser, reason="asked by phone")

    written = AuditEvent.objects.get(action="registration.passed_on")
    assert (written.subject, written.actor, written.reason) == (
        f"registration:{row.pk}",
        organiser,
        "asked by phone",
    )
    assert (written.organisation_id, written.details) == (demos.pk, {"to": received.pk})
    assert mail(AINO, "place_given").context["own_deed"] is False


def test_an_attendees_deed_is_in_the_history_without_a_name(full: EventSeries, noon: datetime) -> None:
    give(full, NEW, at=noon)

    written = AuditEvent.objects.get(action="registration.passed_on")
    assert (written.actor, written.actor_label) == (None, "attendee")


def test_an_organiser_is_told_that_the_receiver_has_a_place(full: EventSeries, noon: datetime) -> None:
    with pytest.raises(rules.HasPlace) as refused:
        pass_on(registration=registration(AINO, day(full)), to=VEERA, at=noon, actor=None)

    assert set(refused.value.fields) == {"email"}
    assert (states(AINO), taken(full)) == (["confirmed"], 2)
    assert not Message.objects.filter(kind__startswith="place_").exists()
