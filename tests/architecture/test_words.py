"""Every word that people read exists in Finnish and Swedish; the source itself is English."""

import os
import shutil
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from babel.messages.catalog import Message
from babel.messages.pofile import read_po

from backend import translations
from tests.architecture.sources import PACKAGES, ROOT

type Key = tuple[str, str]  # context, text

needs_xgettext = pytest.mark.skipif(
    shutil.which("xgettext") is None, reason="xgettext is not installed (gettext)"
)


def _entries(path: Path) -> Iterator[tuple[Key, Message]]:
    with path.open("rb") as file:
        for message in read_po(file):
            if message.id:
                text = message.id if isinstance(message.id, str) else message.id[0]
                yield (str(message.context or ""), text), message


@cache
def _translated(language: str) -> dict[Key, set[tuple[str, ...]]]:
    found: dict[Key, set[tuple[str, ...]]] = defaultdict(set)
    for path in translations.catalogues():
        if path.parts[-3] == language:
            for key, message in _entries(path):
                found[key].add(
                    message.string if isinstance(message.string, tuple) else (str(message.string),)
                )
    return dict(found)


@pytest.fixture(scope="module")
def spoken(tmp_path_factory: pytest.TempPathFactory) -> dict[Key, bool]:
    """Read every text from the sources, as makemessages does, and whether it has a plural."""
    copy = tmp_path_factory.mktemp("words")
    for package in PACKAGES:
        shutil.copytree(
            ROOT / package,
            copy / package,
            ignore=shutil.ignore_patterns("locale", "migrations", "__pycache__", "static"),
        )
    (copy / "locale").mkdir()
    command = (
        "-m",
        "django",
        "makemessages",
        "-l",
        "fi",
        "--no-location",
        "--no-wrap",
        "-e",
        "html,txt,md,py",
    )
    # without settings: LOCALE_PATHS would sort the words of the pages into folders of their own
    plain = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    subprocess.run(
        [sys.executable, "-W", "ignore", *command], cwd=copy, env=plain, check=True, capture_output=True
    )
    return {key: not isinstance(m.id, str) for key, m in _entries(copy / "locale/fi/LC_MESSAGES/django.po")}


@needs_xgettext
@pytest.mark.parametrize("language", ["fi", "sv"])
def test_every_text_of_the_sources_is_translated(language: str, spoken: dict[Key, bool]) -> None:
    assert sorted(spoken.keys() - _translated(language).keys()) == []


@needs_xgettext
@pytest.mark.parametrize("language", ["fi", "sv"])
def test_no_translation_is_left_over(language: str, spoken: dict[Key, bool]) -> None:
    assert sorted(_translated(language).keys() - spoken.keys()) == []


@pytest.mark.parametrize("language", ["fi", "sv"])
def test_no_translation_is_empty(language: str) -> None:
    assert sorted(key for key, texts in _translated(language).items() if not all(map(all, texts))) == []


@pytest.mark.parametrize("language", ["fi", "sv"])
def test_one_text_has_one_translation_in_the_whole_house(language: str) -> None:
    several = {
        key: sorted(said)
        for key, texts in _translated(language).items()
        if len(said := {t for t in texts if all(t)}) > 1
    }

    assert several == {}


def test_nothing_is_marked_as_doubtful() -> None:
    doubtful = [
        f"{path.relative_to(ROOT)}: {key[1]}"
        for path in translations.catalogues()
        for key, message in _entries(path)
        if message.fuzzy
    ]

    assert doubtful == []
