"""Reads the tables that people bring: workbooks, and text in whatever encoding and separators they come.

Whatever is sent is a stranger's: sizes are looked at before anything is unpacked, entities are refused, and
formulas are told apart instead of being worked out.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from itertools import islice
from zipfile import BadZipFile, ZipFile

from openpyxl import load_workbook

from backend.core.errors import Refusal, TooLarge
from backend.core.i18n import _

BYTES_LIMIT = 2 * 1024 * 1024
UNPACKED_LIMIT = 20 * 1024 * 1024
PARTS_LIMIT = 500
COLUMNS_LIMIT = 40
CELL_LIMIT = 4_000
BLANKS_LIMIT = 10_000  # rows gone through while looking for the next that holds something

_HEAD = 4096
_NUL = "\x00"
_BROKEN = "\ufffd"  # the sign for a character that could not be read; nothing keeps a NUL
_OLD_WORKBOOK = bytes.fromhex("d0cf11e0")
_SEPARATORS = "\t;,"

type Row = tuple[int, list[str]]  # its number in the file, counted from one, and its cells


class UnreadableTable(Refusal):
    """The file is no table that can be read."""

    code = "unreadable-file"


def rows_of_file(content: bytes, *, limit: int) -> list[Row]:
    """Read the rows that hold something, at most so many and one more, from a workbook or from text."""
    if len(content) > BYTES_LIMIT:
        raise _too_large()
    if content.startswith(_OLD_WORKBOOK):
        raise _unreadable(_("This is a workbook of an old kind. Save it as .xlsx or CSV."))
    if content.startswith(b"PK"):
        return _filled(_workbook_rows(content, limit=limit), limit=limit)
    return rows_of_text(decoded(content), limit=limit)


def rows_of_text(text: str, *, limit: int) -> list[Row]:
    """Read the rows of text whose cells stand between tabs, semicolons or commas."""
    lines = text.removeprefix("\ufeff").replace(_NUL, _BROKEN)
    reader = csv.reader(io.StringIO(lines, newline=""), delimiter=_separator(lines))
    try:
        return _filled(reader, limit=limit)
    except csv.Error as error:
        raise _unreadable() from error


def decoded(content: bytes) -> str:
    """Read bytes as UTF-8, as what spreadsheets call Unicode text, or as Western Windows wrote them."""
    encoding = "utf-16" if content[:2] in {b"\xff\xfe", b"\xfe\xff"} else "utf-8-sig"
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")
    strange = sum(1 for sign in text if (sign < " " and sign not in "\t\r\n") or sign == _BROKEN)
    if strange * 50 > len(text):  # a picture or a program, not a table with a slip in it
        raise _unreadable()
    return text


def _separator(text: str) -> str:
    """Guess the separator: the one that the first line has most of, outside of quotes."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    bare = "".join(first.split('"')[::2])
    return max(_SEPARATORS, key=bare.count)


def _filled(rows: Iterable[Sequence[str]], *, limit: int) -> list[Row]:
    numbered = enumerate(islice(rows, limit + BLANKS_LIMIT), start=1)
    filled = ((number, _trimmed(row)) for number, row in numbered)
    return list(islice(((number, row) for number, row in filled if row), limit + 1))


def _trimmed(row: Sequence[str]) -> list[str]:
    """Leave out the empty cells at the end, and what no table of people needs."""
    cells = [cell[:CELL_LIMIT] for cell in row[:COLUMNS_LIMIT]]
    while cells and not cells[-1].strip():
        cells.pop()
    return cells


def _workbook_rows(content: bytes, *, limit: int) -> Iterator[list[str]]:
    """Read the first page of a workbook; it is looked at before it is unpacked."""
    try:
        with ZipFile(io.BytesIO(content)) as packed:
            _require_tame(packed)
        book = load_workbook(io.BytesIO(content), read_only=True, keep_links=False)
        page = book.worksheets[0]
        rows = page.iter_rows(max_row=limit + BLANKS_LIMIT, max_col=COLUMNS_LIMIT, values_only=True)
        yield from ([_said(value) for value in row] for row in rows)
    except Refusal:
        raise
    except Exception as error:  # the library fails in as many ways as a file can be broken
        raise _unreadable() from error


def _require_tame(packed: ZipFile) -> None:
    parts = packed.infolist()
    if len(parts) > PARTS_LIMIT or sum(part.file_size for part in parts) > UNPACKED_LIMIT:
        raise _too_large()
    for part in parts:
        with packed.open(part) as opened:  # what a part says of its size is all that is ever read of it
            head = opened.read(_HEAD).replace(b"\x00", b"").upper()
        if b"<!DOCTYPE" in head or b"<!ENTITY" in head:
            raise BadZipFile(part.filename)


def _said(value: object) -> str:
    """Write a cell as a person reads it; a formula stays one, so that it can be pointed out."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime | date):
        return value.isoformat()
    return str(value).replace(_NUL, _BROKEN) if isinstance(value, str | int | float) else "="


def _too_large() -> TooLarge:
    sentence = _("The file is too large. Leave out what is not needed, or bring it in parts.")
    return TooLarge(sentence, fields={"file": [sentence]})


def _unreadable(sentence: object = None) -> UnreadableTable:
    said = str(sentence or _("The file could not be read. Save it as .xlsx, or as CSV in UTF-8."))
    return UnreadableTable(said, fields={"file": [said]})
