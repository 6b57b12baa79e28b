"""The survey: sent by hand to exactly those not yet asked, and summed up."""

from datetime import datetime

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from accounts.models import User
from events.models import Event, EventSeries
from surveys import actions
from surveys.models import Invitation
from surveys.rules import Json
from tests.registrations.people import AINO, VEERA, registration, sign_up, told
from tests.surveys.world import AFTER
from tests.web.desk.conftest import signed_in
from tests.web.desk.seen import page, preview, problems, save


@pytest.fixture
def held(mornings: EventSeries, morning: Event, noon: datetime) -> Event:
    sign_up(mornings, AINO, 0, at=noon)
    sign_up(mornings, VEERA, 0, at=noon)
    return morning


def test_the_survey_is_sent_after_a_look_and_to_nobody_twice(olli: User, held: Event) -> None:
    with time_machine.travel(AFTER, tick=False):
        desk = signed_in(olli)
        assert preview(desk, "survey-send", held.pk) == [
            "2 people who had a place and were not marked absent get the survey.",
            "Nobody is asked twice.",
        ]
        assert save(desk, "survey-send", held.pk) == "The survey is on its way."
        assert [kind for kind, _state in told() if kind == "survey"] == ["survey"] * 2
        assert preview(desk, "survey-send", held.pk) == [
            "Everybody has been asked already, or nobody came. Nobody gets a mail."
        ]


def test_before_the_event_nobody_can_be_asked(desk: Client, held: Event) -> None:
    assert "It can be sent when the event has begun." in page(desk, "survey", held.pk)
    answer = desk.post(reverse("desk:survey-send", args=[held.pk]), {"step": "save"})

    assert list(problems(answer)) == [""]


def test_answers_are_summed_up_with_the_numbers_beside_each_bar(desk: Client, held: Event) -> None:
    actions.open_survey(event=held, at=AFTER)
    for person, useful in ((AINO, 5), (VEERA, 3)):
        invitation = Invitation.objects.get(registration=registration(person, held))
        answers: dict[str, Json] = {
            "usefulness": useful,
            "takeaway": f"Idea of {person.name}",
            "next": ["spar"],
        }
        actions.respond(invitation=invitation, answers=answers, language="en", at=AFTER)
    shown = page(desk, "survey", held.pk)

    assert "2 answers, mean 4.0" in shown
    assert "1 0 2 0 3 1 4 0 5 1" in shown
    assert ["Idea of Aino Esimerkki" in shown, "Idea of Veera Exempel" in shown] == [True, True]
