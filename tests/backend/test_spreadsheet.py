"""Tables that people bring: whatever wrote them, they are read; whatever is no table is refused in words."""

import io
from collections.abc import Callable, Sequence
from datetime import date
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from openpyxl import Workbook

from backend.core.errors import Refusal
from backend.core.spreadsheet import (
    BYTES_LIMIT,
    CELL_LIMIT,
    PARTS_LIMIT,
    UnreadableTable,
    rows_of_file,
    rows_of_text,
)

PEOPLE = "Nimi;Sähköposti\nÄiti Esimerkki;aiti@example.org\n"
READ = [(1, ["Nimi", "Sähköposti"]), (2, ["Äiti Esimerkki", "aiti@example.org"])]


def workbook(*rows: Sequence[object]) -> bytes:
    book, file = Workbook(), io.BytesIO()
    page = book.active
    assert page is not None
    for row in rows:
        page.append(list(row))
    book.save(file)
    return file.getvalue()


def changed(content: bytes, change: Callable[[str, bytes], bytes], *, more: int = 0) -> bytes:
    """The same workbook with its parts changed, and some more parts."""
    file = io.BytesIO()
    with ZipFile(io.BytesIO(content)) as old, ZipFile(file, "w", ZIP_DEFLATED) as new:
        for part in old.namelist():
            new.writestr(part, change(part, old.read(part)))
        for number in range(more):
            new.writestr(f"more/{number}.xml", "<x/>")
    return file.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("separator", [";", ",", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_text_is_read_however_it_was_saved(encoding: str, separator: str, end: str) -> None:
    content = PEOPLE.replace(";", separator).replace("\n", end).encode(encoding)

    assert rows_of_file(content, limit=10) == READ


def test_a_workbook_is_read_with_its_numbers_and_days() -> None:
    content = workbook(
        ["Nimi", "Kunta"], ["Aino", 92.0], [None, None], ["Veera", 1.5], [date(2027, 3, 1), True]
    )

    assert rows_of_file(content, limit=10) == [
        (1, ["Nimi", "Kunta"]),
        (2, ["Aino", "92"]),
        (4, ["Veera", "1.5"]),
        (5, ["2027-03-01T00:00:00", "True"]),
    ]


def test_a_whole_number_is_read_whole_whoever_wrote_it() -> None:
    content = changed(workbook([92]), lambda _part, old: old.replace(b"<v>92</v>", b"<v>92.0</v>"))

    assert rows_of_file(content, limit=10) == [(1, ["92"])]


def test_a_formula_stays_a_formula() -> None:
    assert rows_of_file(workbook(["=1+1", "x"]), limit=10) == [(1, ["=1+1", "x"])]


def test_separators_within_quotes_are_part_of_the_text() -> None:
    text = '"a,b,c,d";x\n"Esimerkki; Aino";y\n'

    assert rows_of_text(text, limit=10) == [(1, ["a,b,c,d", "x"]), (2, ["Esimerkki; Aino", "y"])]


def test_no_more_is_read_than_asked_for() -> None:
    assert len(rows_of_text("a;b\n" * 50, limit=10)) == 11
    assert len(rows_of_file(workbook(*[["a", "b"]] * 50), limit=10)) == 11
    assert rows_of_text("\n\n\na;b\n", limit=10) == [(4, ["a", "b"])]
    assert rows_of_text("a" * 10_000, limit=10) == [(1, ["a" * CELL_LIMIT])]
    assert rows_of_file(b"", limit=10) == []


def test_a_nul_is_never_kept() -> None:
    assert rows_of_text("A\x00ino;x", limit=10) == [(1, ["A\ufffdino", "x"])]


def entity(part: str, content: bytes) -> bytes:
    if not part.startswith("xl/worksheets/"):
        return content
    kind = b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]>'
    return kind + content.partition(b"?>")[2] if content.startswith(b"<?xml") else kind + content


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(bytes(range(256)) * 40, id="garbage"),
        pytest.param(b"\x89PNG\r\n\x1a\n" + bytes(500), id="a picture"),
        pytest.param(bytes.fromhex("d0cf11e0a1b11ae1") + bytes(500), id="an old workbook"),
        pytest.param(b"PK\x03\x04 and no more", id="half a workbook"),
        pytest.param(changed(workbook(["a"]), lambda _part, _old: b"<x"), id="broken parts"),
        pytest.param(changed(workbook(["a"]), entity), id="an entity from outside"),
        pytest.param(b'a;b\n"' + b"x" * 140_000, id="a cell without end"),
    ],
)
def test_what_is_no_table_is_refused_in_words(content: bytes) -> None:
    with pytest.raises(UnreadableTable) as refused:
        rows_of_file(content, limit=10)

    assert list(refused.value.fields) == ["file"]


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"a;b\n" * (BYTES_LIMIT // 4 + 1), id="too long"),
        pytest.param(changed(workbook(["a"]), lambda _part, old: old, more=PARTS_LIMIT), id="too many parts"),
        pytest.param(
            changed(workbook(["a"]), lambda part, old: old + b" " * 22_000_000 * part.startswith("xl/work")),
            id="unpacks to more than it may",
        ),
    ],
)
def test_what_is_too_large_is_never_unpacked(content: bytes) -> None:
    with pytest.raises(Refusal) as refused:
        rows_of_file(content, limit=10)

    assert refused.value.status == 413
