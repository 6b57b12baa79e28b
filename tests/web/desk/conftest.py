"""A desk with somebody at it, at noon on 1 March 2027."""

from collections.abc import Iterator
from datetime import datetime

import pytest
import time_machine
from django.test import Client

from accounts.models import Membership, Organisation, User
from events.models import Event, EventSeries
from tests import factories


@pytest.fixture(autouse=True)
def _at_noon(noon: datetime) -> Iterator[None]:
    with time_machine.travel(noon, tick=False):
        yield


@pytest.fixture
def olli(demos: Organisation) -> User:
    return factories.organiser(demos)


@pytest.fixture
def desk(olli: User) -> Client:
    """Olli, an organiser, who reads English."""
    return signed_in(olli)


@pytest.fixture
def viewer(demos: Organisation) -> Client:
    """Somebody who may look."""
    return signed_in(factories.organiser(demos, email="vilma@example.org", role=Membership.Role.VIEWER))


@pytest.fixture
def reviewer(demos: Organisation) -> Client:
    """Somebody who reviews practices, and has no business with registrations."""
    return signed_in(factories.organiser(demos, email="rita@example.org", role=Membership.Role.REVIEWER))


@pytest.fixture
def stranger(db: None) -> Client:
    """An organiser of another organisation."""
    other = factories.organisation(slug="toinen")
    return signed_in(factories.organiser(other, email="otso@example.org"))


@pytest.fixture
def morning(mornings: EventSeries) -> Event:
    """The first of the four mornings."""
    return mornings.events.all()[0]


def signed_in(user: User) -> Client:
    User.objects.filter(pk=user.pk).update(language="en")
    client = Client()
    client.force_login(user)
    return client
