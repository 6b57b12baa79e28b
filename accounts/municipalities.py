"""Takes the official list of municipalities into use; ``scripts/municipalities.py`` made it."""

import csv
from datetime import date
from pathlib import Path

from django.db import transaction

from accounts.models import Municipality

MUNICIPALITIES = Path(__file__).resolve().parent / "data" / "municipalities.csv"


@transaction.atomic
def load_municipalities() -> int:
    """Bring the municipalities up to date with the list in this release; return how many rows changed.

    A municipality that has ended stays, with its successor, so old registrations keep telling the truth.
    """
    known = {row.pk: _columns(row) for row in Municipality.objects.all()}
    changed = [row for row in _listed() if known.get(row.pk) != _columns(row)]
    changed.sort(key=lambda row: row.successor_id or "")  # a successor is there before the row that names it
    Municipality.objects.bulk_create(
        changed, update_conflicts=True, unique_fields=["code"], update_fields=[*_COLUMNS, "successor"]
    )
    return len(changed)


_COLUMNS = (
    "name_fi",
    "name_sv",
    "region_fi",
    "region_sv",
    "languages",
    "size_group",
    "valid_from",
    "valid_to",
)


def _columns(row: Municipality) -> tuple[object, ...]:
    return (*(getattr(row, name) for name in _COLUMNS), row.successor_id)


def _listed() -> list[Municipality]:
    with MUNICIPALITIES.open(newline="", encoding="utf-8") as file:
        return [_municipality(line) for line in csv.DictReader(file)]


def _municipality(line: dict[str, str]) -> Municipality:
    return Municipality(
        code=line["code"],
        name_fi=line["name_fi"],
        name_sv=line["name_sv"],
        region_fi=line["region_fi"],
        region_sv=line["region_sv"],
        languages=line["languages"],
        size_group=line["size_group"],
        valid_from=_day(line["valid_from"]),
        valid_to=_day(line["valid_to"]),
        successor_id=line["successor"] or None,
    )


def _day(written: str) -> date | None:
    return date.fromisoformat(written) if written else None
