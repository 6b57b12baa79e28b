"""Reminders and joining links: who gets them when."""

from datetime import datetime

from django.db import connection
from django.test.utils import CaptureQueriesContext

from events.models import Event, EventSeries
from registrations.actions.automatic import plan_due
from registrations.models import Quota
from tests.registrations.people import AINO, OLLI, VEERA, all_sent, day, entry, mail, reminded, sign_up, told


def test_the_reminder_is_promised_at_nine_on_the_day_before(mornings: EventSeries, noon: datetime) -> None:
    sign_up(mornings, AINO, 0, at=noon)
    assert plan_due(at=datetime.fromisoformat("2027-04-12T08:59:59+03:00")) == 0
    assert reminded(mornings) == [AINO.email]

    reminder = mail(AINO, "reminder")
    assert reminder.not_before == datetime.fromisoformat("2027-04-12T09:00+03:00")
    assert reminder.not_after == datetime.fromisoformat("2027-04-13T00:00+03:00"), "then it is not tomorrow"
    assert (reminder.lane, reminder.calendar) == ("normal", "")


def test_those_who_wait_are_never_reminded(mornings: EventSeries, noon: datetime) -> None:
    Quota.objects.filter(event=day(mornings)).update(capacity=0)

    sign_up(mornings, AINO, 0, at=noon)

    assert reminded(mornings) == []
    assert told(AINO, but=()) == [("waiting", "queued")]


def test_on_the_day_before_the_confirmation_says_it_all(mornings: EventSeries) -> None:
    Event.objects.filter(pk=day(mornings).pk).update(
        join_url="https://meet.example.org/kahvit", link_policy=Event.LinkPolicy.DAY_BEFORE
    )
    early = datetime.fromisoformat("2027-04-12T08:59+03:00")
    late = datetime.fromisoformat("2027-04-12T09:00+03:00")

    sign_up(mornings, AINO, 0, at=early)
    sign_up(mornings, VEERA, 0, at=late)
    plan_due(at=late)
    plan_due(at=late)

    assert [(kind, mail(AINO, kind).context["tells_link"]) for kind in ("confirmation", "reminder")] == [
        ("confirmation", False),
        ("reminder", True),
    ]
    assert "meet.example.org" not in mail(AINO, "confirmation").calendar
    assert told(VEERA, but=()) == [("confirmation", "queued")]
    assert mail(VEERA, "confirmation").context["tells_link"]
    assert "meet.example.org" in entry(mail(VEERA, "confirmation"))["DESCRIPTION"]


def test_the_link_told_at_once_is_in_the_mail_and_in_the_entry(mornings: EventSeries, noon: datetime) -> None:
    Event.objects.filter(pk=day(mornings).pk).update(join_url="https://meet.example.org/kahvit")

    sign_up(mornings, AINO, 0, at=noon)

    message = mail(AINO, "confirmation")
    assert message.context["tells_link"]
    assert "meet.example.org" in entry(message)["DESCRIPTION"]


def test_a_registration_asks_the_same_number_of_questions_however_full_the_event_is(
    mornings: EventSeries, noon: datetime
) -> None:
    Quota.objects.update(capacity=3, hard_cap=3)
    counted = []
    for person in (AINO, VEERA, OLLI):
        with CaptureQueriesContext(connection) as queries:
            sign_up(mornings, person, at=noon)
        counted.append(len(queries))
        all_sent()

    assert len(set(counted)) == 1
    assert counted[0] <= 42
