"""Who may come: everybody, the invited, members of a group, or those the organiser chooses."""

from collections.abc import Iterator
from datetime import datetime

import pytest
from django.utils import translation

from events.models import Event, EventSeries
from notifications.models import Message
from registrations import actions, rules
from registrations.models import Attendee, InvitationCode, MemberGroup, Quota, Registration
from registrations.queries import drift
from registrations.rules import Invited, Person
from tests.registrations.people import (
    AINO,
    VEERA,
    attendee,
    day,
    registration,
    slugs,
    somebody,
    states,
    told,
)

pytestmark = pytest.mark.django_db
Mode = Quota.Mode


@pytest.fixture(autouse=True)
def _in_finnish() -> Iterator[None]:
    """Refuse in Finnish, whatever the test before this one spoke."""
    with translation.override("fi"):
        yield


def by(mode: Mode, series: EventSeries, *, at: datetime, group: MemberGroup | None = None) -> Event:
    event = day(series)
    actions.set_mode(event=event, mode=mode, group=group, at=at, actor=None)
    return event


def come(series: EventSeries, person: Person, code: str = "", *days: int, at: datetime) -> list[str]:
    found = actions.register(
        series=series,
        person=person,
        events=slugs(series, *(days or (0,))),
        idempotency_key=f"{person.email} {code} {days}",
        code=code,
        at=at,
    )
    return [result["state"] for result in found.results]


def group_of(event: Event, *members: str, at: datetime) -> MemberGroup:
    organisation = event.series.organisation
    return actions.save_group(organisation=organisation, name="Verkosto", members=members, at=at, actor=None)


# By invitation


def test_a_code_opens_the_event_once(mornings: EventSeries, noon: datetime) -> None:
    event = by(Mode.INVITATION, mornings, at=noon)
    [code] = actions.make_codes(event=event, number=1, at=noon, actor=None)

    assert come(mornings, AINO, code.token, at=noon) == ["confirmed"]
    with pytest.raises(rules.InvitationNeeded) as refused:
        come(mornings, VEERA, code.token, at=noon)

    code.refresh_from_db()
    assert (code.used_by, code.used_at) == (registration(AINO, event), noon)
    assert "aamukahvit@example.org" in str(refused.value)
    assert list(refused.value.fields) == ["code"]
    assert not Attendee.objects.filter(email=VEERA.email).exists()
    assert drift() == {}


def test_without_a_code_nobody_comes_in_and_the_other_mornings_are_not_taken_either(
    mornings: EventSeries, noon: datetime
) -> None:
    by(Mode.INVITATION, mornings, at=noon)

    with pytest.raises(rules.InvitationNeeded, match="kutsulla"):
        come(mornings, AINO, "", 0, 1, at=noon)

    assert not Registration.objects.exists()
    assert come(mornings, AINO, "", 1, at=noon) == ["confirmed"]


def test_an_invitation_by_name_works_only_with_that_address(mornings: EventSeries, noon: datetime) -> None:
    event = by(Mode.INVITATION, mornings, at=noon)
    people = [Invited(name="Aino Esimerkki", email=AINO.email)]
    [code] = actions.invite(event=event, people=people, language="fi", at=noon, actor=None)

    with pytest.raises(rules.InvitationNeeded):
        come(mornings, VEERA, code.token, at=noon)
    assert come(mornings, AINO, f"https://vipu.example/fi/?aamut=x&koodi={code.token}", at=noon) == [
        "confirmed"
    ]
    assert told(AINO) == [("invited", "queued"), ("confirmation", "queued")]


def test_a_code_goes_along_with_a_place_that_is_taken_back(mornings: EventSeries, noon: datetime) -> None:
    event = by(Mode.INVITATION, mornings, at=noon)
    people = [Invited(name="Aino Esimerkki", email=AINO.email)]
    [code] = actions.invite(event=event, people=people, language="fi", at=noon, actor=None)
    come(mornings, AINO, code.token, at=noon)
    actions.cancel(registration=registration(AINO, event), by=Registration.CancelledBy.ATTENDEE, at=noon)

    back = actions.restore(attendee=attendee(AINO), event=event, at=noon)

    assert InvitationCode.objects.get().used_by == back


