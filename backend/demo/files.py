"""Reads the data files: plain JSON, texts as {"fi", "sv", "en"}, every thing with its source."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from backend.core.i18n import LANGUAGES, Text

DATA = Path(__file__).resolve().parent / "data"

type Json = Any  # shaped by the files; tests/backend/test_demo_data.py holds them to their shape


def read(name: str) -> Json:
    """Read one data file by its name without the ending."""
    return json.loads((DATA / f"{name}.json").read_text(encoding="utf-8"))


def read_series() -> list[Json]:
    """Read the series that have been held, one file each."""
    return [read(f"series/{path.stem}") for path in sorted((DATA / "series").glob("*.json"))]


def text(value: Mapping[str, str] | None) -> Text:
    """Give a text of a file in its three languages; what is not there is empty."""
    return Text.from_dict(value or {})


def lines(value: Mapping[str, Sequence[str]] | None) -> Text:
    """Give a list of a file as text, one item on each line."""
    return Text(*("\n".join((value or {}).get(language, ())) for language in LANGUAGES))


def joined(*texts: Text) -> Text:
    """Put texts together as paragraphs."""
    return Text(*("\n\n".join(filter(None, parts)) for parts in zip(*map(_parts, texts), strict=True)))


def _parts(value: Text) -> tuple[str, str, str]:
    return (value.fi, value.sv, value.en)
