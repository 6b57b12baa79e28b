"""What the machine says: how quiet it is, and how much processor time a group of processes has used."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median

_TICK = os.sysconf("SC_CLK_TCK")


def noise(rounds: int = 5) -> float:
    """Time a fixed task of the processor, in seconds: the same before and after means a quiet machine."""
    return median(_fixed_task() for _ in range(rounds))


def _fixed_task() -> float:
    started = time.perf_counter()
    total = 0
    for number in range(2_000_000):
        total += number * number & 7
    return time.perf_counter() - started


def cpu_of(pid: int) -> float:
    """Add up the processor seconds of a process, of those it started and of those that ended."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        children = [
            int(child)
            for task in Path(f"/proc/{pid}/task").iterdir()
            for child in (task / "children").read_text().split()
        ]
    except OSError:  # it has just ended
        return 0.0
    return sum(int(ticks) for ticks in fields[11:15]) / _TICK + sum(cpu_of(child) for child in children)


def memory_of(pid: int) -> float:
    """Give the memory of a process and those it started, each page counted once (PSS), in MiB."""
    try:
        rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
        children = [
            int(child)
            for task in Path(f"/proc/{pid}/task").iterdir()
            for child in (task / "children").read_text().split()
        ]
    except OSError:
        return 0.0
    own = next(int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:"))
    return own / 1024 + sum(memory_of(child) for child in children)


@dataclass(frozen=True, slots=True)
class Used:
    """The processor seconds of named groups of processes, between two moments."""

    by_group: dict[str, float]

    @classmethod
    def now(cls, groups: dict[str, int]) -> Used:
        """Read what each group has used up to now."""
        return cls({name: cpu_of(pid) for name, pid in groups.items()})

    def since(self, before: Used) -> Used:
        """Give the difference."""
        return Used({name: used - before.by_group[name] for name, used in self.by_group.items()})

    def each(self, units: int) -> dict[str, float]:
        """Give milliseconds for one unit of work."""
        return {name: 1000 * used / max(1, units) for name, used in self.by_group.items()}
