"""What every installation needs before anybody comes: municipalities, themes and the criteria, as data."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import transaction

from accounts.actions import load_municipalities
from backend.core.i18n import Text
from catalogue.models import CriteriaSet, Criterion, Theme

_HERE = Path(__file__).resolve().parent


@transaction.atomic
def load_reference(at: datetime) -> int:
    """Bring the lists up to date; return how many rows were added or changed."""
    return load_municipalities() + _load_themes() + _load_criteria()


def read(name: str) -> Any:  # noqa: ANN401 - shaped by the files; tests/backend/test_demo_data.py holds them to it
    """Read one of the lists."""
    return json.loads((_HERE / f"{name}.json").read_text(encoding="utf-8"))


def _load_themes() -> int:
    known = set(Theme.objects.values_list("key", flat=True))
    missing = [
        Theme(key=theme["key"], position=position, **Text.from_dict(theme["name"]).columns("name"))
        for position, theme in enumerate(read("themes"), start=1)
        if theme["key"] not in known
    ]
    return len(Theme.objects.bulk_create(missing))


def _load_criteria() -> int:
    """Add the set once. A changed set is a new version, because reviews keep the one they were made with."""
    given = read("criteria")
    if CriteriaSet.objects.filter(key=given["key"], version=given["version"]).exists():
        return 0
    CriteriaSet.objects.filter(is_current=True).update(is_current=False)
    criteria_set = CriteriaSet.objects.create(
        key=given["key"],
        version=given["version"],
        is_current=True,
        **Text.from_dict(given["name"]).columns("name"),
    )
    rows = [
        Criterion(
            criteria_set=criteria_set,
            key=criterion["key"],
            position=position,
            source_url=given["sources"][0],
            **Text.from_dict(criterion["name"]).columns("name"),
            **Text.from_dict(criterion["meaning"]).columns("meaning"),
        )
        for position, criterion in enumerate(given["criteria"], start=1)
    ]
    return 1 + len(Criterion.objects.bulk_create(rows))
