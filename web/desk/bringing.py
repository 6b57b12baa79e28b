"""How a list of people is told on its pages: what would become of each row, and what became of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext

from backend.core.dates import day
from backend.core.i18n import _, current
from events.models import Event
from registrations.models import AttendeeImport, WorkState
from registrations.queries.importing import Checked, percent_done, report_on
from registrations.rules.importing import FIELDS, PROBLEMS, WHY_FAILED, Problem

_FIELDS: dict[str, Promise | str] = {
    "name": _("Name"),
    "email": _("Email address"),
    "organisation": _("Organisation"),
    "municipality": _("Municipality"),
    "role": _("Role"),
    "language": _("Language"),
}
_OUTCOMES = {
    "new": (_("new"), "ok"),
    "more": (_("known, gets more events"), "ok"),
    "there": (_("registered already, nothing is done"), ""),
    "left": (_("no longer in, not brought back by a list"), ""),
    "problem": (_("problem"), "danger"),
}
_NAMES_ITS_FIELD = {"missing-name", "missing-email", "bad-email", "unknown-language"}
_SHOWN = 300  # rows on the page; the problems are all there, first


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the list on the page."""

    checked: Checked
    said: str
    tone: str
    problems: Sequence[str]


def shown_report(work: AttendeeImport, *, at: datetime) -> dict[str, Any]:
    """Tell what a list would do: the problems first, then the rest in its order."""
    report = report_on(work, at=at)
    titles = {event.slug: titled(event) for event in report.events}
    rows = sorted(report.rows, key=lambda row: row.outcome != "problem")
    wrong = [row for row in rows if row.outcome == "problem"]
    shown = rows[: max(_SHOWN, len(wrong))]
    return {
        "rows": [_row(row, titles) for row in shown],
        "hidden": len(rows) - len(shown),
        "counts": report.counts,
        "works": len(report.works),
        "events": list(titles.values()),
        "wrong": len(wrong),
        "kinds": _kinds(report.problems),
    }


def titled(event: Event) -> str:
    """Name an event with its day."""
    return f"{day(event.starts_at, language=current(), year=False)} {event.title}"


def _row(row: Checked, titles: dict[str, str]) -> Row:
    said, tone = _OUTCOMES[row.outcome]
    waits = row.waits and ngettext("%(count)d place in line", "%(count)d places in line", row.waits)
    parts = [str(said), waits % {"count": row.waits} if waits else ""]
    if waits:
        tone = "warn"
    problems = [problem_said(problem, titles) for problem in row.problems]
    return Row(row, ", ".join(part for part in parts if part), tone, problems)


def problem_said(problem: Problem, titles: dict[str, str]) -> str:
    """Say what is wrong, and with which field or event."""
    if problem.code in _NAMES_ITS_FIELD:
        return str(problem.sentence)
    what = titles.get(problem.event) or (_FIELDS[problem.field] if problem.field in FIELDS else "")
    return f"{what}: {problem.sentence}" if what else str(problem.sentence)


def _kinds(problems: Sequence[Problem]) -> list[tuple[int, str]]:
    """Count the problems by what is wrong."""
    counts = {code: sum(1 for one in problems if one.code == code) for code in PROBLEMS}
    return [(count, str(PROBLEMS[code])) for code, count in counts.items() if count]


def shown_work(work: AttendeeImport) -> dict[str, Any]:
    """Tell how far a list is and what became of it."""
    results = work.results if work.state == WorkState.DONE else {}
    left_out = sorted({problem["row"] for problem in work.problems})
    return {
        "work": work,
        "percent": percent_done(work),
        "why": str(WHY_FAILED.get(work.results.get("why", ""), "")),
        "results": _results(results),
        "no_place": results.get("no_place", []),
        "left_out": left_out if work.state != WorkState.CHECKED else [],
    }


def _results(results: dict[str, Any]) -> list[tuple[int, str]]:
    """Count what was done, leaving out what did not happen."""
    counted = (
        ("new", gettext("New people")),
        ("more", gettext("Known people who got more events")),
        ("unchanged", gettext("Registered already")),
        ("confirmed", gettext("Places given")),
        ("waiting", gettext("Places in line")),
        ("received", gettext("Applications received")),
    )
    return [(results[key], said) for key, said in counted if results.get(key)]
