"""Who gets what from a change, told before it is made."""

import copy
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from backend.core.dates import moment
from backend.core.i18n import current
from events.models import Event
from registrations import rules
from registrations.models import Quota, Registration
from registrations.queries.impact import Moving
from registrations.queries.places import offer_terms


@dataclass(frozen=True, slots=True)
class People:
    """How many come, are offered a place, wait, or have applied."""

    confirmed: int
    waiting: int
    offered: int = 0
    applied: int = 0

    @property
    def anybody(self) -> bool:
        """Tell whether there is anybody at all."""
        return bool(self.confirmed or self.offered or self.applied or self.waiting)


def people_of(event: Event) -> People:
    """Count those whom a change of the event concerns."""
    active = Registration.objects.filter(event=event, state__in=Registration.ACTIVE).order_by()
    counts = dict(active.values_list("state").annotate(count=Count("pk")))
    state = Registration.State
    return People(
        confirmed=counts.get(state.CONFIRMED, 0),
        waiting=counts.get(state.WAITING, 0),
        offered=counts.get(state.OFFERED, 0),
        applied=sum(counts.get(one, 0) for one in Registration.APPLIED),
    )


def as_it_will_be(event: Event, **values: object) -> Event:
    """Give the event as it is after a change, to ask whom that reaches; it is not saved."""
    later = copy.copy(event)
    for name, value in values.items():
        setattr(later, name, value)
    return later


def nobody() -> str:
    """Say that no mail goes out."""
    return _("Nobody gets a mail.")


def mailed(people: People) -> list[str]:
    """Say how many get a mail."""
    if not people.anybody:
        return [_("Nobody has registered yet, so nobody gets a mail.")]
    told = (
        (
            people.confirmed,
            ngettext(
                "%(count)d person with a place gets a mail.",
                "%(count)d people with a place get a mail.",
                people.confirmed,
            ),
        ),
        (
            people.offered,
            ngettext(
                "%(count)d person who is offered a place gets a mail.",
                "%(count)d people who are offered a place get a mail.",
                people.offered,
            ),
        ),
        (
            people.applied,
            ngettext("%(count)d applicant gets a mail.", "%(count)d applicants get a mail.", people.applied),
        ),
        (
            people.waiting,
            ngettext(
                "%(count)d person on the waiting list gets a mail.",
                "%(count)d people on the waiting list get a mail.",
                people.waiting,
            ),
        ),
    )
    return [sentence % {"count": count} for count, sentence in told if count]


def texted(count: int) -> list[str]:
    """Say how many are told on their phones as well, because a mail may be read too late."""
    if not count:
        return []
    sentence = ngettext(
        "%(count)d person gets a text message as well, because the event is so near.",
        "%(count)d people get a text message as well, because the event is so near.",
        count,
    )
    return [sentence % {"count": count}]


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


def moving(found: Sequence[Moving], *, zone: str, at: datetime) -> list[str]:
    """Say of each message that goes out by itself when it does so now, and to how many."""
    return [_moving(one, zone=zone, at=at) for one in found]


def _moving(one: Moving, *, zone: str, at: datetime) -> str:
    count = len(one.moments)
    facts = {
        "name": one.rule.name or capfirst(one.rule.get_kind_display()),
        "was": moment(one.was, language=current(), zone=zone),
        "will": moment(one.will, language=current(), zone=zone),
        "count": count,
    }
    if one.will <= at:
        return _already(count) % facts
    if not count:
        return _("“%(name)s” moves from %(was)s to %(will)s.") % facts
    sentence = ngettext(
        "“%(name)s” moves from %(was)s to %(will)s. %(count)d person gets it.",
        "“%(name)s” moves from %(was)s to %(will)s. %(count)d people get it.",
        count,
    )
    return sentence % facts


def _already(count: int) -> str:
    """Say what becomes of a message whose new moment has passed."""
    if not count:
        return _("Nobody gets “%(name)s”: its new moment, %(will)s, has passed.")
    return ngettext(
        "%(count)d person gets “%(name)s” at once: its new moment, %(will)s, has passed.",
        "%(count)d people get “%(name)s” at once: its new moment, %(will)s, has passed.",
        count,
    )


@dataclass(frozen=True, slots=True)
class Called:
    """How many of those who wait would be called at once, and whether they are given or offered a place."""

    count: int
    offered: bool


def called(event: Event, *, freed: int = 0, capacity: int | None = None, at: datetime) -> Called:
    """Tell who would be called if places were freed or the event had this many: as ``placing.fill`` does."""
    quota = Quota.objects.get(event=event)
    terms = offer_terms(quota, event)
    if event.state != Event.State.PUBLISHED or not rules.fills(terms, at=at):
        return Called(0, terms.offers)
    free = (quota.capacity if capacity is None else capacity) - quota.taken + freed
    return Called(min(max(0, free), people_of(event).waiting), terms.offers)


def calling(called: Called) -> list[str]:
    """Say what those who wait get."""
    if not called.count:
        return [_("Nobody moves from the waiting list. Nobody gets a mail.")]
    if called.offered:
        sentence = ngettext(
            "%(count)d person on the waiting list is offered a place and gets a mail to answer.",
            "%(count)d people on the waiting list are offered a place and get a mail to answer.",
            called.count,
        )
    else:
        sentence = ngettext(
            "%(count)d person gets a place from the waiting list and a mail with a calendar invitation.",
            "%(count)d people get a place from the waiting list and a mail with a calendar invitation.",
            called.count,
        )
    return [sentence % {"count": called.count}]


def sentences(*groups: Iterable[str]) -> list[str]:
    """Put what happens into one list."""
    return [sentence for group in groups for sentence in group]
