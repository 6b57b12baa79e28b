"""No log line carries a personal link or an address, whoever wrote it."""

import logging

import pytest

from backend.redaction import Line, without_secrets

TOKEN = "abcDEF123_-abcDEF123_-abcDE"


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        (f"GET /r/{TOKEN}/", "GET /r/…/"),
        (f"/s/{TOKEN}/ and /d/{TOKEN}/esikatselu/", "/s/…/ and /d/…/esikatselu/"),
        (f"POST /j/{TOKEN}/aamukahvit-2027-04-13/", "POST /j/…/aamukahvit-2027-04-13/"),
        (f"/feed/{TOKEN}.ics", "/feed/….ics"),
        ("/fi/tapahtumat/aamukahvit-2027/", "/fi/tapahtumat/aamukahvit-2027/"),
        ("to aino.esimerkki@example.org: refused", "to …@…: refused"),
    ],
)
def test_what_opens_something_or_names_somebody_is_left_out(written: str, kept: str) -> None:
    assert without_secrets(written) == kept


def test_a_traceback_is_cleaned_too() -> None:
    try:
        int(f"/r/{TOKEN}/")
    except ValueError as error:
        trouble = (ValueError, error, error.__traceback__)
    record = logging.LogRecord(
        "django.request", logging.ERROR, "", 0, "Not found: %s", (f"/r/{TOKEN}/",), trouble
    )

    line = Line("%(message)s").format(record)

    assert TOKEN not in line
    assert line.startswith("Not found: /r/…/")
    assert line.endswith("'/r/…/'")
