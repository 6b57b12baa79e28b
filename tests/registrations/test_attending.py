"""Who came: ticked, scanned or joined; counted once, however often it is told."""

from datetime import datetime, timedelta

import pytest

from accounts.models import AuditEvent, User
from events.models import Event, EventSeries
from registrations import queries, rules
from registrations.actions import cancel, check_in, join, mark_attendance
from registrations.models import Quota, Registration
from tests import factories
from tests.registrations.people import AINO, OLLI, VEERA, attendee, day, registration, sign_up, somebody

MEETING = "https://meet.example.org/kahvit"
MINUTE = timedelta(minutes=1)
Came = Registration.Came


@pytest.fixture
def tuesday(mornings: EventSeries, noon: datetime) -> Event:
    """The first morning: Aino and Veera have its two places, Olli waits."""
    Event.objects.filter(pk=day(mornings).pk).update(join_url=MEETING)
    for person in (AINO, VEERA, OLLI):
        sign_up(mornings, person, 0, at=noon)
    return day(mornings)


@pytest.fixture
def doorkeeper(tuesday: Event) -> User:
    return factories.organiser(tuesday.series.organisation, email="ovi@example.org")


def known(event: Event) -> dict[str, tuple[bool | None, str, datetime | None]]:
    rows = Registration.objects.filter(event=event).order_by("attendee__name")
    return {row.attendee.name: (row.attended, row.came, row.attended_at) for row in rows}


def scan(person: rules.Person, at: datetime, *, undo: bool = False) -> rules.Scan:
    return rules.Scan(ticket=attendee(person).ticket_token, scanned_at=at, undo=undo)


# --- Joining ----------------------------------------------------------------------------------------


def test_pressing_join_counts_once_and_leads_to_the_meeting(tuesday: Event) -> None:
    early, later = tuesday.starts_at - 15 * MINUTE, tuesday.starts_at
    aino = attendee(AINO)

    assert [join(attendee=aino, event=tuesday, at=at) for at in (early, later)] == [MEETING, MEETING]

    assert known(tuesday)[AINO.name] == (True, Came.JOINED, early)


def test_whoever_has_no_place_joins_nothing_and_learns_no_address(tuesday: Event, noon: datetime) -> None:
    cancel(registration=registration(VEERA, tuesday), by=Registration.CancelledBy.ORGANISER, at=noon)
    Registration.objects.filter(attendee=attendee(OLLI)).update(
        state=Registration.State.OFFERED, waiting_number=None, offer_expires_at=tuesday.starts_at
    )

    for person in (VEERA, OLLI):
        with pytest.raises(rules.NothingToTake) as no:
            join(attendee=attendee(person), event=tuesday, at=tuesday.starts_at)
        assert MEETING not in str(no.value)

    assert {came for _attended, came, _at in known(tuesday).values()} == {""}


@pytest.mark.parametrize(
    "changes", [{"join_url": ""}, {"state": Event.State.CANCELLED}], ids=["no link", "called off"]
)
def test_there_is_nothing_to_join_where_nothing_is_held(tuesday: Event, changes: dict[str, str]) -> None:
    for name, value in changes.items():
        setattr(tuesday, name, value)

    with pytest.raises(rules.NothingToTake):
        join(attendee=attendee(AINO), event=tuesday, at=tuesday.starts_at)


def test_before_and_after_its_time_the_door_is_closed(tuesday: Event) -> None:
    for at in (tuesday.starts_at - 16 * MINUTE, tuesday.ends_at):
        with pytest.raises(rules.DoorClosed):
            join(attendee=attendee(AINO), event=tuesday, at=at)

    assert known(tuesday)[AINO.name] == (None, "", None)


# --- The list ---------------------------------------------------------------------------------------


def test_a_tick_keeps_how_and_when_it_was_known_before(tuesday: Event) -> None:
    joined = tuesday.starts_at
    join(attendee=attendee(AINO), event=tuesday, at=joined)
    later = joined + 60 * MINUTE

    for person in (AINO, VEERA):
        mark_attendance(registration=registration(person, tuesday), attended=True, at=later, actor=None)

    assert known(tuesday)[AINO.name] == (True, Came.JOINED, joined)
    assert known(tuesday)[VEERA.name] == (True, Came.TICKED, later)


def test_absent_and_not_marked_have_no_time_of_coming(tuesday: Event) -> None:
    row, at = registration(AINO, tuesday), tuesday.starts_at
    told = []
    for attended in (True, False, None):
        mark_attendance(registration=row, attended=attended, at=at, actor=None)
        told.append((row.attended, row.came, row.attended_at, row.unmarked_at))

    assert told == [
        (True, Came.TICKED, at, None),
        (False, Came.TICKED, None, at),
        (None, "", None, at),
    ]


def test_somebody_who_waits_cannot_be_marked(tuesday: Event) -> None:
    with pytest.raises(rules.NothingToTake):
        mark_attendance(
            registration=registration(OLLI, tuesday), attended=True, at=tuesday.starts_at, actor=None
        )


