"""The source of the house, as the tests about it read it."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
APPS = ("accounts", "events", "registrations", "notifications", "catalogue", "surveys", "web")
PACKAGES = ("backend", *APPS)
# Lower rooms first; those beside each other are blind to each other
MAP = (("notifications",), ("accounts",), ("events",), ("registrations", "catalogue"), ("surveys",), ("web",))


@cache
def production() -> tuple[Path, ...]:
    """List every module that is shipped, without the generated migrations."""
    found = (path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
    return tuple(sorted(path for path in found if "migrations" not in path.parts))


@cache
def everything() -> tuple[Path, ...]:
    """List every module, the tests too."""
    return production() + tuple(sorted((ROOT / "tests").rglob("*.py")))


def name(path: Path) -> str:
    """Give the place of a file as people say it."""
    return str(path.relative_to(ROOT))


@cache
def tree(path: Path) -> ast.Module:
    """Parse a module once."""
    return ast.parse(path.read_text(), filename=str(path))


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Walk all functions of a module, inner ones too."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node
