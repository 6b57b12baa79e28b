"""The smallest catalogue: five criteria, four themes, three municipalities, and the people who use it."""

from datetime import date, datetime

import pytest
from rest_framework.test import APIClient

from accounts.models import Membership, Municipality, Organisation, User
from catalogue.models import CriteriaSet, Practice, Theme
from events.models import EventSeries
from tests import factories
from tests.catalogue import world


@pytest.fixture
def places(db: None) -> None:
    for code, fi, sv in (("182", "Jämsä", "Jämsä"), ("853", "Turku", "Åbo"), ("989", "Ähtäri", "Etseri")):
        Municipality.objects.create(
            code=code,
            name_fi=fi,
            name_sv=sv,
            region_fi="Esimerkki",
            region_sv="Exempel",
            languages="fi",
            valid_from=date(2021, 1, 1),
        )


@pytest.fixture
def themes(db: None) -> None:
    for position, key in enumerate(("low-carbon", "smart", "social", "healthy")):
        Theme.objects.create(
            key=key, position=position, name_fi=f"{key} fi", name_sv=f"{key} sv", name_en=f"{key} en"
        )


@pytest.fixture
def criteria(db: None) -> CriteriaSet:
    return world.criteria()


@pytest.fixture
def reviewer(demos: Organisation) -> User:
    return factories.organiser(demos, email="rita@example.org", role=Membership.Role.REVIEWER)


@pytest.fixture
def lead(
    mornings: EventSeries, places: None, themes: None, criteria: CriteriaSet, noon: datetime
) -> Practice:
    """What Aino told of after the first morning."""
    return world.lead(event=mornings.events.first(), at=noon)


@pytest.fixture
def api() -> APIClient:
    return APIClient()
