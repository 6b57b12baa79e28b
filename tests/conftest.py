"""What every test may lean on: a known moment, and the smallest world that makes the point."""

import gc
import os
from datetime import UTC, datetime

import pytest
from django.conf import settings as ours
from django.core.cache import cache
from django.db import connection
from django.utils import translation
from pytest_django.fixtures import Settings

from accounts.models import Organisation
from events.models import EventSeries
from tests import factories, own_database

_ALWAYS_THE_SAME = {"django_content_type", "auth_permission"}  # Django would write them anew each time


_WORKER = os.environ.get("PYTEST_XDIST_WORKER", "")


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """Migrate once for all parallel processes: it takes ten seconds of a processor."""
    if _WORKER:
        own_database.begin_with_a_copy(_WORKER)


@pytest.fixture(scope="session")
def django_db_keepdb(*, django_db_keepdb: bool) -> bool:
    """Take the copied file as it is; it goes with the folder of the run."""
    return django_db_keepdb or (bool(_WORKER) and connection.vendor == "sqlite")


@pytest.fixture(scope="session", autouse=True)
def _what_stays_is_not_looked_through_again_and_again() -> None:
    """Let the collector pass over all that was imported: it took every tenth second."""
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)


@pytest.fixture(scope="session", autouse=True)
def _static_files_are_found_when_asked_for() -> None:
    """Spare every new test client a walk through all static files: a quarter of the time of a page's test."""
    ours.WHITENOISE_AUTOREFRESH = True


@pytest.fixture(scope="session", autouse=True)
def _passwords_cost_nothing() -> None:
    """Hash the passwords of made-up people in no time: slow on purpose, they were a third of every setup."""
    ours.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher", *ours.PASSWORD_HASHERS]


@pytest.fixture(scope="session", autouse=True)
def _emptying_a_hundred_tables_costs_little() -> None:
    """Delete the few rows that a test with real commits leaves: PostgreSQL makes new files for TRUNCATE."""
    if connection.vendor == "postgresql":
        connection.ops.sql_flush = lambda _style, tables, **_: [  # type: ignore[method-assign]  # for the tests only
            f"DELETE FROM {connection.ops.quote_name(table)}"  # noqa: S608 - only our own names
            for table in tables
            if table not in _ALWAYS_THE_SAME
        ]


@pytest.fixture(autouse=True)
def _nobody_has_tried_before(settings: Settings) -> None:
    """Let tests press buttons as fast as machines do; those of the limits and of the door turn them on."""
    settings.RATE_LIMITS = False
    cache.clear()
    translation.deactivate()  # a test before this one may have read a page in another language


@pytest.fixture(scope="session")
def full(request: pytest.FixtureRequest) -> bool:
    """Tell whether loads and faults run at the size of their promise (``make faults``)."""
    return bool(request.config.getoption("--full"))


@pytest.fixture
def noon() -> datetime:
    """1 March 2027 at noon UTC: the four mornings lie six weeks ahead, registration is open."""
    return datetime(2027, 3, 1, 12, 0, tzinfo=UTC)


@pytest.fixture
def demos(db: None) -> Organisation:
    """The organisation that arranges the morning coffees."""
    return factories.organisation()


@pytest.fixture
def mornings(demos: Organisation, noon: datetime) -> EventSeries:
    """Four published mornings, 13-16 April 2027, 8.30-10.00 in Helsinki, two places each."""
    return factories.four_mornings(organisation=demos, capacity=2)
