"""Two at the same moment: the database lets one of them win, and nobody is written to twice."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from threading import Barrier

import pytest
from django.db import connection

from backend.core.errors import Refusal
from catalogue.models import Practice
from notifications.models import Message
from registrations.models import Registration
from surveys import actions
from surveys.models import Answer, Invitation, Response, Survey
from surveys.rules import Json
from tests import factories
from tests.surveys import world

pytestmark = pytest.mark.django_db(transaction=True)
AT_ONCE = 4


@pytest.fixture
def somebody(transactional_db: None) -> Registration:
    world.places()
    event = factories.four_mornings(organisation=factories.organisation()).events.first()
    assert event is not None
    return world.came(event, name="Aino Esimerkki", email="aino@example.org")


def together(deed: Callable[[], object]) -> Iterator[str]:
    """Do the same thing in several threads at the same moment; tell how each of them ended."""
    start = Barrier(AT_ONCE)

    def one(_number: int) -> str:
        start.wait()
        try:
            deed()
        except Refusal as refusal:
            return refusal.code
        finally:
            connection.close()
        return "done"

    with ThreadPoolExecutor(AT_ONCE) as threads:
        yield from threads.map(one, range(AT_ONCE))


def test_sending_at_once_asks_everybody_once(somebody: Registration, after: datetime) -> None:
    ended = list(together(lambda: actions.open_survey(event=somebody.event, at=after)))

    assert ended == ["done"] * AT_ONCE
    assert [model.objects.count() for model in (Survey, Invitation, Message)] == [1, 1, 1]
    assert Survey.objects.get().questions.count() == 7


def test_the_sweep_at_once_asks_everybody_once(somebody: Registration, after: datetime) -> None:
    assert list(together(lambda: actions.open_due(at=after))) == ["done"] * AT_ONCE
    assert [model.objects.count() for model in (Survey, Invitation, Message)] == [1, 1, 1]


def test_answering_at_once_counts_once(somebody: Registration, after: datetime) -> None:
    invitation = world.asked(somebody)
    answers: dict[str, Json] = {"usefulness": 5, "practice": {"title": "Metsä", "may_contact": True}}

    ended = list(
        together(
            lambda: actions.respond(
                invitation=Invitation.objects.get(pk=invitation.pk), answers=answers, language="fi", at=after
            )
        )
    )

    assert sorted(ended) == ["already-answered"] * (AT_ONCE - 1) + ["done"]
    assert [model.objects.count() for model in (Response, Answer, Practice)] == [1, 2, 1]
