"""Which municipality somebody means."""

from datetime import date

import pytest

from accounts.actions import load_municipalities
from accounts.queries import municipality_named

TODAY = date(2027, 3, 1)


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("182", "182"),
        ("ÄHTÄRI", "989"),
        ("Etseri", "989"),
        (" åbo ", "853"),
        ("Pertunmaa", "507"),
        ("49", "049"),
        ("Atlantis", None),
        ("1", None),
        ("", None),
    ],
)
def test_municipalities_are_found_as_people_write_them(db: None, written: str, code: str | None) -> None:
    load_municipalities()

    found = municipality_named(written, today=TODAY)

    assert (found.pk if found else None) == code