def test_nobody_is_invited_twice(mornings: EventSeries, noon: datetime) -> None:
    event = by(Mode.INVITATION, mornings, at=noon)
    people = [Invited(name="Aino", email=AINO.email), Invited(name="Veera", email=VEERA.email)]

    first = actions.invite(event=event, people=people[:1], language="fi", at=noon, actor=None)
    second = actions.invite(event=event, people=people, language="sv", at=noon, actor=None)

    assert [code.email for code in first + second] == [AINO.email, VEERA.email]
    assert Message.objects.filter(kind="invited").count() == 2


def test_a_revoked_invitation_opens_nothing_and_its_mail_does_not_leave(
    mornings: EventSeries, noon: datetime
) -> None:
    event = by(Mode.INVITATION, mornings, at=noon)
    people = [Invited(name="Aino", email=AINO.email)]
    [code] = actions.invite(event=event, people=people, language="fi", at=noon, actor=None)

    actions.revoke(code=code, at=noon, actor=None)

    with pytest.raises(rules.InvitationNeeded):
        come(mornings, AINO, code.token, at=noon)
    with pytest.raises(rules.Undecided):
        actions.revoke(code=code, at=noon, actor=None)
    assert told(AINO) == [("invited", "cancelled")]
    again = actions.invite(event=event, people=people, language="fi", at=noon, actor=None)
    assert come(mornings, AINO, again[0].token, at=noon) == ["confirmed"]


def test_whoever_gave_the_place_up_may_come_back_by_the_same_code(
    mornings: EventSeries, noon: datetime
) -> None:
    event = by(Mode.INVITATION, mornings, at=noon)
    [code] = actions.make_codes(event=event, number=1, at=noon, actor=None)
    come(mornings, AINO, code.token, at=noon)
    actions.cancel_all(attendee=attendee(AINO), at=noon)

    with pytest.raises(rules.InvitationNeeded):
        come(mornings, VEERA, code.token, at=noon)
    actions.change(attendee=attendee(AINO), events=slugs(mornings, 0), at=noon)

    code.refresh_from_db()
    assert registration(AINO, event).state == "confirmed"
    assert code.used_by == registration(AINO, event)


def test_a_known_person_adds_an_event_by_invitation_only_with_one(
    mornings: EventSeries, noon: datetime
) -> None:
    event = by(Mode.INVITATION, mornings, at=noon)
    come(mornings, AINO, "", 1, at=noon)

    with pytest.raises(rules.InvitationNeeded):
        actions.change(attendee=attendee(AINO), events=slugs(mornings, 0, 1), at=noon)
    people = [Invited(name="Aino", email=AINO.email)]
    actions.invite(event=event, people=people, language="fi", at=noon, actor=None)
    changed = actions.change(attendee=attendee(AINO), events=slugs(mornings, 0, 1), at=noon)

    assert [row.state for row in changed.added] == ["confirmed"]


def test_invited_people_wait_when_it_is_full(mornings: EventSeries, noon: datetime) -> None:
    event = by(Mode.INVITATION, mornings, at=noon)
    codes = actions.make_codes(event=event, number=3, at=noon, actor=None)

    got = [come(mornings, somebody(n), code.token, at=noon) for n, code in enumerate(codes)]

    assert got == [["confirmed"], ["confirmed"], ["waiting"]]


def test_a_full_event_without_a_line_leaves_the_code_unused(mornings: EventSeries, noon: datetime) -> None:
    event = by(Mode.INVITATION, mornings, at=noon)
    Quota.objects.update(has_waiting_list=False, capacity=0, hard_cap=0)
    [code] = actions.make_codes(event=event, number=1, at=noon, actor=None)

    with pytest.raises(rules.FullyBooked):
        come(mornings, AINO, code.token, at=noon)

    code.refresh_from_db()
    assert code.used_at is None


@pytest.mark.parametrize("number", [0, 501, -1])
def test_a_strange_number_of_codes_is_refused(mornings: EventSeries, noon: datetime, number: int) -> None:
    with pytest.raises(rules.Invalid):
        actions.make_codes(event=day(mornings), number=number, at=noon, actor=None)
    assert not InvitationCode.objects.exists()


# Members of a group


