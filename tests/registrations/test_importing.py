"""People an organiser brings in: each row is told beforehand, then all are registered or nobody is."""

from collections import Counter
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from accounts.models import AuditEvent, Membership, Municipality, Organisation, User
from backend.core.errors import Forbidden, NotFound
from events.models import EventSeries
from notifications.models import Message
from registrations.actions import cancel, decide
from registrations.actions.importing import (
    carry_out,
    check_people,
    confirm_import,
    discard_import,
)
from registrations.models import (
    Attendee,
    AttendeeImport,
    CalendarEntry,
    Quota,
    Registration,
    WorkState,
)
from registrations.queries import drift, own_calendar
from registrations.queries.importing import (
    Atlas,
    import_for,
    imports_of,
    report_on,
)
from registrations.rules import NoEventChosen, UnknownEvent
from registrations.rules.importing import Choices, ImportUndone, ProblemsLeft
from tests import factories
from tests.registrations.lists import brought, checked, full, row, rows
from tests.registrations.people import AINO, VEERA, attendee, day, mail, reminded, sign_up, states, told

pytestmark = pytest.mark.django_db


@pytest.fixture
def olli(demos: Organisation) -> User:
    return factories.organiser(demos, email="jarjestaja@example.org")


@pytest.fixture
def towns(db: None) -> None:
    for code, fi, sv in (
        ("734", "Salo", "Salo"),
        ("092", "Vantaa", "Vanda"),
        ("109", "Hämeenlinna", "Tavastehus"),
    ):
        Municipality.objects.create(
            code=code, name_fi=fi, name_sv=sv, region_fi="", region_sv="", languages="fi"
        )
    Municipality.objects.create(
        code="165",
        name_fi="Janakkala",
        name_sv="Janakkala",
        region_fi="",
        region_sv="",
        languages="fi",
        valid_to=date(2024, 12, 31),
        successor_id="109",
    )


def test_the_people_of_a_list_are_registered_like_everybody(
    towns: None, mornings: EventSeries, olli: User, noon: datetime
) -> None:
    people = [row(1, municipality="Salo", language="ruotsi", role="opettaja"), row(2)]

    work = brought(mornings, olli, people, 0, 1, at=noon)

    assert (work.state, work.rows, work.done, work.finished_at) == (WorkState.DONE, [], 2, noon)
    assert work.results == {
        "new": 2,
        "more": 0,
        "unchanged": 0,
        "confirmed": 4,
        "waiting": 0,
        "received": 0,
        "no_place": [],
    }
    one = Attendee.objects.get(email="person1@example.org")
    assert (str(one.municipality), one.organisation, one.language, one.role) == (
        "Salo",
        "Salo",
        "sv",
        "opettaja",
    )
    assert Counter(Message.objects.values_list("kind", flat=True)) == {"confirmation": 4}
    assert Message.objects.filter(kind="confirmation", calendar_method="REQUEST").count() == 4
    assert (drift(), CalendarEntry.objects.count()) == ({}, 4)
    done = AuditEvent.objects.get(action="attendees.imported")
    assert (done.actor, done.details["new"], done.details["confirmed"]) == (olli, 2, 4)


def test_before_anything_happens_each_row_is_told(mornings: EventSeries, olli: User, noon: datetime) -> None:
    Quota.objects.update(capacity=5, hard_cap=5)
    sign_up(mornings, AINO, 0, 1, at=noon)
    sign_up(mornings, VEERA, 1, at=noon)
    left = replace(AINO, email="left@example.org")
    sign_up(mornings, left, 0, at=noon)
    cancel(registration=attendee(left).registrations.get(), by=Registration.CancelledBy.ATTENDEE, at=noon)
    people = [
        row(2, email=AINO.email),
        row(3, email=VEERA.email),
        row(4, email="LEFT@example.org"),
        row(5),
        row(6, municipality="Atlantis", language="klingon"),
    ]

    work = checked(mornings, olli, people, 0, at=noon)
    report = report_on(work, at=noon)

    assert [one.outcome for one in report.rows] == ["there", "more", "left", "new", "problem"]
    assert report.counts == {
        "new": 1,
        "more": 1,
        "there": 1,
        "left": 1,
        "problem": 1,
        "places": 2,
        "waiting": 0,
    }
    assert [(one["row"], one["field"], one["code"]) for one in work.problems] == [
        (6, "language", "unknown-language"),
        (6, "municipality", "unknown-municipality"),
    ]
    assert Attendee.objects.count() == 3


