"""Which columns a list of registrations may have, and how a cell is kept from becoming a formula."""

import re
from collections.abc import Collection, Sequence
from datetime import timedelta

from backend.core.errors import Sentence
from backend.core.i18n import _
from registrations.rules.refusals import Invalid

COLUMNS = {
    "name": _("Name"),
    "email": _("E-mail address"),
    "organisation": _("Organisation"),
    "municipality": _("Municipality"),
    "region": _("Region"),
    "role": _("Role"),
    "language": _("Language"),
    "event": _("Event"),
    "starts_at": _("Begins"),
    "state": _("State"),
    "waiting_number": _("Waiting number"),
    "registered_at": _("Registered at"),
    "attended": _("Was present"),
    "wish": _("Wish or question"),
}
QUESTION, CONSENT = "question:", "consent:"  # what follows is the key of the question, the purpose
EXPORT_LIVES = timedelta(hours=24)

_STARTS_A_FORMULA = re.compile(r"""(^|[;,|"'\t\r\n])(\s*)(?=[=+\-@＝＋－＠])""")
_STARTS_WITH_SPACE = ("\t", "\r", "\n")
_UNKEPT = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]"
)  # XML 1.0 has no place for them


def require_columns(asked: Sequence[str], *, offered: Collection[str]) -> list[str]:
    """Give the wanted columns, each once and in the order of the offer; refuse what is not offered."""
    if set(asked) - set(offered):
        raise _wrong(_("A column was asked for that this list cannot have."))
    if not asked:
        raise _wrong(_("Choose at least one column."))
    return [name for name in offered if name in asked]


def _wrong(sentence: Sentence) -> Invalid:
    return Invalid(sentence, fields={"columns": [sentence]})


def kept_text(text: str) -> str:
    """Leave out the characters that no spreadsheet file can hold."""
    return _UNKEPT.sub("", text)


def defused(text: str) -> str:
    """Write a text so that no reader of CSV takes it for a formula, wherever it cuts the line.

    An apostrophe stands before ``=``, ``+``, ``-`` and ``@`` at the beginning and after whatever a reader
    may take for the end of a cell. A telephone number gets one too: the workbook has it as it is.
    """
    text = kept_text(text)
    if text.startswith(_STARTS_WITH_SPACE):
        text = f"'{text}"
    return _STARTS_A_FORMULA.sub(r"\1\2'", text)
