"""What has been mailed to an attendee, in their own words: when it left, and what became of it."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from backend.core import dates
from backend.core.i18n import current
from registrations.queries.timeline import Letter


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One mail: its subject line and its fate."""

    headline: str
    fate: str
    returned: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Letters:
    """The mails, and whether the newest of them came back."""

    lines: tuple[Line, ...]
    returned: bool


def letters_said(letters: Sequence[Letter], *, zone: str) -> Letters:
    """Say of each mail what became of it; that mail comes back only while the newest one did."""
    lines = tuple(
        Line(headline=_headline(one), fate=_fate(one, zone=zone), returned=one.returned)
        for one in letters
        if one.headline
    )
    newest = next((one for one in letters if not one.number), None)
    return Letters(lines=lines, returned=newest is not None and newest.returned)


def _headline(letter: Letter) -> str:
    if not letter.number:
        return letter.headline
    return _("Text message to %(number)s: %(text)s") % {"number": letter.number, "text": letter.headline}


def _fate(letter: Letter, *, zone: str) -> str:
    if letter.returned:
        return _("did not arrive")
    moment = letter.left_at
    if moment is None:
        return _("not known whether it was sent")
    when = dates.moment(moment, language=current(), zone=zone)
    if letter.arrived_at:
        return _("sent %(when)s, delivered") % {"when": when}
    return _("sent %(when)s") % {"when": when}