def test_rows_with_problems_are_left_out_only_when_somebody_says_so(
    mornings: EventSeries, olli: User, noon: datetime
) -> None:
    people = [row(2), row(3, email="nobody"), row(4)]
    work = checked(mornings, olli, people, at=noon)

    with pytest.raises(ProblemsLeft):
        confirm_import(work=work, leave_out=False, at=noon)
    assert not Attendee.objects.exists()
    carry_out(confirm_import(work=work, leave_out=True, at=noon).pk, at=noon)

    work.refresh_from_db()
    assert (work.total, work.results["new"], [one["row"] for one in work.problems]) == (2, 2, [3])


def test_the_same_list_a_second_time_does_nothing(mornings: EventSeries, olli: User, noon: datetime) -> None:
    brought(mornings, olli, rows(1, 2), at=noon)
    before = Message.objects.count()
    again = checked(mornings, olli, rows(1, 2), at=noon)

    with pytest.raises(ImportUndone):
        confirm_import(work=again, leave_out=True, at=noon)
    assert brought(mornings, olli, rows(1, 2, 3), at=noon).results["unchanged"] == 2
    assert (Registration.objects.count(), Message.objects.count()) == (3, before + 1)


def test_a_list_is_confirmed_and_carried_out_once(mornings: EventSeries, olli: User, noon: datetime) -> None:
    work = brought(mornings, olli, rows(1), at=noon)
    carry_out(work.pk, at=noon)

    with pytest.raises(ImportUndone):
        confirm_import(work=work, leave_out=False, at=noon)
    discard_import(work=work)
    assert Registration.objects.count() == AttendeeImport.objects.count() == 1


def test_somebody_known_gets_more_events_and_stays_who_they_are(
    mornings: EventSeries, olli: User, noon: datetime
) -> None:
    sign_up(mornings, VEERA, 0, at=noon)

    work = brought(mornings, olli, [row(1, email=VEERA.email.upper(), language="fi")], 0, 2, at=noon)

    assert (work.results["more"], work.results["confirmed"]) == (1, 1)
    assert (attendee(VEERA).name, attendee(VEERA).language) == (VEERA.name, "sv")
    told_her = mail(VEERA, "confirmation")
    assert (told_her.language, told_her.context["registered_by"]) == (
        "sv",
        mornings.organisation.name.in_language("sv"),
    )


def test_a_list_brings_nobody_back_who_gave_the_place_up(
    mornings: EventSeries, olli: User, noon: datetime
) -> None:
    sign_up(mornings, AINO, 0, at=noon)
    cancel(registration=attendee(AINO).registrations.get(), by=Registration.CancelledBy.ATTENDEE, at=noon)
    people = [row(1, email=AINO.email, name="Aino Uusi")]

    brought(mornings, olli, [*people, row(2)], at=noon)
    assert states(AINO) == ["cancelled"]
    brought(mornings, olli, people, at=noon, by_hand=True)

    assert states(AINO) == ["cancelled", "confirmed"]
    assert attendee(AINO).name == "Aino Uusi"
    assert drift() == {}


