"""The words of a series kept, tried and taken into use by several organisers at the same moment."""

from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial
from typing import Any

import pytest
from django.db import connections

from accounts.models import Organisation, User
from backend.core.i18n import Text
from events.actions import wordings as actions
from events.models import EventSeries
from notifications import wordings
from notifications.models import Message, Wording
from tests import factories
from tests.together import AT_ONCE, together

pytestmark = pytest.mark.django_db(transaction=True)
KIND = "confirmation"
SUBJECT = Text("Paikka on sinun", "Platsen är din", "The place is yours")
BODY = Text("{manage}", "{manage}", "{manage}")


@pytest.fixture
def deeds(noon: datetime) -> Iterator[Callable[[str], Callable[[], object]]]:
    """What an organiser does with the words of a series that has none of its own yet."""
    organisation: Organisation = factories.organisation()
    series = factories.four_mornings(organisation=organisation)
    olli = factories.organiser(organisation)

    def deed(name: str) -> Callable[[], object]:
        return partial(_do, name, series.pk, olli, noon)

    yield deed
    connections.close_all()


def _do(name: str, pk: int, actor: User, at: datetime) -> object:
    series = EventSeries.objects.get(pk=pk)
    if name == "keep":
        return actions.keep_words(series=series, kind=KIND, subject=SUBJECT, body=BODY, at=at)
    given: dict[str, Any] = {
        "series": series,
        "kind": KIND,
        "subject": SUBJECT,
        "body": BODY,
        "at": at,
        "actor": actor,
    }
    if name == "use":
        return actions.use_own_words(**given)
    return actions.try_on_oneself(**given, language="fi")


def test_words_kept_several_times_at_once_are_one_draft(
    deeds: Callable[[str], Callable[[], object]],
) -> None:
    assert together(deeds("keep")) == ["done"] * AT_ONCE

    assert Wording.objects.get().version == 1


def test_each_who_tries_the_words_at_once_gets_a_mail(
    deeds: Callable[[str], Callable[[], object]],
) -> None:
    assert together(deeds("try")) == ["done"] * AT_ONCE

    assert Message.objects.count() == AT_ONCE


def test_words_taken_into_use_at_once_follow_one_another(
    deeds: Callable[[str], Callable[[], object]],
) -> None:
    assert together(deeds("use")) == ["done"] * AT_ONCE

    versions = Wording.objects.order_by("version")
    assert [row.version for row in versions] == list(range(1, AT_ONCE + 1))
    assert wordings.in_force(versions[0].scope, KIND) == versions.last()
