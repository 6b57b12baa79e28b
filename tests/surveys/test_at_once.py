"""Two at the same moment: the database lets one of them win, and nobody is written to twice."""

from datetime import datetime

import pytest

from catalogue.models import Practice
from notifications.models import Message
from registrations.models import Registration
from surveys import actions
from surveys.models import Answer, Invitation, Response, Survey
from surveys.rules import Json
from tests import factories
from tests.surveys import world
from tests.together import AT_ONCE, together

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def somebody(transactional_db: None) -> Registration:
    world.places()
    event = factories.four_mornings(organisation=factories.organisation()).events.first()
    assert event is not None
    return world.came(event, name="Aino Esimerkki", email="aino@example.org")


def test_sending_at_once_asks_everybody_once(somebody: Registration, after: datetime) -> None:
    ended = together(lambda: actions.open_survey(event=somebody.event, at=after))

    assert ended == ["done"] * AT_ONCE
    assert [model.objects.count() for model in (Survey, Invitation, Message)] == [1, 1, 1]
    assert Survey.objects.get().questions.count() == 7


def test_the_sweep_at_once_asks_everybody_once(somebody: Registration, after: datetime) -> None:
    assert together(lambda: actions.open_due(at=after)) == ["done"] * AT_ONCE
    assert [model.objects.count() for model in (Survey, Invitation, Message)] == [1, 1, 1]


def test_answering_at_once_counts_once(somebody: Registration, after: datetime) -> None:
    invitation = world.asked(somebody)
    answers: dict[str, Json] = {"usefulness": 5, "practice": {"title": "Metsä", "may_contact": True}}

    ended = together(
        lambda: actions.respond(
            invitation=Invitation.objects.get(pk=invitation.pk), answers=answers, language="fi", at=after
        )
    )

    assert sorted(ended) == ["already-answered"] * (AT_ONCE - 1) + ["done"]
    assert [model.objects.count() for model in (Response, Answer, Practice)] == [1, 2, 1]
