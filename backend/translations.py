"""Compiles the words of the three languages, so that nobody needs gettext to run the service."""

import os
import sys
from pathlib import Path

from backend.config import ROOT


def compile_changed(root: Path = ROOT) -> list[Path]:
    """Write every ``django.mo`` that is missing or older than its ``django.po``; return what was written."""
    return [_compile(catalogue) for catalogue in catalogues(root) if _is_stale(catalogue)]


def catalogues(root: Path = ROOT) -> list[Path]:
    """List our own catalogues: one for each app, page group and language."""
    rooms = ("[!.]*", "[!.]*/*")  # never the environment's own packages
    return sorted(path for room in rooms for path in root.glob(f"{room}/locale/*/LC_MESSAGES/django.po"))


def _is_stale(source: Path) -> bool:
    compiled = source.with_suffix(".mo")
    return not compiled.exists() or compiled.stat().st_mtime < source.stat().st_mtime


def _compile(source: Path) -> Path:
    from babel.messages.mofile import write_mo  # noqa: PLC0415 - loaded only when there is something to do
    from babel.messages.pofile import read_po  # noqa: PLC0415 - as above

    compiled, draft = source.with_suffix(".mo"), source.with_suffix(f".{os.getpid()}.tmp")
    with source.open("rb") as words, draft.open("wb") as file:
        write_mo(file, read_po(words, locale=source.parts[-3], domain="django"))
    return draft.replace(compiled)  # another process may be reading the old one


if __name__ == "__main__":
    for written in compile_changed():
        sys.stdout.write(f"{written.relative_to(ROOT)}\n")
