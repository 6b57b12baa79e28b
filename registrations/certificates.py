"""Certificates of attendance: PDFs that a screen reader can read (PDF/UA-1), made on the fly and never kept.

Making one takes some tens of milliseconds of work and no database: callers read first and make afterwards.
"""

import json
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Literal

import typst
from django.utils import translation
from django.utils.translation import gettext as _

from backend.core import dates
from backend.core.errors import NotFound
from backend.core.i18n import Language, as_language
from registrations.models import Registration

_PAGE = Path(__file__).with_name("certificate.typ")
_HOUR = timedelta(hours=1)
_MINUTE = timedelta(minutes=1)
_LARGE, _SMALL = (26, 60), (18, 120)  # size in points, up to how many letters
_SMALLEST = 13
_LONG_WORD = re.compile(r"\S{25}")
_ANOTHER_LINE = "\u200b"  # where a word that fills the line may be broken


@dataclass(frozen=True, slots=True, kw_only=True)
class _Page:
    """One certificate in the words of its reader."""

    language: Language
    heading: str
    name: str
    size: int
    sentence: str
    title: str
    title_language: Language
    organiser: str
    facts: list[tuple[str, str]]
    given: str


def require_earned(registration: Registration | None, *, at: datetime) -> Registration:
    """Give back the registration of somebody who was there, once the event is over; nobody else has one."""
    if registration is None or not registration.attended or at < registration.event.ends_at:
        raise NotFound(_("A certificate is made after the event, for those who were marked present."))
    return registration


def certificate(registration: Registration, *, at: datetime) -> bytes:
    """Make somebody's certificate of one event, in their language."""
    page = _page(registration, at=at)
    return _made([page], title=f"{page.heading}: {page.name}")


def certificates(registrations: Sequence[Registration], *, title: str, at: datetime) -> bytes:
    """Make the certificates of many in one file, each on a page of its own and in its own language."""
    return _made([_page(row, at=at) for row in registrations], title=title)


def _page(registration: Registration, *, at: datetime) -> _Page:
    event, attendee = registration.event, registration.attendee
    series, zone = event.series, event.series.timezone
    language = as_language(attendee.language)
    title = event.title.shown(language)
    organiser = series.organisers or series.organisation.name.in_language(language)
    name = _plain(attendee.name)
    with translation.override(language):
        facts = [
            (_("Time"), dates.period(event.starts_at, event.ends_at, language=language, zone=zone)),
            (_("Duration"), duration(event.ends_at - event.starts_at)),
            (_("Part of the series"), _plain(series.title.in_language(language))),
            (_("Organiser"), _plain(organiser)),
        ]
        return _Page(
            language=language,
            heading=_("Certificate of attendance"),
            name=name,
            size=_size(name),
            sentence=_("took part in the event"),
            title=_plain(title.text),
            title_language=title.language,
            organiser=_plain(organiser),
            facts=facts,
            given=_("Given on %(day)s.") % {"day": dates.day(at, language=language, zone=zone)},
        )


def duration(length: timedelta) -> str:
    """Write how long something took, in the signs of the three languages: '1 h 30 min'."""
    hours, minutes = length // _HOUR, length % _HOUR // _MINUTE
    return " ".join(
        [*([f"{hours} h"] if hours else []), *([f"{minutes} min"] if minutes or not hours else [])]
    )


def _size(name: str) -> int:
    return next((size for size, letters in (_LARGE, _SMALL) if len(name) <= letters), _SMALLEST)


def _plain(text: str) -> str:
    """Leave out what has no shape, and let a word break that would run off the paper."""
    shown = "".join(letter for letter in text if unicodedata.category(letter) not in {"Cc", "Cs", "Cn", "Co"})
    return _LONG_WORD.sub(lambda found: found[0] + _ANOTHER_LINE, shown)


def _made(pages: Sequence[_Page], *, title: str) -> bytes:
    """Make the file: with the letters that come along, or else with those of the machine.

    Where no font has a letter, the promise of PDF/UA cannot be given: the page then shows an empty box, and
    the letter itself stays in the text, so that it can be read aloud and copied.
    """
    given = json.dumps({"title": _plain(title), "pages": [asdict(page) for page in pages]})
    for own_letters in (True, False):
        try:
            return _compiled(given, own_letters=own_letters, standards=["ua-1"])
        except typst.TypstError as error:
            if "could not be displayed" not in str(error):
                raise
    return _compiled(given, own_letters=False, standards=[])


def _compiled(given: str, *, own_letters: bool, standards: Sequence[Literal["ua-1"]]) -> bytes:
    made = typst.compile(
        _source(),
        format="pdf",
        sys_inputs={"certificates": given},
        ignore_system_fonts=own_letters,
        pdf_standards=list(standards),
    )
    if not isinstance(made, bytes):
        raise TypeError(type(made))
    return made


@cache
def _source() -> bytes:
    return _PAGE.read_bytes()
