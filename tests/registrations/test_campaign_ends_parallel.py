"""Several schedulers at once see the same end: it is told once."""

from datetime import datetime

import pytest

from notifications.models import EndpointDelivery
from registrations.actions.campaign_ends import announce_finished
from tests import factories
from tests.registrations.mass import MINUTE, drain, gathered, sent
from tests.registrations.test_outward import listen
from tests.together import together

pytestmark = pytest.mark.django_db(transaction=True)


def test_four_schedulers_at_once_tell_the_end_once(noon: datetime) -> None:
    organisation = factories.organisation()
    series = gathered(factories.four_mornings(organisation=organisation, capacity=2), noon)
    listen(series, factories.organiser(organisation, email="jarjestaja@example.org"), at=noon)
    sent(series, at=noon)
    drain(noon + MINUTE)

    assert together(lambda: announce_finished(at=noon + MINUTE)) == ["done"] * 4
    assert EndpointDelivery.objects.filter(kind="campaign.finished").count() == 1
