"""Made-up kinds, an empty mailbox, and a mail server that does what it is told."""

from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from notifications import kinds, rendering
from tests.faults.sink import Sink
from tests.notifications import letters

TEMPLATES = Path(__file__).parent / "templates"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let the kept mails be written anew; known only when this folder is named on the command line."""
    parser.addoption("--write-goldens", action="store_true", help="write the mails anew that tests compare")


@pytest.fixture(autouse=True)
def made_up_kinds(monkeypatch: pytest.MonkeyPatch, settings: Settings, tmp_path: Path) -> Iterator[None]:
    """Known here only, so that no other test meets them."""
    settings.TEMPLATES = [{**deepcopy(settings.TEMPLATES[0]), "DIRS": [TEMPLATES]}]
    settings.MAILERS = {"default": {"BACKEND": "notifications.mailbox.MailboxBackend"}}
    settings.MAILBOX_DIR = tmp_path / "mailbox"
    settings.PUBLIC_URL = "https://vipu.example.org"
    settings.DEFAULT_FROM_EMAIL = "VIPU-aamukahvit <vipu@example.org>"
    for kind in (letters.INVITATION, letters.NOTE):
        monkeypatch.setitem(kinds._kinds, kind.key, kind)  # noqa: SLF001 - the registry has no way out, on purpose
    yield
    rendering._wording.cache_clear()  # noqa: SLF001 - wordings are read once for each process


@pytest.fixture
def sink(settings: Settings) -> Iterator[Sink]:
    """A mail server of our own; mail goes there."""
    with Sink() as started:
        settings.MAILERS = started.mailers(timeout=2)
        yield started
