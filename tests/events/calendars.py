"""Entries made up by rule, and the parsers of other people to read them with."""

import json
import random
import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import icalendar
import pytest

from events.calendar import Entry, Mailbox

NODE = Path(__file__).resolve().parent.parent / "node"
NAMES = (
    "Aino Esimerkki",
    "te Brömmelstroet",
    "Veera Åström-Exempel",
    "Olli, Esimerkki; johtaja",
    'Aino "Kettu" Esimerkki',
    "Veera Esimerkki \\",
    "Olli\x00 Esi\x1fmerkki",
    "Aino\r\nATTENDEE:mailto:toinen@example.org",
    "愛 Exempel",
    "Veera 👩‍🌾 Esimerkki^n",
    "Olli: 100 % Esimerkki",
    "",
)
TITLES = (
    "Lähiluonnon saavutettavuus",
    "Pupu, bunny, ’arnab",
    "Närnaturens tillgänglighet; Åbo, Raseborg",
    "Kestävä rakentaminen ja asuminen: äöå" * 5,
    "Polku C:\\metsä\\n",
    "Osallisuus\x07, liikunta ja kestävyys",
    "Kaksi\nriviä",
    "🌲" * 60,
)
TEXTS = (
    "",
    "Kaksi\n\nkappaletta, pilkku; puolipiste \\ kenoviiva",
    "ä" * 600,
    "https://example.org/a?b=c&d=e",
)
ZONES = ("Europe/Helsinki", "Europe/Stockholm", "Europe/Dublin", "Atlantic/Azores", "Europe/Istanbul", "UTC")


def made_up(count: int, *, seed: int = 2021) -> list[Entry]:
    """Make entries that differ in everything; the same ones every time."""
    chance = random.Random(seed)  # noqa: S311 - not a secret
    first = datetime(2021, 1, 1, tzinfo=UTC)
    entries = []
    for number in range(count):
        starts_at = first + timedelta(minutes=15 * chance.randrange(15 * 365 * 96))
        entries.append(
            Entry(
                uid=f"{number}.{chance.randrange(10**9)}@vipu.example.org",
                sequence=chance.randrange(20),
                stamped_at=first + timedelta(seconds=chance.randrange(10**8)),
                starts_at=starts_at,
                ends_at=starts_at + timedelta(minutes=chance.choice((30, 90, 420, 3000))),
                zone=chance.choice(ZONES),
                summary=chance.choice(TITLES),
                description=chance.choice(TEXTS),
                location=chance.choice(("Verkossa", "Kirjasto, Esimerkkilä; 2. krs", "")),
                url="https://vipu.example.org/r/abc/",
                organizer=Mailbox(name=chance.choice(NAMES), email="aamukahvit@example.org"),
                attendee=Mailbox(name=chance.choice(NAMES), email=f"aino.{number}@example.org"),
            )
        )
    return entries


def events_in(text: str) -> list[Any]:
    """Read a calendar with the library it was written with."""
    return list(icalendar.Calendar.from_ical(text).walk("VEVENT"))


def asked_of_node(mode: str, question: object) -> Any:  # noqa: ANN401 - any JSON
    """Let the other people's parsers answer; where they are not installed, say so and go on."""
    if not shutil.which("node") or not (NODE / "node_modules" / "ical.js").exists():
        pytest.skip("Node or its packages are not here: ical.js and node-ical did not read these calendars")
    answer = subprocess.run(
        ["node", str(NODE / "parse_ics.mjs"), mode],
        input=json.dumps(question),
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert answer.returncode == 0, answer.stderr[-2000:]
    return json.loads(answer.stdout)
