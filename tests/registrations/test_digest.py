"""Organisers are told in the morning what needs them: once, and not at all where all is well."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from accounts.actions import want_digest
from accounts.models import Membership, Organisation, User
from events.models import EventSeries
from notifications.endpoints import managing
from notifications.models import Endpoint, Message
from notifications.rendering import render
from notifications.reply_address import reply_address
from registrations.actions import take_reply
from registrations.actions.digesting import send_digests
from registrations.actions.replying import seen
from registrations.invitations import reply_seed
from registrations.models import CalendarReply, Quota
from registrations.rules.digest import digest_day, digest_window
from registrations.tasks import send_morning_mail
from tests import factories
from tests.events.answers import Answer, plain
from tests.registrations.people import AINO, OLLI, VEERA, day, registration, sign_up

pytestmark = pytest.mark.django_db
State = Message.State
EIGHT = datetime(2027, 3, 2, 6, 0, tzinfo=UTC)  # in Helsinki, the morning after


@pytest.fixture
def olli(demos: Organisation) -> User:
    return factories.organiser(demos)


@pytest.fixture
def troubled(mornings: EventSeries, olli: User, noon: datetime) -> EventSeries:
    """Aino's confirmation came back; nobody knows of Veera's."""
    for person, state in ((AINO, State.BOUNCED_HARD), (VEERA, State.UNCERTAIN)):
        sign_up(mornings, person, 0, at=noon)
        Message.objects.filter(recipient=person.email).update(state=state, state_changed_at=noon)
    return mornings


def mails() -> list[Message]:
    return list(Message.objects.filter(kind="organiser_digest").order_by("pk"))


def test_what_came_back_is_told_at_eight_with_a_way_to_the_desk(troubled: EventSeries) -> None:
    assert send_digests(at=EIGHT - timedelta(minutes=1)) == 0
    assert send_digests(at=EIGHT) == 1
    [mail] = mails()
    row = mail.context["rows"][0]
    assert row["returned"] >= 1
    assert row["missing"] >= 1
    said = render(mail)
    assert "palautui" in said.subject
    assert f"/desk/series/{troubled.pk}/messages/" in said.text


def test_a_day_is_told_once_however_often_the_clock_ticks(troubled: EventSeries) -> None:
    for minutes in (0, 5, 60, 239):
        send_digests(at=EIGHT + timedelta(minutes=minutes))
    assert len(mails()) == 1
    assert send_digests(at=EIGHT + timedelta(days=1)) == 0  # nothing new came up
    assert len(mails()) == 1


def test_where_all_is_well_no_mail_comes(mornings: EventSeries, olli: User, noon: datetime) -> None:
    sign_up(mornings, AINO, 0, at=noon)
    assert send_digests(at=EIGHT) == 0
    assert mails() == []


def test_who_does_not_want_it_or_only_looks_gets_none(
    troubled: EventSeries, demos: Organisation, olli: User
) -> None:
    factories.organiser(demos, email="vilma@example.org", role=Membership.Role.VIEWER)
    factories.organiser(factories.organisation("toinen"), email="toinen@example.org")
    gone = factories.organiser(demos, email="poissa@example.org")
    User.objects.filter(pk=gone.pk).update(is_active=False)
    want_digest(user=olli, wanted=False)
    assert send_digests(at=EIGHT) == 0
    want_digest(user=olli, wanted=True)
    assert send_digests(at=EIGHT) == 1
    assert [mail.recipient for mail in mails()] == [olli.email]


def test_applications_and_webhooks_that_stopped_are_told_too(
    mornings: EventSeries, olli: User, noon: datetime
) -> None:
    User.objects.filter(pk=olli.pk).update(language="en")
    Quota.objects.update(mode=Quota.Mode.APPLICATION)
    sign_up(mornings, OLLI, 0, at=noon)
    kinds = ["event.changed"]
    endpoint = managing.add(
        scope=f"series:{mornings.pk}",
        name="CRM",
        url="https://crm.example.org/",
        kinds=kinds,
        with_people=False,
        at=noon,
    ).endpoint
    Endpoint.objects.filter(pk=endpoint.pk).update(off=Endpoint.Off.FAILING, changed_at=noon)
    send_digests(at=EIGHT)
    said = render(mails()[0])
    assert said.subject == "2 things are waiting for the organiser"
    assert "- new applications: 1" in said.text
    assert "- webhooks that were switched off: 1" in said.text


def test_an_answer_of_a_calendar_that_waits_for_somebody_is_told(
    mornings: EventSeries, olli: User, noon: datetime
) -> None:
    """A no after the deadline changes nothing by itself: until now only a visit to the desk showed it."""
    User.objects.filter(pk=olli.pk).update(language="en")
    for person in (AINO, VEERA):
        sign_up(mornings, person, 0, at=noon)
    Quota.objects.update(closes_at=noon)
    decline, noted = [
        Answer(
            uid=row.calendar_entry.uid, to=reply_address(reply_seed(row)), attendee=person.email, stamp=noon
        )
        for person in (AINO, VEERA)
        for row in [registration(person, day(mornings))]
    ]
    outcomes = [
        take_reply(raw=plain(one), recipient="", at=noon)
        for one in (replace(decline, partstat="DECLINED"), noted)
    ]
    assert outcomes == ["late", "recorded"]

    assert send_digests(at=EIGHT) == 1

    [mail] = mails()
    assert render(mail).subject == "1 thing is waiting for the organiser"
    assert "- calendar answers that need a look: 1" in render(mail).text
    assert mail.links["desk"]["path"] == f"/desk/series/{mornings.pk}/"


def test_an_answer_that_was_looked_at_in_the_evening_is_not_told(
    mornings: EventSeries, olli: User, noon: datetime
) -> None:
    sign_up(mornings, AINO, 0, at=noon)
    row = registration(AINO, day(mornings))
    words = Answer(
        uid=row.calendar_entry.uid, to=reply_address(reply_seed(row)), comment="Myöhästyn", stamp=noon
    )
    take_reply(raw=plain(words), recipient="", at=noon)
    seen(reply=CalendarReply.objects.get(), at=noon)

    assert send_digests(at=EIGHT) == 0


def test_two_series_are_one_mail_that_leads_to_the_whole_desk(
    troubled: EventSeries, demos: Organisation, noon: datetime
) -> None:
    second = factories.four_mornings(organisation=demos, slug="toiset-2027")
    sign_up(second, OLLI, 0, at=noon)
    Message.objects.filter(recipient=OLLI.email).update(state=State.FAILED, state_changed_at=noon)
    assert send_digests(at=EIGHT) == 1
    [mail] = mails()
    assert len(mail.context["rows"]) == 2
    assert mail.links["desk"]["path"] == "/desk/"


def test_trouble_that_belongs_to_no_desk_wakes_nobody(troubled: EventSeries) -> None:
    Message.objects.update(audience="")
    assert send_digests(at=EIGHT) == 0
    Message.objects.update(audience="series:x")
    assert send_digests(at=EIGHT) == 0


def test_a_morning_lasts_until_noon_and_knows_summer_time() -> None:
    zone = "Europe/Helsinki"
    assert digest_day(datetime(2027, 3, 28, 5, 0, tzinfo=UTC), zone=zone) is not None  # 8.00, a new hour ago
    assert digest_day(datetime(2027, 3, 28, 9, 0, tzinfo=UTC), zone=zone) is None
    day = datetime(2027, 3, 28, tzinfo=UTC).date()
    start, end = digest_window(day, zone=zone)
    assert end.astimezone(UTC) - start.astimezone(UTC) == timedelta(hours=23)


def test_the_task_is_safe_to_run_at_any_time(troubled: EventSeries) -> None:
    send_morning_mail()
    assert len(mails()) <= 1
