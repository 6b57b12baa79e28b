"""Who asks the organisers' API."""

import pytest
from django.test import Client

from accounts.models import Organisation
from tests import factories


@pytest.fixture
def desk(demos: Organisation) -> Client:
    """An organiser of the series, signed in."""
    client = Client()
    client.force_login(factories.organiser(demos, email="jarjestaja@example.org"))
    return client


@pytest.fixture
def stranger(db: None) -> Client:
    """An organiser of another organisation."""
    client = Client()
    client.force_login(factories.organiser(factories.organisation("toinen"), email="toinen@example.org"))
    return client
