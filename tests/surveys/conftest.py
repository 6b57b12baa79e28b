"""A morning that has been held, and those who came to it."""

from datetime import datetime

import pytest

from events.models import Event, EventSeries
from registrations.models import Registration
from tests.surveys import world


@pytest.fixture
def places(db: None) -> None:
    world.places()


@pytest.fixture
def tuesday(mornings: EventSeries, places: None) -> Event:
    """Tue 13 April 2027, 8.30-10.00 in Helsinki."""
    event = mornings.events.first()
    assert event is not None
    return event


@pytest.fixture
def after() -> datetime:
    """Tue 13 April 2027 at 12.00 in Helsinki: two hours after the end."""
    return world.AFTER


@pytest.fixture
def aino(tuesday: Event) -> Registration:
    return world.came(tuesday, name="Aino Esimerkki", email="aino@example.org")
