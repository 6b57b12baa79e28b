"""What somebody tells of themselves: what is kept of it, and what to correct."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from backend.core.errors import Refusal, Sentence
from backend.core.i18n import Language, _, as_language
from backend.core.text import email_address, has_control_characters, one_line, paragraphs
from registrations.rules.refusals import Invalid, NoEventChosen

NAME_LIMIT = 200
ROLE_LIMIT = 100
WISH_LIMIT = 2000
EMAIL_LIMIT = 254
LOCAL_PART_LIMIT = 64  # RFC 5321 4.5.3.1.1: a relay may refuse more
EVENTS_LIMIT = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody who registers, as typed; ``municipality`` is a code or a name in Finnish or Swedish."""

    name: str
    email: str
    organisation: str = ""
    municipality: str = ""
    role: str = ""
    language: str = "fi"
    wish: str = ""

    @property
    def reads(self) -> Language:
        """The language this person is written to."""
        return as_language(self.language)


def clean(person: Person, *, events: Sequence[str]) -> Person:
    """Give the person as it is to be kept, or refuse with a sentence beside every field at once."""
    problems: dict[str, list[Sentence]] = {}
    if not events:
        problems["events"] = [_("Choose at least one event.")]
    elif len(events) > EVENTS_LIMIT:
        problems["events"] = [_("Too many events were chosen.")]
    problems |= {field: [sentence] for field, sentence in _problems(person)}
    if set(problems) == {"events"} and not events:
        raise NoEventChosen(_("Choose at least one event."), fields=problems)
    if problems:
        raise Invalid(_("Some of the information needs correcting."), fields=problems)
    return replace(
        person,
        name=one_line(person.name),
        email=email_address(person.email) or "",
        organisation=one_line(person.organisation),
        municipality=one_line(person.municipality),
        role=one_line(person.role),
        language=person.reads,
        wish=paragraphs(person.wish),
    )


def _problems(person: Person) -> list[tuple[str, Sentence]]:
    found: list[tuple[str, Sentence | None]] = [
        ("name", _("Enter your name.") if not person.name.strip() else _name_problem(person.name)),
        ("email", email_problem(person.email)),
        ("organisation", _text_problem(person.organisation, limit=NAME_LIMIT)),
        ("municipality", _text_problem(person.municipality, limit=NAME_LIMIT)),
        ("role", _text_problem(person.role, limit=ROLE_LIMIT)),
        ("wish", _text_problem(person.wish, limit=WISH_LIMIT, multiline=True)),
    ]
    return [(field, sentence) for field, sentence in found if sentence is not None]


def email_problem(value: str) -> Sentence | None:
    """Say what to write when an address cannot be mailed to."""
    if len(value.strip()) > EMAIL_LIMIT or len(value.strip().rpartition("@")[0]) > LOCAL_PART_LIMIT:
        return _("This email address is too long. Enter a shorter one.")
    if email_address(value) is None:
        return _("Enter an email address like name@example.fi.")
    return None


def _name_problem(name: str) -> Sentence | None:
    if "://" in name:
        return _("Enter a name without a web address.")
    return _text_problem(name, limit=NAME_LIMIT)


def _text_problem(value: str, *, limit: int, multiline: bool = False) -> Sentence | None:
    if len(value.strip()) > limit:
        return str(_("Shorten this to %(limit)d characters or fewer.") % {"limit": limit})
    if has_control_characters(
        value.strip().replace("\t", " "), multiline=multiline
    ):  # a cell pasted from a sheet
        return _("This has characters that cannot be seen. Type it again.")
    return None


def looks_like_code(municipality: str) -> bool:
    """Tell a municipality's official code from a name."""
    return bool(re.fullmatch(r"[0-9]+", municipality))


_NOT_MUNICIPAL = frozenset({"helsinki", "oulu", "abo", "lut", "finland"})
_OWN_NAMES: Mapping[str, str] = {"hel": "Helsinki", "ouka": "Oulu", "jkl": "Jyväskylä"}


def municipality_label(email: str) -> str:
    """Give what may be a municipality's name in an address: 'hameenlinna' of x@edu.hameenlinna.fi."""
    labels = email.rpartition("@")[2].lower().split(".")
    if len(labels) < 2 or labels[-1] != "fi" or labels[-2] in _NOT_MUNICIPAL:  # noqa: PLR2004 - name and fi
        return ""
    return as_label(_OWN_NAMES.get(labels[-2], labels[-2]))


def as_label(name: str) -> str:
    """Write a municipality's name as its internet domain would: Hämeenlinna → hameenlinna."""
    plain = unicodedata.normalize("NFKD", name.lower())
    return "".join(letter for letter in plain if letter.isascii() and letter.isalnum())


def organisation_with(organisation: str, municipality: str) -> str:
    """Keep a municipality that is not one in the field beside it, rather than losing what was typed."""
    joined = ", ".join(part for part in (organisation, municipality) if part)
    return joined if len(joined) <= NAME_LIMIT else (organisation or municipality)


def needs_correcting(person: Person, *, events: Sequence[str]) -> bool:
    """Say whether ``clean`` would refuse."""
    try:
        clean(person, events=list(dict.fromkeys(events)))
    except Refusal:
        return True
    return False
