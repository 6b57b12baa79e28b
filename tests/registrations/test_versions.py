"""What calendars hold is told from what arrived, and who is behind gets the same entry once more."""

from datetime import datetime, timedelta

import pytest

from accounts.models import AuditEvent, Organisation
from backend.core.i18n import Text
from events.actions import cancel_event, edit_event
from events.models import EventSeries
from notifications.models import Message
from registrations import rules
from registrations.actions import cancel
from registrations.actions.resending import resend_entries, resend_entry
from registrations.models import Registration
from registrations.queries.versions import Holds, Version, behind, versions_of
from tests import factories
from tests.registrations.people import AINO, OLLI, VEERA, day, entry, mail, registration, sign_up, told


@pytest.fixture
def held(mornings: EventSeries, noon: datetime) -> EventSeries:
    """Aino and Veera have places and their invitations; Olli waits."""
    for person in (AINO, VEERA, OLLI):
        sign_up(mornings, person, 0, at=noon)
    arrive()
    return mornings


def arrive(*, but: str = "", how: str = "accepted") -> None:
    waiting = Message.objects.filter(state="queued").exclude(kind="reminder")
    waiting.exclude(recipient=but).update(state=how)


def rename(series: EventSeries, at: datetime) -> None:
    edit_event(event=day(series), title=Text("Uusi", "Ny", "New"), at=at, actor=None)


def version(series: EventSeries, person: object = AINO) -> Version:
    row = registration(person, day(series))  # type: ignore[arg-type]  # one of the people of these tests
    return versions_of([row])[row.pk]


def names(series: EventSeries) -> list[str]:
    return sorted(behind(day(series)).values_list("attendee__name", flat=True))


def test_what_arrived_is_what_a_calendar_holds(held: EventSeries, noon: datetime) -> None:
    assert version(held) == Version(holds=Holds.CURRENT, number=0, now=0)
    assert version(held, OLLI) == Version(holds=Holds.NOTHING, number=None, now=0)

    rename(held, noon)
    assert version(held) == Version(holds=Holds.COMING, number=0, now=1)
    assert names(held) == []

    arrive(but=AINO.email, how="delivered")
    Message.objects.filter(state="queued", kind="changed").update(state="bounced_hard")
    assert version(held) == Version(holds=Holds.BEHIND, number=0, now=1)
    assert version(held, VEERA) == Version(holds=Holds.CURRENT, number=1, now=1)
    assert names(held) == [AINO.name]


def test_an_invitation_that_never_arrived_is_behind_too(mornings: EventSeries, noon: datetime) -> None:
    sign_up(mornings, AINO, 0, at=noon)
    arrive(how="failed")

    assert version(mornings) == Version(holds=Holds.BEHIND, number=None, now=0)
    assert names(mornings) == [AINO.name]


def test_a_cancellation_that_did_not_arrive_leaves_the_entry_behind(
    held: EventSeries, noon: datetime
) -> None:
    cancel(registration=registration(AINO, day(held)), by=Registration.CancelledBy.ORGANISER, at=noon)
    arrive(but=AINO.email)
    arrive(how="failed")

    assert names(held) == [AINO.name]
    assert resend_entries(event=day(held), at=noon, actor=None) == 1
    again = entry(mail(AINO, "calendar_again"))
    assert (again["METHOD"], again["SEQUENCE"], again["STATUS"]) == ("CANCEL", "1", "CANCELLED")
    assert mail(AINO, "calendar_again").context["gone"] is True


def test_who_is_behind_gets_the_entry_once_more(
    held: EventSeries, demos: Organisation, noon: datetime
) -> None:
    rename(held, noon)
    Message.objects.filter(state="queued", kind="changed", recipient=AINO.email).update(state="failed")
    arrive()
    olli, later = factories.organiser(demos), noon + timedelta(minutes=1)

    assert [resend_entries(event=day(held), at=later, actor=olli) for _twice in range(2)] == [1, 0]

    lost, again = entry(mail(AINO, "changed")), entry(mail(AINO, "calendar_again"))
    assert {name for name in lost if lost[name] != again.get(name)} == {"DTSTAMP"}
    assert (again["DTSTAMP"], names(held)) == ("20270301T120100Z", [])
    assert told(VEERA)[-1] == ("changed", "accepted")
    noted = AuditEvent.objects.get(action="calendar.resent")
    assert (noted.subject, noted.actor, noted.details) == (f"event:{day(held).pk}", olli, {"number": 1})


def test_one_person_gets_it_whenever_the_organiser_wants(held: EventSeries, noon: datetime) -> None:
    for _twice in range(2):
        resend_entry(registration=registration(VEERA, day(held)), at=noon, actor=None)

    assert told(VEERA)[1:] == [("calendar_again", "cancelled"), ("calendar_again", "queued")]


def test_nothing_is_sent_about_what_no_calendar_knows_or_what_is_over(
    held: EventSeries, noon: datetime
) -> None:
    over = day(held).ends_at
    for person, at in ((OLLI, noon), (AINO, over)):
        with pytest.raises(rules.NothingToTake):
            resend_entry(registration=registration(person, day(held)), at=at, actor=None)
    rename(held, noon)
    arrive(how="failed")
    assert resend_entries(event=day(held), at=over, actor=None) == 0


def test_a_newer_message_takes_the_place_of_the_one_that_waits(held: EventSeries, noon: datetime) -> None:
    resend_entry(registration=registration(AINO, day(held)), at=noon, actor=None)
    cancel_event(event=day(held), reason=Text("x", "x", "x"), at=noon, actor=None)

    assert told(AINO)[1:] == [("calendar_again", "cancelled"), ("cancelled_by_organiser", "queued")]
