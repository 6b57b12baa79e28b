"""What those who came are told."""

from datetime import datetime, timedelta

import pytest

from backend.core.i18n import LANGUAGES, Language
from events.models import Event
from notifications import kinds, rendering
from notifications.models import Message
from surveys import actions, messages
from tests.surveys import world

SUBJECTS = {
    "fi": "Yksi kysymys aamusta ti 13.4.",
    "sv": "En fråga om morgonen ti 13.4",
    "en": "One question about the morning of Tue 13 April",
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_sample_is_what_is_sent(language: Language) -> None:
    shown = rendering.sample("survey", language)

    assert shown.subject == SUBJECTS[language]
    assert "/s/" in shown.text


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_question_comes_with_its_link(tuesday: Event, after: datetime, language: Language) -> None:
    person = world.came(tuesday, name="Aino Esimerkki", email="aino@example.org", language=language)
    invitation = world.asked(person)

    shown = rendering.render(Message.objects.get())

    assert shown.subject == SUBJECTS[language]
    assert len(shown.subject) <= 60
    assert f"/s/{invitation.token}/" in shown.text
    assert tuesday.title.in_language(language) in shown.text
    assert "aamukahvit@example.org" in shown.text  # whom to ask


@pytest.mark.parametrize(
    ("language", "subject"),
    [
        ("fi", "Yksi kysymys tapahtumasta ti 13.4."),
        ("sv", "En fråga om evenemanget ti 13.4"),
        ("en", "One question about the event of Tue 13 April"),
    ],
)
def test_an_afternoon_is_not_called_a_morning(
    tuesday: Event, after: datetime, language: str, subject: str
) -> None:
    world.came(tuesday, name="Aino Esimerkki", email="aino@example.org", language=language)
    tuesday.starts_at += timedelta(hours=4, minutes=30)  # 13.00 in Helsinki
    tuesday.ends_at += timedelta(hours=4, minutes=30)
    tuesday.save()

    actions.open_survey(event=tuesday, at=after + timedelta(hours=6))

    assert rendering.render(Message.objects.get()).subject == subject


def test_a_survey_waits_for_urgent_mail_and_is_never_repeated_without_a_word() -> None:
    kind = kinds.get("survey")

    assert (kind.lane, kind.policy) == (kinds.Lane.BULK, kinds.Policy.HOLD)
    assert kind in messages.KINDS