def test_a_list_changes_nothing_of_people_it_does_not_bring_back(
    mornings: EventSeries, olli: User, noon: datetime
) -> None:
    """And of those it does, only what it says."""
    person = replace(VEERA, wish="Tekstitys, tack", role="planerare")
    sign_up(mornings, person, 0, at=noon)
    cancel(registration=attendee(VEERA).registrations.get(), by=Registration.CancelledBy.ATTENDEE, at=noon)
    people = [row(1, email=VEERA.email, name="Veera Ny")]

    brought(mornings, olli, [*people, row(2)], at=noon)
    kept = attendee(VEERA)
    assert (kept.name, kept.language, kept.wish) == (VEERA.name, "sv", "Tekstitys, tack")
    brought(mornings, olli, people, at=noon, by_hand=True)

    kept = attendee(VEERA)
    assert (kept.name, kept.language, kept.wish, kept.role) == (
        "Veera Ny",
        "sv",
        "Tekstitys, tack",
        "planerare",
    )


def test_when_the_event_is_full_people_wait_in_the_order_of_the_list(
    mornings: EventSeries, olli: User, noon: datetime
) -> None:
    full(mornings)

    work = brought(mornings, olli, rows(9, 3, 7), at=noon)

    assert (work.results["confirmed"], work.results["waiting"]) == (1, 2)
    line = Registration.objects.exclude(waiting_number=None).order_by("waiting_number")
    assert [one.attendee.name for one in line] == ["Esimerkki 3", "Esimerkki 7"]
    assert ("waiting", "queued") in told()


def test_nobody_waits_when_that_was_not_chosen(mornings: EventSeries, olli: User, noon: datetime) -> None:
    full(mornings)
    work = checked(mornings, olli, rows(1, 2), at=noon, wait=False)
    report = report_on(work, at=noon)

    assert [one.outcome for one in report.rows] == ["new", "problem"]
    assert [(one.code, one.event) for one in report.problems] == [("full", day(mornings).slug)]
    assert report.counts["places"] == 1


def test_whoever_finds_the_last_place_gone_is_reported_and_forgotten(
    mornings: EventSeries, olli: User, noon: datetime
) -> None:
    full(mornings)
    work = confirm_import(
        work=checked(mornings, olli, rows(4), at=noon, wait=False), leave_out=False, at=noon
    )
    sign_up(mornings, AINO, 0, at=noon)

    carry_out(work.pk, at=noon)

    work.refresh_from_db()
    assert (work.state, work.results["no_place"], work.results["new"]) == ("done", [4], 0)
    assert Attendee.objects.count() == 1
    assert drift() == {}


@pytest.mark.parametrize("promotion", ["auto", "offer"])
@pytest.mark.parametrize("somebody_waits", [True, False])
def test_nobody_of_a_list_passes_those_who_wait_beside_a_free_place(
    mornings: EventSeries, olli: User, noon: datetime, promotion: str, *, somebody_waits: bool
) -> None:
    quota = full(mornings)
    sign_up(mornings, AINO, 0, at=noon)
    if somebody_waits:
        sign_up(mornings, VEERA, 0, at=noon)
    work = checked(mornings, olli, rows(1), at=noon, wait=False)
    AttendeeImport.objects.update(state=WorkState.QUEUED)
    if promotion == "offer":  # a place is free after the last moment for offers
        Quota.objects.filter(pk=quota.pk).update(promotion="offer", capacity=2, hard_cap=2)

    carry_out(work.pk, at=noon)

    work.refresh_from_db()
    expected = 1 if promotion == "offer" and not somebody_waits else 0
    assert work.results["confirmed"] == expected
    assert drift() == {}


def test_an_event_without_a_line_takes_nobody_beyond_its_places(
    mornings: EventSeries, olli: User, noon: datetime
) -> None:
    full(mornings, has_waiting_list=False)

    report = report_on(checked(mornings, olli, rows(1, 2), at=noon), at=noon)

    assert [one.outcome for one in report.rows] == ["new", "problem"]


