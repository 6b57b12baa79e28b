"""People an organiser brings: which column is which, what a row says, and what is wrong with it."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Self

from backend.core.errors import Refusal, Sentence
from backend.core.i18n import _
from backend.core.text import email_key, has_control_characters, one_line
from registrations.rules.person import EMAIL_LIMIT, NAME_LIMIT, ROLE_LIMIT, Person, as_label, email_problem

IMPORT_ROWS = 2_000
FIELDS = ("name", "email", "organisation", "municipality", "role", "language")

_HEADINGS: Mapping[str, str] = {
    "name": "nimi kokonimi osallistuja namn fullstandigtnamn deltagare name fullname participant attendee",
    "first": "etunimi etunimet fornamn firstname givenname",
    "last": "sukunimi efternamn lastname surname familyname",
    "email": "sahkoposti sahkopostiosoite sposti spostiosoite epost epostadress mejl mejladress mail email "
    "emailaddress",
    "organisation": "organisaatio tyonantaja tyopaikka yritys organisation arbetsgivare foretag organization "
    "employer company",
    "municipality": "kunta kotikunta kaupunki kommun hemkommun stad municipality city",
    "role": "tehtava rooli nimike titteli uppgift roll titel role title jobtitle",
    "language": "kieli asiointikieli sprak language",
}
_COLUMN_OF = {label: field for field, labels in _HEADINGS.items() for label in labels.split()}
_WITHOUT_HEADING = ("name", "email", "organisation", "municipality", "language")
_LANGUAGES = {
    "fi": "fi fin suomi suomeksi finska finnish",
    "sv": "sv swe ruotsi ruotsiksi svenska swedish",
    "en": "en eng englanti englanniksi engelska english",
}
_LANGUAGE_OF = {label: code for code, labels in _LANGUAGES.items() for label in labels.split()}
_MAILBOX = re.compile(r"(?P<name>.*?)\s*<(?P<address>[^<>]*)>\W*")
_MAILBOXES = re.compile(r"<[^<>\s@]+@[^<>\s]+>")
_BETWEEN_MAILBOXES = re.compile(r"[;\r\n]+|(?<=>)\s*,")
_BROKEN = "\ufffd"
_LIMITS = {
    "name": NAME_LIMIT,
    "email": EMAIL_LIMIT,
    "organisation": NAME_LIMIT,
    "municipality": NAME_LIMIT,
    "role": ROLE_LIMIT,
}

PROBLEMS: Mapping[str, Sentence] = {
    "missing-name": _("The name is missing."),
    "missing-email": _("The email address is missing."),
    "bad-name": _("A name has no web address in it."),
    "bad-email": _("The email address cannot be right."),
    "too-long": _("This is too long."),
    "unseen": _("This holds characters that cannot be seen or read."),
    "formula": _("The cell holds a formula. Put its value there."),
    "unknown-language": _("The language is not Finnish, Swedish or English."),
    "unknown-municipality": _("No municipality has this name or code."),
    "twice": _("The same address stands in an earlier row."),
    "full": _("The event is full."),
    "not-chosen": _("The application to this event was not chosen; take it up among the applications."),
}

WHY_FAILED: Mapping[str, Sentence] = {
    "event-closed": _("One of the events has been called off, is over or takes no registrations any more."),
    "broken": _("Something broke on our side."),
    "too-late": _("It was not finished within a day."),
}


class BadColumns(Refusal):
    """The table has no rows, too many, or none of the columns that are needed."""

    code = "import-columns"


class ProblemsLeft(Refusal):
    """Rows with problems stand, and nobody has said to leave them out."""

    code = "problems-left"


class ImportUndone(Refusal):
    """What is asked for does not fit where the work stands."""

    code = "import-state"
    status = 409


class EventClosed(Refusal):
    """One of the events takes nobody any more; found out while people were being brought in."""

    code = "event-closed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """What the organiser decides for the whole list."""

    events: tuple[str, ...]
    mails: bool = True  # those who get something new are told at once
    wait: bool = True  # whoever finds an event full stands in line; otherwise they are left out and reported
    language: str = "fi"  # of those whose row names none
    by_hand: bool = False  # one person, typed: may come back although they gave the place up themselves

    def kept(self) -> dict[str, Any]:
        """Give what is stored."""
        return {**asdict(self), "events": list(self.events)}

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> Self:
        """Read what was stored."""
        return cls(**{**kept, "events": tuple(kept["events"])})


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """What one row says, as it was typed."""

    row: int
    name: str = ""
    email: str = ""
    organisation: str = ""
    municipality: str = ""
    role: str = ""
    language: str = ""

    def person(self, *, otherwise: str) -> Person:
        """Give the person as they are to be registered."""
        written = {field: one_line(getattr(self, field)) for field in FIELDS}
        return Person(**{**written, "language": language_of(self.language) or otherwise})

    @property
    def key(self) -> str:
        """The form by which the address is recognised."""
        return email_key(self.email.strip()) if "@" in self.email else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """What is wrong with one row; ``event`` names the event it is about, when it is about one."""

    row: int
    field: str
    code: str
    event: str = ""

    @property
    def sentence(self) -> Sentence:
        """Say it."""
        return PROBLEMS[self.code]


@dataclass(frozen=True, slots=True, kw_only=True)
class Brought:
    """A table as people, and the headings of its columns that nobody asks for."""

    people: Sequence[Typed]
    ignored: Sequence[str] = ()


def language_of(written: str) -> str:
    """Find the language somebody means by its code or its name; an empty text for none of the three."""
    return _LANGUAGE_OF.get(as_label(written), "")


def people_in_table(rows: Sequence[tuple[int, Sequence[str]]]) -> Brought:
    """Read a table as people: by its headings, or in the usual order when it has none."""
    if not rows:
        raise _no_rows()
    head, body = rows[0][1], rows[1:]
    columns = [_COLUMN_OF.get(as_label(cell), "") for cell in head]
    if any("@" in cell for cell in head):  # a person, so the table has no headings
        width = max(len(row) for _number, row in rows)  # the first row need not be the longest
        columns, body = _usual_columns(head, width=width), rows
        head = [""] * width
    if "email" not in columns or not {"name", "first", "last"} & set(columns):
        sentence = _("The columns were not recognised. The first row names them: name and email at least.")
        raise BadColumns(sentence, fields={"file": [sentence]})
    ignored = [
        one_line(cell) for cell, column in zip(head, columns, strict=True) if cell.strip() and not column
    ]
    return Brought(people=_limited([_typed(number, row, columns) for number, row in body]), ignored=ignored)


def _usual_columns(row: Sequence[str], *, width: int) -> list[str]:
    """Name the columns of a table without headings; the address may stand before the name."""
    order = list(_WITHOUT_HEADING)
    if "@" in row[0] and "@" not in "".join(row[1:2]):
        order[:2] = ["email", "name"]
    return [order[place] if place < len(order) else "" for place in range(width)]


def _typed(number: int, row: Sequence[str], columns: Sequence[str]) -> Typed:
    said: dict[str, str] = {}
    for column, cell in zip(columns, row, strict=False):
        if column:
            said[column] = said.get(column) or cell.strip()
    parts = (said.pop("first", ""), said.pop("last", ""))
    said["name"] = said.get("name") or " ".join(part for part in parts if part)
    return Typed(row=number, **said)


def holds_mailboxes(text: str) -> bool:
    """Tell whether the text is a list such as a mail program copies, each one as "name <address>"."""
    return "\t" not in text and bool(_MAILBOXES.search(next(iter(text.strip().splitlines()), "")))


def as_cells(text: str) -> str:
    """Turn the mailboxes of a text that has lines of cells too into cells, each in its own line."""
    lines = text.splitlines()
    cells = [line for line in lines if line.strip() and not _MAILBOXES.search(line)]
    single = all(line.count("@") <= 1 for line in lines)
    if not cells or not single or not all(re.search(r"[^,;\t]+[,;\t]+[^,;\t]", line) for line in cells):
        return text
    between = next(sign for sign in "\t;," if sign in cells[0])
    return "\n".join(_cells(line, between) if _MAILBOXES.search(line) else line for line in lines)


def _cells(line: str, between: str) -> str:
    one = _mailbox(0, line.strip())
    return f"{one.name}{between}{one.email}"


def people_in_mailboxes(text: str) -> Brought:
    """Read the mailboxes of a list, in whatever way they are separated."""
    parts = [part.strip() for part in _BETWEEN_MAILBOXES.split(text)]
    filled = [part for part in parts if part.strip(" ,;")]
    return Brought(people=_limited([_mailbox(number, part) for number, part in enumerate(filled, start=1)]))


def _mailbox(number: int, part: str) -> Typed:
    if found := _MAILBOX.fullmatch(part):
        return Typed(row=number, name=_first_name_first(found["name"].strip("\"' ")), email=found["address"])
    return Typed(row=number, email=part) if "@" in part else Typed(row=number, name=part)


def _first_name_first(name: str) -> str:
    last, comma, first = (part.strip() for part in name.partition(","))
    return f"{first} {last}" if comma and first and last else name.strip(" ,")


def _limited(people: list[Typed]) -> list[Typed]:
    if not people:
        raise _no_rows()
    if len(people) > IMPORT_ROWS:
        sentence = _("The list is too long: %(limit)d people are the most at a time.") % {
            "limit": IMPORT_ROWS
        }
        raise BadColumns(str(sentence), fields={"file": [str(sentence)]})
    return people


def _no_rows() -> BadColumns:
    sentence = _("There is nobody in the list.")
    return BadColumns(sentence, fields={"file": [sentence]})


def problems_in(people: Sequence[Typed]) -> Iterator[Problem]:
    """List what is wrong with the rows, as far as the rows themselves tell."""
    seen: set[str] = set()
    for one in people:
        for field, code in _wrong(one):
            yield Problem(row=one.row, field=field, code=code)
        if one.key and one.key in seen:
            yield Problem(row=one.row, field="email", code="twice")
        seen.add(one.key)


def _wrong(one: Typed) -> Iterator[tuple[str, str]]:
    for field in FIELDS:
        value = getattr(one, field).strip()
        code = _wrong_text(value, limit=_LIMITS.get(field, NAME_LIMIT)) or _wrong_in(field, value)
        if code:
            yield field, code


def _wrong_text(value: str, *, limit: int) -> str:
    if value.startswith("="):
        return "formula"
    lines_run_together = "@" in value and "\n" in value  # a quote that nobody closed
    if has_control_characters(one_line(value)) or _BROKEN in value or lines_run_together:
        return "unseen"
    return "too-long" if len(value) > limit else ""


def _wrong_in(field: str, value: str) -> str:
    if field in {"name", "email"} and not value:
        return f"missing-{field}"
    if (field, "://" in value) == ("name", True):
        return "bad-name"
    if field == "email" and email_problem(value) is not None:
        return "bad-email"
    return "unknown-language" if field == "language" and value and not language_of(value) else ""
