"""The words are compiled when they have changed, and only then."""

from pathlib import Path

import pytest

from backend import translations

FINNISH = """msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"

msgid "Yes"
msgstr "Kyllä"
"""


@pytest.fixture
def catalogue(tmp_path: Path) -> Path:
    path = tmp_path / "events" / "locale" / "fi" / "LC_MESSAGES" / "django.po"
    path.parent.mkdir(parents=True)
    path.write_text(FINNISH)
    return path


def test_a_new_catalogue_is_compiled_once(tmp_path: Path, catalogue: Path) -> None:
    assert translations.compile_changed(tmp_path) == [catalogue.with_suffix(".mo")]
    assert translations.compile_changed(tmp_path) == []
    assert "Kyllä".encode() in catalogue.with_suffix(".mo").read_bytes()


def test_the_packages_of_the_environment_are_left_alone(tmp_path: Path) -> None:
    foreign = tmp_path / ".venv" / "locale" / "fi" / "LC_MESSAGES" / "django.po"
    foreign.parent.mkdir(parents=True)
    foreign.write_text(FINNISH)

    assert translations.compile_changed(tmp_path) == []
