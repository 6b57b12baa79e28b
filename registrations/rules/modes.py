"""Who may come to an event: what each mode asks for, and what is written of people who are let in."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from backend.core.errors import Refusal, Sentence
from backend.core.i18n import _
from backend.core.text import email_address, email_key, has_control_characters, one_line
from registrations.rules.person import NAME_LIMIT, email_problem

CODES_AT_ONCE = 500
LINES_LIMIT = 5_000
_DOMAIN = re.compile(r"(?!.*@)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}")


class InvitationNeeded(Refusal):
    """The event is for those invited, and no code that opens it came along."""

    code = "invitation-needed"


class MembersOnly(Refusal):
    """The event is for the members of a group, and this address is of none of their domains."""

    code = "members-only"


class AppliedBefore(Refusal):
    """Somebody who was not chosen asks again; only the organiser can take the application up."""

    code = "not-chosen"


class NotEnoughPlaces(Refusal):
    """More people were chosen than there are free places; nobody was."""

    code = "not-enough-places"


class Undecided(Refusal):
    """What is asked for does not fit where the applications stand."""

    code = "undecided"


class BadLines(Refusal):
    """A list could not be read; ``fields`` names each line that needs correcting."""

    code = "invalid"


def invitation_needed(*, title: str, contact: str, tried: bool) -> InvitationNeeded:
    """Refuse somebody without a code that opens the event; the same words for every reason it may have."""
    sentence = (
        _("This code does not open “%(title)s” for this address, or it has been used.")
        if tried
        else _("“%(title)s” is by personal invitation. Write the code of your invitation.")
    )
    said = str(sentence) % {"title": title} + ask(contact)
    return InvitationNeeded(said, fields={"code": [said]})


def members_only(*, title: str, contact: str) -> MembersOnly:
    """Refuse an address outside the domains of the group, and say how to go on."""
    sentence = _("“%(title)s” is for the members of a group. Use the address of your organisation.")
    said = str(sentence) % {"title": title} + ask(contact)
    return MembersOnly(said, fields={"events": [said]})


def applied_before(*, title: str, contact: str) -> AppliedBefore:
    """Refuse a second application of somebody who was not chosen."""
    sentence = _("Your application to “%(title)s” was not chosen, and one cannot apply again.")
    said = str(sentence) % {"title": title} + ask(contact)
    return AppliedBefore(said, fields={"events": [said]})


def ask(contact: str) -> str:
    """Name who can help, when somebody can."""
    return " " + str(_("The organiser can help: %(email)s") % {"email": contact}) if contact else ""


def codes_in(typed: str) -> tuple[str, ...]:
    """Find the codes in what was typed or pasted: one or several, bare or as the whole link of the mail."""
    parts = [part.rpartition("koodi=")[2] for part in re.split(r"[\s,;]+", typed)]
    return tuple(dict.fromkeys(part for part in parts if re.fullmatch(r"[A-Za-z0-9_-]{20,64}", part)))[:10]


def names_of(key: str) -> list[str]:
    """Name everything by which an address may stand in a group: itself, its domain, the domains above."""
    labels = key.rpartition("@")[2].split(".")
    return [key, *(".".join(labels[start:]) for start in range(len(labels) - 1))]


@dataclass(frozen=True, slots=True, kw_only=True)
class Invited:
    """Somebody to be invited by name."""

    name: str
    email: str


def invited_in(typed: str) -> list[Invited]:
    """Read a list of people, a line for each: an address, "Name <address>" or a name and an address."""
    return _invited((number, *_name_and_address(line)) for number, line in _numbered(typed.splitlines()))


def invited_of(people: Sequence[Invited]) -> list[Invited]:
    """Check people who came one by one; the problems name each by its number."""
    return _invited((number, one.name, one.email) for number, one in enumerate(people, start=1))


def _invited(people: Iterable[tuple[int, str, str]]) -> list[Invited]:
    found: list[Invited] = []
    problems: list[Sentence] = []
    for number, name, address in people:
        problem = _line_problem(name, address)
        if problem is not None:
            problems.append(_at_line(number, problem))
        else:
            found.append(Invited(name=one_line(name), email=email_address(address) or ""))
    _require(problems, found, field="people")
    first: dict[str, Invited] = {}
    for one in found:
        first.setdefault(email_key(one.email), one)
    return list(first.values())


def members_in(typed: str) -> list[str]:
    """Read who belongs to a group, a line for each: an address or a whole domain."""
    return members_of(typed.splitlines())


def members_of(lines: Sequence[str]) -> list[str]:
    """Read who belongs to a group from a list: each an address or a whole domain."""
    found: list[str] = []
    problems: list[Sentence] = []
    for number, line in _numbered(lines):
        if "@" in line.strip("@ "):
            address = email_address(_name_and_address(line)[1])
            found.append(email_key(address) if address else "")
        else:
            domain = line.strip("@ ").lower()
            found.append(domain if _DOMAIN.fullmatch(domain) else "")
        if not found[-1]:
            problems.append(_at_line(number, _("Write an address or a domain like example.fi.")))
    _require(problems, found, field="members")
    return list(dict.fromkeys(found))


def _numbered(lines: Sequence[str]) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(lines[: LINES_LIMIT + 1], start=1):
        if line.strip():
            yield number, line.strip()


def _name_and_address(line: str) -> tuple[str, str]:
    """Take a line apart: Aino Esimerkki <aino@example.fi>, or the two beside each other."""
    if match := re.fullmatch(r"(.*?)\s*<([^<>]*)>[,;]?", line):
        return match[1].strip(' "'), match[2].strip()
    words = re.split(r"[\s,;]+", line.strip(" ,;"))
    address = next((word for word in words if "@" in word), words[-1])
    return " ".join(word for word in words if word != address).strip(' "'), address


def _line_problem(name: str, address: str) -> Sentence | None:
    if len(name) > NAME_LIMIT or has_control_characters(name) or "://" in name:
        return _("Correct the name.")
    return email_problem(address)


def _at_line(number: int, problem: Sentence) -> Sentence:
    return str(_("Line %(number)d: %(problem)s") % {"number": number, "problem": problem})


def _require(problems: Sequence[Sentence], found: Sequence[object], *, field: str) -> None:
    if len(found) + len(problems) > LINES_LIMIT:
        problems = [_("The list is too long; 5,000 lines are the most.")]
    elif not found and not problems:
        problems = [_("Write at least one line.")]
    if problems:
        raise BadLines(_("Some lines need correcting."), fields={field: problems})
