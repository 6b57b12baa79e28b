"""The pages on the first of March 2027 at noon, with the four mornings ahead."""

from collections.abc import Callable, Iterator
from datetime import datetime

import pytest
import time_machine
from django.test import Client
from pytest_django.fixtures import Settings

from events.models import EventSeries
from registrations.actions import register
from registrations.models import Attendee
from registrations.rules import Person

REGISTER = "/fi/tapahtumat/aamukahvit-2027/ilmoittaudu/"

type Comes = Callable[..., Attendee]


@pytest.fixture(autouse=True)
def today(noon: datetime) -> Iterator[time_machine.Traveller]:
    with time_machine.travel(noon, tick=False) as traveller:
        yield traveller


@pytest.fixture(autouse=True)
def trial(settings: Settings) -> None:
    """A trial with its mailbox, on whichever database the tests run."""
    settings.PRODUCTION = False


@pytest.fixture
def browser() -> Client:
    return Client(headers={"accept-language": "fi"})


@pytest.fixture
def comes(mornings: EventSeries, noon: datetime) -> Comes:
    """Somebody registers for these mornings (0 is Tuesday)."""

    def register_for(
        *days: int, name: str = "Aino Esimerkki", email: str = "aino@example.org", language: str = "fi"
    ) -> Attendee:
        slugs = [event.slug for event in mornings.events.all()]
        person = Person(name=name, email=email, language=language)
        register(
            series=mornings,
            person=person,
            events=[slugs[day] for day in days],
            idempotency_key=f"{email}-{days}",
            at=noon,
        )
        return Attendee.objects.get(series=mornings, email=email)

    return register_for
