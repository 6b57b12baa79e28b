"""A workbook written as it goes is read by others as it was meant."""

import io
from datetime import datetime

from openpyxl import load_workbook

from backend.core.workbook import Value, workbook

ROWS: list[list[Value]] = [
    ["Nimi", "Hetki", "Luku"],
    ["=1+1", datetime(2027, 4, 13, 8, 30), 3],  # noqa: DTZ001 - a cell knows no time zones
    ['+358 <&"Å', None, 0],
    ["", None, -1],
]


def test_every_cell_comes_back_as_what_it_was() -> None:
    file = io.BytesIO()
    with workbook(file) as write:
        for row in ROWS:
            write(row)

    page = load_workbook(file).active

    assert page is not None
    assert [list(row) for row in page.iter_rows(values_only=True)] == [
        *ROWS[:3],
        [None, None, -1],
    ]
    assert page.freeze_panes == "A2"
    assert page["A2"].data_type == "s"


def test_a_text_is_never_read_as_an_escaped_character() -> None:
    file = io.BytesIO()
    with workbook(file) as write:
        write(["_x0041_", "x" * 40_000])

    page = load_workbook(file).active

    assert page is not None
    assert page["A1"].value == "_x005F_x0041_"  # a spreadsheet shows it as it was typed
    assert len(str(page["B1"].value)) == 32_767
