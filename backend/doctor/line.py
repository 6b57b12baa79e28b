"""One line of a report: how it stands, and what an operator can do about it."""

from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """How a thing stands."""

    OK = "ok"
    WARN = "warn"
    BAD = "bad"


_MARKS = {Level.OK: "  ok    ", Level.WARN: "  note  ", Level.BAD: "  BAD   "}


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence and its weight; never a name, an address of a person or a token."""

    level: Level
    text: str

    def __str__(self) -> str:
        return f"{_MARKS[self.level]}{self.text}"


def ok(text: str) -> Line:
    """Say that a thing is as it should be."""
    return Line(Level.OK, text)


def warn(text: str) -> Line:
    """Say what somebody should know."""
    return Line(Level.WARN, text)


def bad(text: str) -> Line:
    """Say what must be mended."""
    return Line(Level.BAD, text)
