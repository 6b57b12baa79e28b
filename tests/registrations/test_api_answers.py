"""What the API answers about messages is of the shape that its reference gives."""

from collections.abc import Iterator
from datetime import datetime

import pytest
import time_machine
from django.test import Client

from backend.core.i18n import Text
from events.actions import SpeakerPart, add_session
from events.models import EventSeries
from notifications.models import Endpoint, Message
from registrations.actions.endpoints import add_endpoint, ping_endpoint
from registrations.models import CampaignRecipient, MessageRule
from tests import factories
from tests.reference import PATHS, faults
from tests.registrations.mass import MINUTE, drain, gathered, sent
from tests.registrations.people import AINO, day, registration

MINE = "organiser/"


@pytest.fixture(autouse=True)
def now(noon: datetime) -> Iterator[None]:
    with time_machine.travel(noon + MINUTE, tick=False):
        yield


@pytest.fixture
def numbers(desk: Client, mornings: EventSeries, noon: datetime) -> dict[str, object]:
    """Aino and Veera were written to, a webhook was tried; gives what stands in addresses."""
    series = gathered(mornings, noon)
    campaign = sent(series, at=noon)
    drain(noon + MINUTE)
    organiser = factories.organiser(series.organisation, email="olli.esimerkki@example.org")
    made = add_endpoint(
        series=series,
        name="CRM",
        url="https://crm.example.org/vipu",
        kinds=["campaign.finished"],
        with_people=False,
        at=noon,
        actor=organiser,
    )
    ping_endpoint(endpoint=made.endpoint, at=noon)
    return {
        "campaigns": campaign.pk,
        "recipient": CampaignRecipient.objects.filter(campaign=campaign, reason="").latest("pk").pk,
        "rules": MessageRule.objects.get(series=series).pk,
        "registration": registration(AINO, day(series)).pk,
        "registrations": registration(AINO, day(series)).pk,
        "messages": Message.objects.latest("pk").pk,
        "events": day(series).pk,
        "series": series.pk,
        "webhooks": Endpoint.objects.get().pk,
        "kind": "reminder",
    }


def test_answers_are_what_the_reference_says(
    desk: Client, mornings: EventSeries, numbers: dict[str, object]
) -> None:
    wrong = []
    for path in (
        "campaigns/",
        "campaigns/{id}/",
        "campaigns/{id}/recipients/",
        "campaigns/{id}/recipients/{recipient}/",
        "rules/",
        "rules/{id}/",
        "rules/{id}/recipients/",
        "rules/{id}/recipients/{registration}/",
        "messages/",
        "messages/{id}/",
        "registrations/",
        "registrations/{id}/timeline/",
        "events/{id}/calendar/",
        "series/{id}/wordings/",
        "series/{id}/wordings/{kind}/",
        "series/{id}/wordings/{kind}/preview/",
        "webhooks/",
        "webhooks/{id}/",
        "webhooks/{id}/deliveries/",
    ):
        where = path.format(**{**numbers, "id": numbers[path.partition("/")[0]]})
        answer = desk.get(f"{PATHS}{MINE}{where}", {"series": mornings.slug} if path == "webhooks/" else {})
        assert answer.status_code == 200, path
        wrong += faults(f"{MINE}{path}", answer)
    assert wrong == []


def test_what_is_not_known_of_an_event_or_a_speaker_is_told_as_the_reference_says(
    desk: Client, mornings: EventSeries, noon: datetime
) -> None:
    event = day(mornings)
    part = SpeakerPart(name="Veera Exempel")
    add_session(event=event, title=Text("Alku"), speakers=[part], at=noon, actor=None)
    mornings.events.update(mode="")

    wrong = faults("events/", desk.get(f"{PATHS}events/"))
    wrong += faults("events/{slug}/", desk.get(f"{PATHS}events/{event.slug}/"))
    wrong += faults("organiser/speakers/", desk.get(f"{PATHS}organiser/speakers/"))
    assert wrong == []
