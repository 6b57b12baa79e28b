"""Every kind of mail that the service sends, brought about by real deeds."""

from datetime import datetime

from backend.core.i18n import Text
from events.actions import edit_event
from notifications.models import Message
from registrations.actions import cancel, register, send_manage_link, set_capacity
from registrations.models import Attendee, Registration
from registrations.rules import Person
from tests.security.world import House


def every_kind(house: House, *, at: datetime) -> dict[str, Message]:
    """Let the rest happen after what the house has seen already, and give one mail of each kind."""
    organiser = house.users["organiser"]
    set_capacity(event=house.event, capacity=2, at=at, actor=organiser)
    for name in ("dora", "elli"):
        person = Person(name=f"{name.title()} Esimerkki", email=f"{name}@example.org")
        register(series=house.series, person=person, events=[house.event.slug], idempotency_key=name, at=at)
    set_capacity(event=house.event, capacity=3, at=at, actor=organiser)
    Message.objects.exclude(kind="reminder").update(state=Message.State.ACCEPTED)
    edit_event(
        event=house.event, title=Text("Uusi otsikko", "Ny rubrik", "New title"), at=at, actor=organiser
    )
    dora = Attendee.objects.get(series=house.series, email="dora@example.org")
    cancel(registration=dora.registrations.get(), by=Registration.CancelledBy.ATTENDEE, at=at)
    send_manage_link(email=house.attendees["a"].email, at=at)
    return {message.kind: message for message in Message.objects.order_by("-pk")}
