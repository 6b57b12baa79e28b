"""What the README shows is true: the map, the commands, the links."""

import re

import pytest

from tests.architecture.sources import MAP, PACKAGES, ROOT

README = (ROOT / "README.md").read_text()
PAGES = sorted(str(path.relative_to(ROOT)) for path in (*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")))
LINK = re.compile(r"\]\((?!https?:|#|mailto:)([^)#\s]+)")


def test_every_room_of_the_house_is_on_the_map_and_every_room_on_the_map_exists() -> None:
    shown = set(re.findall(r"^([a-z]+)/ {2,}\S", README, re.MULTILINE))

    assert shown >= {*PACKAGES, "tests", "docs"}
    assert [room for room in shown if not (ROOT / room).is_dir()] == []


def test_the_direction_of_calls_is_the_one_that_is_enforced() -> None:
    rooms = [" | ".join(room) for room in reversed(MAP)]

    assert " → ".join(["backend.urls", *rooms, "backend.core"]) in README


def test_every_command_that_is_named_exists() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    named = {name for page in PAGES for name in re.findall(r"`make ([a-z]+)", (ROOT / page).read_text())}

    assert named <= targets


@pytest.mark.parametrize("page", PAGES)
def test_links_lead_somewhere(page: str) -> None:
    path = ROOT / page
    dead = [link for link in LINK.findall(path.read_text()) if not (path.parent / link).exists()]

    assert dead == []
