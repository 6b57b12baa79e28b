from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.dispatch import Signal
from django.test import Client
from django.utils import translation

from accounts.models import AuditEvent, Organisation, User
from events.models import Event, EventSeries
from events.signals import event_cancelled, event_changed, programme_released
from tests import factories


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    """Sentences are compared in the language they are written in."""
    with translation.override("en"):
        yield


@pytest.fixture
def olli(demos: Organisation) -> User:
    return factories.organiser(demos)


@pytest.fixture
def desk(client: Client, olli: User) -> Client:
    """Olli, signed in."""
    client.force_login(olli)
    return client


@pytest.fixture
def morning(mornings: EventSeries) -> Event:
    """The first of the four mornings: 13 April 2027, 8.30-10.00 in Helsinki."""
    return Event.objects.select_related("series__organisation").get(slug="aamukahvit-2027-04-13")


@pytest.fixture
def announced() -> Iterator[list[Any]]:
    """Every fact this app announces during the test, in order."""
    facts: list[Any] = []

    def hear(fact: object, **_kwargs: object) -> None:
        facts.append(fact)

    heard: tuple[Signal, ...] = (event_changed, event_cancelled, programme_released)
    for signal in heard:
        signal.connect(hear)
    yield facts
    for signal in heard:
        signal.disconnect(hear)


type Audited = Callable[[], list[tuple[str, str, dict[str, Any]]]]


@pytest.fixture
def audited() -> Audited:
    """What the audit trail says was done, oldest first."""

    def read() -> list[tuple[str, str, dict[str, Any]]]:
        rows = AuditEvent.objects.order_by("pk")
        return [(row.action, row.subject, row.details) for row in rows]

    return read
