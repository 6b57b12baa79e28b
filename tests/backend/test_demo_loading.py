"""Loading the demonstration: quick, by a command that tells where to begin, and never in production."""

import time
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from pytest_django.fixtures import Settings

from backend.demo import NotInProduction, load
from tests.backend.test_demo import AT, everything


@pytest.mark.django_db
def test_loading_takes_less_than_eight_seconds(settings: Settings) -> None:
    settings.PRODUCTION = False
    began = time.process_time()  # of the processor: the machine may be busy with other tests
    load(AT)

    assert time.process_time() - began < 8


@pytest.mark.django_db
def test_the_production_profile_refuses_and_nothing_is_written(settings: Settings) -> None:
    settings.PRODUCTION = True
    with pytest.raises(NotInProduction):
        load(AT)
    with pytest.raises(CommandError, match="never loaded into the production profile"):
        call_command("demo")

    assert not any(everything().values())


@pytest.fixture
def told(db: None, settings: Settings) -> str:
    settings.PRODUCTION = False
    settings.PUBLIC_URL = "http://127.0.0.1:8000"
    out = StringIO()
    call_command("demo", stdout=out)
    return out.getvalue()


def test_the_command_tells_where_to_begin(told: str) -> None:
    assert "http://127.0.0.1:8000/fi/tapahtumat/aamukahvit-" in told
    assert "http://127.0.0.1:8000/mailbox/" in told
    assert "sign in with olli.esimerkki@example.org, password vipu-demo-2027" in told
