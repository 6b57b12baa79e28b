"""Who somebody is: one attendee for each person in a series, recognised by their address."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from accounts.models import Municipality
from accounts.queries import municipality_named
from backend.core.dates import local
from backend.core.text import email_key
from events.models import EventSeries
from registrations import queries, rules
from registrations.models import Attendee, Registration
from registrations.rules import Person

_STANDS = (*Registration.ACTIVE, Registration.State.NOT_CHOSEN)  # one does not apply a second time
_DETAILS = ("name", "organisation", "municipality", "role", "language", "wish")


def recognised(person: Person, *, series: EventSeries, at: datetime) -> Attendee:
    """Put together the row of a person, the municipality found by code, name or address; not yet saved."""
    person, municipality = _municipality(person, at=at)
    return newcomer_of(person, municipality, series=series, at=at)


def newcomer_of(
    person: Person, municipality: Municipality | None, *, series: EventSeries, at: datetime
) -> Attendee:
    """Put together the row of a person whose municipality is known; not yet saved."""
    if municipality and not person.organisation:
        person = replace(person, organisation=municipality.name_in(person.reads))
    return Attendee(
        series=series,
        email=person.email,
        email_key=email_key(person.email),
        name=person.name,
        organisation=person.organisation,
        municipality=municipality,
        role=person.role,
        language=person.reads,
        wish=person.wish,
        created_at=at,
    ).with_link()


def _municipality(person: Person, *, at: datetime) -> tuple[Person, Municipality | None]:
    today = local(at).date()
    if found := municipality_named(person.municipality, today=today):
        return person, found
    if rules.looks_like_code(person.municipality):
        raise rules.unknown_municipality()
    kept = replace(person, organisation=rules.organisation_with(person.organisation, person.municipality))
    named = municipality_named(person.organisation, today=today)
    return kept, named or queries.municipality_by_email(person.email, today=today)


def hold(attendee: Attendee) -> None:
    """Hold the person's row until the transaction ends; always before any quota."""
    held = Attendee.objects.select_for_update(no_key=True).filter(pk=attendee.pk).first()
    if held is None:
        raise rules.joined_link()
    attendee.may_change_until = held.may_change_until  # an organiser may have ended it a moment ago


def hold_attendee(newcomer: Attendee) -> tuple[Attendee, bool]:
    """Let the person in unless their address is there already, and hold their row; the flag: was known.

    One statement decides who was first, so that the same person pressing twice is one person. Held,
    because two deeds of one person must see each other.
    """
    rows = Attendee.objects.select_for_update(no_key=True)
    found = None
    while found is None:  # somebody may be joined with another between the two statements, and be gone
        Attendee.objects.bulk_create([newcomer], ignore_conflicts=True)
        found = rows.filter(series=newcomer.series_id, email_key=newcomer.email_key).first()
    return found, found.link_hash != newcomer.link_hash


def let_in(newcomers: Sequence[Attendee]) -> tuple[list[Attendee], set[int]]:
    """Let everybody of one form in, and hold their rows; the numbers are of those already registered.

    Those stay exactly as they are. Several people are always held in the order of their keys, so that
    two forms that name the same people never wait for each other.
    """
    held: dict[str, Attendee] = {}
    known: set[int] = set()
    for newcomer in sorted(newcomers, key=lambda one: one.email_key):
        attendee, was_there = hold_attendee(newcomer)
        if was_there and attendee.registrations.filter(state__in=_STANDS).exists():
            known.add(attendee.pk)
        elif was_there:
            refresh(attendee, given=newcomer)
        held[newcomer.email_key] = attendee
    host, *colleagues = (held[newcomer.email_key] for newcomer in newcomers)
    if host.pk not in known:  # who an address belongs to is known only of somebody who begins here
        brought = [one.pk for one in colleagues if one.pk not in known]
        Attendee.objects.filter(pk__in=brought).update(registered_by=host)
    return [host, *colleagues], known


def refresh(attendee: Attendee, *, given: Attendee) -> None:
    """Take over what somebody who comes back tells of themselves; the address that is mailed stays."""
    for field in _DETAILS:
        setattr(attendee, field, getattr(given, field))
    attendee.save(update_fields=_DETAILS)
