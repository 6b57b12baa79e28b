"""Who gets what from a change, told before it is made."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from events.models import Event
from registrations.models import Quota, Registration


@dataclass(frozen=True, slots=True)
class People:
    """How many are in and how many wait."""

    confirmed: int
    waiting: int


def people_of(event: Event) -> People:
    """Count those whom a change of the event concerns."""
    active = Registration.objects.filter(event=event, state__in=Registration.ACTIVE)
    states = list(active.values_list("state", flat=True))
    waiting = states.count(Registration.State.WAITING)
    return People(len(states) - waiting, waiting)


def nobody() -> str:
    """Say that no mail goes out."""
    return _("Nobody gets a mail.")


def mailed(people: People) -> list[str]:
    """Say how many get a mail."""
    if not people.confirmed and not people.waiting:
        return [_("Nobody has registered yet, so nobody gets a mail.")]
    told = []
    if people.confirmed:
        sentence = ngettext(
            "%(count)d person with a place gets a mail.",
            "%(count)d people with a place get a mail.",
            people.confirmed,
        )
        told.append(sentence % {"count": people.confirmed})
    if people.waiting:
        sentence = ngettext(
            "%(count)d person on the waiting list gets a mail.",
            "%(count)d people on the waiting list get a mail.",
            people.waiting,
        )
        told.append(sentence % {"count": people.waiting})
    return told


def calendars(people: People, *, removed: bool = False) -> list[str]:
    """Say what happens in the calendars of those who have a place."""
    if not people.confirmed:
        return []
    if removed:
        sentence = ngettext(
            "The entry is removed from %(count)d calendar.",
            "The entry is removed from %(count)d calendars.",
            people.confirmed,
        )
    else:
        sentence = ngettext(
            "The entry is updated in %(count)d calendar.",
            "The entry is updated in %(count)d calendars.",
            people.confirmed,
        )
    return [sentence % {"count": people.confirmed}]


def promoted(event: Event, *, capacity: int) -> int:
    """Count how many of those who wait would get a place with this many places."""
    quota = Quota.objects.get(event=event)
    return min(max(0, capacity - quota.taken), people_of(event).waiting)


def sentences(*groups: Iterable[str]) -> list[str]:
    """Put what happens into one list."""
    return [sentence for group in groups for sentence in group]
