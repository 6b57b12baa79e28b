"""The whole life of an entry, as a calendar meets it in whatever order the mails arrive."""

from datetime import datetime, timedelta
from itertools import permutations
from zoneinfo import ZoneInfo

from backend.core.i18n import Text
from events.actions import edit_event, move_event
from events.models import EventSeries
from notifications.models import Message
from registrations.actions import cancel, change
from registrations.models import Registration
from tests.registrations.calendar_client import CalendarClient, Component
from tests.registrations.people import AINO, all_sent, attendee, day, registration, sign_up

MINUTE = timedelta(minutes=1)


def test_in_whatever_order_the_mails_arrive_the_calendar_ends_right(
    mornings: EventSeries, noon: datetime
) -> None:
    """Registered, moved, renamed, cancelled and registered again: five mails, 120 orders."""
    tuesday = day(mornings)
    start = tuesday.starts_at + timedelta(days=2, hours=1)
    sign_up(mornings, AINO, 0, 1, at=noon)
    Message.objects.exclude(subject=f"registration:{registration(AINO, tuesday).pk}").delete()
    all_sent()
    move_event(
        event=day(mornings), starts_at=start, ends_at=start + timedelta(hours=1), at=noon + MINUTE, actor=None
    )
    all_sent()
    moved = Registration.objects.get(attendee__email=AINO.email, event=tuesday).event
    edit_event(event=moved, title=Text("Uusi nimi", "Ny", "New"), at=noon + 2 * MINUTE, actor=None)
    all_sent()
    row = registration(AINO, moved)
    cancel(registration=row, by=Registration.CancelledBy.ORGANISER, at=noon + 3 * MINUTE)
    all_sent()
    own = [day.slug for day in mornings.events.all() if day.slug != moved.slug][:1]
    change(attendee=attendee(AINO), events=[*own, moved.slug], at=noon + 4 * MINUTE)
    fresh = registration(AINO, moved)
    subjects = [f"registration:{row.pk}", f"registration:{fresh.pk}"]
    mails = list(Message.objects.filter(subject__in=subjects).exclude(calendar_method="").order_by("pk"))
    assert [(one.kind, one.calendar_method) for one in mails] == [
        ("confirmation", "REQUEST"),
        ("changed", "REQUEST"),
        ("changed", "REQUEST"),
        ("cancelled_by_organiser", "CANCEL"),
        ("confirmation", "REQUEST"),
    ]

    endings = set()
    for order in permutations(map(Component.of, mails)):
        client = CalendarClient()
        for one in order:
            client.receive(one)
        endings.add(tuple(client.shows()))

    expected = start.astimezone(ZoneInfo("Europe/Helsinki")).strftime("%Y%m%dT%H%M%S")
    assert endings == {((expected, "Uusi nimi"),)}