# --- The door ---------------------------------------------------------------------------------------


def test_two_phones_and_two_sendings_count_an_arrival_once_at_its_earliest(
    tuesday: Event, doorkeeper: User
) -> None:
    start = tuesday.starts_at
    first, second = scan(AINO, start), scan(AINO, start - 3 * MINUTE)
    sent = start + timedelta(hours=2)

    told = [
        [one.outcome for one in check_in(event=tuesday, scans=scans, at=sent, actor=doorkeeper, device=phone)]
        for phone, scans in (("a", [first]), ("a", [first, first]), ("b", [second]), ("a", [first]))
    ]

    assert told == [["in"], ["already", "already"], ["already"], ["already"]]
    assert known(tuesday)[AINO.name] == (True, Came.SCANNED, start - 3 * MINUTE)
    assert queries.turnout(tuesday) == queries.Turnout(expected=2, came=1, absent=0)
    written = AuditEvent.objects.filter(action="registration.attendance").order_by("pk")
    assert [one.details.get("device") for one in written] == ["a", "b"]


def test_tickets_digests_and_numbers_name_the_same_person(tuesday: Event, doorkeeper: User) -> None:
    aino, at = attendee(AINO), tuesday.starts_at
    scans = [
        rules.Scan(ticket=aino.ticket_token, scanned_at=at),
        rules.Scan(ticket=aino.ticket_hash, scanned_at=at),
        rules.Scan(registration=registration(AINO, tuesday).pk, scanned_at=at),
    ]

    told = check_in(event=tuesday, scans=scans, at=at, actor=doorkeeper)

    assert [one.outcome for one in told] == ["in", "already", "already"]
    assert {one.registration and one.registration.pk for one in told} == {registration(AINO, tuesday).pk}


def test_those_without_a_place_and_strangers_are_told_apart(
    tuesday: Event, doorkeeper: User, mornings: EventSeries, noon: datetime
) -> None:
    other_day = day(mornings, 1)
    sign_up(mornings, somebody(7), 1, at=noon)
    scans = [
        scan(OLLI, noon),
        rules.Scan(ticket="made-up", scanned_at=noon),
        rules.Scan(registration=registration(somebody(7), other_day).pk, scanned_at=noon),
        rules.Scan(registration=0, scanned_at=noon),
    ]

    told = check_in(event=tuesday, scans=scans, at=noon, actor=doorkeeper)

    assert [one.outcome for one in told] == ["no_place", "unknown", "unknown", "unknown"]
    assert not Registration.objects.filter(attended=True).exists()


def test_somebody_who_came_back_is_let_in_on_the_place_they_have_now(
    tuesday: Event, doorkeeper: User, mornings: EventSeries, noon: datetime
) -> None:
    Quota.objects.filter(event=tuesday).update(capacity=5, hard_cap=5)
    cancel(registration=registration(AINO, tuesday), by=Registration.CancelledBy.ORGANISER, at=noon)
    sign_up(mornings, AINO, 0, at=noon, key="once more")

    told = check_in(event=tuesday, scans=[scan(AINO, noon)], at=noon, actor=doorkeeper)

    assert [one.outcome for one in told] == ["in"]
    assert registration(AINO, tuesday).attended


def test_what_was_taken_back_stays_so_when_the_old_scan_is_sent_again(
    tuesday: Event, doorkeeper: User
) -> None:
    start = tuesday.starts_at
    came, undone = scan(AINO, start), scan(AINO, start + MINUTE, undo=True)
    late = start + timedelta(hours=1)

    def send(*scans: rules.Scan) -> list[str]:
        return [one.outcome for one in check_in(event=tuesday, scans=scans, at=late, actor=doorkeeper)]

    assert send(came, undone) == ["in", "undone"]
    assert send(came, undone) == ["undone", "undone"]
    assert known(tuesday)[AINO.name] == (None, "", None)

    assert send(scan(AINO, start + 2 * MINUTE)) == ["in"]
    assert send(undone) == ["already"], "a taking back from before says nothing of what came after it"
    assert known(tuesday)[AINO.name] == (True, Came.SCANNED, start + 2 * MINUTE)


def test_those_called_absent_before_the_phone_was_heard_did_come(tuesday: Event, doorkeeper: User) -> None:
    row, late = registration(AINO, tuesday), tuesday.ends_at
    mark_attendance(registration=row, attended=False, at=late, actor=doorkeeper)

    check_in(event=tuesday, scans=[scan(AINO, tuesday.starts_at)], at=late + MINUTE, actor=doorkeeper)

    assert known(tuesday)[AINO.name][:1] + known(tuesday)[AINO.name][2:] == (True, tuesday.starts_at)


def test_more_than_two_hundred_scans_are_not_read_at_once(tuesday: Event, doorkeeper: User) -> None:
    with pytest.raises(rules.TooManyScans):
        check_in(
            event=tuesday, scans=[scan(AINO, tuesday.starts_at)] * 201, at=tuesday.starts_at, actor=doorkeeper
        )
