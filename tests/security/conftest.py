"""Noon on the first of March 2027, two organisations, and nobody counted out for trying often."""

import logging
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
import time_machine
from pytest_django.fixtures import Settings

from tests.security.world import House, common_ground, house


@pytest.fixture(autouse=True)
def _at_noon(noon: datetime) -> Iterator[None]:
    with time_machine.travel(noon, tick=False):
        yield


@pytest.fixture(autouse=True)
def _patient(settings: Settings, tmp_path: Path) -> None:
    logging.getLogger("django.request").setLevel(logging.ERROR)  # thousands of refusals are meant here
    settings.WHITENOISE_USE_FINDERS = False  # every new client would read all pictures of the site anew
    settings.RATE_LIMITS = False
    settings.PRODUCTION = False
    settings.MAILBOX_DIR = tmp_path


@pytest.fixture
def houses(db: None, noon: datetime) -> tuple[House, House]:
    common_ground()
    return house(1, at=noon), house(2, at=noon)
