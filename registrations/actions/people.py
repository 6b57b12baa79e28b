"""Who somebody is: one attendee for each person in a series, recognised by their address."""

from dataclasses import replace
from datetime import datetime

from accounts.models import Municipality
from accounts.queries import municipality_named
from backend.core.dates import local
from backend.core.text import email_key
from events.models import EventSeries
from registrations import queries, rules
from registrations.models import Attendee
from registrations.rules import Person

_DETAILS = ("name", "organisation", "municipality", "role", "language", "wish")


def recognised(person: Person, *, series: EventSeries, at: datetime) -> Attendee:
    """Put together the row of a person, the municipality found by code, name or address; not yet saved."""
    person, municipality = _municipality(person, at=at)
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
    Attendee.objects.select_for_update(no_key=True).get(pk=attendee.pk)


def hold_attendee(newcomer: Attendee) -> tuple[Attendee, bool]:
    """Let the person in unless their address is there already, and hold their row; the flag: was known.

    One statement decides who was first, so that the same person pressing twice is one person. Held,
    because two deeds of one person must see each other.
    """
    Attendee.objects.bulk_create([newcomer], ignore_conflicts=True)
    rows = Attendee.objects.select_for_update(no_key=True)
    found = rows.get(series=newcomer.series_id, email_key=newcomer.email_key)
    return found, found.link_hash != newcomer.link_hash


def refresh(attendee: Attendee, *, given: Attendee) -> None:
    """Take over what somebody who comes back tells of themselves; the address that is mailed stays."""
    for field in _DETAILS:
        setattr(attendee, field, getattr(given, field))
    attendee.save(update_fields=_DETAILS)
