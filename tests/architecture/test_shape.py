"""Gauges: nothing grows until it hurts to read, and every exception says why it is one."""

import ast
import re
from pathlib import Path
from statistics import quantiles

from tests.architecture.sources import APPS, ROOT, everything, functions, name, production, tree

MODULE = 400
FUNCTION = 50
FUNCTION_P95 = 30
READS_THE_ENVIRONMENT = {"backend/config.py"}
NAMES_THE_SETTINGS = {"backend/celery.py", "backend/cli.py", "backend/wsgi.py", "manage.py"}
JUNK_DRAWERS = {"utils", "helpers", "managers", "services", "common", "misc"}


def test_no_module_is_longer_than_it_takes_to_read_it_at_one_sitting() -> None:
    long = {name(path): lines for path in everything() if (lines := _lines(path)) > MODULE}

    assert long == {}


def test_functions_are_short() -> None:
    long = {
        f"{name(path)}:{f.name}": n
        for path in everything()
        for f in functions(path)
        if (n := _length(f)) > FUNCTION
    }

    assert long == {}


def test_nineteen_of_twenty_functions_fit_on_half_a_screen() -> None:
    lengths = [_length(function) for path in production() for function in functions(path)]

    assert quantiles(lengths, n=20)[-1] <= FUNCTION_P95


def test_every_module_says_why_it_exists() -> None:
    silent = [
        name(path) for path in production() if path.read_text().strip() and not ast.get_docstring(tree(path))
    ]

    assert silent == []


def test_every_suppression_gives_its_reason() -> None:
    mark = re.compile(r"#\s*(noqa|type: ignore|pragma: no cover)\b(?P<rest>.*)")
    reason = re.compile(r"^(:?\s*[A-Z]+[0-9]+(,\s*[A-Z]+[0-9]+)*|\[[a-z, -]+\])?\s*(-|#|–)\s*\S.{4,}")
    unexplained = [
        f"{name(path)}:{number}"
        for path in everything()
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if path.name != Path(__file__).name
        and (found := mark.search(line))
        and not reason.match(found["rest"])
    ]

    assert "\n".join(unexplained) == ""


def test_only_one_module_reads_the_environment() -> None:
    reading = {name(path) for path in production() if re.search(r"os\.(environ|getenv)", path.read_text())}
    naming = {
        place
        for place in reading & NAMES_THE_SETTINGS
        if not re.search(r"os\.(environ(?!\.setdefault\()|getenv)", (ROOT / place).read_text())
    }

    assert reading - naming == READS_THE_ENVIRONMENT


def test_no_task_is_promised_to_the_broker_for_later() -> None:
    promised = [
        f"{name(path)}:{node.lineno}"
        for path in production()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call) and {word.arg for word in node.keywords} & {"countdown", "eta"}
    ]

    assert promised == []


def test_there_is_no_drawer_for_what_has_not_been_understood() -> None:
    assert [name(path) for path in production() if JUNK_DRAWERS & set(path.with_suffix("").parts[-2:])] == []


def test_no_row_signals_and_no_logic_in_save() -> None:
    row_signals = [
        name(path) for path in production() if re.search(r"django\.db\.models\.signals", path.read_text())
    ]
    saving = [
        f"{name(path)}:{f.name}"
        for path in production()
        if "models" in path.with_suffix("").parts
        for f in functions(path)
        if f.name in {"save", "delete"}
    ]

    assert (row_signals, saving) == ([], [])


def test_every_folder_of_tests_is_named_after_what_it_tests() -> None:
    kinds = {"journeys", "browser", "architecture", "faults", "security", "node", "backend"}
    folders = {
        path.name for path in (ROOT / "tests").iterdir() if path.is_dir() and not path.name.startswith("__")
    }

    assert folders <= kinds | set(APPS)


def _lines(path: Path) -> int:
    return len(path.read_text().splitlines())


def _length(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    return (function.end_lineno or function.lineno) - function.lineno + 1