def test_members_by_domain_come_in_and_others_are_told_at_once(mornings: EventSeries, noon: datetime) -> None:
    event = day(mornings)
    by(Mode.MEMBERS, mornings, group=group_of(event, "example.org", at=noon), at=noon)
    outside = Person(name="Ulla Esimerkki", email="ulla@example.com")

    assert come(mornings, AINO, at=noon) == ["confirmed"]
    assert come(mornings, Person(name="Eero", email="eero@edu.example.org"), at=noon) == ["confirmed"]
    with pytest.raises(rules.MembersOnly) as refused:
        come(mornings, outside, at=noon)

    assert "aamukahvit@example.org" in str(refused.value)
    assert not Attendee.objects.filter(email=outside.email).exists()


def test_a_list_of_addresses_is_never_told_by_the_page(mornings: EventSeries, noon: datetime) -> None:
    event = day(mornings)
    by(Mode.MEMBERS, mornings, group=group_of(event, AINO.email, at=noon), at=noon)

    answers = [come(mornings, person, "", 0, 1, at=noon) for person in (AINO, VEERA)]

    assert answers == [["told_by_mail", "confirmed"]] * 2
    assert (states(AINO), states(VEERA)) == (["confirmed", "confirmed"], ["confirmed"])
    assert [kind for kind, _state in told(VEERA)] == ["confirmation", "not_a_member"]


def test_nothing_is_kept_of_somebody_who_is_let_in_nowhere(mornings: EventSeries, noon: datetime) -> None:
    event = day(mornings)
    by(Mode.MEMBERS, mornings, group=group_of(event, AINO.email, at=noon), at=noon)

    assert come(mornings, VEERA, at=noon) == ["told_by_mail"]

    assert not Attendee.objects.exists()
    assert told(VEERA) == [("not_a_member", "queued")]


def test_by_the_own_link_the_answer_is_plain(mornings: EventSeries, noon: datetime) -> None:
    event = day(mornings)
    by(Mode.MEMBERS, mornings, group=group_of(event, AINO.email, at=noon), at=noon)
    come(mornings, VEERA, "", 1, at=noon)

    with pytest.raises(rules.MembersOnly):
        actions.change(attendee=attendee(VEERA), events=slugs(mornings, 0, 1), at=noon)


def test_a_group_is_saved_anew_and_named_once(mornings: EventSeries, noon: datetime) -> None:
    event = day(mornings)
    group = group_of(event, "example.org", AINO.email, at=noon)
    organisation = event.series.organisation

    actions.save_group(
        organisation=organisation,
        name=" Uusi  nimi ",
        members=["example.fi"],
        group=group,
        at=noon,
        actor=None,
    )

    group.refresh_from_db()
    assert (group.name, [row.who for row in group.members.all()]) == ("Uusi nimi", ["example.fi"])
    for name in ("Uusi nimi", " ", "x" * 201):
        with pytest.raises(rules.Invalid):
            actions.save_group(organisation=organisation, name=name, members=["a.fi"], at=noon, actor=None)


def test_an_event_for_members_names_a_group_of_its_own_organisation(
    mornings: EventSeries, noon: datetime
) -> None:
    with pytest.raises(rules.Invalid):
        by(Mode.MEMBERS, mornings, at=noon)


# Lists as they are typed


def test_people_are_read_line_by_line() -> None:
    lines = [
        '"Aino Esimerkki" <aino@Example.org>',
        "",
        "Veera Exempel; veera@example.org",
        "olli@example.org",
        "AINO@example.org",  # once is enough
    ]
    assert rules.invited_in("\n".join(lines)) == [
        Invited(name="Aino Esimerkki", email="aino@example.org"),
        Invited(name="Veera Exempel", email="veera@example.org"),
        Invited(name="", email="olli@example.org"),
    ]


def test_every_bad_line_is_named() -> None:
    with pytest.raises(rules.BadLines) as refused:
        rules.invited_in(f"aino@example.org\nei osoitetta\n{'x' * 201} <veera@example.org>")
    assert [str(sentence)[:7] for sentence in refused.value.fields["people"]] == ["Rivi 2:", "Rivi 3:"]
    with pytest.raises(rules.BadLines):
        rules.members_in("  \n")
    with pytest.raises(rules.BadLines):
        rules.members_in("x.fi\n" * 5001)
    with pytest.raises(rules.BadLines):
        rules.members_in("kaksi sanaa\na@b")


def test_members_are_addresses_or_domains() -> None:
    typed = "Example.FI\n@kunta.example.fi\nAino <Aino@example.org>\nexample.fi"
    assert rules.members_in(typed) == ["example.fi", "kunta.example.fi", "aino@example.org"]
