"""Certificates of attendance: for those who were there, readable by everybody, whatever they are called."""

import re
import zlib
from datetime import datetime, timedelta

import pytest

from backend.core.errors import NotFound
from events.models import Event, EventSeries
from registrations import certificates
from registrations.models import Attendee, Registration
from tests.registrations.people import AINO, VEERA, day, registration, sign_up

END = timedelta(minutes=90)


@pytest.fixture
def tuesday(mornings: EventSeries, noon: datetime) -> Event:
    for person in (AINO, VEERA):
        sign_up(mornings, person, 0, at=noon)
    Registration.objects.update(attended=True)
    return day(mornings)


def everything_in(pdf: bytes) -> bytes:
    """The file with its packed streams unpacked: objects stand in them too."""
    packed = re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL)
    found = [pdf]
    for stream in packed:
        try:
            found.append(zlib.decompress(stream))
        except zlib.error:
            found.append(stream)
    return b"\n".join(found)


def given(event: Event, *, name: str = "", language: str = "") -> bytes:
    row = registration(AINO, event)
    changes = {key: value for key, value in (("name", name), ("language", language)) if value}
    if changes:
        Attendee.objects.filter(pk=row.attendee_id).update(**changes)
    row = Registration.objects.select_related("attendee", "event__series__organisation").get(pk=row.pk)
    return certificates.certificate(row, at=event.ends_at)


@pytest.mark.parametrize(
    ("language", "title"),
    [("fi", "Osallistumistodistus"), ("sv", "Intyg"), ("en", "Certificate of attendance")],
)
def test_it_is_tagged_titled_and_in_the_language_of_its_reader(
    tuesday: Event, language: str, title: str
) -> None:
    whole = everything_in(given(tuesday, language=language))

    assert b"/MarkInfo" in whole
    assert b"/StructTreeRoot" in whole
    assert f"/Lang({language})".encode() in whole
    assert b"<pdfuaid:part>1</pdfuaid:part>" in whole
    assert f"{title}".encode() in whole
    assert b"Aino Esimerkki" in whole


@pytest.mark.parametrize(
    "name",
    [
        "#strong[x] $a$ `code` \\ ] } \" ' //",
        '#import "/etc/passwd": *',
        "אבג דהו",
        "محمد",
        "Aino 😀",
        "中文",
        "𒀀",
        "Aino\u202eikkremisE",
        "Aino\ud7ff\x1b",
        "x" * 200,
        "Esimerkki " * 20,
    ],
)
def test_any_name_gives_a_certificate_and_none_is_read_as_markup(tuesday: Event, name: str) -> None:
    pdf = given(tuesday, name=name)

    assert pdf.startswith(b"%PDF-")
    assert pdf.count(b"/Type /Page\n") + pdf.count(b"/Type /Page ") <= 1
    assert b"/StructTreeRoot" in everything_in(pdf)


def test_the_certificates_of_many_stand_in_one_file(tuesday: Event) -> None:
    rows = Registration.objects.select_related("attendee", "event__series__organisation").order_by("pk")

    whole = everything_in(certificates.certificates(list(rows), title="Aamu", at=tuesday.ends_at))

    assert re.search(rb"/Count 2\b", whole)
    assert b"/Lang(fi)" in whole
    assert b"/Lang(sv)" in whole


@pytest.mark.parametrize(
    ("attended", "after"), [(None, True), (False, True), (True, False)], ids=["unmarked", "absent", "early"]
)
def test_nobody_else_has_one(tuesday: Event, *, attended: bool | None, after: bool) -> None:
    row = registration(AINO, tuesday)
    row.attended = attended

    for wanted in (row, None):
        with pytest.raises(NotFound):
            certificates.require_earned(wanted, at=tuesday.ends_at if after else tuesday.starts_at)


@pytest.mark.parametrize(
    ("minutes", "written"), [(90, "1 h 30 min"), (60, "1 h"), (45, "45 min"), (0, "0 min"), (1500, "25 h")]
)
def test_how_long_it_took_is_said_shortly(minutes: int, written: str) -> None:
    assert certificates.duration(timedelta(minutes=minutes)) == written
