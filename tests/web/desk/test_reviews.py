"""A reviewer's decision: the text beside the criteria, what it leads to, and what is missing."""

from datetime import datetime

import pytest
from django.test import Client
from django.urls import reverse

from catalogue.models import PracticeVersion, Review, Theme
from events.models import Event
from tests.catalogue import world
from tests.registrations.people import told
from tests.surveys.world import places
from tests.web.desk.seen import happens, page, problems, save, text


@pytest.fixture
def version(morning: Event, noon: datetime) -> PracticeVersion:
    """A practice born at the first morning, complete and sent for review."""
    places()
    Theme.objects.create(key="healthy", position=0, name_fi="Terveys", name_sv="Hälsa", name_en="Health")
    world.criteria()
    return world.sent(world.lead(event=morning, at=noon), at=noon)


def typed(decision: str = "publish", *, level: str = "met", message: str = "Thank you.") -> dict[str, str]:
    judged = {f"level_{key}": level for key in world.CRITERIA} | {
        f"reason_{key}": "Shown in the text." for key in world.CRITERIA
    }
    return {"decision": decision, "message": message, **judged}


def test_the_queue_and_the_page_show_what_was_sent(reviewer: Client, version: PracticeVersion) -> None:
    assert "1 practice, the longest waiting first" in page(reviewer, "reviews")
    shown = page(reviewer, "review", version.pk)

    assert str(version.title) in shown
    assert shown.count("Level") == len(world.CRITERIA)


def test_publishing_tells_first_and_then_publishes(reviewer: Client, version: PracticeVersion) -> None:
    answer = reviewer.post(reverse("desk:review", args=[version.pk]), {**typed(), "step": "preview"})

    assert happens(answer) == [
        "The practice is published in the catalogue at once.",
        "It is labelled: meets the criteria.",
        "The submitter gets a mail with your message and the assessments.",
    ]
    assert not Review.objects.exists()
    assert save(reviewer, "review", version.pk, **typed()) == "The decision is saved."
    version.refresh_from_db()
    assert version.state == "published"
    assert ("review_result", "queued") in told()
    assert "Shown in the text." in page(reviewer, "review", version.pk)


def test_an_incomplete_decision_is_refused_beside_its_fields(
    reviewer: Client, version: PracticeVersion
) -> None:
    first, second = world.CRITERIA[:2]
    address = reverse("desk:review", args=[version.pk])
    lacking = {**typed(), f"reason_{first}": "", f"level_{second}": "not_assessed", "step": "preview"}

    assert problems(reviewer.post(address, lacking)) == {
        f"id_level_{second}_0": "Assess this criterion before publishing.",
        f"id_reason_{first}": "Write why you think so.",
    }
    silent = {**typed("decline", message=""), "step": "preview"}
    assert list(problems(reviewer.post(address, silent))) == ["id_message"]
    assert list(problems(reviewer.post(address, {"step": "preview"}))) == ["id_decision_0"]


@pytest.mark.parametrize(
    ("decision", "state"), [("request_changes", "changes_requested"), ("decline", "declined")]
)
def test_the_other_two_decisions_need_only_a_message(
    reviewer: Client, version: PracticeVersion, decision: str, state: str
) -> None:
    words = {"decision": decision, "message": "Tell more of the results."}
    answer = reviewer.post(reverse("desk:review", args=[version.pk]), {**words, "step": "preview"})
    assert len(happens(answer)) == 2

    save(reviewer, "review", version.pk, **words)

    version.refresh_from_db()
    assert version.state == state
    assert "Tell more of the results." in page(reviewer, "review", version.pk)


def test_back_brings_the_judgements_as_they_were(reviewer: Client, version: PracticeVersion) -> None:
    answer = reviewer.post(reverse("desk:review", args=[version.pk]), {**typed(), "step": "back"})

    assert answer.status_code == 200
    assert answer.content.decode().count("Shown in the text.") == len(world.CRITERIA)
    assert "Thank you." in text(answer)


def test_a_practice_of_another_organisations_event_does_not_exist(
    desk: Client, version: PracticeVersion, reviewer: Client, stranger: Client, morning: Event
) -> None:
    address = reverse("desk:review", args=[version.pk])

    assert [client.get(address).status_code for client in (stranger, desk)] == [404, 404]
