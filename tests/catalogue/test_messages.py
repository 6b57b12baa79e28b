"""What is told to the owner of a practice, in three languages."""

from datetime import datetime

import pytest

from accounts.models import User
from backend.core.i18n import LANGUAGES, Language
from catalogue import messages
from catalogue.models import Practice
from notifications import rendering
from notifications.kinds import Kind
from notifications.models import Message
from tests.catalogue import world

LONG = "Lähiluonnon saavutettavuuden parantaminen yhdessä kaupunkilaisten kanssa"


def last() -> rendering.Rendered:
    message = Message.objects.order_by("-pk").first()
    assert message is not None
    return rendering.render(message)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", messages.KINDS, ids=lambda kind: kind.key)
def test_every_kind_can_be_shown_in_every_language(kind: Kind, language: Language) -> None:
    shown = rendering.sample(kind, language)

    assert 0 < len(shown.subject) <= 60
    assert "{" not in shown.text + shown.subject
    assert "/d/" in shown.text


@pytest.mark.parametrize(
    ("language", "subject"),
    [
        ("fi", "Jatka käytäntöäsi: Lähiluonnon saavutettavuuden…"),
        ("sv", "Fortsätt med er praxis: Lähiluonnon saavutettavuuden…"),
        ("en", "Continue your practice: Lähiluonnon saavutettavuuden…"),
    ],
)
def test_a_long_title_is_cut_at_a_word(lead: Practice, noon: datetime, language: str, subject: str) -> None:
    world.lead(event=None, at=noon, title=LONG, language=language)

    assert last().subject == subject


def test_the_receipt_carries_the_link_and_the_event(lead: Practice) -> None:
    shown = last()

    assert shown.subject == "Jatka käytäntöäsi: Lähimetsä koulun pihana"
    assert f"/d/{lead.token}/" in shown.text
    assert f"/d/{lead.token}/" in shown.html
    assert "”Lähiluonnon saavutettavuus”" in shown.text


SUBJECTS = {
    ("publish", "fi"): "Käytäntönne on julkaistu",
    ("publish", "sv"): "Er praxis har publicerats",
    ("publish", "en"): "Your practice is published",
    ("request_changes", "fi"): "Käytäntönne tarvitsee täydennystä",
    ("request_changes", "sv"): "Er praxis behöver kompletteras",
    ("request_changes", "en"): "Your practice needs additions",
    ("decline", "fi"): "Käytäntöänne ei julkaista",
    ("decline", "sv"): "Er praxis publiceras inte",
    ("decline", "en"): "Your practice will not be published",
}
PAGES = {"fi": "/fi/kaytannot/", "sv": "/sv/praxis/", "en": "/en/practices/"}


@pytest.mark.parametrize(("decision", "language"), SUBJECTS)
def test_the_result_says_it_first_and_in_the_reviewers_words(
    lead: Practice, reviewer: User, noon: datetime, decision: str, language: str
) -> None:
    practice = world.lead(event=None, at=noon, language=language)
    version = world.sent(practice, at=noon)
    words = "Hieno *työ*.\nKiitos!\n\n[Katso](https://example.org) 1. lisää"

    world.decided(version, decision, reviewer=reviewer, at=noon, message=words)

    shown = last()
    assert shown.subject == SUBJECTS[decision, language]
    assert "> Hieno *työ*.\n> Kiitos!\n\n> [Katso](https://example.org) 1. lisää" in shown.text
    assert 'href="https://example.org"' not in shown.html  # what people write stays text
    assert (PAGES[language] in shown.text) == (decision == "publish")
    assert (f"/d/{practice.token}/" in shown.text) == (decision == "request_changes")


def test_a_practice_that_meets_all_is_told_so(lead: Practice, reviewer: User, noon: datetime) -> None:
    world.decided(world.sent(lead, at=noon), "publish", reviewer=reviewer, at=noon, message="")

    assert "Se täyttää kaikki viisi kriteeriä." in last().text
    assert "Arvioijan viesti" not in last().text
