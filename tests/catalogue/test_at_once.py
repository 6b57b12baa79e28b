"""Two at the same moment: one decision, one next version, one publication under one name."""

from dataclasses import replace
from datetime import datetime

import pytest

from accounts.models import Membership, User
from catalogue import actions
from catalogue.models import Practice, PracticeVersion, Review
from notifications.models import Message
from tests import factories
from tests.catalogue import world
from tests.together import AT_ONCE, together

pytestmark = pytest.mark.django_db(transaction=True)
TEXTS = replace(world.COMPLETE, themes=None, municipalities=None)  # neither is loaded here


@pytest.fixture
def rita(transactional_db: None) -> User:
    world.criteria()
    return factories.organiser(
        factories.organisation(), email="rita@example.org", role=Membership.Role.REVIEWER
    )


def test_sending_at_once_sends_one_version(rita: User, noon: datetime) -> None:
    practice = world.lead(event=None, at=noon)
    actions.save_draft(practice=practice, texts=TEXTS, at=noon)

    ended = together(lambda: actions.submit(practice=practice, at=noon))

    assert sorted(ended) == ["already-sent"] * (AT_ONCE - 1) + ["done"]


@pytest.mark.parametrize("decision", Review.Decision.values)
def test_deciding_at_once_decides_once(rita: User, noon: datetime, decision: str) -> None:
    version = world.sent(world.lead(event=None, at=noon), at=noon, texts=TEXTS)

    ended = together(lambda: world.decided(version, decision, reviewer=rita, at=noon))

    assert sorted(ended) == ["already-decided"] * (AT_ONCE - 1) + ["done"]
    assert Message.objects.filter(kind="review_result").count() == 1
    assert PracticeVersion.objects.count() == (2 if decision == Review.Decision.REQUEST_CHANGES else 1)


def test_revising_at_once_opens_one_version(rita: User, noon: datetime) -> None:
    practice = world.lead(event=None, at=noon)
    world.decided(world.sent(practice, at=noon, texts=TEXTS), "publish", reviewer=rita, at=noon)

    assert together(lambda: actions.revise(practice=practice, at=noon)) == ["done"] * AT_ONCE
    assert list(practice.versions.values_list("number", "state")) == [(2, "draft"), (1, "published")]


def test_publishing_one_name_at_once_gives_every_practice_its_own_address(rita: User, noon: datetime) -> None:
    waiting = [world.sent(world.lead(event=None, at=noon), at=noon, texts=TEXTS) for _ in range(AT_ONCE)]

    assert (
        together(lambda: world.decided(waiting.pop(), "publish", reviewer=rita, at=noon))
        == ["done"] * AT_ONCE
    )

    assert Practice.objects.filter(slug__startswith="lahimetsa-koulun-pihana").count() == AT_ONCE