def test_organisers_bring_people_after_the_deadline_until_the_end(
    mornings: EventSeries, olli: User, noon: datetime
) -> None:
    late = day(mornings).starts_at + timedelta(minutes=5)

    assert brought(mornings, olli, rows(1), at=late).results["confirmed"] == 1
    with pytest.raises(UnknownEvent):
        checked(mornings, olli, rows(2), at=day(mornings).ends_at)


def test_people_brought_to_an_event_by_application_apply(
    mornings: EventSeries, olli: User, noon: datetime
) -> None:
    Quota.objects.filter(event=day(mornings)).update(mode="application", capacity=1, hard_cap=1)

    assert brought(mornings, olli, rows(1, 2), at=noon).results["received"] == 2
    applied = Registration.objects.order_by("pk")
    decide(event=day(mornings), registrations=[applied[0].pk], to="not_chosen", at=noon, actor=olli)
    report = report_on(checked(mornings, olli, rows(1, 2), at=noon), at=noon)
    assert [(one.outcome, [p.code for p in one.problems]) for one in report.rows] == [
        ("problem", ["not-chosen"]),
        ("there", []),
    ]
    work = checked(mornings, olli, rows(1, 3), at=noon)
    AttendeeImport.objects.filter(pk=work.pk).update(state=WorkState.QUEUED)
    carry_out(work.pk, at=noon)
    assert Attendee.objects.get(email="person1@example.org").registrations.count() == 1


def test_without_mails_people_are_told_by_the_reminder_and_no_calendar_knows(
    mornings: EventSeries, olli: User, noon: datetime
) -> None:
    brought(mornings, olli, rows(1), at=noon, mails=False)

    assert not Message.objects.exists()
    assert reminded(mornings) == ["person1@example.org"]
    assert CalendarEntry.objects.get().last_method == ""


def test_whoever_was_brought_in_without_a_mail_has_a_feed_and_no_calendar_loses_what_it_never_had(
    mornings: EventSeries, olli: User, noon: datetime
) -> None:
    brought(mornings, olli, rows(1), at=noon, mails=False)
    registration = Registration.objects.get()

    assert own_calendar(registration.attendee, at=noon).count("BEGIN:VEVENT") == 1
    cancel(registration=registration, by=Registration.CancelledBy.ORGANISER, at=noon)
    assert Message.objects.get(kind="cancelled_by_organiser").calendar == ""
    assert own_calendar(registration.attendee, at=noon).count("BEGIN:VEVENT") == 0


def test_who_may_bring_people_in_and_where(mornings: EventSeries, olli: User, noon: datetime) -> None:
    viewer = factories.organiser(mornings.organisation, email="v@example.org", role=Membership.Role.VIEWER)

    with pytest.raises(Forbidden):
        checked(mornings, viewer, rows(1), at=noon)
    with pytest.raises(NoEventChosen):
        check_people(series=mornings, people=rows(1), choices=Choices(events=()), at=noon, actor=olli)
    work = checked(mornings, olli, rows(1), at=noon)
    other = factories.organiser(factories.organisation("toinen"), email="otso@example.org")
    assert import_for(olli, work.pk) == work
    with pytest.raises(NotFound):
        import_for(other, work.pk)
    assert list(imports_of(mornings)) == [work]


def test_the_atlas_knows_what_the_form_knows(towns: None, noon: datetime) -> None:
    today = noon.date()
    atlas = Atlas.read(today=today)

    for written in ("092", "92", "Vantaa", "vanda", "Nowhere", ""):
        found = atlas.named(written)
        assert (found.pk if found else "") == {"Nowhere": "", "": ""}.get(written, "092")
    assert str(atlas.named("Janakkala")) == str(atlas.named("165")) == "Hämeenlinna"
    person = replace(AINO, email="x@edu.hameenlinna.fi")
    assert str(atlas.of(person)) == "Hämeenlinna"
    assert atlas.of(AINO) is None
    assert str(atlas.of(replace(person, organisation="Salo"))) == "Salo"
