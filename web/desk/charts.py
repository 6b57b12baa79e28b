"""Pictures of numbers, drawn on the server: bars whose figures stand in a table beside them."""

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, LINE, LABELS = 360, 26, 160  # as wide as a phone: the writing is never smaller than elsewhere


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar with its word and its number; the number is written too, never told by length alone."""

    label: str
    count: str
    width: float
    y: int

    @property
    def text_y(self) -> int:
        """Where the writing stands."""
        return self.y + 16

    @property
    def end(self) -> float:
        """Where the number stands."""
        return LABELS + self.width + 6


@dataclass(frozen=True, slots=True)
class Chart:
    """A picture and the table beside it."""

    key: str
    title: str
    heading: str  # of the first column of the table
    bars: tuple[Bar, ...]
    rows: tuple[tuple[str, str], ...]

    @property
    def height(self) -> int:
        """How high the picture is."""
        return len(self.bars) * LINE or LINE

    @property
    def left(self) -> int:
        """Where the bars begin."""
        return LABELS


def chart(
    key: str,
    title: str,
    heading: str,
    counts: Sequence[tuple[str, int]],
    *,
    most: int = 15,
    percent: bool = False,
) -> Chart:
    """Draw the first of the counts as bars; the table has all of them. A whole bar is all, or the largest."""
    top = 100 if percent else max((count for _label, count in counts), default=0) or 1
    unit = "\N{NO-BREAK SPACE}%" if percent else ""
    space = WIDTH - LABELS - 40
    bars = tuple(
        Bar(_short(label), f"{count}{unit}", round(space * count / top, 1), number * LINE)
        for number, (label, count) in enumerate(counts[:most])
    )
    return Chart(key, title, heading, bars, tuple((label, f"{count}{unit}") for label, count in counts))


def _short(label: str, limit: int = 21) -> str:
    return label if len(label) <= limit else f"{label[: limit - 1]}…"
