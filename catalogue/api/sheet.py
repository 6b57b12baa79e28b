"""The catalogue as one sheet, safe to open in a spreadsheet."""

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from rest_framework.renderers import BaseRenderer

from backend.core.i18n import LANGUAGES
from catalogue.models import Practice

_STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_TEXTS = ("title", "summary", "results", "effects", "scaling")
COLUMNS = (
    "slug",
    *(f"{name}_{language}" for name in _TEXTS for language in LANGUAGES),
    "municipality_codes",
    "municipalities",
    "themes",
    "label",
    "stage",
    "years",
    "dimensions",
    "partners",
    "came_from",
    "published_at",
    "source_url",
)


def cell(value: object) -> str:
    """Write a value so that no spreadsheet takes it for a formula."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(_STARTS_A_FORMULA) else text


def row(practice: Practice) -> list[str]:
    """Write one published practice."""
    version = practice.published
    if version is None:
        return []
    places, themes = practice.municipalities.all(), practice.themes.all()
    values = [
        practice.slug,
        *(getattr(version, f"{name}_{language}") for name in _TEXTS for language in LANGUAGES),
        " ".join(place.code for place in places),
        ", ".join(place.name_fi for place in places),
        " ".join(theme.key for theme in themes),
        practice.label,
        version.stage,
        practice.years,
        " ".join(version.dimensions),
        version.partners,
        practice.came_from.slug if practice.came_from else "",
        version.decided_at.isoformat() if version.decided_at else "",
        practice.source_url,
    ]
    return [cell(value) for value in values]


def rows(practices: Iterable[Practice]) -> list[Sequence[str]]:
    """Write the heading and every practice."""
    return [COLUMNS, *(row(practice) for practice in practices)]


class CsvRenderer(BaseRenderer):
    """UTF-8 with a byte order mark, because Excel takes it for something else without one."""

    media_type = "text/csv"
    format = "csv"
    charset = "utf-8"

    def render(
        self,
        data: object,
        accepted_media_type: str | None = None,
        renderer_context: Mapping[str, Any] | None = None,
    ) -> bytes:
        """Write rows as a sheet; a refusal stays problem+json."""
        if not isinstance(data, list):
            return json.dumps(data).encode()
        page = io.StringIO()
        csv.writer(page, lineterminator="\r\n").writerows(data)
        return b"\xef\xbb\xbf" + page.getvalue().encode()
