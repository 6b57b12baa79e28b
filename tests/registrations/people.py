"""The people of these tests, all visibly made up, and the shortest ways to let them act."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from events.models import Event, EventSeries
from notifications.models import Message
from registrations.actions import Person, register
from registrations.actions.automatic import plan_due
from registrations.models import Attendee, Registration, Submission

AINO = Person(name="Aino Esimerkki", email="aino@example.org")
VEERA = Person(name="Veera Exempel", email="veera@example.org", language="sv")
OLLI = Person(name="Olli Example", email="olli@example.org", language="en")


def somebody(number: int) -> Person:
    return Person(name=f"Esimerkki {number}", email=f"person{number}@example.org")


def slugs(series: EventSeries, *days: int) -> list[str]:
    """The slugs of the days counted from nought; without days, all of them."""
    found = [event.slug for event in series.events.all()]
    return [found[day] for day in days] if days else found


def day(series: EventSeries, number: int = 0) -> Event:
    return series.events.select_related("series")[number]


def sign_up(
    series: EventSeries, person: Person, *days: int, at: datetime, key: str | None = None
) -> Submission:
    return register(
        series=series,
        person=person,
        events=slugs(series, *days),
        idempotency_key=key or f"{person.email} {days}",
        at=at,
    )


def attendee(person: Person) -> Attendee:
    return Attendee.objects.select_related("series").get(email=person.email)


def registration(person: Person, event: Event) -> Registration:
    """The newest registration of a person to an event."""
    return Registration.objects.filter(attendee__email=person.email, event=event).latest("pk")


def states(person: Person) -> list[str]:
    rows = Registration.objects.filter(attendee__email=person.email)
    return list(rows.order_by("pk").values_list("state", flat=True))


def told(person: Person | None = None, *, but: Iterable[str] = ("reminder",)) -> list[tuple[str, str]]:
    """What was told, as (kind, state of the message), in order."""
    rows = Message.objects.exclude(kind__in=list(but)).order_by("pk")
    if person is not None:
        rows = rows.filter(recipient=person.email)
    return list(rows.values_list("kind", "state"))


def mail(person: Person, kind: str) -> Message:
    """The newest message of a kind to a person."""
    return Message.objects.filter(recipient=person.email, kind=kind).latest("pk")


def reminded(series: EventSeries, number: int = 0) -> list[str]:
    """Let the rules do their work at nine on the day before; tells whose reminders wait to be sent now."""
    event = day(series, number)
    plan_due(at=event.starts_at - timedelta(hours=23, minutes=30))
    waiting = Message.objects.filter(kind="reminder", state="queued", audience=f"event:{event.pk}")
    return sorted(waiting.values_list("recipient", flat=True))


def all_sent() -> None:
    """Let every message that waits to be sent now have left, so that it can no longer be taken back."""
    Message.objects.filter(state="queued").exclude(kind="reminder").update(state="accepted")


def entry(message: Message) -> dict[str, str]:
    """The calendar object of a message, its long lines joined: name → value, parameters left out."""
    lines = message.calendar.replace("\r\n ", "").split("\r\n")
    event = lines[lines.index("BEGIN:VEVENT") :]
    found = {line.partition(":")[0].partition(";")[0]: line.partition(":")[2] for line in event if line}
    return found | {"METHOD": next(line[7:] for line in lines if line.startswith("METHOD:"))}
