"""Several people in one press: whoever fills in the form, and colleagues who get mails of their own."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from backend.core.errors import Refusal, Sentence
from backend.core.i18n import _
from backend.core.text import email_key
from registrations.rules.person import Person, clean
from registrations.rules.refusals import FullyBooked, Invalid

COLLEAGUES_LIMIT = 10
_CHECKED_ALREADY = ("",)  # the events are the same for everybody, and are said to be wrong once


def clean_group(person: Person, colleagues: Sequence[Person], *, events: Sequence[str]) -> tuple[Person, ...]:
    """Give everybody as they are to be kept, or refuse with a sentence beside every field of everybody.

    A colleague's organisation is that of the person who registers, unless it was told.
    """
    if not colleagues:
        return (clean(person, events=events),)
    found: dict[str, Sequence[Sentence]] = {}
    first: Refusal | None = None
    people: list[Person] = []
    for place, one in enumerate((person, *colleagues)):
        try:
            people.append(clean(_at_home(one, person), events=_CHECKED_ALREADY if place else events))
        except Refusal as refusal:
            first = first or refusal
            found |= {field_of(place, name): said for name, said in refusal.fields.items()}
    found |= dict(_group_problems(people, colleagues, whole=first is None))
    if first is not None and list(found) == list(first.fields):
        raise first
    if found:
        raise Invalid(_("Some of the information needs correcting."), fields=found)
    return tuple(people)


def _at_home(one: Person, person: Person) -> Person:
    if one.organisation or one.municipality:
        return one
    return replace(one, organisation=person.organisation, municipality=person.municipality)


def _group_problems(
    people: Sequence[Person], colleagues: Sequence[Person], *, whole: bool
) -> Iterator[tuple[str, Sequence[Sentence]]]:
    if len(colleagues) > COLLEAGUES_LIMIT:
        sentence = _("At most %(limit)d colleagues can be registered at a time.") % {
            "limit": COLLEAGUES_LIMIT
        }
        yield "colleagues", [str(sentence)]
    seen: set[str] = set()
    for place, one in enumerate(people if whole else ()):
        key = email_key(one.email)
        if key in seen:
            yield (
                field_of(place, "email"),
                [_("This address is in the form twice. Each person needs their own.")],
            )
        seen.add(key)


def field_of(place: int, name: str) -> str:
    """Name a field of one of the group: the first one's are plain, a colleague's carry their number."""
    return f"colleagues.{place - 1}.{name}" if place else name


def require_room(left: Mapping[str, int], *, people: int) -> None:
    """Refuse a group that does not fit into an event without a waiting list: all of them, or nobody.

    ``left`` holds the places left in each such event, by title.
    """
    sentence = _("“%(title)s” has too few places left for all of you, and no waiting list.")
    short = [str(sentence % {"title": title}) for title, places in left.items() if places < people]
    if short:
        raise FullyBooked(short[0], fields={"events": short})
