"""Writes down what was measured, as ratios to the limits of the same run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bench.load import Measured

if TYPE_CHECKING:
    from bench.__main__ import Size

_QUIET = 0.15  # from here on the machine itself changed too much for absolute figures


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One case: what became of it, and the milliseconds of each group of processes for one registration."""

    name: str
    clients: int
    measured: Measured
    cpu: Mapping[str, float]


def written(
    runs: Sequence[Run],
    *,
    sql: Mapping[tuple[int, int], float],
    bare: Measured,
    exact: Mapping[str, int],
    memory: Mapping[str, float],
    noise: Sequence[float],
    versions: Mapping[str, str],
    size: Size,
) -> str:
    """Put the report together."""
    parts = [
        _head(versions, noise=noise),
        _limits(sql, bare=bare, size=size),
        _runs(runs),
        _ratios(runs, sql=sql, bare=bare, size=size),
        _rest(exact, memory=memory, size=size),
    ]
    return "\n\n".join(parts) + "\n"


def _head(versions: Mapping[str, str], *, noise: Sequence[float]) -> str:
    spread = max(noise) / min(noise) - 1
    told = "quiet" if spread <= _QUIET else "noisy: quote no absolute figure of this run"
    return (
        "# Benchmarks\n\n"
        "Written by `make bench`. Load, web, worker, beat, PostgreSQL and Valkey share one machine;\n"
        "every commit waits for the disk. Only ratios of one run may be quoted: another machine, or another\n"
        "hour, gives other figures.\n\n"
        + ", ".join(f"{name} {value}" for name, value in versions.items())
        + f".\n\nA fixed task of the processor took {noise[0]:.3f} s before and {noise[-1]:.3f} s after"
        f" ({100 * spread:.0f} % apart: {told})."
    )


def _limits(sql: Mapping[tuple[int, int], float], *, bare: Measured, size: Size) -> str:
    rows = [
        [f"bare SQL, {'six round trips' if trips > 1 else 'one statement'}, {_events(events)}", f"{rate:.0f}"]
        for (events, trips), rate in sql.items()
    ]
    rows.append(["a view of the framework that does nothing, on the same server", f"{bare.rate:.0f}"])
    return "## Limits\n\n" + _table([f"limit, {size.clients} clients", "per s"], rows)


def _events(count: int) -> str:
    return "one event" if count == 1 else f"{count} events"


def _runs(runs: Sequence[Run]) -> str:
    groups = list(runs[0].cpu)
    rows = [
        [
            run.name,
            str(run.clients),
            f"{run.measured.rate:.0f}",
            *(f"{run.measured.percentile(share):.0f}" for share in (0.5, 0.95, 0.99)),
            str(run.measured.errors),
            *(f"{run.cpu[group]:.1f}" for group in groups),
        ]
        for run in runs
    ]
    head = ["registering", "clients", "per s", "p50 ms", "p95 ms", "p99 ms", "errors"]
    cpu = [f"{group} ms" for group in groups]
    return (
        "## Registrations\n\nThe last columns are processor time for each registration; that of the workers\n"
        "is what they did meanwhile.\n\n" + _table(head + cpu, rows)
    )


def _ratios(runs: Sequence[Run], *, sql: Mapping[tuple[int, int], float], bare: Measured, size: Size) -> str:
    rate = {(run.name, run.clients): run.measured.rate for run in runs}
    many, hot = rate["100 events", size.clients], rate["one event", size.clients]
    four = rate["four events in one request", size.clients]
    rows = [
        ["100 events / bare view", _share(many, bare.rate), "≥ 25 %"],
        ["100 events / bare SQL of six round trips", _share(many, sql[100, 6]), ""],
        ["one event / bare SQL of six round trips", _share(hot, sql[1, 6]), "≥ 25 %"],
        ["one event / 100 events", _share(hot, many), "≥ 90 %"],
        [
            "8 clients / 1 client, one event",
            f"{rate['one event', 8] / rate['one event', 1]:.2f} ×",
            "≥ 1.6 ×",
        ],
        ["cost of four events / cost of one", f"{many / four:.2f} ×", "≤ 1.6 ×"],
    ]
    return "## Ratios\n\n" + _table(["ratio", "measured", "goal"], rows)


def _share(part: float, whole: float) -> str:
    return f"{100 * part / whole:.0f} %"


def _rest(exact: Mapping[str, int], *, memory: Mapping[str, float], size: Size) -> str:
    counted = ", ".join(f"{name} {count}" for name, count in exact.items())
    kept = ", ".join(f"{name} {value:.0f} MiB" for name, value in memory.items())
    return (
        f"## The rush\n\n{size.rush} people on {size.rush_places} places, counted in the database\n"
        f"afterwards: {counted}.\n\n"
        f"## Memory after all this (each page counted once)\n\n{kept}."
    )


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)
